package dev.reinstall.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSocketFactory;

/**
 * A proxy between an operator and the API server. It records requests, and can block a request
 * before it arrives or its response before it is received, or stall the watches. It accepts
 * HTTP/1.1, connects by TLS, and forwards bytes unchanged.
 */
final class ApiRelay implements AutoCloseable {
  private final URI apiServer;
  private final SSLSocketFactory tls;
  private final ServerSocket door;
  private final Path kubeconfig;
  private final List<ApiCall> calls = new CopyOnWriteArrayList<>();
  private final List<BlockedCall> stops = new CopyOnWriteArrayList<>();
  private final List<ResponseRelay> watches = new CopyOnWriteArrayList<>();

  /**
   * @param rights the kubeconfig of the forwarded user; the relay adds and removes no rights
   */
  ApiRelay(Path rights) {
    try {
      Config config = Config.fromKubeconfig(rights.toFile());
      apiServer = URI.create(config.getMasterUrl());
      tls = SSLUtils.sslContext(config).getSocketFactory();
      door = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
      kubeconfig = kubeconfig(config.getAutoOAuthToken());
      start(this::open, "relay");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path kubeconfig(String token) throws IOException {
    return Files.writeString(
        Files.createTempFile("relay-", ".kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        current-context: test
        contexts: [{name: test, context: {cluster: test, user: test}}]
        clusters: [{name: test, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: test, user: {token: "%s"}}]
        """
            .formatted(door.getLocalPort(), token));
  }

  Path kubeconfig() {
    return kubeconfig;
  }

  /** All requests so far, blocked or not. */
  List<ApiCall> calls() {
    return List.copyOf(calls);
  }

  void stopAt(BlockedCall stop) {
    stops.add(stop);
  }

  /** From now on, nothing arrives on the watches that are open, and their connections stay open. */
  void stallWatches() {
    watches.forEach(watch -> watch.stalled = true);
  }

  private void open() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        start(() -> serve(client), "relay-call");
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket server = tls.createSocket(apiServer.getHost(), apiServer.getPort())) {
      ResponseRelay responses = new ResponseRelay(server, client);
      start(responses::pass, "relay-answers");
      InputStream from = new BufferedInputStream(client.getInputStream());
      OutputStream to = server.getOutputStream();
      for (byte[] head = head(from); head.length > 0; head = head(from)) {
        String text = new String(head, ISO_8859_1);
        byte[] body = from.readNBytes(contentLength(text));
        ApiCall call = ApiCall.of(text.lines().findFirst().orElseThrow(), new String(body, UTF_8));
        calls.add(call);
        Optional<BlockedCall> stop = stops.stream().filter(s -> s.catches(call)).findFirst();
        if (stop.isPresent() && stop.get().beforeEffect()) {
          stop.get().keep();
          return; // the process that sent it was killed; it never arrives
        }
        responses.stop = stop.orElse(null);
        to.write(head);
        to.write(body);
        to.flush();
        if (text.toLowerCase(Locale.ROOT).contains("\r\nupgrade: ")) {
          watches.add(responses);
          from.transferTo(to);
          return;
        }
      }
    } catch (IOException e) {
      // One of the two closed the connection.
    }
  }

  /**
   * The response direction. A client that waits for its response sends nothing else on the same
   * connection.
   */
  private static final class ResponseRelay {
    private final Socket server;
    private final Socket client;
    private volatile BlockedCall stop;
    private volatile boolean stalled;

    ResponseRelay(Socket server, Socket client) {
      this.server = server;
      this.client = client;
    }

    void pass() {
      try (server;
          client) {
        byte[] buffer = new byte[16_384];
        InputStream from = server.getInputStream();
        for (int n = from.read(buffer); n >= 0 || stalled; n = from.read(buffer)) {
          if (stalled) {
            new BlockedCall(call -> true, 1, false).keep(); // for as long as the test runs
          }
          if (stop != null) {
            stop.keep();
            return;
          }
          client.getOutputStream().write(buffer, 0, n);
        }
      } catch (IOException e) {
        // One of the two closed the connection.
      }
    }
  }

  /** Request line and headers up to the empty line; empty at the end of the stream. */
  private static byte[] head(InputStream from) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int ends = 0;
    while (ends < 4) {
      int next = from.read();
      if (next < 0) {
        return new byte[0];
      }
      head.write(next);
      ends = next == "\r\n\r\n".charAt(ends) ? ends + 1 : next == '\r' ? 1 : 0;
    }
    return head.toByteArray();
  }

  private static int contentLength(String head) {
    String lower = head.toLowerCase(Locale.ROOT);
    if (lower.contains("\r\ntransfer-encoding:")) {
      throw new IllegalStateException("the relay knows no chunks: " + head);
    }
    return lower
        .lines()
        .filter(line -> line.startsWith("content-length:"))
        .map(line -> Integer.parseInt(line.substring(line.indexOf(':') + 1).strip()))
        .findFirst()
        .orElse(0);
  }

  private static void start(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    stops.forEach(BlockedCall::letGo);
    try {
      door.close();
      Files.deleteIfExists(kubeconfig);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
