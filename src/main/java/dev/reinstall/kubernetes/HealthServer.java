package dev.reinstall.kubernetes;

import dev.reinstall.kubernetes.HealthListener.Response;
import java.io.IOException;
import java.net.BindException;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * {@code /livez}, {@code /readyz} and {@code /metrics}. The process is live if it responds and
 * nothing in it is stuck: a restart does not fix an API server.
 */
public final class HealthServer implements AutoCloseable {
  private static final int MAX_SCRAPES = 2; // at the same time: each holds all metrics in memory

  private final Supplier<Optional<String>> stuck;
  private final Supplier<Optional<String>> problem;
  private final Supplier<String> metrics;
  private final Semaphore scrapes = new Semaphore(MAX_SCRAPES);
  private final HealthListener listener;

  private HealthServer(
      int port,
      Supplier<Optional<String>> stuck,
      Supplier<Optional<String>> problem,
      Supplier<String> metrics)
      throws IOException {
    this.stuck = stuck;
    this.problem = problem;
    this.metrics = metrics;
    listener = port == 0 ? null : open(port);
  }

  private HealthListener open(int port) throws IOException {
    try {
      return new HealthListener(port, this::answer);
    } catch (BindException e) {
      throw new StartException(
          "REINSTALL_HTTP_PORT must be a free port, but port "
              + port
              + " cannot be opened ("
              + e.getMessage()
              + "). Set another port, or 0 to disable the probes and metrics.",
          e);
    }
  }

  /**
   * @param port 0: no server
   * @param stuck why only a restart helps
   * @param problem why the operator does not do, or not see, all that it should
   * @param metrics in the Prometheus format
   * @throws StartException the port is taken, or this process may not open it
   */
  public static HealthServer start(
      int port,
      Supplier<Optional<String>> stuck,
      Supplier<Optional<String>> problem,
      Supplier<String> metrics)
      throws IOException {
    return new HealthServer(port, stuck, problem, metrics);
  }

  private Response answer(String path) {
    return switch (path) {
      case "/livez" -> okUnless(stuck);
      case "/readyz" -> okUnless(problem);
      case "/metrics" -> scrape();
      default -> new Response("404 Not Found", "Not found\n");
    };
  }

  private static Response okUnless(Supplier<Optional<String>> problem) {
    return problem
        .get()
        .map(why -> Response.unavailable(why + "\n"))
        .orElseGet(() -> Response.ok("ok\n"));
  }

  private Response scrape() {
    if (!scrapes.tryAcquire()) {
      return Response.unavailable("The metrics are being read by others\n");
    }
    try {
      return Response.ok(metrics.get());
    } finally {
      scrapes.release();
    }
  }

  @Override
  public void close() {
    if (listener != null) {
      listener.close();
    }
  }
}
