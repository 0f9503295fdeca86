package dev.reinstall.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real kubectl, which keeps its caches in a temporary folder. */
record Kubectl(Path program, Path home) {
  private static final long TIME_OUT_SECONDS = 60;

  CommandResult run(Path kubeconfig, String stdin, List<String> arguments) {
    try {
      // Through files, not pipes: a long response or manifest cannot block.
      Path in = Files.writeString(Files.createTempFile(home, "kubectl", ".in"), stdin);
      Path out = Files.createTempFile(home, "kubectl", ".out");
      Path err = Files.createTempFile(home, "kubectl", ".err");
      ProcessBuilder builder = new ProcessBuilder(program.toString());
      builder.command().addAll(arguments);
      builder.environment().put("KUBECONFIG", kubeconfig.toString());
      builder.environment().put("HOME", home.toString());
      builder.redirectInput(in.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
      Process process = builder.start();
      boolean ended = process.waitFor(TIME_OUT_SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        process.destroyForcibly().onExit().join();
      }
      CommandResult result =
          new CommandResult(
              arguments, process.exitValue(), Files.readString(out), Files.readString(err));
      for (Path file : List.of(in, out, err)) {
        Files.delete(file);
      }
      if (!ended) {
        throw new AssertionError("no end after " + TIME_OUT_SECONDS + " s: " + result);
      }
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while kubectl ran", e);
    }
  }
}
