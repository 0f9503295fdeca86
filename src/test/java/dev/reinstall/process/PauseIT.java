package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.simulator.RecordedCall;
import dev.reinstall.simulator.SimulatedFault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** When a cloud throttles an account, all requests of that account pause. */
@Tag("deep")
@NeedsControlPlane
class PauseIT {
  private static final Duration PAUSE = Duration.ofSeconds(12);

  private static TestCluster site;
  private static String others;

  @BeforeAll
  static void start() {
    site = new TestCluster();
    others = site.newNamespace();
    site.tencent.account("AKIDother", "another-key");
    site.secret(others, "tencent", Map.of("secretId", "AKIDother", "secretKey", "another-key"));
    site.startOperator();
  }

  @AfterAll
  static void close() {
    site.close();
  }

  @Test
  void
      retry_after_on_one_requests_description_holds_the_others_of_its_account_back_and_no_other_account() {
    for (String id : List.of("ins-pause001", "ins-pause002", "ins-pause003")) {
      site.tencent.newServer(id);
    }
    site.tencent.onNext(
        "DescribeInstances",
        SimulatedFault.status(429, Map.of("Retry-After", String.valueOf(PAUSE.toSeconds())), ""));
    long began = System.nanoTime();
    site.apply(TestCluster.tencentRequest("told", "ins-pause001", ""));
    site.awaitReason("told", "Throttled");

    site.apply(TestCluster.tencentRequest("held", "ins-pause002", ""));
    site.awaitReason("held", "Throttled");
    site.applyIn(others, TestCluster.tencentRequest("free", "ins-pause003", ""));
    site.awaitFinishedIn(others, "free");
    boolean still = System.nanoTime() - began < PAUSE.toNanos();

    assertThat(still).as("the other account was through within the pause").isTrue();
    assertThat(site.fieldIn(others, "free", ".status.phase")).isEqualTo("Succeeded");
    assertThat(callsOf(TestCluster.SECRET_ID)).as(site::everything).hasSize(1);
    assertThat(site.message("held"))
        .matches(
            "The cloud API limits the request rate of this account: Not sent: the cloud asked for"
                + " a pause of this account until 20\\S+Z \\(Retry-After\\)\\. No reinstall"
                + " request is sent\\. Retrying when the pause that the cloud asked for is"
                + " over\\. The deadline for starting is .*");

    site.awaitFinished("told");
    site.awaitFinished("held");
    assertThat(System.nanoTime() - began).isGreaterThan(PAUSE.toNanos());
    assertThat(List.of(site.phase("told"), site.phase("held"))).containsOnly("Succeeded");
    assertThat(site.tencent.wipes("ins-pause001") + site.tencent.wipes("ins-pause002"))
        .isEqualTo(2);
  }

  private static List<RecordedCall> callsOf(String secretId) {
    return site.tencent.callsLog().stream()
        .filter(call -> call.request().header("authorization").contains(secretId + "/"))
        .toList();
  }
}
