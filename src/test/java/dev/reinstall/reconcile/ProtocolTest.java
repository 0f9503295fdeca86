package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.DOUBLED;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REJECTED_BUSY;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REJECTED_INVALID;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REJECTED_THROTTLED;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REQUEST_LOST;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.RESPONSE_LOST;
import static dev.reinstall.reconcile.PortCall.CACHED_LEDGER;
import static dev.reinstall.reconcile.PortCall.CACHED_REINSTALL;
import static dev.reinstall.reconcile.PortCall.COMMIT_START;
import static dev.reinstall.reconcile.PortCall.FETCH_LEDGER;
import static dev.reinstall.reconcile.PortCall.FETCH_REINSTALL;
import static dev.reinstall.reconcile.PortCall.MONOTONIC_TIME;
import static dev.reinstall.reconcile.PortCall.NEW_CLAIM_ID;
import static dev.reinstall.reconcile.PortCall.NOW;
import static dev.reinstall.reconcile.PortCall.REINSTALL;
import static dev.reinstall.reconcile.PortCall.RESPONSE;
import static dev.reinstall.reconcile.PortCall.SECRETS;
import static dev.reinstall.reconcile.PortCall.TAKE_TURN;
import static dev.reinstall.reconcile.PortCall.UPDATE_STATUS;
import static dev.reinstall.reconcile.PortCall.WRITE_LEDGER;
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
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.reconcile.FaultSchedule.DescribeOutcome;
import dev.reinstall.reconcile.FaultSchedule.LostReply;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The shortest sequences that break simpler protocols, each against the guard that prevents it. */
class ProtocolTest {
  private static final Duration PAST_THE_FENCE = TIMING.fence().plusSeconds(1);

  // I1, guard 3: a claim belongs to one process.

  @Test
  void a_process_that_comes_back_is_not_the_owner_of_the_claim_it_made_before() {
    tencent("a")
        .crash(RESPONSE)
        .reconcile()
        .assertState(State.Submitting)
        .assertStatus("Submitting/AwaitingConfirmation")
        .work()
        .assertSends(1)
        .assertWipes(1)
        .assertStatus("Succeeded/Installed")
        .assertMessage("adopted");
  }

  @Test
  void a_request_whose_answer_is_lost_without_an_operation_is_unknown_and_never_sent_again() {
    tencent("a")
        .next(REQUEST_LOST)
        .work()
        .work(R2)
        .assertSends(1)
        .assertStatus("Unknown/OutcomeUnknown");
  }

  @Test
  void a_claim_whose_write_was_won_unheard_is_sent_once_by_who_made_it() {
    tencent("a")
        .nextWrites(WRITE_LEDGER, LostReply.RESPONSE)
        .nextWrites(COMMIT_START, LostReply.RESPONSE)
        .reconcile()
        .reconcile(R2)
        .assertSends(1)
        .assertState(State.Accepted);
  }

  // I4, I2, guard 6: both fences.

  @Test
  void a_request_that_is_sent_after_a_pause_is_rejected_as_expired() {
    tencent("a")
        .before(
            REINSTALL,
            s -> s.reconcile(R2).after(PAST_THE_FENCE).reconcile(R2).assertState(State.Unknown))
        .reconcile()
        .assertWipes(0)
        .assertState(State.Released)
        .assertStatus("Failed/Rejected");
  }

  @Test
  void the_settling_time_of_an_operation_is_not_the_fence() {
    tencent("a")
        .send(REQUEST_LOST)
        .reconcileAfter(TIMING.fence().minusSeconds(1))
        .assertStatus("Submitting/AwaitingConfirmation")
        .assertState(State.Submitting)
        .reconcileAfter(Duration.ofSeconds(1))
        .assertStatus("Unknown/OutcomeUnknown");
  }

  @Test
  void a_request_is_signed_with_the_time_of_its_claim() {
    tencent("a")
        .before(COMMIT_START, s -> s.after(Duration.ofSeconds(5)))
        .reconcile() // the invariants check the time of the signature
        .assertWipes(1);
  }

