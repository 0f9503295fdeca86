package dev.reinstall.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * The operator's classes as a JVM has them in memory. It takes one start and a half to make, once
 * for a JVM, and saves each later start half of its CPU time.
 */
final class ClassArchive {
  private static Path file;

  private ClassArchive() {}

  /** For the JVM of an operator; one that cannot use it goes on without. */
  static synchronized String option() {
    if (file == null) {
      file = make();
    }
    return "-XX:SharedArchiveFile=" + file;
  }

  /** By an operator that finds no API server, and is stopped as soon as it says anything. */
  private static Path make() {
    try {
      Path folder = Files.createTempDirectory("operator-classes-");
      Path archive = folder.resolve("operator.jsa");
      Path kubeconfig =
          Files.writeString(
              folder.resolve("kubeconfig"),
              """
              apiVersion: v1
              kind: Config
              current-context: nowhere
              contexts: [{name: nowhere, context: {cluster: nowhere, user: nobody}}]
              clusters: [{name: nowhere, cluster: {server: "https://127.0.0.1:1"}}]
              users: [{name: nobody, user: {token: none}}]
              """);
      Map<String, String> settings =
          Map.of(
              "REINSTALL_NAMESPACES", "none",
              "REINSTALL_LEADER_ELECTION", "false",
              "REINSTALL_HTTP_PORT", "0");
      try (OperatorProcess operator =
          OperatorProcess.start(kubeconfig, settings, "-XX:ArchiveClassesAtExit=" + archive)) {
        Awaitility.await("an operator without a cluster")
            .atMost(Duration.ofSeconds(60)) // of a slow machine
            .until(() -> !operator.log().isEmpty());
        operator.stop();
      }
      Files.delete(kubeconfig);
      folder.toFile().deleteOnExit(); // the last one named is the first one deleted
      archive.toFile().deleteOnExit();
      return archive;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
