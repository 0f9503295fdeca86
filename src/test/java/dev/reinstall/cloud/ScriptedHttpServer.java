package dev.reinstall.cloud;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads HTTP requests on the loopback address and handles each as scripted, byte by byte: no HTTP
 * library would send such responses. It is independent of any cloud.
 */
public final class ScriptedHttpServer implements AutoCloseable {

  /** What to do once a complete request was read; closing the connection is part of it. */
  @FunctionalInterface
  public interface Behaviour {
    void serve(Received request, Socket connection) throws IOException, InterruptedException;
  }

  /** Header names are in lower case. */
  public record Received(String line, Map<String, String> headers, String body) {}

  private final int port;
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  private final AtomicInteger open = new AtomicInteger();
  private ServerSocket listening;
  private Thread atTheDoor;
  private volatile Behaviour behaviour;
  private volatile boolean slamming;

  public ScriptedHttpServer(Behaviour behaviour) {
    this.behaviour = behaviour;
    open(0);
    port = listening.getLocalPort();
  }

  private void open(int at) {
    ServerSocket door = listen(at);
    listening = door;
    atTheDoor = start(() -> accept(door));
  }

  private static ServerSocket listen(int port) {
    try {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * From now on no call is read.
   *
   * @param nobody nothing listens; otherwise connections are accepted and reset
   */
  public synchronized void closeTheDoor(boolean nobody) throws IOException, InterruptedException {
    slamming = true;
    if (nobody) {
      listening.close();
      atTheDoor.join(); // connections in the backlog keep the port open for a moment
    }
  }

  public synchronized void openTheDoor() {
    slamming = false;
    if (listening.isClosed()) {
      open(port);
    }
  }

  /** Connections that neither side has closed. */
  public int open() {
    return open.get();
  }

  /** Responds to everything with this status and JSON. */
  public static ScriptedHttpServer answering(int status, String body) {
    return new ScriptedHttpServer(sending(response(status, "", body)));
  }

  public static Behaviour sending(String bytes) {
    return (request, connection) -> send(connection, bytes);
  }

  /** Sends and closes: whatever was announced and not sent is cut off. */
  public static Behaviour cutAfter(String bytes) {
    return (request, connection) -> {
      send(connection, bytes);
      connection.close();
    };
  }

  /**
   * A complete response.
   *
   * @param headers lines that each end with a line feed, or empty
   */
  public static String response(int status, String headers, String body) {
    return "HTTP/1.1 %d Word\r\n%sContent-Length: %d\r\n\r\n%s"
        .formatted(
            status,
            headers.replace("\n", "\r\n"),
            body.getBytes(StandardCharsets.UTF_8).length,
            body);
  }

  public void now(Behaviour next) {
    behaviour = next;
  }

  public void nowAnswers(int status, String body) {
    now(sending(response(status, "", body)));
  }

  public String url() {
    return "http://127.0.0.1:" + port;
  }

  public List<Received> received() {
    return received;
  }

  public Received last() {
    return received.get(received.size() - 1);
  }

  public static void send(Socket connection, String bytes) throws IOException {
    OutputStream out = connection.getOutputStream();
    out.write(bytes.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private void accept(ServerSocket door) {
    try {
      while (true) {
        Socket connection = door.accept();
        if (slamming) {
          connection.setSoLinger(true, 0);
          connection.close();
          continue;
        }
        connections.add(connection);
        start(() -> serve(connection));
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  private void serve(Socket connection) {
    open.incrementAndGet();
    try (connection) {
      InputStream in = new BufferedInputStream(connection.getInputStream());
      while (!connection.isClosed()) {
        Received request = read(in);
        if (request == null) {
          return;
        }
        received.add(request);
        behaviour.serve(request, connection);
      }
    } catch (IOException | InterruptedException gone) {
      // the client disconnected, or the test is over
    } finally {
      open.decrementAndGet();
      connections.remove(connection);
    }
  }

  private static Received read(InputStream in) throws IOException {
    String line = line(in);
    if (line == null) {
      return null;
    }
    Map<String, String> headers = new TreeMap<>();
    for (String header = line(in); header != null && !header.isEmpty(); header = line(in)) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).trim());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new Received(line, headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        return null;
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  private static Thread start(Runnable work) {
    Thread thread = new Thread(work, "loopback-server");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @Override
  public synchronized void close() {
    try {
      listening.close();
      for (Socket connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
