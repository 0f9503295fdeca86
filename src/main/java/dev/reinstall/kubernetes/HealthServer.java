package dev.reinstall.kubernetes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.javaoperatorsdk.operator.Operator;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * {@code /livez}, {@code /readyz} and {@code /metrics}. The process is live if it responds: a
 * restart does not fix an API server.
 */
public final class HealthServer implements AutoCloseable {
  private final HttpServer server;

  private HealthServer(HttpServer server) {
    this.server = server;
  }

  /**
   * @param port 0: no server
   * @param problem why nothing is started although the watches are established
   */
  public static HealthServer start(
      int port,
      Operator operator,
      Supplier<Optional<String>> problem,
      PrometheusMeterRegistry metrics)
      throws IOException {
    if (port == 0) {
      return new HealthServer(null);
    }
    HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
    server.createContext("/livez", exchange -> answer(exchange, 200, "ok\n"));
    server.createContext("/readyz", exchange -> ready(exchange, operator, problem));
    server.createContext("/metrics", exchange -> answer(exchange, 200, metrics.scrape()));
    server.start();
    return new HealthServer(server);
  }

  private static void ready(
      HttpExchange exchange, Operator operator, Supplier<Optional<String>> problem)
      throws IOException {
    boolean watching =
        operator.getRuntimeInfo().isStarted()
            && operator.getRuntimeInfo().allEventSourcesAreHealthy();
    Optional<String> why =
        watching ? problem.get() : Optional.of("the watches are not established");
    answer(exchange, why.isEmpty() ? 200 : 503, why.orElse("ok") + "\n");
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    if (server != null) {
      server.stop(0);
    }
  }
}
