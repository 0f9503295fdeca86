package dev.reinstall.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts HTTP requests, one a connection, each with a deadline for all of it. A client that sends
 * or reads slowly holds nobody up: of too many connections, the oldest is closed, so that a client
 * that sends its request at once is always answered. (The HTTP server of the JDK rejects the newest
 * one instead, which would be the kubelet.)
 */
final class HealthListener implements AutoCloseable {
  static final int MAX_CONNECTIONS = 64;

  /** Shorter than the time-out of a probe. */
  static final Duration DEADLINE = Duration.ofSeconds(3);

  private static final Logger LOG = LoggerFactory.getLogger(HealthListener.class);
  private static final int MAX_HEAD = 8192;
  private static final int BACKLOG = 128;
  private static final Duration SWEEP = Duration.ofMillis(250);

  /**
   * @param status code and reason, such as {@code 200 OK}, and headers that it requires
   */
  record Response(String status, String text) {
    static Response ok(String text) {
      return new Response("200 OK", text);
    }

    static Response unavailable(String text) {
      return new Response("503 Service Unavailable", text);
    }

    private static Response badRequest() {
      return new Response("400 Bad Request", "Bad request\n");
    }

    private static Response methodNotAllowed() {
      return new Response("405 Method Not Allowed\r\nAllow: GET, HEAD", "Method not allowed\n");
    }
  }

  private record Connection(Socket socket, long accepted) {}

  private final ServerSocket door;
  private final Function<String, Response> answers;
  private final Deque<Connection> open = new ArrayDeque<>(); // the oldest first
  private final ScheduledExecutorService deadlines =
      Executors.newSingleThreadScheduledExecutor(work -> daemon(work, "health-deadlines"));

  /** More than the connections: the thread of one that was closed ends a little later. */
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          0,
          2 * MAX_CONNECTIONS,
          10,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          work -> daemon(work, "health"));

  /**
   * @param port 0: any
   * @param answers by path
   */
  HealthListener(int port, Function<String, Response> answers) throws IOException {
    this.answers = answers;
    door = new ServerSocket(port, BACKLOG);
    deadlines.scheduleWithFixedDelay(
        this::closeLate, SWEEP.toMillis(), SWEEP.toMillis(), TimeUnit.MILLISECONDS);
    daemon(this::accept, "health-accept").start();
  }

  int port() {
    return door.getLocalPort();
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        serve(new Connection(door.accept(), System.nanoTime()));
      } catch (IOException e) {
        if (!door.isClosed()) { // such as too many open files
          LOG.warn("Cannot accept a connection: {}", e.toString());
          pause();
        }
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(Connection connection) {
    add(connection).ifPresent(HealthListener::abort);
    try {
      threads.execute(() -> answer(connection));
    } catch (RejectedExecutionException e) {
      abort(connection);
      remove(connection);
    }
  }

  /** Adds the connection, and returns the one to close for it. */
  private Optional<Connection> add(Connection connection) {
    synchronized (open) {
      open.addLast(connection);
      return open.size() > MAX_CONNECTIONS
          ? Optional.ofNullable(open.pollFirst())
          : Optional.empty();
    }
  }

  private void remove(Connection connection) {
    synchronized (open) {
      open.remove(connection);
    }
  }

  private void answer(Connection connection) {
    try (Socket socket = connection.socket()) {
      String head = head(socket.getInputStream());
      send(socket, response(head), !head.startsWith("HEAD "));
    } catch (IOException e) {
      LOG.debug("A connection ended early: {}", e.toString());
    } catch (RuntimeException e) {
      LOG.warn("Cannot answer: {}", e.toString(), e);
    } finally {
      remove(connection);
    }
  }

  /** Up to the empty line; cut where it is too long. */
  private static String head(InputStream from) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < MAX_HEAD && head.indexOf("\r\n\r\n") < 0) {
      byte[] buffer = new byte[1024];
      int read = from.read(buffer);
      if (read < 0) {
        break;
      }
      head.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
    }
    return head.toString();
  }

  private Response response(String head) {
    String[] words = head.lines().findFirst().orElse("").split(" ", -1);
    if (!head.contains("\r\n\r\n") || words.length != 3 || !words[0].matches("[A-Z]+")) {
      return Response.badRequest();
    }
    return words[0].equals("GET") || words[0].equals("HEAD")
        ? answers.apply(words[1].replaceFirst("[?].*", ""))
        : Response.methodNotAllowed();
  }

  private static void send(Socket socket, Response response, boolean withBody) throws IOException {
    byte[] body = response.text().getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 "
            + response.status()
            + "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
            + body.length
            + "\r\nConnection: close\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
    if (withBody) {
      socket.getOutputStream().write(body);
    }
  }

  /** A read or write of a socket that is closed ends at once. */
  private void closeLate() {
    List<Connection> late = new ArrayList<>();
    synchronized (open) {
      long now = System.nanoTime();
      open.stream().filter(c -> now - c.accepted() > DEADLINE.toNanos()).forEach(late::add);
    }
    late.forEach(HealthListener::abort);
  }

  private static void abort(Connection connection) {
    try {
      connection.socket().setSoLinger(true, 0); // nothing is left to be sent
      connection.socket().close();
    } catch (IOException e) {
      LOG.debug("Cannot close a connection: {}", e.toString());
    }
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException e) {
      LOG.debug("Cannot close the port: {}", e.toString());
    }
    deadlines.shutdownNow();
    threads.shutdown();
  }
}
