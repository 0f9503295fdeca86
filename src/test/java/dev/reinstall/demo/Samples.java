package dev.reinstall.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;

/** The contents of {@code deploy/samples}, and how each of them must end. */
final class Samples {
  static final String NAMESPACE = "reinstall-demo";
  static final Path COMMITTED = Path.of("deploy", "samples");
  static final Path FOLDER = valid(COMMITTED);
  static final Path NAMESPACE_FILE = FOLDER.resolve("00-namespace.yaml");

  static final String STOPPED = "web-stopped";
  static final String RUNNING = "web-running";
  static final String RUNNING_SERVER = "ins-running1";
  static final String REPLAYED = "web-replayed";
  static final Path REPLAYED_FILE = FOLDER.resolve("14-web-replayed.yaml");

  /** How each Reinstall ends. */
  static final List<Outcome> OUTCOMES =
      List.of(
          new Outcome(STOPPED, "Succeeded", "Installed"),
          new Outcome("node-stopped", "Succeeded", "Installed"),
          new Outcome(RUNNING, "Succeeded", "Installed"),
          new Outcome("web-refused", "Failed", "Rejected"),
          new Outcome(REPLAYED, "Succeeded", "AlreadyCompleted"),
          new Outcome("node-second", "Succeeded", "Installed"),
          new Outcome("node-running", "Succeeded", "Installed"));

  private Samples() {}

  /** A copy that may start until tomorrow: what is committed would be out of date one day. */
  private static Path valid(Path committed) {
    String tomorrow = Instant.now().plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.SECONDS) + "";
    try (Stream<Path> files = Files.list(committed)) {
      Path copy = Files.createTempDirectory("samples-");
      copy.toFile().deleteOnExit();
      for (Path file : files.toList()) {
        Path valid = copy.resolve(file.getFileName());
        valid.toFile().deleteOnExit();
        Files.writeString(
            valid,
            Files.readString(file).replaceAll("notAfter: .*", "notAfter: \"" + tomorrow + "\""));
      }
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  record Outcome(String order, String phase, String reason) {}
}
