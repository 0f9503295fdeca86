package dev.reinstall.chart;

import dev.reinstall.controlplane.Command;
import dev.reinstall.controlplane.CommandResult;
import dev.reinstall.controlplane.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The real helm, which keeps its files in a temporary folder.
 *
 * @param kubeconfig of the cluster; for commands without a cluster, a file that does not exist
 */
record Helm(Path kubeconfig, Path home) {
  static final Path CHART = Path.of("deploy", "chart");
  static final String NAMESPACE = "reinstall-system";

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** For commands that need no cluster. */
  static Helm withoutCluster(Path home) {
    return new Helm(home.resolve("none"), home);
  }

  /** Copies the chart into a folder that does not exist yet. */
  static void copyChart(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(CHART)) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(CHART.relativize(file).toString()));
      }
    }
  }

  CommandResult run(String... arguments) {
    Map<String, String> environment =
        Map.of("KUBECONFIG", kubeconfig.toString(), "HOME", home.toString());
    return Command.run(Programs.path("helm"), List.of(arguments), environment, "", TIMEOUT);
  }

  /** A command about the release reinstall-operator in reinstall-system, with more arguments. */
  CommandResult release(String command, String... more) {
    return run(
        Stream.concat(
                Stream.of(command, "reinstall-operator", "--namespace", NAMESPACE), Stream.of(more))
            .toArray(String[]::new));
  }

  /** The objects that the chart makes of these arguments. */
  Manifests template(String... more) {
    String[] arguments =
        Stream.concat(Stream.of(CHART.toString()), Stream.of(more)).toArray(String[]::new);
    return Manifests.parse(release("template", arguments).orFail());
  }
}
