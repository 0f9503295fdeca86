package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.NeedsControlPlane;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract of the process with whoever runs it. */
@NeedsControlPlane
class ProcessIT {
  private static Site site;

  @BeforeAll
  static void start() {
    site = new Site();
  }

  @AfterAll
  static void close() {
    site.close();
  }

  @Test
  void it_answers_probes_and_metrics_and_ends_with_0_when_asked_to_end() throws IOException {
    int port = freePort();
    OperatorProcess operator =
        site.with("REINSTALL_HTTP_PORT", Integer.toString(port)).startOperator();

    site.await("/readyz", () -> get(port, "/readyz").equals("ok\n"));
    site.jd.newServer("cps-process1");
    site.apply(Site.jdOrder("node-1", "cps-process1", ""));
    site.awaitFinished("node-1");

    site.await("/livez", () -> get(port, "/livez").equals("ok\n"));
    site.await("/metrics", () -> get(port, "/metrics").contains("# TYPE"));
    assertThat(operator.stop()).as(operator::log).isZero();
  }

  @Test
  void bad_settings_end_it_with_2_and_are_named() {
    Site bad = site.with("REINSTALL_POL_INTERVAL", "1s").with("REINSTALL_FENCE", "soon");

    OperatorProcess operator = bad.startOperator();

    assertThat(operator.exitCode()).as(operator::log).isEqualTo(2);
    assertThat(operator.log())
        .contains("REINSTALL_POL_INTERVAL", "REINSTALL_POLL_INTERVAL", "REINSTALL_FENCE", "soon");
    bad.without("REINSTALL_POL_INTERVAL").with("REINSTALL_FENCE", "3s");
  }

  /** Empty while nobody listens. */
  private static String get(int port, String path) throws InterruptedException {
    try {
      URI uri = URI.create("http://127.0.0.1:" + port + path);
      return HttpClient.newHttpClient()
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException notYet) {
      return "";
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
