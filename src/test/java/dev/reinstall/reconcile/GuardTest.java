package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.ANSWERED;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REJECTED_BUSY;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REJECTED_DENIED;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REJECTED_THROTTLED;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REQUEST_LOST;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.RESPONSE_LOST;
import static dev.reinstall.reconcile.PortCall.CACHED_REINSTALL;
import static dev.reinstall.reconcile.PortCall.COMMIT_START;
import static dev.reinstall.reconcile.PortCall.FETCH_LEDGER;
import static dev.reinstall.reconcile.PortCall.MONOTONIC_TIME;
import static dev.reinstall.reconcile.PortCall.REINSTALL;
import static dev.reinstall.reconcile.PortCall.WRITE_LEDGER;
import static dev.reinstall.reconcile.Scenario.R1;
import static dev.reinstall.reconcile.Scenario.R2;
import static dev.reinstall.reconcile.Scenario.TIMING;
import static dev.reinstall.reconcile.Scenario.jd;
import static dev.reinstall.reconcile.Scenario.tencent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.Phase;
import dev.reinstall.api.ReinstallSpec.PowerAfter;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.reconcile.FaultSchedule.DescribeOutcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tests of guards that no other scenario covers. */
class GuardTest {
  private static final Duration PAST_A_TOKENS_FENCE = TIMING.sendWithin().multipliedBy(2);

  // The description.

  @Test
  void a_description_is_as_old_as_its_question() {
    tencent("a")
        .before(MONOTONIC_TIME, s -> {}) // before the description
        .before(MONOTONIC_TIME, s -> s.power(Power.RUNNING).after(TIMING.observationValidity()))
        .reconcile()
        .assertSends(0)
        .assertStatus("Pending/ServerRunning");
  }

  @Test
  void an_end_rests_on_a_description_that_is_younger_than_the_ledger() {
    tencent()
        .power(Power.RUNNING)
        .requestWith("a", it -> it.cluster.spec("img-new", it.inHours(4), WhenRunning.Fail, false))
        .before(FETCH_LEDGER, s -> s.power(Power.STOPPED))
        .reconcile()
        .assertSends(1);
  }

  // The point of no return.

  @Test
  void a_request_that_is_replaced_after_its_claim_is_sent_as_the_new_object_has_it() {
    tencent("a")
        .before(COMMIT_START, s -> s.delete().request("a", "img-other"))
        .work()
        .assertSends(1)
        .verify(
            it -> assertThat(it.cluster.cloud.observation().installed()).containsValue("img-other"))
        .assertStatus("Succeeded/Installed");
  }

  @Test
  void a_request_that_is_suspended_unseen_by_the_watch_is_not_sent() {
    tencent("a")
        .describe(DescribeOutcome.UNREACHABLE)
        .reconcile()
        .describe(DescribeOutcome.CLEAR)
        .freeze(R1, CACHED_REINSTALL)
        .suspend()
        .reconcile()
        .assertSends(0)
        .assertState(State.Released)
        .assertStatus("Pending/Suspended");
  }

  @Test
  void a_request_that_is_being_deleted_claims_nothing() {
    tencent("a").markDeleted().reconcile().assertNothingClaimed();
  }

  @Test
  void a_ledger_that_a_newer_operator_wrote_in_is_left_alone() {
    tencent("a")
        .request("b")
        .reconcile("b")
        .editEntry("b", entry -> entry.state(State.UNRECOGNIZED))
        .reconcile()
        .assertSends(1)
        .assertStatus("Pending/LedgerVersionUnsupported");
  }

  @Test
  void a_request_that_is_suspended_before_it_is_sent_again_is_not_claimed_again() {
    jd("a")
        .send(REQUEST_LOST)
        .suspend()
        .reconcileAfter(PAST_A_TOKENS_FENCE)
        .verify(it -> assertThat(it.entry().claimNumber()).isEqualTo(1))
        .assertStatus("Submitting/AwaitingConfirmation");
  }

