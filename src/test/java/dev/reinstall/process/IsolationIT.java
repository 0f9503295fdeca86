package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.simulator.SimulatedFault;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** No account and no region holds up another one. */
@Tag("deep")
@NeedsControlPlane
class IsolationIT {
  private static final int INVENTED = 3_000;
  private static final int SLOW = 60;
  private static final int MANY_CALLS = 20;
  private static final Duration MOST = Duration.ofSeconds(2);

  private ControlPlane plane;
  private TestCluster site;

  @BeforeEach
  void start() {
    plane = TestCluster.withBase(ControlPlane.start()); // nobody else has to wait for its writes
    site = new TestCluster(plane).with("REINSTALL_POLL_INTERVAL", "15s");
    site.startOperator();
    assertServedInTime("warm"); // the classes are loaded
  }

  @AfterEach
  void close() {
    site.close();
    plane.close();
  }

  @Test
  void three_thousand_requests_with_an_invented_key_hold_up_no_other_account() throws Exception {
    site.secret(
        site.namespace, "invented", Map.of("accessKey", "JDNOSUCHKEY", "secretKey", "invented"));
    GenericKubernetesResource template =
        Serialization.unmarshal(
            TestCluster.jdRequest("invented", "cps-invented", "")
                .replaceFirst("credentialsRef: .*", "credentialsRef: {name: invented}"),
            GenericKubernetesResource.class);
    template.getMetadata().setNamespace(site.namespace);
    site.createAll(0, INVENTED, number -> invented(template, number));
    site.await("calls with the invented key", () -> !site.jd.callsLog().isEmpty());

    assertServedInTime("beside1");
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> site.reason("invented-0").equals("AccessDenied"));
    assertServedInTime("beside2");
  }

  @Test
  void sixty_accounts_whose_descriptions_take_nineteen_seconds_hold_up_no_other_account() {
    for (int i = 0; i < SLOW; i++) {
      String id = "cps-slow%04d".formatted(i);
      site.jd.newServer(id);
      for (int nth = 1; nth <= MANY_CALLS; nth++) {
        site.jd.on(
            CloudUnderTest.JD.describeAction(),
            id,
            nth,
            SimulatedFault.delayBeforeEffect(Duration.ofSeconds(19)));
      }
      site.apply(CloudUnderTest.JD.requestOfItsOwnAccount(site, id, id, ""));
    }

    assertServedInTime("beside3");
    assertServedInTime("beside4");
    assertThat(site.phase("cps-slow0059")).as("its description is under way").isEmpty();
  }

  private static GenericKubernetesResource invented(
      GenericKubernetesResource template, int number) {
    GenericKubernetesResource one = Serialization.clone(template);
    one.getMetadata().setName("invented-" + number);
    Map<String, Object> spec = one.get("spec");
    spec.put("instanceId", "cps-i%07d".formatted(number));
    return one;
  }

  /** From the creation of the request to the call. */
  private void assertServedInTime(String eight) {
    String id = "ins-" + (eight + "00000000").substring(0, 8);
    site.tencent.newServer(id);
    long began = System.nanoTime();
    site.apply(TestCluster.tencentRequest(eight, id, ""));
    Awaitility.await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(Duration.ofMinutes(4))
        .until(() -> site.tencent.wipes(id) == 1);
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    System.out.printf("%s: %d ms from apply to the call%n", eight, took.toMillis());
    if (!eight.equals("warm")) {
      assertThat(took).as(eight).isLessThan(MOST);
    }
  }
}
