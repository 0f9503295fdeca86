package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.NeedsControlPlane;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two replicas with leader election, as deploy/ runs them: how soon the other one acts. */
@Tag("deep")
@NeedsControlPlane
class HandoverIT {
  private TestCluster site;

  @BeforeEach
  void start() {
    site =
        new TestCluster()
            .with("REINSTALL_LEADER_ELECTION", "true")
            .with("REINSTALL_CALL_TIMEOUT", "20s");
  }

  @AfterEach
  void close() {
    site.close();
  }

  @Test
  void after_sigterm_the_other_replica_claims_without_waiting_for_the_lease_to_expire() {
    OperatorProcess leader = site.startOperator();
    site.await("a leader", () -> leads(leader));
    OperatorProcess other = site.startOperator();
    site.await("the other to know the leader", () -> other.log().contains("Leader: "));
    site.tencent.newServer("ins-handover");

    long terminated = System.nanoTime();
    assertThat(leader.stop()).as(leader::log).isZero();
    site.apply(TestCluster.tencentRequest("next", "ins-handover", ""));
    site.await("its first act", () -> site.tencent.calls("ResetInstance", "ins-handover") == 1);
    Duration acted = Duration.ofNanos(System.nanoTime() - terminated);
    site.awaitFinished("next");

    assertThat(leads(other)).isTrue();
    assertThat(site.phase("next")).isEqualTo("Succeeded");
    assertThat(site.tencent.wipes("ins-handover")).isEqualTo(1);
    assertThat(acted)
        .isLessThan(Duration.ofSeconds(20)); // it would be about 35 s; on a quiet machine, 3 s
  }

  private static boolean leads(OperatorProcess operator) {
    return operator.log().contains("This replica is the leader");
  }
}
