package dev.reinstall.image;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Starts the operator, waits until it is ready and stops it, so that its JVM can record which
 * classes that takes. There is no cluster where an image is built: this program is the API server,
 * of a cluster without any object. The Containerfile runs it from its source:
 *
 * <pre>
 * java TrainingRun.java java -XX:... -jar /reinstall-operator.jar
 * </pre>
 */
final class TrainingRun {
  private static final int PROBES = 8080;
  private static final int SECONDS = 120; // for a slow machine
  private static final byte[] EMPTY_LIST =
      "{\"metadata\": {\"resourceVersion\": \"1\"}, \"items\": []}"
          .getBytes(StandardCharsets.UTF_8);

  private TrainingRun() {}

  public static void main(String[] operator) throws IOException, InterruptedException {
    HttpServer cluster =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    cluster.createContext("/", TrainingRun::respond);
    cluster.setExecutor(Executors.newCachedThreadPool());
    cluster.start();
    Path kubeconfig = Files.createTempFile("kubeconfig", "");
    Files.writeString(
        kubeconfig,
        """
        apiVersion: v1
        kind: Config
        current-context: empty
        contexts: [{name: empty, context: {cluster: empty, user: nobody}}]
        clusters: [{name: empty, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: nobody, user: {token: none}}]
        """
            .formatted(cluster.getAddress().getPort()));
    ProcessBuilder builder = new ProcessBuilder(operator).inheritIO();
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    builder.environment().put("REINSTALL_HTTP_PORT", "" + PROBES);
    builder.environment().put("REINSTALL_LEADER_ELECTION", "false");
    Process process = builder.start();
    boolean ready = awaitReady(process);
    process.destroy();
    int code = process.waitFor();
    System.exit(ready ? code : 1);
  }

  private static boolean awaitReady(Process process) throws InterruptedException {
    HttpClient client = HttpClient.newHttpClient();
    for (int i = 0; i < SECONDS * 10 && process.isAlive(); i++) {
      if (status(client, "/readyz") == 200) {
        return status(client, "/metrics") == 200;
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    return false;
  }

  private static int status(HttpClient client, String path) throws InterruptedException {
    try {
      URI uri = URI.create("http://127.0.0.1:" + PROBES + path);
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException notYet) {
      return 0;
    }
  }

  /** What is created is returned, a list is empty, and a watch never sees anything. */
  private static void respond(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().put("Content-Type", List.of("application/json"));
    if (exchange.getRequestHeaders().containsKey("Upgrade")) {
      exchange.sendResponseHeaders(200, -1); // no WebSocket: then the watch is plain HTTP
    } else if (String.valueOf(exchange.getRequestURI().getQuery()).contains("watch=true")) {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().flush();
      return; // the connection ends with this process
    } else if (exchange.getRequestMethod().equals("POST")) {
      exchange.sendResponseHeaders(201, body.length);
      exchange.getResponseBody().write(body);
    } else {
      exchange.sendResponseHeaders(200, EMPTY_LIST.length);
      exchange.getResponseBody().write(EMPTY_LIST);
    }
    exchange.close();
  }
}