  @Test
  void a_request_waits_for_its_turn_before_it_claims_and_so_is_sent_in_time() {
    tencent("a")
        .before(TAKE_TURN, s -> s.assertNothingClaimed().after(TIMING.sendWithin().plusSeconds(1)))
        .reconcile()
        .assertSends(1)
        .verify(it -> assertThat(it.entry().claimNumber()).isEqualTo(1));
  }

  @Test
  void a_request_that_waited_long_for_its_turn_describes_again_before_it_claims() {
    tencent("a")
        .before(TAKE_TURN, s -> s.power(Power.RUNNING).after(TIMING.observationValidity()))
        .reconcile()
        .assertSends(0)
        .assertStatus("Pending/ServerRunning");
  }

  @Test
  void a_request_whose_account_is_paused_claims_nothing_and_comes_back_when_that_is_over() {
    tencent("a")
        .script(it -> it.refuseTurns = true)
        .reconcile()
        .assertNext(Duration.ofSeconds(30))
        .assertNothingClaimed()
        .assertSends(0)
        .assertStatus("Pending/Throttled")
        .script(it -> it.refuseTurns = false)
        .endsAs("Succeeded/Installed")
        .assertSends(1);
  }

  @Test
  void a_request_in_line_claims_nothing_and_comes_back_at_its_turn() {
    tencent("a")
        .script(it -> it.refuseTurns = true)
        .script(it -> it.picks = bound -> 1)
        .reconcile()
        .assertNext(Duration.ofSeconds(20))
        .assertNothingClaimed()
        .assertStatus("Pending/Throttled")
        .script(it -> it.refuseTurns = false)
        .reconcile()
        .assertSends(1);
  }

  @Test
  void a_claim_that_got_old_before_the_point_of_no_return_is_released() {
    Scenario stage = tencent("a");
    for (int i = 0; i < 4; i++) {
      stage.before(COMMIT_START, s -> s.after(TIMING.sendWithin()));
    }
    stage.reconcile().assertSends(0).assertState(State.Released).reconcile().assertSends(1);
  }

  @Test
  void a_claim_does_not_rest_on_an_old_description() {
    tencent("a")
        .before(SECRETS, s -> s.power(Power.RUNNING).after(Duration.ofHours(1)))
        .reconcile()
        .assertSends(0)
        .assertStatus("Pending/ServerRunning");
  }

  @Test
  void a_claim_does_not_rest_on_a_description_that_was_old_when_it_was_received() {
    tencent("a")
        .script(it -> it.describesLater = true)
        .reconcile()
        .script(it -> it.describesLater = false)
        .after(TIMING.observationUse().minusSeconds(1))
        .before(SECRETS, s -> s.power(Power.RUNNING).after(TIMING.observationUse().plusSeconds(2)))
        .reconcile()
        .assertSends(0)
        .assertStatus("Pending/ServerRunning");
  }

  // I3, guard 6: clocks are never compared.

  @Test
  void a_clock_that_is_ahead_makes_no_fence_shorter() {
    tencent("a")
        .restart(R2, Duration.ofHours(3))
        .before(
            REINSTALL,
            s ->
                s.reconcile(R2)
                    .requestWith("other/b", it -> it.cluster.spec(null, it.inHours(9)))
                    .reconcile(R2, "other/b"))
        .reconcile()
        .assertSends(1)
        .verify(it -> assertThat(it.cluster.ledger().entry("b")).isEmpty())
        .assertStatus("other/b", "Pending/Queued");
  }

  // I3, guards 6 and 10.

  @Test
  void the_server_is_not_free_before_the_fence_since_the_newest_claim() {
    tencent("a")
        .send(REQUEST_LOST)
        .reconcileAfter(PAST_THE_FENCE)
        .assertState(State.Unknown)
        .request("b")
        .reconcile(R3, "b")
        .assertStatus("b", "Pending/Queued")
        .after(TIMING.fence().minusSeconds(1))
        .reconcile(R3, "b")
        .assertSends(1)
        .after(Duration.ofSeconds(1))
        .reconcile(R3, "b")
        .assertSends(2);
  }

