package dev.reinstall.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs a program to its end. */
public final class Command {
  private Command() {}

  /**
   * The environment is added to that of the tests.
   *
   * @throws AssertionError if it does not end in that time; it is killed then
   */
  public static CommandResult run(
      Path program,
      List<String> arguments,
      Map<String, String> environment,
      String stdin,
      Duration timeOut) {
    try {
      // Through files, not pipes: a long response or manifest cannot block.
      Path folder = Files.createTempDirectory("command-");
      Path in = Files.writeString(folder.resolve("in"), stdin);
      Path out = Files.createFile(folder.resolve("out"));
      Path err = Files.createFile(folder.resolve("err"));
      ProcessBuilder builder =
          new ProcessBuilder(
              Stream.concat(Stream.of(program.toString()), arguments.stream()).toList());
      builder.environment().putAll(environment);
      builder.redirectInput(in.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
      Process process = builder.start();
      boolean ended = process.waitFor(timeOut.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        process.destroyForcibly().onExit().join();
      }
      CommandResult result =
          new CommandResult(
              builder.command(), process.exitValue(), Files.readString(out), Files.readString(err));
      Folders.delete(folder);
      if (!ended) {
        throw new AssertionError("no end after " + timeOut + ": " + result);
      }
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + program + " ran", e);
    }
  }
}
