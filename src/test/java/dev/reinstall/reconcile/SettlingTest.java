package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.PortCall.START;
import static dev.reinstall.reconcile.PortCall.WRITE_LEDGER;
import static dev.reinstall.reconcile.Scenario.TIMING;
import static dev.reinstall.reconcile.Scenario.jd;
import static dev.reinstall.reconcile.Scenario.tencent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.ReinstallSpec.PowerAfter;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.Observation.Power;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When a stop, or a start, has certainly taken effect. */
class SettlingTest {
  private static final Duration SHOWN = Duration.ofSeconds(2); // the cloud shows the new state

  private static Duration settleTime(Scenario stage) {
    return stage.cluster.cloud.capabilities.settleTime();
  }

  @Test
  void a_stop_whose_operation_is_shown_as_done_is_over_at_once() {
    tencent().requestToStop("web").reconcile().reconcileAfter(SHOWN).assertStops(1).assertSends(1);
  }

  @Test
  void a_stop_without_an_operation_is_over_when_the_server_has_not_changed_for_the_settling_time() {
    Scenario stage = jd().requestToStop("web").reconcile().reconcileAfter(SHOWN);
    stage
        .assertState(State.Stopping)
        .reconcileAfter(settleTime(stage).minusMillis(1))
        .assertState(State.Stopping)
        .assertSends(0)
        .reconcileAfter(Duration.ofMillis(1))
        .assertSends(1);
  }

  @Test
  void a_record_that_changes_after_a_stop_settles_anew() {
    Scenario stage = jd().requestToStop("web").reconcile().reconcileAfter(SHOWN);
    stage
        .reconcileAfter(settleTime(stage).minusMillis(1))
        .cloud(InMemoryCloud::rename)
        .reconcile()
        .reconcileAfter(settleTime(stage).minusMillis(1))
        .assertState(State.Stopping)
        .assertSends(0)
        .reconcileAfter(Duration.ofMillis(1))
        .assertSends(1);
  }

  @Test
  void the_operation_of_somebody_else_is_not_the_end_of_a_stop() {
    Scenario stage =
        tencent()
            .requestToStop("web")
            .reconcile()
            .after(Duration.ofMinutes(1))
            .power(Power.RUNNING);
    stage
        .reconcile()
        .reconcileAfter(settleTime(stage).minusMillis(1))
        .assertStops(1)
        .reconcileAfter(Duration.ofMillis(1))
        .assertStops(2);
  }

  @Test
  void a_start_without_effect_is_reported_when_the_server_has_settled() {
    Scenario stage =
        jd().cloud(it -> it.endsStopped = true)
            .cloud(it -> it.startsFail = true)
            .request("web", WhenRunning.Wait, PowerAfter.Running);
    while (stage.starts() == 0) {
      stage.reconcile().after(TIMING.pollInterval());
    }
    stage
        .reconcile()
        .assertStatus("Starting/Starting")
        .reconcileAfter(settleTime(stage).minusMillis(1))
        .assertStatus("Starting/Starting")
        .reconcileAfter(Duration.ofMillis(1))
        .assertStatus("Succeeded/Installed")
        .assertMessage("the cloud reports the server in state STOPPED")
        .assertStarts(1);
  }

  @Test
  void a_start_whose_operation_is_shown_as_done_is_over_at_once() {
    Scenario stage =
        tencent()
            .cloud(it -> it.endsStopped = true)
            .cloud(it -> it.startsFail = true)
            .request("web", WhenRunning.Wait, PowerAfter.Running);
    while (stage.starts() == 0) {
      stage.reconcile().after(TIMING.pollInterval());
    }
    stage.reconcile().assertStatus("Succeeded/Installed").assertStarts(1);
  }

  @Test
  void a_start_that_its_claimant_never_sent_is_sent_without_a_fence() {
    Scenario stage =
        jd().cloud(it -> it.endsStopped = true)
            .request("web", WhenRunning.Wait, PowerAfter.Running);
    for (int writes = 0; writes < 3; writes++) { // the claim, its result, the evidence
      stage.before(WRITE_LEDGER, s -> {});
    }
    long[] at = new long[2];
    stage
        .before(
            WRITE_LEDGER,
            s -> {
              at[0] = s.cluster.millis();
              s.after(TIMING.sendWithin());
            })
        .before(START, s -> at[1] = s.cluster.millis())
        .endsAs("Succeeded/Installed")
        .assertStarts(1);
    assertThat(Duration.ofMillis(at[1] - at[0])).isEqualTo(TIMING.sendWithin());
  }
}
