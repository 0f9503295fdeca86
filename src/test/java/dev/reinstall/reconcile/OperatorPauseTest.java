package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REQUEST_LOST;
import static dev.reinstall.reconcile.PortCall.CACHED_PAUSE;
import static dev.reinstall.reconcile.PortCall.COMMIT_START;
import static dev.reinstall.reconcile.PortCall.FETCH_PAUSE;
import static dev.reinstall.reconcile.Scenario.R1;
import static dev.reinstall.reconcile.Scenario.jd;
import static dev.reinstall.reconcile.Scenario.on;
import static dev.reinstall.reconcile.Scenario.tencent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.ReinstallSpec.PowerAfter;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ServerLedger.State;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** While the operator is paused, nothing is claimed, and no call is sent that changes a server. */
class OperatorPauseTest {

  @ParameterizedTest
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void a_paused_operator_claims_nothing_until_it_is_resumed(CloudName cloud) {
    on(cloud)
        .pause("wrong image in Git")
        .request("web")
        .reconcile()
        .assertStatus("Pending/OperatorPaused")
        .assertWholeMessage(
            "The operator is paused by the ConfigMap reinstall-operator-pause in its namespace:"
                + " wrong image in Git. No reinstall request is sent. The request goes on when the"
                + " ConfigMap is deleted. The deadline for starting is spec.notAfter"
                + " (2026-11-01T04:00:00Z).")
        .assertNothingClaimed()
        .endPause()
        .endsAs("Succeeded/Installed")
        .assertWipes(1);
  }

  @Test
  void each_pending_request_shows_the_pause_whatever_else_it_waits_for() {
    tencent("web")
        .hold("disk swap")
        .suspend()
        .pause("incident")
        .reconcile()
        .assertStatus("Pending/OperatorPaused")
        .endPause()
        .reconcile()
        .assertStatus("Pending/Suspended")
        .resume()
        .reconcile()
        .assertStatus("Pending/ServerHeld");
  }

  @Test
  void not_after_ends_a_request_while_the_operator_is_paused() {
    tencent("web")
        .pause("incident")
        .work(Duration.ofHours(5))
        .assertStatus("Failed/DeadlineExceeded")
        .assertNothingClaimed();
  }

  @Test
  void what_was_sent_is_followed_to_its_end() {
    tencent("web").reconcile().pause("incident").endsAs("Succeeded/Installed").assertWipes(1);
  }

  @Test
  void a_server_that_is_being_stopped_is_released() {
    tencent()
        .requestToStop("web")
        .reconcile()
        .pause("incident")
        .reconcile()
        .assertState(State.Released)
        .assertStatus("Pending/OperatorPaused")
        .assertMessage("The server was stopped for this request at ")
        .assertStops(1)
        .assertSends(0)
        .endPause()
        .endsAs("Succeeded/Installed");
  }

  @Test
  void a_server_is_not_started_after_its_reinstall() {
    Scenario story =
        tencent()
            .cloud(it -> it.endsStopped = true)
            .request("web", WhenRunning.Wait, PowerAfter.Running)
            .reconcile()
            .pause("incident")
            .endsAs("Succeeded/Installed")
            .assertMessage(
                "not started, because the operator is paused by the ConfigMap"
                    + " reinstall-operator-pause in its namespace: incident. Start the server")
            .assertStarts(0);
    assertThat(story.reported()).as("no start is claimed").doesNotContain("Starting");
  }

  @Test
  void a_request_whose_response_was_lost_is_not_sent_again_until_the_operator_is_resumed() {
    jd("web")
        .send(REQUEST_LOST)
        .pause("incident")
        .reconcileAfter(Duration.ofSeconds(21))
        .assertSends(1)
        .assertStatus("Submitting/AwaitingConfirmation")
        .assertMessage("must not be sent now: the operator is paused: incident.")
        .endPause()
        .reconcile()
        .assertSends(2);
  }

  // A pause that begins after the decision, or that the watch does not show yet.

  @ParameterizedTest
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void a_request_is_not_sent_if_the_pause_begins_after_its_claim(CloudName cloud) {
    on(cloud, "web")
        .before(COMMIT_START, it -> it.pause("incident"))
        .reconcile()
        .assertSends(0)
        .assertState(State.Released)
        .assertStatus("Pending/OperatorPaused")
        .endPause()
        .endsAs("Succeeded/Installed");
  }

  @Test
  void a_request_is_not_sent_while_the_watch_does_not_show_the_pause() {
    Scenario story = tencent("web").freeze(R1, CACHED_PAUSE).pause("incident").reconcile();
    story.assertSends(0).assertState(State.Released);
    story.script.thaw(story.replica(R1));
    story.reconcile().assertStatus("Pending/OperatorPaused");
  }

  @Test
  void a_server_is_not_stopped_if_the_pause_begins_after_its_claim() {
    tencent()
        .requestToStop("web")
        .before(FETCH_PAUSE, it -> it.pause("incident"))
        .reconcile()
        .assertStops(0)
        .assertState(State.Released)
        .assertStatus("Pending/OperatorPaused");
  }

  @Test
  void a_server_is_not_started_if_the_pause_begins_after_the_claim_of_the_start() {
    Scenario story =
        tencent()
            .cloud(it -> it.endsStopped = true)
            .request("web", WhenRunning.Wait, PowerAfter.Running)
            .reconcile()
            .before(FETCH_PAUSE, it -> it.pause("incident"))
            .endsAs("Succeeded/Installed")
            .assertMessage("the operator is paused")
            .assertStarts(0);
    assertThat(story.reported()).contains("Starting");
  }

  /** The first request may be in flight, so its entry is never released. */
  @Test
  void a_request_is_not_sent_again_if_the_pause_begins_after_the_claim_and_is_not_released() {
    jd("web")
        .send(REQUEST_LOST)
        .before(FETCH_PAUSE, it -> it.pause("incident"))
        .reconcileAfter(Duration.ofSeconds(21))
        .assertSends(1)
        .assertState(State.Submitting)
        .endPause()
        .endsAs("Succeeded/Installed")
        .assertSends(2);
  }

  @Test
  void time_that_the_last_look_takes_counts() {
    tencent("web")
        .before(FETCH_PAUSE, it -> it.after(Duration.ofSeconds(11)))
        .reconcile()
        .before(FETCH_PAUSE, it -> it.assertSends(0))
        .endsAs("Succeeded/Installed")
        .assertSends(1);
  }
}
