package dev.reinstall.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * An archive of the operator's classes in the JVM's memory format. Creating it takes the time of
 * one and a half starts, once per JVM, and saves each later start half of its CPU time.
 */
final class ClassArchive {
  private static Path file;

  private ClassArchive() {}

  /** The option for the JVM of an operator; a JVM that cannot use the archive runs without it. */
  static synchronized String option() {
    if (file == null) {
      file = make();
    }
    return "-XX:SharedArchiveFile=" + file;
  }

  /** Created by an operator without an API server, which is stopped at its first log line. */
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
            .atMost(Duration.ofSeconds(60)) // for a slow machine
            .until(() -> !operator.log().isEmpty());
        operator.stop();
      }
      Files.delete(kubeconfig);
      folder.toFile().deleteOnExit(); // the last one registered is deleted first
      archive.toFile().deleteOnExit();
      return archive;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
