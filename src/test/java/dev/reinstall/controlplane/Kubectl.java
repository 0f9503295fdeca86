package dev.reinstall.controlplane;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The real kubectl, which keeps its caches in a temporary folder. */
record Kubectl(Path program, Path home) {
  private static final Duration TIME_OUT = Duration.ofSeconds(60);

  CommandResult run(Path kubeconfig, String stdin, List<String> arguments) {
    Map<String, String> environment =
        Map.of("KUBECONFIG", kubeconfig.toString(), "HOME", home.toString());
    return Command.run(program, arguments, environment, stdin, TIME_OUT);
  }
}
