package dev.reinstall.demo;

import java.nio.file.Path;
import java.util.List;

/** The contents of {@code deploy/samples}, and how each of them must end. */
final class Samples {
  static final String NAMESPACE = "reinstall-demo";
  static final Path FOLDER = Path.of("deploy", "samples");
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

  record Outcome(String order, String phase, String reason) {}
}
