package dev.reinstall.cloud;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP proxy on the loopback address that opens tunnels. */
public final class ConnectProxy implements AutoCloseable {
  private final SocketServer tunnels;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> hosts = new ConcurrentHashMap<>();
  private volatile String refusal;

  public ConnectProxy() {
    try {
      tunnels =
          new SocketServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), this::serve);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Answers every CONNECT with these bytes and closes; empty: it only closes. */
  public void refuses(String response) {
    refusal = response;
  }

  /** What the proxy resolves this name to: a port of the loopback address. */
  public void knows(String host, int port) {
    hosts.put(host, port);
  }

  public int port() {
    return tunnels.port();
  }

  public String url() {
    return "http://127.0.0.1:" + port();
  }

  /** The head of each request, whole. */
  public List<String> requests() {
    return requests;
  }

  private void serve(Socket client) throws IOException {
    String head = head(client.getInputStream());
    requests.add(head);
    String answer = refusal;
    if (answer != null) {
      send(client, answer);
      return;
    }
    String authority = head.split(" ", 3)[1];
    int colon = authority.lastIndexOf(':');
    String host = authority.substring(0, colon);
    int port = hosts.getOrDefault(host, Integer.parseInt(authority.substring(colon + 1)));
    try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
      send(client, "HTTP/1.1 200 Connection established\r\n\r\n");
      SocketServer.join(client, server);
    }
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no head");
      }
      head.append((char) next);
    }
    return head.toString();
  }

  @Override
  public void close() {
    tunnels.close();
  }
}
