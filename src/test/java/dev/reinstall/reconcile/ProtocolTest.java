package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.Protocol.TIMING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reinstall.api.Phase;
import dev.reinstall.api.Reason;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.reconcile.FaultSchedule.CallOutcome;
import dev.reinstall.reconcile.FaultSchedule.LostReply;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The shortest sequences that break simpler protocols, each against the guard that prevents it. */
class ProtocolTest {
  private static final Duration PAST_THE_FENCE = TIMING.fence().plusSeconds(1);
  private static final Duration HOURS = Duration.ofHours(3);

  // I1, guard 3: a claim belongs to one process.

  @Test
  void a_process_that_comes_back_is_not_the_owner_of_the_claim_it_made_before() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.dies(stage.r1, a, PortCall.RESPONSE);
    stage.r1.reconcile(a);
    assertThat(stage.state("a")).as(stage.reported()).isEqualTo(State.Submitting);
    stage.assertStatus(a, Phase.Submitting, Reason.AwaitingConfirmation);
    stage.work(stage.r1, a, HOURS);
    stage.assertSends(1);
    stage.assertWipes(1);
    stage.assertStatus(a, Phase.Succeeded, Reason.Installed);
    assertThat(stage.status(a).message()).contains("adopted");
  }

  @Test
  void a_request_whose_answer_is_lost_without_an_operation_is_unknown_and_never_sent_again() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.nextRequests(CallOutcome.REQUEST_LOST);
    stage.work(stage.r1, a, HOURS);
    stage.work(stage.r2, a, HOURS);
    stage.assertSends(1);
    stage.assertStatus(a, Phase.Unknown, Reason.OutcomeUnknown);
  }

  @Test
  void a_claim_whose_write_was_won_unheard_is_sent_once_by_who_made_it() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.nextWrites(PortCall.WRITE_LEDGER, LostReply.RESPONSE);
    stage.script.nextWrites(PortCall.COMMIT_START, LostReply.RESPONSE);
    stage.r1.reconcile(a);
    stage.r2.reconcile(a);
    stage.assertSends(1);
    assertThat(stage.state("a")).as(stage.reported()).isEqualTo(State.Accepted);
  }

  // I4, I2, guard 6: both fences.

  @Test
  void a_request_that_is_sent_after_a_pause_is_rejected_as_expired() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.before(
        stage.r1,
        PortCall.REINSTALL,
        () -> {
          stage.r2.reconcile(a);
          stage.wait(PAST_THE_FENCE);
          stage.r2.reconcile(a);
          assertThat(stage.state("a")).as(stage.reported()).isEqualTo(State.Unknown);
        });
    stage.r1.reconcile(a);
    stage.assertWipes(0);
    assertThat(stage.state("a")).as(stage.reported()).isEqualTo(State.Released);
    stage.assertStatus(a, Phase.Failed, Reason.Rejected);
  }

  @Test
  void the_settling_time_of_an_operation_is_not_the_fence() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.nextRequests(CallOutcome.REQUEST_LOST);
    stage.r1.reconcile(a);
    stage.wait(TIMING.fence().minusSeconds(1));
    stage.r1.reconcile(a);
    stage.assertStatus(a, Phase.Submitting, Reason.AwaitingConfirmation);
    assertThat(stage.state("a")).as(stage.reported()).isEqualTo(State.Submitting);
    stage.wait(Duration.ofSeconds(1));
    stage.r1.reconcile(a);
    stage.assertStatus(a, Phase.Unknown, Reason.OutcomeUnknown);
  }

  @Test
  void a_request_is_signed_with_the_time_of_its_claim() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.before(stage.r1, PortCall.COMMIT_START, () -> stage.wait(Duration.ofSeconds(5)));
    stage.r1.reconcile(a); // the invariants check the time of the signature
    stage.assertWipes(1);
  }

  @Test
  void a_request_waits_for_its_turn_before_it_claims_and_so_is_sent_in_time() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.before(
        stage.r1,
        PortCall.TAKE_TURN,
        () -> {
          assertThat(stage.cluster.ledger().orders()).as("who waits claims nothing").isEmpty();
          stage.wait(TIMING.sendWithin().plusSeconds(1));
        });
    stage.r1.reconcile(a);
    stage.assertSends(1);
    assertThat(stage.entry("a").claimNumber()).as(stage.reported()).isEqualTo(1);
  }

  @Test
  void a_request_that_waited_long_for_its_turn_describes_again_before_it_claims() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.before(
        stage.r1,
        PortCall.TAKE_TURN,
        () -> {
          stage.cluster.cloud.power(Power.RUNNING);
          stage.wait(TIMING.observationValidity());
        });
    stage.r1.reconcile(a);
    stage.assertSends(0);
    stage.assertStatus(a, Phase.Pending, Reason.ServerRunning);
  }

  @Test
  void a_request_whose_account_is_paused_claims_nothing_and_comes_back_when_that_is_over() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.refuseTurns = true;
    assertThat(stage.r1.reconcile(a)).contains(Duration.ofSeconds(30));
    assertThat(stage.cluster.ledger().orders()).as(stage.reported()).isEmpty();
    stage.assertSends(0);
    stage.assertStatus(a, Phase.Pending, Reason.Throttled);
    stage.script.refuseTurns = false;
    stage.work(stage.r1, a, HOURS);
    stage.assertSends(1);
    stage.assertStatus(a, Phase.Succeeded, Reason.Installed);
  }

  @Test
  void a_request_in_line_claims_nothing_and_comes_back_at_its_turn() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.refuseTurns = true;
    stage.script.picks = bound -> 1;
    assertThat(stage.r1.reconcile(a)).contains(Duration.ofSeconds(20));
    assertThat(stage.cluster.ledger().orders()).as(stage.reported()).isEmpty();
    stage.assertStatus(a, Phase.Pending, Reason.Throttled);
    stage.script.refuseTurns = false;
    stage.r1.reconcile(a);
    stage.assertSends(1);
  }

  @Test
  void a_claim_that_got_old_before_the_point_of_no_return_is_released() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    for (int i = 0; i < 4; i++) {
      stage.script.before(stage.r1, PortCall.COMMIT_START, () -> stage.wait(TIMING.sendWithin()));
    }
    stage.r1.reconcile(a);
    stage.assertSends(0);
    assertThat(stage.state("a")).as(stage.reported()).isEqualTo(State.Released);
    stage.r1.reconcile(a);
    stage.assertSends(1);
  }

  @Test
  void a_claim_does_not_rest_on_an_old_description() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.before(
        stage.r1,
        PortCall.SECRETS,
        () -> {
          stage.cluster.cloud.power(Power.RUNNING);
          stage.wait(Duration.ofHours(1));
        });
    stage.r1.reconcile(a);
    stage.assertSends(0);
    stage.assertStatus(a, Phase.Pending, Reason.ServerRunning);
  }

  @Test
  void a_claim_does_not_rest_on_a_description_that_was_old_when_it_was_received() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.describesLater = true;
    stage.r1.reconcile(a);
    stage.script.describesLater = false;
    stage.wait(TIMING.observationUse().minusSeconds(1));
    stage.script.before(
        stage.r1,
        PortCall.SECRETS,
        () -> {
          stage.cluster.cloud.power(Power.RUNNING);
          stage.wait(TIMING.observationUse().plusSeconds(2));
        });
    stage.r1.reconcile(a);
    stage.assertSends(0);
    stage.assertStatus(a, Phase.Pending, Reason.ServerRunning);
  }

  // I3, guard 6: clocks are never compared.

  @Test
  void a_clock_that_is_ahead_makes_no_fence_shorter() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.r2.restart(Duration.ofHours(3));
    stage.script.before(
        stage.r1,
        PortCall.REINSTALL,
        () -> {
          stage.r2.reconcile(a);
          stage.r2.reconcile(
              stage.cluster.create("ns/b", stage.cluster.spec(null, stage.inHours(9))));
        });
    stage.r1.reconcile(a);
    stage.assertSends(1);
    assertThat(stage.cluster.ledger().entry("b")).as(stage.reported()).isEmpty();
    stage.assertStatus("ns/b", Phase.Pending, Reason.Queued);
  }

  // I3, guards 6 and 10.

  @Test
  void the_server_is_not_free_before_the_fence_since_the_newest_claim() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.nextRequests(CallOutcome.REQUEST_LOST);
    stage.r1.reconcile(a);
    stage.wait(PAST_THE_FENCE);
    stage.r1.reconcile(a);
    assertThat(stage.state("a")).as(stage.reported()).isEqualTo(State.Unknown);
    String b = stage.request("b");
    Replica young = stage.cluster.replica(Duration.ZERO);
    young.reconcile(b);
    stage.assertStatus(b, Phase.Pending, Reason.Queued);
    stage.wait(TIMING.fence().minusSeconds(1));
    young.reconcile(b);
    stage.assertSends(1);
    stage.wait(Duration.ofSeconds(1));
    young.reconcile(b);
    stage.assertSends(2);
  }

  // I6, guards 8 and 1.

  @Test
  void an_operation_is_not_taken_for_a_request_by_who_does_not_know_the_later_one() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.nextRequests(CallOutcome.REQUEST_LOST);
    stage.r1.reconcile(a);
    stage.r2.reconcile(a);
    stage.wait(PAST_THE_FENCE);
    stage.r1.reconcile(a);
    stage.r2.reconcile(a);
    stage.script.freeze(stage.r2, PortCall.CACHED_LEDGER, PortCall.CACHED_REINSTALL);
    String b = stage.request("b");
    stage.wait(PAST_THE_FENCE);
    stage.work(stage.r1, b, HOURS);
    stage.assertStatus(b, Phase.Succeeded, Reason.Installed);
    stage.r2.reconcile(a);
    assertThat(stage.state("a")).as(stage.reported()).isEqualTo(State.Unknown);
    stage.assertStatus(a, Phase.Unknown, Reason.OutcomeUnknown);
  }

  @Test
  void a_reset_by_hand_after_a_lost_answer_is_taken_for_the_request_and_that_is_reported() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.nextRequests(CallOutcome.REQUEST_LOST);
    stage.r1.reconcile(a);
    stage.cluster.cloud.resetByHand("img-new");
    stage.work(stage.r1, a, HOURS);
    stage.assertStatus(a, Phase.Succeeded, Reason.Installed);
    assertThat(stage.status(a).message()).contains("adopted");
    assertThat(stage.entry("a").adopted()).isTrue();
  }

  @Test
  void a_reset_by_hand_to_another_image_is_not_taken_for_the_request() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.nextRequests(CallOutcome.REQUEST_LOST);
    stage.r1.reconcile(a);
    stage.cluster.cloud.resetByHand("img-other");
    stage.work(stage.r1, a, HOURS);
    stage.assertSends(1);
    stage.assertStatus(a, Phase.Unknown, Reason.OutcomeUnknown);
  }

  @Test
  void a_late_operation_resolves_what_was_called_unknown() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.nextRequests(CallOutcome.RESPONSE_LOST);
    stage.r1.reconcile(a);
    stage.script.describeOutcome = FaultSchedule.DescribeOutcome.UNREACHABLE;
    stage.work(stage.r1, a, Duration.ofMinutes(130));
    stage.assertStatus(a, Phase.Unknown, Reason.OutcomeUnknown);
    stage.script.describeOutcome = FaultSchedule.DescribeOutcome.CLEAR;
    stage.r1.reconcile(a);
    stage.assertStatus(a, Phase.Succeeded, Reason.Installed);
    assertThat(stage.status(a).message()).contains("adopted");
    stage.assertSends(1);
  }

  // I5, guard 5: the point of no return is a compare-and-swap.

  @Test
  void a_request_that_is_suspended_after_its_claim_is_not_sent() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.before(stage.r1, PortCall.COMMIT_START, () -> stage.cluster.suspend(a, true));
    stage.r1.reconcile(a);
    stage.assertSends(0);
    assertThat(stage.state("a")).as(stage.reported()).isEqualTo(State.Released);
    stage.assertStatus(a, Phase.Pending, Reason.Suspended);
    stage.cluster.suspend(a, false);
    stage.r2.reconcile(a);
    stage.assertSends(1);
  }

  @Test
  void a_request_whose_not_after_passes_while_its_status_is_written_is_not_sent() {
    for (Protocol stage : List.of(Protocol.tencent(), Protocol.jd())) {
      Instant soon = stage.cluster.trueTime().plusSeconds(3);
      String a = stage.cluster.create("ns/a", stage.cluster.spec("img-new", soon));
      stage.script.before(stage.r1, PortCall.COMMIT_START, () -> stage.wait(Duration.ofSeconds(4)));
      stage.r1.reconcile(a);
      stage.assertSends(0);
      assertThat(stage.state("a")).as(stage.reported()).isEqualTo(State.Released);
      stage.assertStatus(a, Phase.Failed, Reason.DeadlineExceeded);
    }
  }

  @Test
  void a_server_is_not_stopped_when_not_after_passes_while_the_status_is_written() {
    Protocol stage = Protocol.tencent();
    stage.cluster.cloud.power(Power.RUNNING);
    Instant soon = stage.cluster.trueTime().plusSeconds(3);
    String a =
        stage.cluster.create("ns/a", stage.cluster.spec("img-new", soon, WhenRunning.Stop, false));
    stage.script.before(stage.r1, PortCall.COMMIT_START, () -> stage.wait(Duration.ofSeconds(4)));
    stage.r1.reconcile(a);
    assertThat(stage.cluster.cloud.observation().power()).isEqualTo(Power.RUNNING);
    stage.assertStatus(a, Phase.Failed, Reason.DeadlineExceeded);
  }

  @Test
  void a_request_that_is_deleted_after_its_claim_is_not_sent() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.before(stage.r1, PortCall.COMMIT_START, () -> stage.cluster.delete(a));
    stage.r1.reconcile(a);
    stage.assertSends(0);
    assertThat(stage.state("a")).as(stage.reported()).isEqualTo(State.Released);
  }

  @Test
  void a_request_that_a_finalizer_holds_is_not_started() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.cluster.markDeleted(a);
    stage.r1.reconcile(a);
    stage.assertSends(0);
  }

  @Test
  void a_request_that_is_replaced_after_its_claim_is_not_sent_for_the_old_object() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.before(
        stage.r1,
        PortCall.COMMIT_START,
        () -> {
          stage.cluster.delete(a);
          stage.cluster.create(
              a,
              stage.cluster.spec(
                  "img-new", stage.inHours(4), ReinstallSpec.WhenRunning.Wait, true));
        });
    stage.r1.reconcile(a);
    stage.assertSends(0);
    stage.assertStatus(a, Phase.Pending, Reason.Suspended);
  }

  @Test
  void a_status_that_says_it_is_over_closes_the_gate() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.before(
        stage.r1, PortCall.COMMIT_START, () -> stage.cluster.editStatus(a, Phase.Succeeded));
    stage.r1.reconcile(a);
    stage.assertSends(0);
  }

  // L1, guard 11: orphaned entries.

  @Test
  void a_request_whose_reinstall_is_gone_is_followed_by_who_waits_behind_it() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.r1.reconcile(a);
    stage.cluster.delete(a);
    String b = stage.request("b");
    stage.r1.reconcile(b);
    stage.assertStatus(b, Phase.Pending, Reason.Queued);
    stage.wait(Duration.ofMinutes(30));
    stage.r1.reconcile(b);
    assertThat(stage.state("a")).as(stage.reported()).isEqualTo(State.Succeeded);
    stage.cluster.cloud.power(Power.STOPPED);
    stage.work(stage.r1, b, HOURS);
    stage.assertStatus(b, Phase.Succeeded, Reason.Installed);
  }

  @Test
  void an_orphaned_entry_is_never_sent_again_even_with_a_token() {
    Protocol stage = Protocol.jd();
    String a = stage.request("a");
    stage.script.nextRequests(CallOutcome.REQUEST_LOST);
    stage.r1.reconcile(a);
    stage.cluster.delete(a);
    String b = stage.request("b");
    stage.r1.reconcile(b);
    stage.wait(Duration.ofSeconds(21));
    stage.r1.reconcile(b);
    assertThat(stage.state("a")).as(stage.reported()).isEqualTo(State.Unknown);
    stage.assertSends(1);
  }

  // I1 with a token, guards 7 and 1.

  @Test
  void a_lost_answer_is_asked_for_again_with_the_same_token() {
    Protocol stage = Protocol.jd();
    String a = stage.request("a");
    stage.script.nextRequests(CallOutcome.RESPONSE_LOST);
    stage.work(stage.r1, a, HOURS);
    stage.assertSends(2);
    stage.assertWipes(1);
    stage.assertStatus(a, Phase.Succeeded, Reason.Installed);
  }

  @Test
  void a_token_is_trusted_by_the_clock_of_the_cloud_alone() {
    Protocol stage = Protocol.jd();
    String a = stage.request("a");
    stage.script.nextRequests(CallOutcome.REQUEST_LOST);
    stage.r1.reconcile(a);
    stage.r1.restart(Duration.ofMinutes(-60));
    stage.wait(TIMING.tokenTrust());
    stage.r1.reconcile(a);
    stage.wait(Duration.ofSeconds(21));
    stage.r1.reconcile(a);
    stage.assertSends(1);
    stage.assertStatus(a, Phase.Unknown, Reason.OutcomeUnknown);
  }

  @Test
  void without_a_date_of_the_cloud_nothing_is_sent_again() {
    Protocol stage = Protocol.jd();
    stage.cluster.cloud.datesItsAnswers = false;
    String a = stage.request("a");
    stage.script.nextRequests(CallOutcome.RESPONSE_LOST);
    stage.work(stage.r1, a, Duration.ofMinutes(5));
    stage.assertSends(1);
    stage.assertStatus(a, Phase.Unknown, Reason.OutcomeUnknown);
  }

  @Test
  void a_token_that_was_trusted_before_a_pause_is_not_trusted_after_it() {
    Protocol stage = Protocol.jd();
    stage.cluster.cloud.tokenRetention = Duration.ofMinutes(32);
    String a = stage.request("a");
    stage.script.nextRequests(CallOutcome.REQUEST_LOST);
    stage.r1.reconcile(a);
    stage.wait(Duration.ofSeconds(21));
    stage.script.before(stage.r1, PortCall.SECRETS, () -> stage.wait(Duration.ofHours(1)));
    stage.r1.reconcile(a);
    stage.assertSends(1);
  }

  @Test
  void a_request_from_other_secrets_is_not_sent_again() {
    Protocol stage = Protocol.jd();
    String a = stage.request("a");
    stage.script.nextRequests(CallOutcome.REQUEST_LOST);
    stage.r1.reconcile(a);
    stage.cluster.secretsVersion++;
    stage.work(stage.r1, a, Duration.ofMinutes(5));
    stage.assertSends(1);
    stage.assertStatus(a, Phase.Unknown, Reason.OutcomeUnknown);
  }

  @Test
  void a_resend_that_was_decided_on_an_old_ledger_is_not_sent() {
    Protocol stage = Protocol.jd();
    String a = stage.request("a");
    stage.script.before(
        stage.r1,
        PortCall.COMMIT_START,
        () -> {
          stage.r2.reconcile(a);
          stage.wait(Duration.ofSeconds(21));
          stage.cluster.suspend(a, true);
          stage.cluster.suspend(a, false);
          stage.script.freeze(stage.r2, PortCall.CACHED_LEDGER);
        });
    stage.script.before(stage.r1, PortCall.FETCH_REINSTALL, () -> stage.cluster.suspend(a, true));
    stage.r1.reconcile(a);
    assertThat(stage.state("a")).as(stage.reported()).isEqualTo(State.Released);
    stage.cluster.suspend(a, false);
    stage.r2.reconcile(a);
    stage.assertSends(1);
    assertThat(stage.entry("a").resending()).as(stage.reported()).isNull();
  }

  // I1: the status as evidence.

  @Test
  void a_ledger_that_was_restored_is_noticed_by_the_status() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.r1.reconcile(a);
    stage.cluster.restoreLedger(0);
    stage.r2.reconcile(a);
    stage.assertStatus(a, Phase.Unknown, Reason.LedgerOutdated);
    stage.work(stage.r1, a, HOURS);
    stage.assertSends(1);
  }

  @Test
  void a_ledger_that_was_restored_to_a_refused_attempt_is_noticed_by_the_time_of_the_claim() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    int released = refusedTwice(stage, a);
    stage.wait(TIMING.pollInterval());
    stage.r1.reconcile(a);
    stage.assertSends(3);
    stage.cluster.restoreLedger(released);
    stage.r2.reconcile(a);
    stage.assertStatus(a, Phase.Unknown, Reason.LedgerOutdated);
    stage.assertSends(3);
  }

  /** The third time the request is lost. Returns the version of the ledger before that. */
  private static int refusedTwice(Protocol stage, String a) {
    stage.script.nextRequests(
        CallOutcome.REJECTED_THROTTLED, CallOutcome.REJECTED_THROTTLED, CallOutcome.REQUEST_LOST);
    stage.r1.reconcile(a);
    stage.wait(TIMING.pollInterval());
    stage.r1.reconcile(a);
    assertThat(stage.state("a")).isEqualTo(State.Released);
    return stage.cluster.ledgers().size() - 1;
  }

  @Test
  void the_claims_of_a_request_follow_each_other_whatever_the_clocks_say() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.r1.restart(Duration.ofMinutes(2));
    int released = refusedTwice(stage, a);
    stage.wait(TIMING.pollInterval());
    stage.r2.reconcile(a);
    stage.wait(TIMING.pollInterval());
    stage.r2.reconcile(a);
    stage.assertSends(3);
    stage.cluster.restoreLedger(released);
    stage.r2.reconcile(a);
    stage.assertStatus(a, Phase.Unknown, Reason.LedgerOutdated);
    stage.assertSends(3);
  }

  @Test
  void a_cached_status_does_not_hide_that_the_ledger_was_restored() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    r2KnowsItOnlyAsItIsNow(stage, a);
    stage.script.nextRequests(CallOutcome.REQUEST_LOST);
    stage.r1.reconcile(a);
    stage.wait(Duration.ofSeconds(5));
    stage.cluster.restoreLedger(0);
    stage.r2.reconcile(a);
    stage.assertSends(1);
    assertThat(stage.state("a")).as(stage.reported()).isEqualTo(State.Unknown);
    stage.assertStatus(a, Phase.Unknown, Reason.LedgerOutdated);
  }

  @Test
  void a_claim_that_a_process_never_sent_does_not_hide_that_the_ledger_was_restored() {
    Protocol stage = sentAndForgotten();
    stage.script.before(
        stage.r2,
        PortCall.FETCH_REINSTALL,
        () -> {
          throw new ApiServerUnavailable();
        });
    assertThatThrownBy(() -> stage.r2.reconcile("ns/a")).isInstanceOf(ApiServerUnavailable.class);
    stage.r2.reconcile("ns/a");
    stage.assertSends(1);
    stage.assertStatus("ns/a", Phase.Unknown, Reason.LedgerOutdated);
  }

  @Test
  void a_claim_that_got_too_old_does_not_hide_that_the_ledger_was_restored() {
    Protocol stage = sentAndForgotten();
    stage.script.before(stage.r2, PortCall.WRITE_LEDGER, () -> stage.wait(TIMING.sendWithin()));
    stage.r2.reconcile("ns/a");
    stage.assertSends(1);
    stage.assertStatus("ns/a", Phase.Unknown, Reason.LedgerOutdated);
  }

  /** Before anything was started; its cache shows nothing newer from then on. */
  private static void r2KnowsItOnlyAsItIsNow(Protocol stage, String a) {
    stage.script.describeOutcome = FaultSchedule.DescribeOutcome.UNREACHABLE;
    stage.r2.reconcile(a);
    stage.script.describeOutcome = FaultSchedule.DescribeOutcome.CLEAR;
    stage.script.freeze(stage.r2, PortCall.CACHED_REINSTALL);
  }

  /** r1 has submitted, the ledger does not show it, and r2 reads the Reinstall as it was before. */
  private static Protocol sentAndForgotten() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    r2KnowsItOnlyAsItIsNow(stage, a);
    stage.script.nextRequests(CallOutcome.REQUEST_LOST);
    stage.r1.reconcile(a);
    stage.wait(Duration.ofSeconds(5));
    stage.cluster.deleteLedger();
    return stage;
  }

  // I6: an old copy of the ledger reports no outcomes.

  @Test
  void nothing_was_done_is_not_reported_by_a_watch_that_is_behind() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.freeze(stage.r2, PortCall.CACHED_LEDGER);
    stage.work(stage.r1, a, HOURS);
    stage.cluster.delete(a);
    stage.cluster.create(
        a, stage.cluster.spec("img-new", stage.cluster.trueTime().minusSeconds(1)));
    stage.r2.reconcile(a);
    stage.assertStatus(a, Phase.Succeeded, Reason.AlreadyCompleted);
  }

  @Test
  void a_status_is_not_set_back_by_a_watch_that_is_behind() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.r1.reconcile(a);
    stage.r2.reconcile(a);
    stage.script.freeze(stage.r2, PortCall.CACHED_LEDGER);
    stage.work(stage.r1, a, HOURS);
    long before = stage.cluster.counters.statusWrites;
    stage.script.describeOutcome = FaultSchedule.DescribeOutcome.UNREACHABLE;
    stage.r2.reconcile(a);
    stage.assertStatus(a, Phase.Succeeded, Reason.Installed);
    assertThat(stage.cluster.counters.statusWrites).as(stage.reported()).isEqualTo(before);
  }

  // I1, guard 7: a claim that is resent is never released.

  @Test
  void a_resending_claim_whose_gate_closes_is_not_released() {
    Protocol stage = Protocol.jd();
    String a = stage.request("a");
    stage.script.nextRequests(CallOutcome.RESPONSE_LOST);
    stage.r1.reconcile(a);
    stage.wait(Duration.ofSeconds(21));
    stage.script.before(stage.r1, PortCall.COMMIT_START, () -> stage.cluster.suspend(a, true));
    stage.r1.reconcile(a);
    stage.assertSends(1);
    assertThat(stage.state("a")).as(stage.reported()).isEqualTo(State.Submitting);
    assertThat(stage.entry("a").resending()).isTrue();
    stage.cluster.suspend(a, false);
    stage.work(stage.r1, a, HOURS);
    stage.assertWipes(1);
    stage.assertStatus(a, Phase.Succeeded, Reason.Installed);
  }

  @Test
  void a_rejection_of_a_resending_claim_says_nothing_of_the_first_send() {
    Protocol stage = Protocol.jd();
    String a = stage.request("a");
    stage.script.nextRequests(CallOutcome.RESPONSE_LOST, CallOutcome.REJECTED_INVALID);
    stage.r1.reconcile(a);
    stage.wait(Duration.ofSeconds(21));
    assertThat(stage.r1.reconcile(a)).as(stage.reported()).isPresent();
    assertThat(stage.state("a")).as(stage.reported()).isEqualTo(State.Submitting);
    stage.work(stage.r1, a, HOURS);
    stage.assertWipes(1);
    stage.assertStatus(a, Phase.Succeeded, Reason.Installed);
  }

  // I3, guard 10.

  @Test
  void a_late_acceptance_does_not_free_the_server_while_a_resend_may_be_under_way() {
    Protocol stage = Protocol.jd();
    String a = stage.request("a");
    stage.script.before(
        stage.r1,
        PortCall.RESPONSE,
        () -> {
          stage.r2.reconcile(a);
          stage.wait(Duration.ofSeconds(21));
          stage.dies(stage.r2, a, PortCall.RESPONSE);
          stage.wait(Duration.ofMinutes(30));
        });
    stage.r1.reconcile(a);
    stage.work(stage.r1, a, Duration.ofMinutes(30));
    assertThat(stage.state("a")).as(stage.reported()).isEqualTo(State.Succeeded);
    stage.cluster.cloud.power(Power.STOPPED);
    String b = stage.request("b");
    Replica young = stage.cluster.replica(Duration.ZERO);
    young.reconcile(b);
    stage.assertStatus(b, Phase.Pending, Reason.Queued);
  }

  // I1, guard 9: busy may be the response to a duplicate of our own call.

  @Test
  void a_busy_rejection_is_described_after_the_settling_time_before_the_next_attempt() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.nextRequests(CallOutcome.DOUBLED);
    stage.work(stage.r1, a, HOURS);
    stage.assertSends(1);
    stage.assertWipes(1);
    stage.assertStatus(a, Phase.Succeeded, Reason.Installed);
  }

  @Test
  void
      a_busy_rejection_whose_duplicate_another_operation_hides_is_not_followed_by_another_attempt() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.nextRequests(CallOutcome.DOUBLED);
    stage.r1.reconcile(a);
    stage.wait(Duration.ofMinutes(30));
    stage.cluster.cloud.power(Power.STOPPED);
    stage.work(stage.r1, a, HOURS);
    stage.assertSends(1);
    stage.assertWipes(1);
    stage.assertStatus(a, Phase.Unknown, Reason.OutcomeUnknown);
  }

  @Test
  void a_busy_rejection_with_nothing_behind_it_leads_to_another_attempt_after_the_settling_time() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.nextRequests(CallOutcome.REJECTED_BUSY);
    assertThat(stage.r1.reconcile(a)).contains(Duration.ofMinutes(2));
    stage.assertStatus(a, Phase.Pending, Reason.ServerBusy);
    stage.wait(Duration.ofSeconds(119));
    stage.r1.reconcile(a);
    stage.assertSends(1);
    stage.wait(Duration.ofSeconds(1));
    stage.r1.reconcile(a);
    stage.assertSends(2);
    stage.assertWipes(1);
  }

  @Test
  void a_busy_rejection_whose_server_is_never_seen_again_ends_as_unknown() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.nextRequests(CallOutcome.REJECTED_BUSY);
    stage.r1.reconcile(a);
    stage.script.describeOutcome = FaultSchedule.DescribeOutcome.DENIED;
    stage.work(stage.r1, a, HOURS);
    stage.assertStatus(a, Phase.Unknown, Reason.OutcomeUnknown);
  }

  @Test
  void a_busy_rejection_reports_of_a_send_although_it_waits() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.nextRequests(CallOutcome.DOUBLED);
    stage.r1.reconcile(a);
    stage.assertStatus(a, Phase.Pending, Reason.ServerBusy);
    stage.cluster.deleteLedger();
    stage.wait(Duration.ofMinutes(30));
    stage.cluster.cloud.power(Power.STOPPED);
    stage.r2.reconcile(a);
    stage.assertStatus(a, Phase.Unknown, Reason.LedgerOutdated);
    stage.assertSends(1);
  }

  @Test
  void a_busy_rejection_is_not_forgotten_because_a_restart_by_hand_hides_the_operation() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a", null);
    stage.script.nextRequests(CallOutcome.DOUBLED);
    stage.r1.reconcile(a);
    stage.wait(Duration.ofMinutes(30));
    stage.cluster.cloud.power(Power.RUNNING);
    stage.cluster.cloud.power(Power.STOPPED);
    stage.work(stage.r1, a, HOURS);
    stage.assertSends(1);
    stage.assertStatus(a, Phase.Unknown, Reason.OutcomeUnknown);
  }

  @Test
  void a_double_that_failed_to_install_is_not_forgotten_because_a_stop_by_hand_hides_it() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.cluster.cloud.installsFail = true;
    stage.script.nextRequests(CallOutcome.DOUBLED);
    stage.r1.reconcile(a);
    stage.wait(Duration.ofMinutes(30));
    assertThat(stage.cluster.cloud.observation().installed())
        .as("what it left")
        .containsValue("img-old");
    stage.cluster.cloud.breakFree();
    stage.cluster.cloud.power(Power.RUNNING);
    stage.cluster.cloud.power(Power.STOPPED);
    stage.work(stage.r1, a, HOURS);
    stage.assertSends(1);
    stage.assertStatus(a, Phase.Unknown, Reason.OutcomeUnknown);
  }

  @Test
  void what_is_over_is_not_shown_as_open_for_a_claim_whose_gate_it_closes() {
    Protocol stage = Protocol.tencent();
    String a =
        stage.cluster.create(
            "ns/a", stage.cluster.spec("img-new", stage.cluster.trueTime().plusSeconds(5)));
    stage.script.before(
        stage.r2,
        PortCall.UPDATE_STATUS,
        () -> {
          stage.script.crashBefore(stage.r1, PortCall.COMMIT_START);
          stage.script.before(stage.r1, PortCall.NOW, () -> {});
          stage.cluster.setMillis(0); // the clock of its node is behind
          try {
            stage.r1.reconcile(a);
          } catch (Crash e) {
            stage.r1.restart(Duration.ZERO);
          }
          stage.wait(Duration.ofSeconds(10));
        });
    stage.wait(Duration.ofSeconds(10));
    stage.r2.reconcile(a);
    assertThat(stage.state("a")).as(stage.reported()).isEqualTo(State.Submitting);
    stage.assertStatus(a, Phase.Failed, Reason.DeadlineExceeded);
    stage.r2.reconcile(a);
    stage.assertStatus(a, Phase.Failed, Reason.DeadlineExceeded);
    stage.assertSends(0);
  }

  @Test
  void the_last_witness_of_a_send_is_not_shown_as_open_for_a_claim_in_a_ledger_that_forgot_it() {
    Protocol stage = sentAndForgotten();
    stage.script.before(
        stage.r1,
        PortCall.UPDATE_STATUS,
        () -> stage.dies(stage.r2, "ns/a", PortCall.COMMIT_START));
    stage.r1.reconcile("ns/a");
    assertThat(stage.state("a")).as(stage.reported()).isEqualTo(State.Submitting);
    stage.assertStatus("ns/a", Phase.Unknown, Reason.LedgerOutdated);
    stage.r1.reconcile("ns/a");
    stage.assertStatus("ns/a", Phase.Unknown, Reason.LedgerOutdated);
    stage.work(stage.r1, "ns/a", HOURS);
    stage.assertSends(1);
  }

  @Test
  void a_status_is_not_set_back_by_a_ledger_that_was_restored() {
    Protocol stage = Protocol.jd();
    String a = stage.request("a");
    stage.r1.reconcile(a);
    stage.assertStatus(a, Phase.Installing, Reason.Installing);
    stage.cluster.restoreLedger(1);
    assertThat(stage.state("a")).isEqualTo(State.Submitting);
    stage.r2.reconcile(a);
    stage.assertStatus(a, Phase.Installing, Reason.Installing);
    stage.work(stage.r2, a, HOURS);
    stage.assertStatus(a, Phase.Unknown, Reason.LedgerOutdated);
    stage.assertSends(1);
  }

  @Test
  void a_claim_whose_process_wakes_up_late_is_released_though_others_gave_it_up() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    Runnable tooLate = () -> stage.wait(TIMING.sendWithin());
    Runnable farTooLate =
        () -> {
          stage.script.before(stage.r2, PortCall.UPDATE_STATUS, ProtocolTest::isAway);
          assertThatThrownBy(() -> stage.r2.reconcile(a))
              .hasMessage("away"); // it learned of the claim
          stage.wait(TIMING.fence());
          stage.dies(stage.r2, a, PortCall.UPDATE_STATUS);
          assertThat(stage.state("a")).as(stage.reported()).isEqualTo(State.Unknown);
        };
    Runnable doesNotHearOfItsClaim =
        () -> {
          stage.script.nextWrites(PortCall.WRITE_LEDGER, LostReply.RESPONSE);
          stage.script.before(stage.r1, PortCall.FETCH_LEDGER, farTooLate);
        };
    stage.script.before(
        stage.r1,
        PortCall.COMMIT_START,
        () -> {
          stage.script.before(stage.r1, PortCall.NEW_CLAIM_ID, doesNotHearOfItsClaim);
          stage.script.before(stage.r1, PortCall.MONOTONIC_TIME, tooLate);
        });
    stage.work(stage.r1, a, HOURS);
    stage.assertStatus(a, Phase.Succeeded, Reason.Installed);
    stage.assertSends(1);
  }

  private static void isAway() {
    throw new IllegalStateException("away");
  }

  @Test
  void a_token_is_not_trusted_beside_a_send_that_the_ledger_does_not_know() {
    Protocol stage = Protocol.jd();
    String a = stage.request("a");
    r2KnowsItOnlyAsItIsNow(stage, a);
    stage.script.nextRequests(CallOutcome.RESPONSE_LOST);
    stage.r1.reconcile(a);
    stage.wait(Duration.ofMinutes(25)); // the token is older than the trusted age
    stage.cluster.deleteLedger();
    stage.dies(stage.r2, a, PortCall.COMMIT_START); // its claim says that the token is new
    stage.r1.restart(Duration.ZERO);
    stage.work(stage.r1, a, HOURS);
    stage.assertSends(1);
    stage.assertStatus(a, Phase.Unknown, Reason.OutcomeUnknown);
  }
}
