package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.reinstall.controlplane.FreePorts;
import dev.reinstall.controlplane.NeedsControlPlane;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The contract between the process and its runtime environment. */
@Tag("deep")
@NeedsControlPlane
class ProcessIT {
  private static TestCluster site;

  @BeforeAll
  static void start() {
    site = new TestCluster();
  }

  @AfterAll
  static void close() {
    site.close();
  }

  @Test
  void it_answers_probes_and_metrics_and_ends_with_0_when_asked_to_end() {
    int port = FreePorts.free();
    OperatorProcess operator =
        site.with("REINSTALL_HTTP_PORT", Integer.toString(port)).startOperator();

    site.await("/readyz", () -> HealthProbe.get(port, "/readyz").equals("200 ok"));
    site.jd.newServer("cps-process1");
    site.apply(TestCluster.jdRequest("node-1", "cps-process1", ""));
    site.awaitFinished("node-1");

    // A transition is logged after its status write.
    String request = site.namespace + "/node-1: ";
    site.await("the last transition to be logged", () -> transitions(operator, request).size() > 2);
    assertThat(transitions(operator, request))
        .containsExactly(
            request + "New -> Submitting (claim 1)",
            request + "Submitting -> Installing (claim 1)",
            request + "Installing -> Succeeded/Installed (claim 1)");

    site.await("/livez", () -> HealthProbe.get(port, "/livez").equals("200 ok"));
    site.await("/metrics", () -> HealthProbe.get(port, "/metrics").contains("# TYPE"));
    assertThat(operator.stop()).as(operator::log).isZero();
  }

  private static List<String> transitions(OperatorProcess operator, String request) {
    return operator
        .log()
        .lines()
        .filter(line -> line.contains(request) && line.contains(" -> "))
        .map(line -> line.substring(line.indexOf(request)))
        .toList();
  }

  @Test
  void it_answers_probes_while_many_connections_send_half_a_request() throws Exception {
    int port = FreePorts.free();
    OperatorProcess operator =
        site.with("REINSTALL_HTTP_PORT", Integer.toString(port)).startOperator();
    site.await("/readyz", () -> HealthProbe.get(port, "/readyz").equals("200 ok"));
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 300; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        slow.add(socket);
        socket.getOutputStream().write("GET /livez HT".getBytes(StandardCharsets.US_ASCII));
      }

      assertTimeout(
          Duration.ofSeconds(5), // of the probes in deploy/
          () -> {
            assertThat(HealthProbe.get(port, "/livez")).isEqualTo("200 ok");
            assertThat(HealthProbe.get(port, "/readyz")).isEqualTo("200 ok");
            assertThat(HealthProbe.get(port, "/metrics")).contains("# TYPE");
          });
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
      operator.kill(); // it would share the requests of the other tests
    }
  }

  @Test
  void bad_settings_end_it_with_2_and_are_named() {
    TestCluster bad = site.with("REINSTALL_POL_INTERVAL", "1s").with("REINSTALL_FENCE", "soon");

    OperatorProcess operator = bad.startOperator();

    assertThat(operator.exitCode()).as(operator::log).isEqualTo(2);
    assertThat(operator.log())
        .contains(
            " ERROR Main REINSTALL_FENCE must be a duration greater than zero,"
                + " such as 500ms, 10s, 2m or 1h, but is \"soon\".\n",
            " ERROR Main REINSTALL_POL_INTERVAL is not a known setting."
                + " Did you mean REINSTALL_POLL_INTERVAL?\n");
    bad.without("REINSTALL_POL_INTERVAL").with("REINSTALL_FENCE", "3s");
  }
}
