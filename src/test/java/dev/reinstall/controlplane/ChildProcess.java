package dev.reinstall.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One child process, identified by its handle, with its output in a file. */
public final class ChildProcess {
  private static final int SHOWN_LINES = 30;

  private final String name;
  private final Path log;
  private final Process process;

  private ChildProcess(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
  }

  public static ChildProcess start(Path log, Path program, List<String> arguments) {
    try {
      ProcessBuilder builder = new ProcessBuilder(program.toString());
      builder.command().addAll(arguments);
      builder.redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      return new ChildProcess(program.getFileName().toString(), log, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Sends SIGTERM, and SIGKILL after three seconds. */
  public void stop() {
    process.destroy();
    try {
      if (process.waitFor(3, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    kill();
  }

  /** As in a crash of the machine. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  public String lastWords() {
    try (var lines = Files.lines(log)) {
      List<String> all = lines.toList();
      List<String> last = all.subList(Math.max(0, all.size() - SHOWN_LINES), all.size());
      return "--- %s (%s)%n%s"
          .formatted(name, isAlive() ? "alive" : "dead", String.join("\n", last));
    } catch (IOException e) {
      return "--- " + name + ": no log: " + e;
    }
  }
}
