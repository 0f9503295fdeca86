package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.ANSWERED;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REJECTED_DENIED;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REJECTED_INVALID;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REQUEST_LOST;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.RESPONSE_LOST;
import static dev.reinstall.reconcile.PortCall.CACHED_REINSTALL;
import static dev.reinstall.reconcile.PortCall.COMMIT_START;
import static dev.reinstall.reconcile.PortCall.REINSTALL;
import static dev.reinstall.reconcile.PortCall.START;
import static dev.reinstall.reconcile.Scenario.R1;
import static dev.reinstall.reconcile.Scenario.R2;
import static dev.reinstall.reconcile.Scenario.R3;
import static dev.reinstall.reconcile.Scenario.TIMING;
import static dev.reinstall.reconcile.Scenario.jd;
import static dev.reinstall.reconcile.Scenario.on;
import static dev.reinstall.reconcile.Scenario.tencent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Phase;
import dev.reinstall.api.ReinstallSpec.PowerAfter;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.ledger.SpecHash;
import dev.reinstall.reconcile.FaultSchedule.CallOutcome;
import dev.reinstall.reconcile.FaultSchedule.DescribeOutcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reinstalls that stop the server before they start, or start it at the end. */
class PowerTest {

  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void a_running_server_is_claimed_then_stopped_then_ordered(CloudName cloud) {
    on(cloud)
        .requestToStop("web")
        .reconcile()
        .assertState(State.Stopping)
        .assertStatus("Stopping/Stopping")
        .assertSends(0)
        .endsAs("Succeeded/Installed")
        .assertStops(1)
        .assertSends(1)
        .assertWipes(1);
  }

  @Test
  void a_server_that_was_stopped_without_charge_is_waited_for_and_not_claimed() {
    tencent()
        .cloud(it -> it.stoppedWithoutCharge = true)
        .request("web", WhenRunning.Stop, PowerAfter.Leave)
        .work(Duration.ofMinutes(30))
        .assertStatus("Pending/CheckFailed")
        .assertWholeMessage(
            "it was stopped without charging. No reinstall request is sent. The server is left as"
                + " it is. Correct this; it is checked again every 15s. The deadline for starting is"
                + " spec.notAfter (2026-11-01T04:00:00Z).")
        .verify(it -> assertThat(it.cluster.ledger().entry("web")).isEmpty())
        .assertSends(0)
        .cloud(it -> it.stoppedWithoutCharge = false)
        .endsAs("Succeeded/Installed");
  }

  @Test
  void a_server_that_somebody_stops_without_charge_meanwhile_is_released() {
    tencent()
        .requestToStop("web")
        .reconcile()
        .assertState(State.Stopping)
        .cloud(it -> it.stoppedWithoutCharge = true)
        .work(Duration.ofMinutes(30))
        .assertState(State.Released)
        .assertStatus("Pending/CheckFailed")
        .message(
            it ->
                assertThat(it)
                    .startsWith("it was stopped without charging.")
                    .endsWith(
                        " The server was stopped for this request at 2026-11-01T00:05:00Z and is still"
                            + " stopped. The deadline for starting is spec.notAfter (2026-11-01T04:05:00Z)."))
        .assertSends(0);
  }