  // I6, guards 8 and 1.

  @Test
  void an_operation_is_not_taken_for_a_request_by_who_does_not_know_the_later_one() {
    tencent("a")
        .send(REQUEST_LOST)
        .reconcile(R2)
        .reconcileAfter(PAST_THE_FENCE)
        .reconcile(R2)
        .freeze(R2, CACHED_LEDGER, CACHED_REINSTALL)
        .request("b")
        .after(PAST_THE_FENCE)
        .endsAs("b", "Succeeded/Installed")
        .reconcile(R2)
        .assertState(State.Unknown)
        .assertStatus("Unknown/OutcomeUnknown");
  }

  @Test
  void a_reset_by_hand_after_a_lost_answer_is_taken_for_the_request_and_that_is_reported() {
    tencent("a")
        .send(REQUEST_LOST)
        .resetByHand("img-new")
        .endsAs("Succeeded/Installed")
        .assertMessage("adopted")
        .verify(it -> assertThat(it.entry().adopted()).isTrue());
  }

  @Test
  void a_reset_by_hand_to_another_image_is_not_taken_for_the_request() {
    tencent("a")
        .send(REQUEST_LOST)
        .resetByHand("img-other")
        .work()
        .assertSends(1)
        .assertStatus("Unknown/OutcomeUnknown");
  }

  @Test
  void a_late_operation_resolves_what_was_called_unknown() {
    tencent("a")
        .send(RESPONSE_LOST)
        .describe(DescribeOutcome.UNREACHABLE)
        .work(Duration.ofMinutes(130))
        .assertStatus("Unknown/OutcomeUnknown")
        .describe(DescribeOutcome.CLEAR)
        .reconcile()
        .assertStatus("Succeeded/Installed")
        .assertMessage("adopted")
        .assertSends(1);
  }

  // I5, guard 5: the point of no return is a compare-and-swap.

