package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.ANSWERED;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REJECTED_BUSY;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REJECTED_DENIED;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REJECTED_INVALID;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.RESPONSE_LOST;
import static dev.reinstall.reconcile.PortCall.START;
import static dev.reinstall.reconcile.Scenario.TIMING;
import static dev.reinstall.reconcile.Scenario.on;
import static dev.reinstall.reconcile.Scenario.tencent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Phase;
import dev.reinstall.api.ReinstallSpec.PowerAfter;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.reconcile.FaultSchedule.DescribeOutcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers that are started again because their requests end without being submitted. */
class RestartTest {
  private static final Duration PAST_NOT_AFTER = Duration.ofHours(4).plusMinutes(1);

  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void the_deadline_passes_after_the_stop(CloudName cloud) {
    stopped(cloud)
        .after(PAST_NOT_AFTER)
        .endsAs("Failed/DeadlineExceeded")
        .assertMessage(
            "The server was stopped for this request at 2026-11-01T00:05:00Z and was started again.")
        .assertState(State.Released)
        .assertPower(Power.RUNNING)
        .assertStarts(1)
        .assertSends(0)
        .verify(
            it -> {
              assertThat(it.status().submitTime()).as("nothing was submitted").isNull();
              assertThat(it.cluster.ledgerEvents).hasSize(1);
              assertThat(it.cluster.ledgerEvents.get(0)).contains("and was started again.");
            });
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void the_cloud_rejects_the_request_for_good(CloudName cloud) {
    stopped(cloud)
        .next(REJECTED_INVALID)
        .endsAs("Failed/Rejected")
        .assertMessage(" and was started again.")
        .assertPower(Power.RUNNING)
        .assertStarts(1)
        .assertWipes(0)
        .verify(
            it -> {
              assertThat(it.status().submitTime()).as("it was submitted").isNotNull();
              assertThat(it.status().requestId()).isNotNull();
            });
  }

  @Test
  void another_system_was_installed_while_the_server_was_being_stopped() {
    tencent()
        .requestToStopAndRestart("web", it -> it.cluster.onlyFrom("img-old", it.spec()))
        .reconcile()
        .assertState(State.Stopping)
        .after(Duration.ofMinutes(3))
        .resetByHand("img-other")
        .after(Duration.ofMinutes(30))
        .power(Power.STOPPED)
        .endsAs("Failed/PreconditionFailed")
        .assertStarts(1)
        .assertPower(Power.RUNNING);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void the_reinstall_is_deleted_while_the_server_is_being_stopped(CloudName cloud) {
    Scenario stage = on(cloud).requestToStopAndRestart("web").reconcile().delete();
    for (int i = 0; i < 200; i++) {
      stage.restartOrphans().after(TIMING.pollInterval());
    }
    stage
        .assertState(State.Released)
        .assertPower(Power.RUNNING)
        .assertStops(1)
        .assertStarts(1)
        .verify(it -> assertThat(it.entry().restartWith()).isNull())
        .verify(
            it ->
                assertThat(it.cluster.ledgerEvents)
                    .isEqualTo(
                        List.of(
                            "The server was stopped for this request at 2026-11-01T00:05:00Z and was"
                                + " started again.")));
  }

  @Test
  void a_reinstall_that_is_deleted_while_it_waits_after_a_stop() {
    Scenario stage = stopped(CloudName.TencentCloud).suspend().reconcile().delete();
    stage.assertState(State.Released).assertStarts(0);
    for (int i = 0; i < 200; i++) {
      stage.restartOrphans().after(TIMING.pollInterval());
    }
    stage.assertStarts(1).assertPower(Power.RUNNING);
  }

  @Test
  void a_reinstall_that_is_created_again_goes_on_instead() {
    Scenario stage = tencent().requestToStopAndRestart("web").reconcile().delete();
    stage
        .requestWith("web", it -> it.spec())
        .restartOrphans()
        .endsAs("Succeeded/Installed")
        .assertStarts(0)
        .assertWipes(1);
  }

  @Test
  void a_request_that_only_waits_starts_nothing() {
    stopped(CloudName.TencentCloud)
        .suspend()
        .work(Duration.ofHours(1))
        .assertStatus("Pending/Suspended")
        .assertMessage(
            "The server was stopped for this request at 2026-11-01T00:05:00Z. It is started again if"
                + " the request ends without being submitted, unless the server is then held or granted"
                + " to another namespace, or the operator is paused.")
        .assertStarts(0)
        .resume()
        .endsAs("Succeeded/Installed")
        .assertStarts(0)
        .assertWipes(1);
  }

  @Test
  void a_server_that_is_left_stopped_on_request() {
    tencent()
        .requestToStop("web")
        .reconcile()
        .after(PAST_NOT_AFTER)
        .endsAs("Failed/DeadlineExceeded")
        .assertStarts(0)
        .assertPower(Power.STOPPED);
  }

  @Test
  void a_server_that_is_held_or_paused_is_left_stopped() {
    stopped(CloudName.TencentCloud)
        .hold("repair")
        .after(PAST_NOT_AFTER)
        .endsAs("Failed/DeadlineExceeded")
        .assertMessage("not started again, because it is held by the annotation reinstall.dev/hold")
        .assertMessage("was stopped for this request at 2026-11-01T00:05:00Z")
        .assertStarts(0);
    stopped(CloudName.TencentCloud)
        .pause("incident")
        .after(PAST_NOT_AFTER)
        .endsAs("Failed/DeadlineExceeded")
        .assertMessage("not started again, because the operator is paused")
        .assertStarts(0);
  }

  @Test
  void a_server_that_another_request_has_claimed_since_is_left_to_it() {
    stopped(CloudName.TencentCloud)
        .suspend()
        .reconcile()
        .request("other", WhenRunning.Stop, PowerAfter.Leave)
        .endsAs("other", "Succeeded/Installed")
        .after(PAST_NOT_AFTER)
        .endsAs("Failed/DeadlineExceeded")
        .assertMessage("not started again, because another request has claimed it since.")
        .assertStarts(0)
        .assertWipes(1);
  }

  @Test
  void a_request_that_does_not_stop_a_server_does_not_use_the_stop_of_another() {
    stopped(CloudName.TencentCloud)
        .suspend()
        .reconcile()
        .request("other", WhenRunning.Fail, PowerAfter.Leave)
        .reconcile("other")
        .assertStatus("other", "Pending/Queued")
        .delete()
        .after(Duration.ofMinutes(5))
        .reconcile("other")
        .assertStatus("other", "Pending/Queued")
        .restartOrphans()
        .after(Duration.ofMinutes(5))
        .restartOrphans()
        .after(Duration.ofMinutes(5))
        .endsAs("other", "Failed/ServerRunning")
        .assertStarts(1)
        .assertSends(0);
  }

  @Test
  void a_server_that_runs_is_not_started() {
    stopped(CloudName.TencentCloud)
        .suspend()
        .reconcile()
        .after(Duration.ofMinutes(5))
        .power(Power.RUNNING)
        .after(PAST_NOT_AFTER)
        .endsAs("Failed/DeadlineExceeded")
        .assertMessage("was stopped for this request at 2026-11-01T00:05:00Z and is running again.")
        .verify(it -> assertThat(it.cluster.ledgerEvents).as("nothing to report").isEmpty())
        .assertStarts(0);
  }

  @Test
  void a_start_that_is_rejected_for_now_is_sent_again() {
    stopped(CloudName.TencentCloud)
        .after(PAST_NOT_AFTER)
        .next(REJECTED_BUSY, ANSWERED)
        .endsAs("Failed/DeadlineExceeded")
        .assertStarts(2)
        .assertPower(Power.RUNNING);
  }

  @Test
  void a_start_that_is_denied_is_reported() {
    stopped(CloudName.TencentCloud)
        .after(PAST_NOT_AFTER)
        .next(REJECTED_DENIED)
        .endsAs("Failed/DeadlineExceeded")
        .assertMessage("The server was not started again: refused: DENIED")
        .assertMessage("is still stopped.")
        .verify(
            it ->
                assertThat(it.cluster.ledgerEvents)
                    .containsExactly(
                        "The server was not started again: refused: DENIED. Start the server in the"
                            + " cloud console."))
        .assertStarts(1);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void a_start_without_a_response_is_not_sent_again(CloudName cloud) {
    stopped(cloud)
        .after(PAST_NOT_AFTER)
        .next(RESPONSE_LOST)
        .endsAs("Failed/DeadlineExceeded")
        .message(it -> assertThat(it).endsWith(" and was started again."))
        .assertStarts(1)
        .assertPower(Power.RUNNING);
  }

  @Test
  void a_process_that_crashes_before_the_start_sends_it_once() {
    stopped(CloudName.TencentCloud)
        .after(PAST_NOT_AFTER)
        .crash(START)
        .endsAs("Failed/DeadlineExceeded")
        .assertStarts(1)
        .assertPower(Power.RUNNING);
  }

  @Test
  void a_server_that_does_not_start_is_reported_in_the_end() {
    stopped(CloudName.TencentCloud)
        .cloud(it -> it.startsFail = true)
        .after(PAST_NOT_AFTER)
        .endsAs("Failed/DeadlineExceeded")
        .assertMessage(
            "The server was to be started again, but the cloud reports it in state STOPPED. Start the"
                + " server in the cloud console.")
        .assertStarts(1);
  }

  @Test
  void a_server_whose_stop_was_rejected_is_not_started() {
    tencent()
        .requestToStopAndRestart("web")
        .send(REJECTED_DENIED)
        .assertStatus("Pending/AccessDenied")
        .suspend()
        .reconcile()
        .power(Power.STOPPED)
        .after(PAST_NOT_AFTER)
        .endsAs("Failed/DeadlineExceeded")
        .assertStarts(0);
  }

  @Test
  void a_namesake_does_not_end_the_waiting_request_of_another() {
    stopped(CloudName.TencentCloud)
        .suspend()
        .reconcile()
        .assertState(State.Released)
        .hold("repair")
        .requestWith("other-ns/web", it -> it.cluster.spec("img-new", it.inHours(1)))
        .after(Duration.ofHours(2))
        .reconcile("other-ns/web")
        .assertStatus("other-ns/web", "Failed/DeadlineExceeded")
        .verify(it -> assertThat(it.entry().completionTime()).isNull())
        .verify(it -> assertThat(it.entry().restartWith()).isEqualTo("account"))
        .assertStatus("Pending/Suspended");
  }

  @Test
  void an_object_that_was_created_again_with_another_spec_follows_the_start_to_its_end() {
    stopped(CloudName.TencentCloud)
        .suspend()
        .reconcile()
        .assertState(State.Released)
        .delete()
        .requestWith("web", it -> it.cluster.spec("img-other", it.inHours(1)))
        .suspend()
        .after(Duration.ofHours(2))
        .endsAs("Failed/DeadlineExceeded")
        .assertState(State.Released)
        .assertStarts(1)
        .assertPower(Power.RUNNING);
  }

  @Test
  void a_status_that_is_final_by_hand_ends_the_start() {
    stopped(CloudName.TencentCloud)
        .after(PAST_NOT_AFTER)
        .crash(START)
        .editStatus(Phase.Failed)
        .work()
        .assertState(State.Released)
        .assertStarts(0);
  }

  @Test
  void a_status_that_reports_a_submit_is_kept_beside_the_start_of_a_deleted_object() {
    stopped(CloudName.TencentCloud)
        .after(PAST_NOT_AFTER)
        .crash(START)
        .assertState(State.Restarting)
        .saveLedger()
        .delete()
        .after(TIMING.fence())
        .deleteLedger()
        .requestWith("web", it -> it.spec())
        .power(Power.STOPPED)
        .send(ANSWERED)
        .assertStatus("Installing/Installing")
        .restoreLedger()
        .work()
        .assertStatus("Unknown/LedgerOutdated")
        .assertWipes(1);
  }

  @Test
  void who_cannot_see_the_server_leaves_what_is_owed_to_a_deleted_request() {
    Scenario stage =
        stopped(CloudName.TencentCloud).suspend().reconcile().assertState(State.Released).delete();
    stage
        .requestWith("web", it -> it.cluster.spec("img-new", it.inHours(1)))
        .describe(DescribeOutcome.NOT_FOUND)
        .after(Duration.ofHours(2))
        .reconcile("web")
        .after(Duration.ofMinutes(5))
        .reconcile("web")
        .assertStatus("web", "Failed/DeadlineExceeded")
        .verify(it -> assertThat(it.entry().restartWith()).isEqualTo("account"));
  }

  @Test
  void a_start_is_sent_again_although_an_object_of_its_name_with_another_spec_waits() {
    stopped(CloudName.TencentCloud)
        .next(REJECTED_BUSY)
        .after(PAST_NOT_AFTER)
        .reconcile()
        .assertState(State.Restarting)
        .assertStarts(1)
        .delete()
        .requestWith("web", it -> it.cluster.spec("img-other", it.inHours(1)))
        .reconcileAfter(TIMING.pollInterval())
        .assertStatus("Pending/Queued")
        .restartOrphans()
        .assertStarts(2);
  }

  @Test
  void a_namesake_does_not_go_on_with_the_start_of_another() {
    stopped(CloudName.TencentCloud)
        .after(PAST_NOT_AFTER)
        .crash(START)
        .assertState(State.Restarting)
        .requestWith("other-ns/web", it -> it.spec())
        .reconcile("other-ns/web")
        .assertStatus("other-ns/web", "Pending/ServerNotGranted")
        .endsAs("Failed/DeadlineExceeded")
        .assertStarts(1);
  }

  /** It is seen stopped, and nothing is sent yet. */
  private static Scenario stopped(CloudName cloud) {
    return on(cloud).requestToStopAndRestart("web").reconcile().assertState(State.Stopping);
  }
}
