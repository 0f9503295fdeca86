package dev.reinstall.demo;

import static org.awaitility.Awaitility.await;

import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.controlplane.Ports;
import dev.reinstall.process.OperatorProcess;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * Shows what becomes of {@code deploy/samples}; the script {@code demo} starts it. It needs the
 * built jar and the folder of the project around it.
 *
 * <pre>
 * --hold   stays up afterwards, to try manifests of one's own on; needs the real API server
 * --mock   fabric8's mock even where a real API server is found
 * --live   the table is drawn anew in its place, as a terminal can
 * </pre>
 */
public final class Demo {
  private static final Set<String> OPTIONS = Set.of("--hold", "--mock", "--live");

  private final Set<String> options;
  private final PrintStream out;
  private final Screen screen;
  private final int probes = Ports.free();

  private Demo(Set<String> options, PrintStream out) {
    this.options = options;
    this.out = out;
    this.screen = new Screen(out, options.contains("--live"));
  }

  public static void main(String[] args) {
    System.exit(run(System.out, args));
  }

  /** 0: all ended as it must; 1: it did not; 2: it cannot be shown so. */
  static int run(PrintStream out, String... args) {
    Set<String> options = Set.copyOf(List.of(args));
    if (!OPTIONS.containsAll(options)) {
      out.println("usage: ./demo [--hold] [--mock]");
      return 2;
    }
    boolean real = ControlPlane.isInstalled() && !options.contains("--mock");
    if (options.contains("--hold") && !real) {
      out.println("--hold needs the real API server: .ci/kube-apiserver/ensure (needs Go)");
      return 2;
    }
    return new Demo(options, out).run(real);
  }

  private int run(boolean real) {
    try (Stage stage = real ? new RealStage() : new MockStage();
        Clouds clouds = new Clouds();
        OperatorProcess operator =
            OperatorProcess.start(stage.operatorsKubeconfig(), settings(clouds))) {
      screen.say("Kubernetes     " + stage.name());
      screen.say("Tencent Cloud  simulated at " + clouds.tencent.endpoint());
      screen.say("JD Cloud       simulated at " + clouds.jd.endpoint());
      screen.say("operator       target/reinstall-operator.jar, process " + operator.pid());
      awaitReady();
      screen.say("");
      List<Row> rows = new Play(stage, clouds, screen).run();
      int code = tell(new Verdict(rows, clouds), operator);
      if (stage instanceof RealStage site && options.contains("--hold")) {
        hold(site, clouds);
      }
      return code;
    }
  }

  private Map<String, String> settings(Clouds clouds) {
    Map<String, String> settings = new HashMap<>();
    settings.put("REINSTALL_TENCENT_ENDPOINT", clouds.tencent.endpoint());
    settings.put("REINSTALL_JDCLOUD_ENDPOINT", clouds.jd.endpoint());
    settings.put("REINSTALL_POLL_INTERVAL", "250ms");
    settings.put("REINSTALL_SETTLE_TIME", "500ms");
    settings.put("REINSTALL_JD_SETTLE_TIME", "1s");
    settings.put("REINSTALL_SEND_WITHIN", "5s");
    settings.put("REINSTALL_FENCE", "10s");
    settings.put("REINSTALL_CALL_TIMEOUT", "5s");
    settings.put("REINSTALL_ALLOW_UNSAFE_TIMEOUTS", "true"); // simulated servers alone
    settings.put("REINSTALL_LEADER_ELECTION", "false"); // one replica, and no lease on a mock
    settings.put("REINSTALL_HTTP_PORT", Integer.toString(probes));
    return settings;
  }

  /** Before it watches, orders would wait unseen, and the first two for one server race. */
  private void awaitReady() {
    HttpRequest ready =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + probes + "/readyz")).build();
    HttpClient http = HttpClient.newHttpClient();
    await("the operator is ready")
        .pollDelay(Duration.ZERO)
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> http.send(ready, BodyHandlers.discarding()).statusCode() == 200);
  }

  private int tell(Verdict verdict, OperatorProcess operator) {
    screen.say("");
    verdict.summary().forEach(screen::say);
    screen.say("");
    double seconds = screen.age().toMillis() / 1000.0;
    if (verdict.differences().isEmpty()) {
      screen.say("All as expected, no order carried out twice; %.1f s.".formatted(seconds));
      return 0;
    }
    screen.say("NOT as expected, after %.1f s:".formatted(seconds));
    verdict.differences().forEach(difference -> screen.say("- " + difference));
    screen.say("The operator says:");
    screen.say(operator.log());
    return 1;
  }

  private void hold(RealStage stage, Clouds clouds) {
    stage.startControllers();
    screen.say("");
    screen.say("To try manifests of your own (Ctrl-C ends it all):");
    screen.say("  export KUBECONFIG=" + stage.adminsKubeconfig());
    screen.say("  export PATH=$PATH:" + stage.programs());
    screen.say("Metrics of the operator: http://127.0.0.1:" + probes + "/metrics");
    screen.say("Calls the clouds got: curl " + clouds.tencent.endpoint() + "/_simulator/calls");
    screen.say("                      curl " + clouds.jd.endpoint() + "/_simulator/calls");
    screen.say(
        "To stop a server (or start): curl -X POST "
            + clouds.tencent.endpoint()
            + "/_simulator/servers/ins-stopped1/stop");
    screen.say("Servers:");
    clouds.servers().forEach(server -> screen.say("  " + server.line()));
    out.flush();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