  @Test
  void a_server_that_is_reset_by_hand_while_it_is_held_is_judged_by_the_preconditions_again() {
    tencent()
        .power(Power.RUNNING)
        .after(Duration.ofMinutes(5))
        .requestWith(
            "a",
            it ->
                it.cluster.onlyFrom(
                    "img-old", it.cluster.power(WhenRunning.Stop, PowerAfter.Leave, it.spec())))
        .reconcile()
        .assertState(State.Stopping)
        .after(Duration.ofMinutes(1))
        .resetByHand("img-other")
        .after(Duration.ofMinutes(30))
        .work()
        .assertSends(0)
        .assertStatus("Failed/PreconditionFailed");
  }

  // The fences.

  @Test
  void a_claim_whose_write_took_long_is_released() {
    tencent("a")
        .before(WRITE_LEDGER, s -> s.after(TIMING.sendWithin()))
        .reconcile()
        .assertSends(1)
        .verify(it -> assertThat(it.entry().claimNumber()).isEqualTo(2));
  }

  @Test
  void with_a_token_a_claim_is_left_alone_for_twice_the_time_to_send() {
    jd("a")
        .send(REQUEST_LOST)
        .reconcileAfter(PAST_A_TOKENS_FENCE.minusSeconds(1))
        .assertSends(1)
        .reconcileAfter(Duration.ofSeconds(1))
        .assertSends(2);
  }

  @Test
  void the_time_to_send_is_that_of_who_made_the_claim() {
    jd("a")
        .crash(REINSTALL)
        .editEntry("a", entry -> entry.sendTimeout("PT1M")) // as its settings have it
        .reconcile(R2)
        .after(Duration.ofSeconds(119))
        .reconcile(R2)
        .assertSends(0)
        .after(Duration.ofSeconds(1))
        .reconcile(R2)
        .assertSends(1);
  }

  @Test
  void a_start_that_was_refused_is_asked_for_again_at_the_next_poll_and_not_before() {
    Scenario stage =
        jd().cloud(it -> it.endsStopped = true)
            .request("a", WhenRunning.Wait, PowerAfter.Running)
            .next(ANSWERED, REJECTED_THROTTLED, REJECTED_THROTTLED)
            .reconcile();
    while (stage.starts() == 0) {
      stage.reconcileWhenDue();
    }
    stage.reconcile().assertStarts(1).reconcileAfter(TIMING.pollInterval()).assertStarts(2);
  }

  // A token.

  @Test
  void a_token_that_was_refused_permanently_is_not_used_again() {
    jd("a")
        .send(REJECTED_DENIED)
        .assertStatus("Pending/AccessDenied")
        .after(TIMING.slowInterval())
        .work() // the cloud remembers the token as rejected
        .assertStatus("Succeeded/Installed")
        .assertSends(2);
  }

  // Evidence.

  @Test
  void a_record_that_changed_before_the_work_began_is_not_taken_for_its_end() {
    jd().request("a", null)
        .script(it -> it.picks = bound -> bound == 2 ? 0 : bound - 1) // the operation starts late
        .reconcile()
        .reconcileAfter(TIMING.pollInterval())
        .verify(it -> assertThat(it.entry().evidence()).isNotNull())
        .reconcileAfter(TIMING.pollInterval())
        .assertState(State.Installing)
        .endsAs("Succeeded/Installed");
  }

  @Test
  void a_request_that_has_an_acceptance_does_not_take_the_operation_of_another() {
    tencent("a")
        .reconcile()
        .after(Duration.ofMinutes(30))
        .resetByHand("img-new")
        .describe(DescribeOutcome.UNREACHABLE)
        .reconcileAfter(TIMING.orderTimeout())
        .assertStatus("Unknown/OutcomeUnknown")
        .describe(DescribeOutcome.CLEAR)
        .reconcile()
        .assertStatus("Unknown/OutcomeUnknown");
  }

  @Test
  void the_next_claim_ends_the_watch_for_a_late_operation() {
    unknown()
        .reconcile()
        .assertNext() // watched
        .after(TIMING.fence())
        .request("b")
        .reconcile("b")
        .assertSends(2)
        .reconcile()
        .assertNoNext();
  }

  @Test
  void a_late_operation_is_watched_for_during_one_more_time_out() {
    unknown()
        .reconcileAfter(TIMING.orderTimeout().minusSeconds(1))
        .assertNext()
        .reconcileAfter(Duration.ofSeconds(2))
        .assertNoNext();
  }

