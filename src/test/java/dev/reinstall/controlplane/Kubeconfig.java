package dev.reinstall.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** A self-contained kubeconfig for one bearer token. */
final class Kubeconfig {
  private Kubeconfig() {}

  static Path write(Path file, String server, Path certificate, String token) {
    try {
      String authority =
          Base64.getEncoder()
              .encodeToString(Files.readString(certificate).getBytes(StandardCharsets.UTF_8));
      return Files.writeString(
          file,
          """
          apiVersion: v1
          kind: Config
          current-context: test
          contexts: [{name: test, context: {cluster: test, user: test}}]
          clusters: [{name: test, cluster: {server: "%s", certificate-authority-data: "%s"}}]
          users: [{name: test, user: {token: "%s"}}]
          """
              .formatted(server, authority, token));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
