package dev.reinstall.demo;

import static org.awaitility.Awaitility.await;

import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.controlplane.FreePorts;
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
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Applies {@code deploy/samples} and shows how each Reinstall ends; the script {@code demo} starts
 * it. It needs the built jar and the folder of the project around it.
 *
 * <pre>
 * --hold   keeps running, to try other manifests; needs a real API server
 * --mock   uses fabric8's mock even where a real API server is found
 * --live   redraws the table in place, for a terminal; the script adds it
 * </pre>
 */
public final class Demo {
  private static final Set<String> OPTIONS = Set.of("--hold", "--mock", "--live");

  private final Set<String> options;
  private final PrintStream out;
  private final TableView screen;
  private final int probes = FreePorts.free();

  private Demo(Set<String> options, PrintStream out) {
    this.options = options;
    this.out = out;
    this.screen = new TableView(out, options.contains("--live"));
  }

  public static void main(String[] args) {
    AtomicBoolean ended = new AtomicBoolean();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (!ended.get()) {
                    System.out.println("The demo was stopped by a signal.");
                  }
                }));
    int code;
    try {
      code = run(System.out, args);
    } finally { // an exception explains itself
      ended.set(true);
    }
    System.exit(code);
  }

  /** 0: all ended as expected; 1: not as expected; 2: bad arguments. */
  static int run(PrintStream out, String... args) {
    Set<String> options = Set.copyOf(List.of(args));
    if (!OPTIONS.containsAll(options)) {
      out.println("Unknown argument. Usage: ./demo [--hold] [--mock]");
      return 2;
    }
    boolean real = ControlPlane.isInstalled() && !options.contains("--mock");
    if (options.contains("--hold") && !real) {
      out.println(
          "--hold needs a real Kubernetes API server."
              + " To build one (needs Go): .ci/kube-apiserver/ensure");
      return 2;
    }
    return new Demo(options, out).run(real);
  }

  private int run(boolean real) {
    screen.say("Starting a Kubernetes API, the simulated clouds and the operator ...");
    try (DemoCluster stage = real ? new RealDemoCluster() : new MockDemoCluster();
        SimulatedClouds clouds = new SimulatedClouds();
        OperatorProcess operator =
            OperatorProcess.start(stage.operatorsKubeconfig(), settings(clouds))) {
      screen.say("Kubernetes     " + stage.name());
      screen.say("               at " + stage.client().getMasterUrl());
      screen.say("Tencent Cloud  simulator at " + clouds.tencent.endpoint());
      screen.say("JD Cloud       simulator at " + clouds.jd.endpoint());
      screen.say("Operator       target/reinstall-operator.jar, process " + operator.pid());
      awaitReady();
      screen.say("");
      List<TableRow> rows = new DemoRun(stage, clouds, screen).run();
      int code = report(new Verdict(rows, clouds), operator);
      if (stage instanceof RealDemoCluster site && options.contains("--hold")) {
        hold(site, clouds, operator);
      }
      return code;
    }
  }

  private Map<String, String> settings(SimulatedClouds clouds) {
    Map<String, String> settings = new HashMap<>();
    settings.put("REINSTALL_TENCENT_ENDPOINT", clouds.tencent.endpoint());
    settings.put("REINSTALL_JDCLOUD_ENDPOINT", clouds.jd.endpoint());
    settings.put("REINSTALL_POLL_INTERVAL", "250ms");
    settings.put("REINSTALL_SETTLE_TIME", "500ms");
    settings.put("REINSTALL_JD_SETTLE_TIME", "1s");
    settings.put("REINSTALL_SEND_WITHIN", "5s");
    settings.put("REINSTALL_FENCE", "10s");
    settings.put("REINSTALL_CALL_TIMEOUT", "5s");
    settings.put("REINSTALL_ALLOW_UNSAFE_TIMEOUTS", "true"); // simulated servers only
    settings.put("REINSTALL_LEADER_ELECTION", "false"); // one replica, and no lease on a mock
    settings.put("REINSTALL_HTTP_PORT", Integer.toString(probes));
    return settings;
  }

  /** Before it watches, nothing would happen, and the first two for one server would race. */
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

  private int report(Verdict verdict, OperatorProcess operator) {
    screen.say("");
    verdict.summary().forEach(screen::say);
    screen.say("");
    double seconds = screen.age().toMillis() / 1000.0;
    if (verdict.differences().isEmpty()) {
      screen.say("Every Reinstall ended as expected, and none was carried out twice.");
      screen.say("The demo took %.1f s.".formatted(seconds));
      return 0;
    }
    screen.say("NOT as expected after %.1f s:".formatted(seconds));
    verdict.differences().forEach(difference -> screen.say("- " + difference));
    screen.say("Log of the operator:");
    screen.say(operator.log());
    return 1;
  }

  private void hold(RealDemoCluster stage, SimulatedClouds clouds, OperatorProcess operator) {
    stage.startControllers();
    screen.say("");
    screen.say("The demo keeps running until you press Ctrl-C. In another terminal:");
    screen.say("  export KUBECONFIG=" + stage.adminsKubeconfig());
    screen.say("  export PATH=" + stage.programs() + ":$PATH");
    screen.say("  kubectl -n " + Samples.NAMESPACE + " get reinstalls");
    screen.say("Log of the operator:");
    screen.say("  tail -f " + operator.logFile());
    screen.say("Metrics of the operator:");
    screen.say("  curl http://127.0.0.1:" + probes + "/metrics");
    screen.say("Calls that the clouds received:");
    screen.say("  curl " + clouds.tencent.endpoint() + "/_simulator/calls");
    screen.say("  curl " + clouds.jd.endpoint() + "/_simulator/calls");
    screen.say("To stop a server (or start it, with /start):");
    String anyServer = clouds.tencent.endpoint() + "/_simulator/servers/ins-stopped1";
    screen.say("  curl -X POST " + anyServer + "/stop");
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