  @Test
  void a_late_operation_resolves_an_outcome_only_when_it_is_done() {
    unknown()
        .script(it -> it.picks = bound -> bound == 2 ? 1 : 0) // shows the new system at once
        .resetByHand("img-new")
        .reconcileAfter(TIMING.slowInterval())
        .assertStatus("Unknown/OutcomeUnknown")
        .reconcileAfter(InMemoryCloud.SHORTEST_INSTALL)
        .assertStatus("Succeeded/Installed")
        .verify(
            it ->
                assertThat(it.status().requestId())
                    .isNotNull()
                    .isEqualTo(it.entry().requestId())
                    .isEqualTo(it.cluster.cloud.observation().operation().orElseThrow().id()));
  }

  private static Scenario unknown() {
    return tencent("a")
        .send(REQUEST_LOST)
        .reconcileAfter(TIMING.fence())
        .assertStatus("Unknown/OutcomeUnknown");
  }

  // A busy rejection.

  @Test
  void after_a_busy_rejection_what_may_hide_a_double_has_the_fence() {
    tencent()
        .request("a", null)
        .send(REJECTED_BUSY)
        .power(Power.RUNNING)
        .power(Power.STOPPED)
        .reconcileAfter(Duration.ofMinutes(2))
        .assertStatus("Submitting/AwaitingConfirmation")
        .reconcileAfter(TIMING.fence())
        .assertStatus("Unknown/OutcomeUnknown");
  }

  // Final entries, and the status as evidence.

  @Test
  void a_request_that_failed_is_not_started_again_for_a_new_object() {
    tencent()
        .cloud(it -> it.installsFail = true)
        .request("a")
        .endsAs("Failed/InstallFailed")
        .power(Power.STOPPED)
        .delete()
        .request("a")
        .endsAs("Failed/InstallFailed")
        .assertSends(1);
  }

  @Test
  void a_status_that_is_over_while_the_entry_is_stopping_reports_a_ledger_that_was_restored() {
    tencent()
        .requestToStop("a")
        .reconcile()
        .assertState(State.Stopping)
        .editStatus(Phase.Succeeded)
        .reconcile()
        .assertState(State.Unknown);
  }

  @Test
  void a_status_keeps_the_time_of_a_later_claim_than_the_ledger_knows() {
    Scenario stage = tencent("a").next(REJECTED_BUSY, REQUEST_LOST).reconcile().saveLedger();
    Duration settle = stage.cluster.cloud.capabilities.settleTime();
    stage
        .reconcileAfter(settle)
        .assertSends(2)
        .restoreLedger()
        .reconcile(R2)
        .after(settle)
        .reconcile(R2)
        .assertSends(2)
        .assertStatus("Unknown/LedgerOutdated");
  }

  @Test
  void a_claim_that_was_released_hides_no_send_that_its_ledger_has_forgotten() {
    Scenario stage = tencent("a").send(RESPONSE_LOST);
    stage
        .editEntry( // a claim in a new ledger, released before the status recorded the submission
            "a", entry -> entry.claimedAgainAndReleased(stage.cluster.trueTime()))
        .work(R2, Duration.ofHours(1))
        .assertSends(1)
        .assertStatus("Unknown/LedgerOutdated");
  }

  // Orphaned entries.

  private static Scenario startLost() {
    Scenario stage =
        jd().cloud(it -> it.endsStopped = true)
            .request("a", WhenRunning.Wait, PowerAfter.Running)
            .next(ANSWERED, REQUEST_LOST)
            .reconcile();
    while (stage.starts() == 0) {
      stage.reconcileWhenDue();
    }
    return stage;
  }

  @Test
  void an_orphaned_entry_whose_start_was_lost_is_followed_to_its_end() {
    startLost()
        .delete()
        .request("b")
        .after(TIMING.fence())
        .work("b", Duration.ofHours(1))
        .assertState(State.Succeeded)
        .assertStatus("b", "Succeeded/Installed");
  }

  @Test
  void who_follows_an_orphaned_entry_leaves_no_words_of_its_own_account_in_it() {
    startLost()
        .delete()
        .grant("other")
        .requestWith("other/b", Scenario::spec)
        .describe(DescribeOutcome.DENIED)
        .after(TIMING.orderTimeout())
        .work("other/b", Duration.ofHours(1))
        .verify(
            it ->
                assertThat(it.entry("a").message())
                    .contains("it is not known whether the server is running: AccessDenied."));
  }
}