  @Test
  void a_request_that_is_suspended_after_its_claim_is_not_sent() {
    tencent("a")
        .before(COMMIT_START, s -> s.suspend())
        .reconcile()
        .assertSends(0)
        .assertState(State.Released)
        .assertStatus("Pending/Suspended")
        .resume()
        .reconcile(R2)
        .assertSends(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void a_request_whose_not_after_passes_while_its_status_is_written_is_not_sent(CloudName cloud) {
    on(cloud)
        .requestWith("a", it -> it.cluster.spec("img-new", it.cluster.trueTime().plusSeconds(3)))
        .before(COMMIT_START, s -> s.after(Duration.ofSeconds(4)))
        .reconcile()
        .assertSends(0)
        .assertState(State.Released)
        .assertStatus("Failed/DeadlineExceeded");
  }

  @Test
  void a_server_is_not_stopped_when_not_after_passes_while_the_status_is_written() {
    tencent()
        .power(Power.RUNNING)
        .requestWith(
            "a",
            it ->
                it.cluster.spec(
                    "img-new", it.cluster.trueTime().plusSeconds(3), WhenRunning.Stop, false))
        .before(COMMIT_START, s -> s.after(Duration.ofSeconds(4)))
        .reconcile()
        .assertStops(0)
        .assertPower(Power.RUNNING)
        .assertStatus("Failed/DeadlineExceeded");
  }

  @Test
  void a_request_that_is_deleted_after_its_claim_is_not_sent() {
    tencent("a")
        .before(COMMIT_START, s -> s.delete())
        .reconcile()
        .assertSends(0)
        .assertState(State.Released);
  }

  @Test
  void a_request_that_a_finalizer_holds_is_not_started() {
    tencent("a").markDeleted().reconcile().assertSends(0);
  }

  @Test
  void a_request_that_is_replaced_after_its_claim_is_not_sent_for_the_old_object() {
    tencent("a")
        .before(
            COMMIT_START,
            s ->
                s.delete()
                    .requestWith(
                        "a",
                        it ->
                            it.cluster.spec(
                                "img-new", it.inHours(4), ReinstallSpec.WhenRunning.Wait, true)))
        .reconcile()
        .assertSends(0)
        .assertStatus("Pending/Suspended");
  }

  @Test
  void a_status_that_says_it_is_over_closes_the_gate() {
    tencent("a")
        .before(COMMIT_START, s -> s.editStatus(Phase.Succeeded))
        .reconcile()
        .assertSends(0);
  }

  // L1, guard 11: orphaned entries.

  @Test
  void a_request_whose_reinstall_is_gone_is_followed_by_who_waits_behind_it() {
    tencent("a")
        .reconcile()
        .delete()
        .request("b")
        .reconcile("b")
        .assertStatus("b", "Pending/Queued")
        .reconcileAfter("b", Duration.ofMinutes(30))
        .assertState(State.Succeeded)
        .power(Power.STOPPED)
        .endsAs("b", "Succeeded/Installed");
  }

  @Test
  void an_orphaned_entry_is_never_sent_again_even_with_a_token() {
    jd("a")
        .send(REQUEST_LOST)
        .delete()
        .request("b")
        .reconcile("b")
        .reconcileAfter("b", Duration.ofSeconds(21))
        .assertState(State.Unknown)
        .assertSends(1);
  }

  // I1 with a token, guards 7 and 1.

  @Test
  void a_lost_answer_is_asked_for_again_with_the_same_token() {
    jd("a")
        .next(RESPONSE_LOST)
        .work()
        .assertSends(2)
        .assertWipes(1)
        .assertStatus("Succeeded/Installed");
  }

  @Test
  void a_token_is_trusted_by_the_clock_of_the_cloud_alone() {
    jd("a")
        .send(REQUEST_LOST)
        .restart(R1, Duration.ofMinutes(-60))
        .reconcileAfter(TIMING.tokenTrust())
        .reconcileAfter(Duration.ofSeconds(21))
        .assertSends(1)
        .assertStatus("Unknown/OutcomeUnknown");
  }

  @Test
  void without_a_date_of_the_cloud_nothing_is_sent_again() {
    jd().cloud(it -> it.datesItsAnswers = false)
        .request("a")
        .next(RESPONSE_LOST)
        .work(Duration.ofMinutes(5))
        .assertSends(1)
        .assertStatus("Unknown/OutcomeUnknown");
  }

  @Test
  void a_token_that_was_trusted_before_a_pause_is_not_trusted_after_it() {
    jd().cloud(it -> it.tokenRetention = Duration.ofMinutes(32))
        .request("a")
        .send(REQUEST_LOST)
        .after(Duration.ofSeconds(21))
        .before(SECRETS, s -> s.after(Duration.ofHours(1)))
        .reconcile()
        .assertSends(1);
  }

  @Test
  void a_request_from_other_secrets_is_not_sent_again() {
    jd("a")
        .send(REQUEST_LOST)
        .cluster(it -> it.secretsVersion++)
        .work(Duration.ofMinutes(5))
        .assertSends(1)
        .assertStatus("Unknown/OutcomeUnknown");
  }

  @Test
  void a_resend_that_was_decided_on_an_old_ledger_is_not_sent() {
    jd("a")
        .before(
            COMMIT_START,
            s ->
                s.reconcile(R2)
                    .after(Duration.ofSeconds(21))
                    .suspend()
                    .resume()
                    .freeze(R2, CACHED_LEDGER))
        .before(FETCH_REINSTALL, s -> s.suspend())
        .reconcile()
        .assertState(State.Released)
        .resume()
        .reconcile(R2)
        .assertSends(1)
        .verify(it -> assertThat(it.entry().resending()).isNull());
  }

  // I1: the status as evidence.

  @Test
  void a_ledger_that_was_restored_is_noticed_by_the_status() {
    tencent("a")
        .reconcile()
        .restoreLedger(0)
        .reconcile(R2)
        .assertStatus("Unknown/LedgerOutdated")
        .work()
        .assertSends(1);
  }

  @Test
  void a_ledger_that_was_restored_to_a_refused_attempt_is_noticed_by_the_time_of_the_claim() {
    refusedTwice(tencent("a"))
        .reconcileAfter(TIMING.pollInterval())
        .assertSends(3)
        .restoreLedger()
        .reconcile(R2)
        .assertStatus("Unknown/LedgerOutdated")
        .assertSends(3);
  }

  /** Then the ledger is saved. The third time the request is lost. */
  private static Scenario refusedTwice(Scenario stage) {
    return stage
        .next(REJECTED_THROTTLED, REJECTED_THROTTLED, REQUEST_LOST)
        .reconcile()
        .reconcileAfter(TIMING.pollInterval())
        .assertState(State.Released)
        .saveLedger();
  }

  @Test
  void the_claims_of_a_request_follow_each_other_whatever_the_clocks_say() {
    refusedTwice(tencent("a").restart(R1, Duration.ofMinutes(2)))
        .after(TIMING.pollInterval())
        .reconcile(R2)
        .after(TIMING.pollInterval())
        .reconcile(R2)
        .assertSends(3)
        .restoreLedger()
        .reconcile(R2)
        .assertStatus("Unknown/LedgerOutdated")
        .assertSends(3);
  }

  @Test
  void a_cached_status_does_not_hide_that_the_ledger_was_restored() {
    r2KnowsItOnlyAsItIsNow(tencent("a"))
        .send(REQUEST_LOST)
        .after(Duration.ofSeconds(5))
        .restoreLedger(0)
        .reconcile(R2)
        .assertSends(1)
        .assertState(State.Unknown)
        .assertStatus("Unknown/LedgerOutdated");
  }

  @Test
  void a_claim_that_a_process_never_sent_does_not_hide_that_the_ledger_was_restored() {
    Scenario stage = sentAndForgotten();
    stage.before(
        R2,
        FETCH_REINSTALL,
        s -> {
          throw new ApiServerUnavailable();
        });
    assertThatThrownBy(() -> stage.reconcile(R2)).isInstanceOf(ApiServerUnavailable.class);
    stage.reconcile(R2).assertSends(1).assertStatus("Unknown/LedgerOutdated");
  }

  @Test
  void a_claim_that_got_too_old_does_not_hide_that_the_ledger_was_restored() {
    sentAndForgotten()
        .before(R2, WRITE_LEDGER, s -> s.after(TIMING.sendWithin()))
        .reconcile(R2)
        .assertSends(1)
        .assertStatus("Unknown/LedgerOutdated");
  }

  /** Before anything was started; its cache shows nothing newer from then on. */
  private static Scenario r2KnowsItOnlyAsItIsNow(Scenario stage) {
    return stage
        .describe(DescribeOutcome.UNREACHABLE)
        .reconcile(R2)
        .describe(DescribeOutcome.CLEAR)
        .freeze(R2, CACHED_REINSTALL);
  }

  /** r1 has submitted, the ledger does not show it, and r2 reads the Reinstall as it was before. */
  private static Scenario sentAndForgotten() {
    return r2KnowsItOnlyAsItIsNow(tencent("a"))
        .send(REQUEST_LOST)
        .after(Duration.ofSeconds(5))
        .deleteLedger();
  }

  // I6: an old copy of the ledger reports no outcomes.

  @Test
  void nothing_was_done_is_not_reported_by_a_watch_that_is_behind() {
    tencent("a")
        .freeze(R2, CACHED_LEDGER)
        .work()
        .delete()
        .requestWith("a", it -> it.cluster.spec("img-new", it.cluster.trueTime().minusSeconds(1)))
        .reconcile(R2)
        .assertStatus("Succeeded/AlreadyCompleted");
  }

  @Test
  void a_status_is_not_set_back_by_a_watch_that_is_behind() {
    Scenario stage = tencent("a").reconcile().reconcile(R2).freeze(R2, CACHED_LEDGER).work();
    long before = stage.writes();
    stage
        .describe(DescribeOutcome.UNREACHABLE)
        .reconcile(R2)
        .assertStatus("Succeeded/Installed")
        .assertWrites(before);
  }

  // I1, guard 7: a claim that is resent is never released.

  @Test
  void a_resending_claim_whose_gate_closes_is_not_released() {
    jd("a")
        .send(RESPONSE_LOST)
        .after(Duration.ofSeconds(21))
        .before(COMMIT_START, s -> s.suspend())
        .reconcile()
        .assertSends(1)
        .assertState(State.Submitting)
        .verify(it -> assertThat(it.entry().resending()).isTrue())
        .resume()
        .work()
        .assertWipes(1)
        .assertStatus("Succeeded/Installed");
  }

  @Test
  void a_rejection_of_a_resending_claim_says_nothing_of_the_first_send() {
    jd("a")
        .send(RESPONSE_LOST, REJECTED_INVALID)
        .reconcileAfter(Duration.ofSeconds(21))
        .assertNext()
        .assertState(State.Submitting)
        .work()
        .assertWipes(1)
        .assertStatus("Succeeded/Installed");
  }

  // I3, guard 10.

  @Test
  void a_late_acceptance_does_not_free_the_server_while_a_resend_may_be_under_way() {
    jd("a")
        .before(
            RESPONSE,
            s ->
                s.reconcile(R2)
                    .after(Duration.ofSeconds(21))
                    .crash(R2, RESPONSE)
                    .after(Duration.ofMinutes(30)))
        .reconcile()
        .work(Duration.ofMinutes(30))
        .assertState(State.Succeeded)
        .power(Power.STOPPED)
        .request("b")
        .reconcile(R3, "b")
        .assertStatus("b", "Pending/Queued");
  }

  // I1, guard 9: busy may be the response to a duplicate of our own call.

  @Test
  void a_busy_rejection_is_described_after_the_settling_time_before_the_next_attempt() {
    tencent("a")
        .next(DOUBLED)
        .work()
        .assertSends(1)
        .assertWipes(1)
        .assertStatus("Succeeded/Installed");
  }

  @Test
  void
      a_busy_rejection_whose_duplicate_another_operation_hides_is_not_followed_by_another_attempt() {
    tencent("a")
        .send(DOUBLED)
        .after(Duration.ofMinutes(30))
        .power(Power.STOPPED)
        .work()
        .assertSends(1)
        .assertWipes(1)
        .assertStatus("Unknown/OutcomeUnknown");
  }

  @Test
  void a_busy_rejection_with_nothing_behind_it_leads_to_another_attempt_after_the_settling_time() {
    tencent("a")
        .next(REJECTED_BUSY)
        .reconcile()
        .assertNext(Duration.ofMinutes(2))
        .assertStatus("Pending/ServerBusy")
        .reconcileAfter(Duration.ofSeconds(119))
        .assertSends(1)
        .reconcileAfter(Duration.ofSeconds(1))
        .assertSends(2)
        .assertWipes(1);
  }

  @Test
  void a_busy_rejection_whose_server_is_never_seen_again_ends_as_unknown() {
    tencent("a")
        .send(REJECTED_BUSY)
        .describe(DescribeOutcome.DENIED)
        .endsAs("Unknown/OutcomeUnknown");
  }

  @Test
  void a_busy_rejection_reports_of_a_send_although_it_waits() {
    tencent("a")
        .send(DOUBLED)
        .assertStatus("Pending/ServerBusy")
        .deleteLedger()
        .after(Duration.ofMinutes(30))
        .power(Power.STOPPED)
        .reconcile(R2)
        .assertStatus("Unknown/LedgerOutdated")
        .assertSends(1);
  }

  @Test
  void a_busy_rejection_is_not_forgotten_because_a_restart_by_hand_hides_the_operation() {
    tencent()
        .request("a", null)
        .send(DOUBLED)
        .after(Duration.ofMinutes(30))
        .power(Power.RUNNING)
        .power(Power.STOPPED)
        .work()
        .assertSends(1)
        .assertStatus("Unknown/OutcomeUnknown");
  }

  @Test
  void a_double_that_failed_to_install_is_not_forgotten_because_a_stop_by_hand_hides_it() {
    tencent("a")
        .cloud(it -> it.installsFail = true)
        .send(DOUBLED)
        .after(Duration.ofMinutes(30))
        .verify(
            it ->
                assertThat(it.cluster.cloud.observation().installed())
                    .as("what it left")
                    .containsValue("img-old"))
        .cloud(it -> it.breakFree())
        .power(Power.RUNNING)
        .power(Power.STOPPED)
        .work()
        .assertSends(1)
        .assertStatus("Unknown/OutcomeUnknown");
  }

  @Test
  void what_is_over_is_not_shown_as_open_for_a_claim_whose_gate_it_closes() {
    tencent()
        .requestWith("a", it -> it.cluster.spec("img-new", it.cluster.trueTime().plusSeconds(5)))
        .before(
            R2,
            UPDATE_STATUS,
            s ->
                s.before(NOW, it -> {})
                    .cluster(it -> it.setMillis(0)) // the clock of its node is behind
                    .crash(COMMIT_START)
                    .after(Duration.ofSeconds(10)))
        .after(Duration.ofSeconds(10))
        .reconcile(R2)
        .assertState(State.Submitting)
        .assertStatus("Failed/DeadlineExceeded")
        .reconcile(R2)
        .assertStatus("Failed/DeadlineExceeded")
        .assertSends(0);
  }

  @Test
  void the_last_witness_of_a_send_is_not_shown_as_open_for_a_claim_in_a_ledger_that_forgot_it() {
    sentAndForgotten()
        .before(UPDATE_STATUS, s -> s.crash(R2, COMMIT_START))
        .reconcile()
        .assertState(State.Submitting)
        .assertStatus("Unknown/LedgerOutdated")
        .reconcile()
        .assertStatus("Unknown/LedgerOutdated")
        .work()
        .assertSends(1);
  }

  @Test
  void a_status_is_not_set_back_by_a_ledger_that_was_restored() {
    jd("a")
        .reconcile()
        .assertStatus("Installing/Installing")
        .restoreLedger(1)
        .assertState(State.Submitting)
        .reconcile(R2)
        .assertStatus("Installing/Installing")
        .work(R2)
        .assertStatus("Unknown/LedgerOutdated")
        .assertSends(1);
  }

  @Test
  void a_claim_whose_process_wakes_up_late_is_released_though_others_gave_it_up() {
    Consumer<Scenario> farTooLate =
        s -> {
          s.before(R2, UPDATE_STATUS, ProtocolTest::isAway);
          assertThatThrownBy(() -> s.reconcile(R2)).hasMessage("away"); // it learned of the claim
          s.after(TIMING.fence()).crash(R2, UPDATE_STATUS).assertState(State.Unknown);
        };
    Consumer<Scenario> doesNotHearOfItsClaim =
        s -> s.nextWrites(WRITE_LEDGER, LostReply.RESPONSE).before(FETCH_LEDGER, farTooLate);
    tencent("a")
        .before(
            COMMIT_START,
            s ->
                s.before(NEW_CLAIM_ID, doesNotHearOfItsClaim)
                    .before(MONOTONIC_TIME, it -> it.after(TIMING.sendWithin())))
        .endsAs("Succeeded/Installed")
        .assertSends(1);
  }

  private static void isAway(Scenario stage) {
    throw new IllegalStateException("away");
  }

  @Test
  void a_token_is_not_trusted_beside_a_send_that_the_ledger_does_not_know() {
    r2KnowsItOnlyAsItIsNow(jd("a"))
        .send(RESPONSE_LOST)
        .after(Duration.ofMinutes(25)) // the token is older than the trusted age
        .deleteLedger()
        .crash(R2, COMMIT_START) // its claim says that the token is new
        .restart(R1, Duration.ZERO)
        .work()
        .assertSends(1)
        .assertStatus("Unknown/OutcomeUnknown");
  }
}