  @Test
  void the_baseline_is_what_the_cloud_says_after_the_stop() {
    Scenario stage = tencent().requestToStop("web").reconcile();
    String stop = stage.entry().stop().requestId();
    stage
        .before(
            REINSTALL,
            s -> s.verify(it -> assertThat(it.entry().baseline().operationId()).isEqualTo(stop)))
        .work()
        .assertSends(1);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void after_a_stop_without_an_answer_nothing_is_sent_before_the_fence(CloudName cloud) {
    on(cloud)
        .requestToStop("web")
        .send(RESPONSE_LOST)
        .assertStatus("Stopping/Stopping")
        .work(TIMING.fence().minusSeconds(1))
        .assertSends(0)
        .assertStops(1)
        .endsAs("Succeeded/Installed")
        .assertStops(1);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void a_stop_that_never_arrived_is_sent_again_after_the_fence(CloudName cloud) {
    on(cloud)
        .requestToStop("web")
        .next(REQUEST_LOST)
        .endsAs("Succeeded/Installed")
        .assertStops(2)
        .assertSends(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"COMMIT_START", "STOP"})
  void a_process_that_dies_while_it_stops_leaves_a_claim_that_another_one_goes_on_with(
      PortCall before) {
    jd().requestToStop("web")
        .crash(before)
        .work(R2)
        .assertStatus("Succeeded/Installed")
        .assertSends(1);
  }

  @Test
  void every_stop_has_a_token_of_its_own() {
    Scenario stage = jd().requestToStop("web").send(REQUEST_LOST);
    String first = stage.entry().token();
    stage
        .reconcileAfter(TIMING.fence())
        .verify(it -> assertThat(it.entry().token()).isNotNull().isNotEqualTo(first))
        .before(
            REINSTALL,
            s ->
                s.verify(
                    it ->
                        assertThat(it.entry().token())
                            .isEqualTo(SpecHash.token(it.spec(), "web", "1"))))
        .work()
        .assertSends(1);
  }

  @Test
  void a_server_that_somebody_starts_again_is_stopped_again() {
    tencent()
        .requestToStop("web")
        .reconcile()
        .after(Duration.ofMinutes(1))
        .power(Power.RUNNING)
        .endsAs("Succeeded/Installed")
        .assertStops(2);
  }

  @Test
  void a_stop_without_effect_is_reported_with_the_time_of_the_first_one() {
    Scenario stage =
        tencent()
            .requestToStop("web")
            .reconcile()
            .message(it -> assertThat(it).startsWith("The server is claimed for this request"));
    String first = stage.entry().firstStopTime().toString();
    for (int sent = 2; sent <= 3; sent++) {
      while (stage.stops() < sent) {
        stage.after(Duration.ofMinutes(1)).power(Power.RUNNING).reconcile();
      }
      stage
          .assertStatus("Stopping/Stopping")
          .message(
              it ->
                  assertThat(it)
                      .startsWith(
                          "The cloud accepted a stop request at " + first + ", but the server is"));
    }
  }

  @Test
  void a_server_that_is_held_after_its_stop_is_released() {
    tencent()
        .requestToStop("web")
        .reconcile()
        .hold("repair")
        .work(Duration.ofMinutes(6))
        .assertState(State.Released)
        .assertStatus("Pending/ServerHeld")
        .message(
            it ->
                assertThat(it)
                    .contains("No reinstall request is sent.")
                    .contains("The server was stopped for this request at "))
        .assertSends(0);
  }

  @Test
  void a_held_server_is_not_started_after_its_reinstall() {
    tencent()
        .cloud(it -> it.endsStopped = true)
        .request("web", WhenRunning.Wait, PowerAfter.Running)
        .reconcile()
        .hold("repair")
        .endsAs("Succeeded/Installed")
        .message(
            it -> assertThat(it).contains("not started, because it is held").contains("repair"))
        .assertStarts(0);
  }

  @Test
  void a_stop_that_is_refused_because_an_install_failed_is_needless() {
    tencent()
        .cloud(it -> it.installsFail = true)
        .request("first")
        .endsAs("Failed/InstallFailed")
        .assertPower(Power.RUNNING)
        .cloud(it -> it.installsFail = false)
        .request("web", WhenRunning.Stop, PowerAfter.Leave)
        .endsAs("web", "Succeeded/Installed")
        .assertStops(1);
  }

  @Test
  void a_broken_server_waits_for_a_person_while_it_is_held_too() {
    jd().requestToStop("web")
        .reconcile()
        .cloud(it -> it.breakDown())
        .reconcileAfter(TIMING.pollInterval())
        .assertStatus("Stopping/Stopping")
        .assertWholeMessage(
            "The cloud reports the server in the failed state error after the stop. Check the"
                + " server in the cloud console. The reinstall request is sent when the server is"
                + " stopped. The deadline for starting is spec.notAfter (2026-11-01T04:05:00Z).")
        .work(Duration.ofHours(5))
        .assertStatus("Failed/DeadlineExceeded")
        .assertSends(0);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(
      value = CallOutcome.class,
      names = {"REJECTED_BUSY", "REJECTED_THROTTLED", "REJECTED_DENIED", "NOT_SENT"})
  void a_stop_that_is_refused_for_now_frees_the_server_and_is_tried_again(CallOutcome rejection) {
    tencent()
        .requestToStop("web")
        .send(rejection)
        .assertState(State.Released)
        .verify(it -> assertThat(it.status().phase()).isEqualTo(Phase.Pending.name()))
        .message(it -> assertThat(it).doesNotContain("was stopped"))
        .endsAs("Succeeded/Installed")
        .assertStops(2);
  }

  @Test
  void a_stop_that_is_refused_permanently_ends_the_request() {
    tencent()
        .requestToStop("web")
        .next(REJECTED_INVALID)
        .endsAs("Failed/Rejected")
        .assertWholeMessage(
            "The cloud API rejected the stop request: refused: INVALID. Nothing was wiped. The"
                + " request will not be retried. Fix the spec (in Git first) or the Secrets that it"
                + " refers to, then delete this Reinstall and create it again.")
        .assertSends(0);
  }

  @Test
  void
      a_server_that_was_stopped_for_a_request_that_is_suspended_stays_stopped_and_that_is_reported() {
    tencent()
        .requestToStop("web")
        .reconcile()
        .suspend()
        .reconcileAfter(Duration.ofMinutes(5))
        .assertState(State.Released)
        .assertStatus("Pending/Suspended")
        .assertWholeMessage(
            "spec.suspend is true. No request is sent until it is set to false. What the"
                + " request will do is in status.plan, and what is wrong with it in status.findings."
                + " The server was stopped for this request at 2026-11-01T00:05:00Z and is still stopped."
                + " The deadline for starting is spec.notAfter (2026-11-01T04:05:00Z).")
        .work(Duration.ofHours(5))
        .assertStatus("Failed/DeadlineExceeded")
        .assertWholeMessage(
            "spec.notAfter (2026-11-01T04:05:00Z) passed before the reinstall started. No reinstall"
                + " request was sent, and nothing was wiped. To reinstall the server, create a"
                + " Reinstall with a new name and a later notAfter. The server was stopped for this"
                + " request at 2026-11-01T00:05:00Z and is not started again by the operator.")
        .assertPower(Power.STOPPED)
        .assertStarts(0)
        .assertSends(0);
  }

  @Test
  void a_server_that_was_stopped_for_a_request_that_the_cloud_then_refuses_stays_stopped() {
    tencent()
        .requestToStop("web")
        .next(ANSWERED, REJECTED_INVALID)
        .endsAs("Failed/Rejected")
        .assertWholeMessage(
            "The cloud API rejected the reinstall request: refused: INVALID. Nothing was wiped. The"
                + " request will not be retried. Fix the spec (in Git first) or the Secrets that it"
                + " refers to, then delete this Reinstall and create it again. The server was stopped"
                + " for this request at 2026-11-01T00:05:00Z and is still stopped.")
        .assertPower(Power.STOPPED);
  }

  @Test
  void a_request_that_ends_after_a_rejection_says_what_was_done_once() {
    Scenario stage = tencent().requestToStop("web").next(ANSWERED, REJECTED_DENIED).reconcile();
    while (!stage.status().phase().equals("Pending")) {
      stage.reconcileWhenDue();
    }
    stage
        .assertWholeMessage(
            "The cloud API denied the reinstall request with the credentials in Secret"
                + " account: refused: DENIED. Nothing was wiped. Fix the credentials, the"
                + " permissions, the quota or the account. Retrying every 2m30s, and at once when"
                + " spec.suspend changes. The server was stopped for this request at"
                + " 2026-11-01T00:05:00Z and is still stopped. The deadline for starting is"
                + " spec.notAfter (2026-11-01T04:05:00Z).")
        .suspend()
        .work(Duration.ofHours(5))
        .assertStatus("Failed/DeadlineExceeded")
        .assertWholeMessage(
            "spec.notAfter (2026-11-01T04:05:00Z) passed before the reinstall started. The cloud"
                + " accepted no reinstall request, and nothing was wiped. To reinstall the server,"
                + " create a Reinstall with a new name and a later notAfter. Last attempt: The"
                + " cloud API denied the reinstall request with the credentials in Secret"
                + " account: refused: DENIED. The server was stopped for this request at"
                + " 2026-11-01T00:05:00Z and is not started again by the operator.");
  }

  @Test
  void a_request_that_is_suspended_after_its_claim_stops_nothing() {
    tencent()
        .requestToStop("web")
        .before(COMMIT_START, s -> s.suspend())
        .reconcile()
        .reconcile()
        .assertStops(0)
        .assertStatus("Pending/Suspended");
  }

  @Test
  void a_stopping_entry_whose_request_is_gone_is_released_by_who_waits_behind_it() {
    tencent()
        .requestToStop("web")
        .reconcile()
        .delete()
        .request("next")
        .work("next")
        .assertState(State.Released)
        .assertStatus("next", "Succeeded/Installed")
        .assertSends(1);
  }

  @Test
  void a_server_is_not_free_while_a_stop_without_an_answer_may_be_under_way() {
    jd().requestToStop("web")
        .send(REQUEST_LOST)
        .delete()
        .power(Power.STOPPED)
        .request("next")
        .work("next", TIMING.fence().minusSeconds(1))
        .assertSends(0)
        .assertStatus("next", "Pending/Queued")
        .work("next")
        .assertSends(1);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void a_server_that_rests_stopped_after_its_install_is_started(CloudName cloud) {
    on(cloud)
        .cloud(it -> it.endsStopped = true)
        .request("web", WhenRunning.Wait, PowerAfter.Running)
        .endsAs("Succeeded/Installed")
        .assertStarts(1)
        .assertPower(Power.RUNNING)
        .assertWholeMessage("The cloud confirmed that the reinstall is complete.")
        .verify(it -> assertThat(it.reported()).contains("Starting/Starting"));
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void a_server_that_runs_after_its_install_is_not_started(CloudName cloud) {
    on(cloud)
        .cloud(it -> it.endsRunning = true)
        .request("web", WhenRunning.Wait, PowerAfter.Running)
        .endsAs("Succeeded/Installed")
        .assertStarts(0);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(
      value = CallOutcome.class,
      names = {"REJECTED_DENIED", "REJECTED_INVALID", "REJECTED_NOT_FOUND"})
  void a_start_that_fails_is_reported_and_the_request_has_succeeded(CallOutcome rejection) {
    jd().cloud(it -> it.endsStopped = true)
        .request("web", WhenRunning.Wait, PowerAfter.Running)
        .next(ANSWERED, rejection)
        .endsAs("Succeeded/Installed")
        .assertWholeMessage(
            "The cloud confirmed that the reinstall is complete. spec.powerAfter is Running, but the"
                + " server was not started: refused: "
                + rejection.name().replace("REJECTED_", "")
                + ". Start the server in the cloud console.")
        .assertStarts(1);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(
      value = CallOutcome.class,
      names = {"REJECTED_BUSY", "REJECTED_THROTTLED", "NOT_SENT"})
  void a_start_that_is_refused_for_now_is_tried_again(CallOutcome rejection) {
    jd().cloud(it -> it.endsStopped = true)
        .request("web", WhenRunning.Wait, PowerAfter.Running)
        .next(ANSWERED, rejection)
        .endsAs("Succeeded/Installed")
        .assertStarts(2)
        .assertPower(Power.RUNNING);
  }

  @Test
  void a_start_without_an_answer_keeps_the_server_until_it_can_have_no_effect_any_more() {
    Scenario stage =
        jd().cloud(it -> it.endsStopped = true)
            .request("web", WhenRunning.Wait, PowerAfter.Running)
            .next(ANSWERED, REQUEST_LOST)
            .reconcile();
    while (stage.starts() == 0) {
      stage.reconcileWhenDue();
    }
    stage
        .work(TIMING.fence().minus(TIMING.pollInterval().multipliedBy(2)))
        .assertStatus("Starting/Starting")
        .assertStarts(1)
        .endsAs("Succeeded/Installed")
        .assertStarts(2);
  }

  @Test
  void a_process_that_dies_before_the_start_leaves_it_to_another_one() {
    Scenario stage =
        jd().cloud(it -> it.endsStopped = true)
            .request("web", WhenRunning.Wait, PowerAfter.Running)
            .before(
                START,
                s -> {
                  throw new Crash();
                });
    assertThatThrownBy(stage::work).isInstanceOf(Crash.class);
    stage
        .restart(R1, Duration.ZERO)
        .assertState(State.Starting)
        .work(R2)
        .assertStatus("Succeeded/Installed")
        .assertStarts(1);
  }

  @Test
  void nothing_is_started_for_an_outcome_that_was_taken_over_or_resolved_late() {
    jd().cloud(it -> it.endsStopped = true)
        .request("web")
        .work()
        .delete()
        .request("web", WhenRunning.Wait, PowerAfter.Running)
        .endsAs("Succeeded/AlreadyCompleted")
        .assertStarts(0);
  }

  @Test
  void a_server_that_does_not_start_is_reported_in_the_end() {
    jd().cloud(it -> it.endsStopped = true)
        .cloud(it -> it.startsFail = true)
        .request("web", WhenRunning.Wait, PowerAfter.Running)
        .endsAs("Succeeded/Installed")
        .assertWholeMessage(
            "The cloud confirmed that the reinstall is complete. spec.powerAfter is Running, but the"
                + " cloud reports the server in state STOPPED. Start the server in the cloud"
                + " console.")
        .assertStarts(1);
  }

  /**
   * Reported by a status that only some have read: the ledger is deleted, the claim to stop is
   * recent.
   */
  @Test
  void a_claim_to_stop_hides_no_earlier_send_from_who_goes_on_with_it() {
    tencent()
        .request("web", WhenRunning.Stop, PowerAfter.Leave)
        .describe(DescribeOutcome.UNREACHABLE)
        .reconcile(R2)
        .reconcile(R3)
        .describe(DescribeOutcome.CLEAR)
        .freeze(R2, CACHED_REINSTALL)
        .freeze(R3, CACHED_REINSTALL)
        .send(REQUEST_LOST)
        .after(Duration.ofSeconds(5))
        .deleteLedger()
        .power(Power.RUNNING)
        .after(Duration.ofMinutes(3))
        .crash(R2, COMMIT_START)
        .assertState(State.Stopping)
        .request("next")
        .reconcile(R3, "next") // learns of the claim, and does not read the status
        .after(TIMING.fence())
        .reconcile(R3)
        .assertStops(0)
        .assertSends(1)
        .assertStatus("Unknown/LedgerOutdated");
  }

  @Test
  void a_claim_to_stop_hides_no_earlier_send_from_who_would_give_it_back() {
    tencent()
        .request("web", WhenRunning.Stop, PowerAfter.Leave)
        .describe(DescribeOutcome.UNREACHABLE)
        .reconcile(R2)
        .describe(DescribeOutcome.CLEAR)
        .freeze(R2, CACHED_REINSTALL)
        .send(REQUEST_LOST)
        .after(Duration.ofSeconds(5))
        .deleteLedger()
        .power(Power.RUNNING)
        .after(Duration.ofMinutes(3))
        .crash(R2, COMMIT_START)
        .suspend()
        .reconcileAfter(TIMING.fence())
        .reconcileAfter(TIMING.fence())
        .assertStatus("Unknown/LedgerOutdated");
  }

  @Test
  void
      a_ledger_restored_to_stopping_makes_a_finished_request_unknown_and_it_keeps_its_request_id() {
    Scenario stage = tencent().requestToStop("web").reconcile().saveLedger();
    stage.endsAs("Succeeded/Installed");
    String requestId = stage.status().requestId();
    stage
        .restoreLedger()
        .work(R2)
        .assertStatus("Unknown/LedgerOutdated")
        .verify(it -> assertThat(it.status().requestId()).isEqualTo(requestId).isNotEmpty())
        .assertSends(1);
  }
}
