package dev.reinstall.simulator;

import dev.reinstall.simulator.jdcloud.JdCloudSimulator;
import dev.reinstall.simulator.tencent.TencentSimulator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * Both clouds on fixed ports, for a person to try the operator on. After {@code mvn package}:
 *
 * <pre>
 * java -cp target/test-classes:target/reinstall-operator.jar dev.reinstall.simulator.Simulators \
 *     --tencent-port 8081 --jdcloud-port 8082 --speed 60
 * </pre>
 *
 * {@link ControlEndpoint} says what else can be done to them while they run.
 */
public final class Simulators {
  private static final Map<String, String> USUAL =
      Map.of("--tencent-port", "8081", "--jdcloud-port", "8082", "--speed", "60");

  private Simulators() {}

  public static void main(String[] args) throws InterruptedException {
    Map<String, String> options = options(List.of(args));
    double speed = Double.parseDouble(options.get("--speed"));
    int tencentPort = Integer.parseInt(options.get("--tencent-port"));
    int jdPort = Integer.parseInt(options.get("--jdcloud-port"));
    try (TencentSimulator tencent = TencentSimulator.start(tencentPort, SimClock.faster(speed));
        JdCloudSimulator jd = JdCloudSimulator.start(jdPort, SimClock.faster(speed))) {
      furnish(tencent, jd);
      System.out.printf("A minute in the clouds takes %.1f s.%n", 60 / speed);
      introduce("Tencent Cloud", tencent, "secretId: simulator", "secretKey: simulated");
      introduce("JD Cloud", jd, "accessKey: simulator", "secretKey: simulated");
      tencent.report(line -> System.out.println("tencent " + line));
      jd.report(line -> System.out.println("jdcloud " + line));
      new CountDownLatch(1).await();
    }
  }

  /** The account and the servers of {@code deploy/samples}, and some more to try. */
  public static void furnish(TencentSimulator tencent, JdCloudSimulator jd) {
    tencent.account("simulator", "simulated").key("skey-abcd1234");
    for (String id : List.of("ins-r8hr2upy", "ins-stopped1", "ins-refused1", "ins-replayed")) {
      tencent.newServer(id).stopped();
    }
    tencent.newServer("ins-running1").running();
    jd.account("simulator", "simulated").keypair("kp-1");
    jd.newServer("cps-abc123").stopped();
    jd.newServer("cps-stopped1").stopped();
    jd.newServer("cps-running1").running();
  }

  private static void introduce(String name, SimulatedCloud cloud, String... account) {
    System.out.printf("%n%s at %s%n", name, cloud.endpoint());
    System.out.printf("  %s%n", String.join(", ", account));
    cloud.servers().forEach(server -> System.out.printf("  %s%n", server.line()));
  }

  static Map<String, String> options(List<String> args) {
    Map<String, String> options = new HashMap<>(USUAL);
    for (int i = 0; i < args.size(); i += 2) {
      if (!USUAL.containsKey(args.get(i)) || i + 1 == args.size()) {
        throw new IllegalArgumentException("options, each with a value: " + USUAL.keySet());
      }
      options.put(args.get(i), args.get(i + 1));
    }
    return options;
  }
}
