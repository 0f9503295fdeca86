package dev.reinstall.process;

import com.sun.net.httpserver.HttpServer;
import dev.reinstall.controlplane.Command;
import dev.reinstall.controlplane.ControlPlane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * In place of Flux's source-controller: serves archives of folders on the loopback address, and
 * reports each as the artifact of a GitRepository. Git itself is not polled.
 */
final class FluxSources implements AutoCloseable {
  private final ControlPlane cluster;
  private final HttpServer server;
  private final Map<String, byte[]> archives = new ConcurrentHashMap<>();

  FluxSources(ControlPlane cluster) {
    this.cluster = cluster;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext(
        "/",
        exchange -> {
          byte[] archive = archives.get(exchange.getRequestURI().getPath());
          exchange.sendResponseHeaders(archive == null ? 404 : 200, archive == null ? -1 : 0);
          try (exchange) {
            if (archive != null) {
              exchange.getResponseBody().write(archive);
            }
          }
        });
    server.start();
  }

  /**
   * A new commit of a repository, with these files and folders of a folder.
   *
   * @return the revision, as Flux shows it
   */
  String commit(String repository, Path folder, String... names) {
    byte[] archive = archive(folder, List.of(names));
    String digest = sha256(archive);
    String revision = "main@sha1:" + digest.substring(0, 40);
    String path = "/" + repository + "/" + digest + ".tar.gz";
    archives.put(path, archive);
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    String status =
        """
        {"status": {"observedGeneration": 1, "artifact": {"url": "http://127.0.0.1:%d%s",
          "path": "%s", "revision": "%s", "digest": "sha256:%s", "size": %d,
          "lastUpdateTime": "%s"},
         "conditions": [{"type": "Ready", "status": "True", "reason": "Succeeded",
           "message": "stored artifact", "lastTransitionTime": "%s", "observedGeneration": 1}]}}
        """
            .formatted(
                server.getAddress().getPort(),
                path,
                path,
                revision,
                digest,
                archive.length,
                now,
                now);
    cluster
        .kubectl(
            "-n",
            "flux-system",
            "patch",
            "gitrepository",
            repository,
            "--subresource=status",
            "--type=merge",
            "-p",
            status)
        .orFail();
    return revision;
  }

  private static byte[] archive(Path folder, List<String> names) {
    try {
      Path file = Files.createTempFile("commit", ".tar.gz");
      List<String> arguments =
          new ArrayList<>(List.of("-czf", file.toString(), "-C", folder.toString()));
      arguments.addAll(names);
      Command.run(Path.of("tar"), arguments, Map.of(), "", Duration.ofSeconds(30)).orFail();
      byte[] archive = Files.readAllBytes(file);
      Files.delete(file);
      return archive;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
