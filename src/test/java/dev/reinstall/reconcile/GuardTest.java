package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.Protocol.TIMING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.Phase;
import dev.reinstall.api.Reason;
import dev.reinstall.api.ReinstallSpec.PowerAfter;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.ledger.EntryBuilder;
import dev.reinstall.ledger.Ledger;
import dev.reinstall.reconcile.FaultSchedule.CallOutcome;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Tests of guards that no other scenario covers. */
class GuardTest {
  private static final Duration HOURS = Duration.ofHours(3);
  private static final Duration PAST_A_TOKENS_FENCE = TIMING.sendWithin().multipliedBy(2);

  // The description.

  @Test
  void a_description_is_as_old_as_its_question() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.before(stage.r1, PortCall.MONOTONIC_TIME, () -> {}); // before the description
    stage.script.before(
        stage.r1,
        PortCall.MONOTONIC_TIME,
        () -> {
          stage.cluster.cloud.power(Power.RUNNING);
          stage.wait(TIMING.observationValidity());
        });
    stage.r1.reconcile(a);
    stage.assertSends(0);
    stage.assertStatus(a, Phase.Pending, Reason.ServerRunning);
  }

  @Test
  void an_end_rests_on_a_description_that_is_younger_than_the_ledger() {
    Protocol stage = Protocol.tencent();
    stage.cluster.cloud.power(Power.RUNNING);
    String a =
        stage.cluster.create(
            "ns/a", stage.cluster.spec("img-new", stage.inHours(4), WhenRunning.Fail, false));
    stage.script.before(
        stage.r1, PortCall.FETCH_LEDGER, () -> stage.cluster.cloud.power(Power.STOPPED));
    stage.r1.reconcile(a);
    stage.assertSends(1);
  }

  // The point of no return.

  @Test
  void a_request_that_is_replaced_after_its_claim_is_sent_as_the_new_object_has_it() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.before(
        stage.r1,
        PortCall.COMMIT_START,
        () -> {
          stage.cluster.delete(a);
          stage.request("a", "img-other");
        });
    stage.work(stage.r1, a, HOURS);
    stage.assertSends(1);
    assertThat(stage.cluster.cloud.observation().installed()).containsValue("img-other");
    stage.assertStatus(a, Phase.Succeeded, Reason.Installed);
  }

  @Test
  void a_request_that_is_suspended_unseen_by_the_watch_is_not_sent() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.describeOutcome = FaultSchedule.DescribeOutcome.UNREACHABLE;
    stage.r1.reconcile(a);
    stage.script.describeOutcome = FaultSchedule.DescribeOutcome.CLEAR;
    stage.script.freeze(stage.r1, PortCall.CACHED_REINSTALL);
    stage.cluster.suspend(a, true);
    stage.r1.reconcile(a);
    stage.assertSends(0);
    assertThat(stage.state("a")).as(stage.reported()).isEqualTo(State.Released);
    stage.assertStatus(a, Phase.Pending, Reason.Suspended);
  }

  @Test
  void a_request_that_is_being_deleted_claims_nothing() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.cluster.markDeleted(a);
    stage.r1.reconcile(a);
    assertThat(stage.cluster.ledger().orders()).as(stage.reported()).isEmpty();
  }

  @Test
  void a_ledger_that_a_newer_operator_wrote_in_is_left_alone() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    String b = stage.request("b");
    stage.r1.reconcile(b);
    edit(stage, "b", entry -> entry.state = State.UNRECOGNIZED);
    stage.r1.reconcile(a);
    stage.assertSends(1);
    stage.assertStatus(a, Phase.Pending, Reason.LedgerVersionUnsupported);
  }

  @Test
  void a_request_that_is_suspended_before_it_is_sent_again_is_not_claimed_again() {
    Protocol stage = Protocol.jd();
    String a = stage.request("a");
    stage.script.nextRequests(CallOutcome.REQUEST_LOST);
    stage.r1.reconcile(a);
    stage.cluster.suspend(a, true);
    stage.wait(PAST_A_TOKENS_FENCE);
    stage.r1.reconcile(a);
    assertThat(stage.entry("a").claimNumber()).as(stage.reported()).isEqualTo(1);
    stage.assertStatus(a, Phase.Submitting, Reason.AwaitingConfirmation);
  }

  @Test
  void a_server_that_is_reset_by_hand_while_it_is_held_is_judged_by_the_preconditions_again() {
    Protocol stage = Protocol.tencent();
    stage.cluster.cloud.power(Power.RUNNING);
    stage.wait(Duration.ofMinutes(5));
    String a =
        stage.cluster.create(
            "ns/a",
            stage.cluster.onlyFrom(
                "img-old", stage.cluster.power(WhenRunning.Stop, PowerAfter.Leave, stage.spec())));
    stage.r1.reconcile(a);
    assertThat(stage.state("a")).isEqualTo(State.Stopping);
    stage.wait(Duration.ofMinutes(1));
    stage.cluster.cloud.resetByHand("img-other");
    stage.wait(Duration.ofMinutes(30));
    stage.work(stage.r1, a, HOURS);
    stage.assertSends(0);
    stage.assertStatus(a, Phase.Failed, Reason.PreconditionFailed);
  }

  // The fences.

  @Test
  void a_claim_whose_write_took_long_is_released() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.before(stage.r1, PortCall.WRITE_LEDGER, () -> stage.wait(TIMING.sendWithin()));
    stage.r1.reconcile(a);
    stage.assertSends(1);
    assertThat(stage.entry("a").claimNumber()).as(stage.reported()).isEqualTo(2);
  }

  @Test
  void with_a_token_a_claim_is_left_alone_for_twice_the_time_to_send() {
    Protocol stage = Protocol.jd();
    String a = stage.request("a");
    stage.script.nextRequests(CallOutcome.REQUEST_LOST);
    stage.r1.reconcile(a);
    stage.wait(PAST_A_TOKENS_FENCE.minusSeconds(1));
    stage.r1.reconcile(a);
    stage.assertSends(1);
    stage.wait(Duration.ofSeconds(1));
    stage.r1.reconcile(a);
    stage.assertSends(2);
  }

  @Test
  void the_time_to_send_is_that_of_who_made_the_claim() {
    Protocol stage = Protocol.jd();
    String a = stage.request("a");
    stage.dies(stage.r1, a, PortCall.REINSTALL);
    edit(stage, "a", entry -> entry.sendTimeout = "PT1M"); // as its settings have it
    stage.r2.reconcile(a);
    stage.wait(Duration.ofSeconds(119));
    stage.r2.reconcile(a);
    stage.assertSends(0);
    stage.wait(Duration.ofSeconds(1));
    stage.r2.reconcile(a);
    stage.assertSends(1);
  }

  @Test
  void a_start_that_was_refused_is_asked_for_again_at_the_next_poll_and_not_before() {
    Protocol stage = Protocol.jd();
    stage.cluster.cloud.endsStopped = true;
    String a =
        stage.cluster.create(
            "ns/a", stage.cluster.power(WhenRunning.Wait, PowerAfter.Running, stage.spec()));
    stage.script.nextRequests(
        CallOutcome.ANSWERED, CallOutcome.REJECTED_THROTTLED, CallOutcome.REJECTED_THROTTLED);
    Duration next = stage.r1.reconcile(a).orElseThrow();
    while (refusedStarts(stage) == 0) {
      stage.wait(next);
      next = stage.r1.reconcile(a).orElseThrow();
    }
    stage.r1.reconcile(a);
    assertThat(refusedStarts(stage)).as(stage.reported()).isEqualTo(1);
    stage.wait(TIMING.pollInterval());
    stage.r1.reconcile(a);
    assertThat(refusedStarts(stage)).as(stage.reported()).isEqualTo(2);
  }

  private static long refusedStarts(Protocol stage) {
    return stage.cluster.counters.others.getOrDefault("starts sent, REJECTED_THROTTLED", 0L);
  }

  // A token.

  @Test
  void a_token_that_was_refused_permanently_is_not_used_again() {
    Protocol stage = Protocol.jd();
    String a = stage.request("a");
    stage.script.nextRequests(CallOutcome.REJECTED_DENIED);
    stage.r1.reconcile(a);
    stage.assertStatus(a, Phase.Pending, Reason.AccessDenied);
    stage.wait(TIMING.slowInterval());
    stage.work(stage.r1, a, HOURS); // the cloud remembers the token as rejected
    stage.assertStatus(a, Phase.Succeeded, Reason.Installed);
    stage.assertSends(2);
  }

  // Evidence.

  @Test
  void a_record_that_changed_before_the_work_began_is_not_taken_for_its_end() {
    Protocol stage = Protocol.jd();
    String a = stage.request("a", null);
    stage.script.picks = bound -> bound == 2 ? 0 : bound - 1; // the operation starts late
    stage.r1.reconcile(a);
    stage.wait(TIMING.pollInterval());
    stage.r1.reconcile(a);
    assertThat(stage.entry("a").evidence()).as(stage.reported()).isNotNull();
    stage.wait(TIMING.pollInterval());
    stage.r1.reconcile(a);
    assertThat(stage.state("a")).as(stage.reported()).isEqualTo(State.Installing);
    stage.work(stage.r1, a, HOURS);
    stage.assertStatus(a, Phase.Succeeded, Reason.Installed);
  }

  @Test
  void a_request_that_has_an_acceptance_does_not_take_the_operation_of_another() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.r1.reconcile(a);
    stage.wait(Duration.ofMinutes(30));
    stage.cluster.cloud.resetByHand("img-new");
    stage.script.describeOutcome = FaultSchedule.DescribeOutcome.UNREACHABLE;
    stage.wait(TIMING.orderTimeout());
    stage.r1.reconcile(a);
    stage.assertStatus(a, Phase.Unknown, Reason.OutcomeUnknown);
    stage.script.describeOutcome = FaultSchedule.DescribeOutcome.CLEAR;
    stage.r1.reconcile(a);
    stage.assertStatus(a, Phase.Unknown, Reason.OutcomeUnknown);
  }

  @Test
  void the_next_claim_ends_the_watch_for_a_late_operation() {
    Protocol stage = Protocol.tencent();
    String a = unknown(stage);
    assertThat(stage.r1.reconcile(a)).as("watched").isPresent();
    stage.wait(TIMING.fence());
    stage.r1.reconcile(stage.request("b"));
    stage.assertSends(2);
    assertThat(stage.r1.reconcile(a)).as(stage.reported()).isEmpty();
  }

  @Test
  void a_late_operation_is_watched_for_during_one_more_time_out() {
    Protocol stage = Protocol.tencent();
    String a = unknown(stage);
    stage.wait(TIMING.orderTimeout().minusSeconds(1));
    assertThat(stage.r1.reconcile(a)).isPresent();
    stage.wait(Duration.ofSeconds(2));
    assertThat(stage.r1.reconcile(a)).as(stage.reported()).isEmpty();
  }

  private static String unknown(Protocol stage) {
    String a = stage.request("a");
    stage.script.nextRequests(CallOutcome.REQUEST_LOST);
    stage.r1.reconcile(a);
    stage.wait(TIMING.fence());
    stage.r1.reconcile(a);
    stage.assertStatus(a, Phase.Unknown, Reason.OutcomeUnknown);
    return a;
  }

  // A busy rejection.

  @Test
  void after_a_busy_rejection_what_may_hide_a_double_has_the_fence() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a", null);
    stage.script.nextRequests(CallOutcome.REJECTED_BUSY);
    stage.r1.reconcile(a);
    stage.cluster.cloud.power(Power.RUNNING);
    stage.cluster.cloud.power(Power.STOPPED);
    stage.wait(Duration.ofMinutes(2));
    stage.r1.reconcile(a);
    stage.assertStatus(a, Phase.Submitting, Reason.AwaitingConfirmation);
    stage.wait(TIMING.fence());
    stage.r1.reconcile(a);
    stage.assertStatus(a, Phase.Unknown, Reason.OutcomeUnknown);
  }

  // Final entries, and the status as evidence.

  @Test
  void a_request_that_failed_is_not_started_again_for_a_new_object() {
    Protocol stage = Protocol.tencent();
    stage.cluster.cloud.installsFail = true;
    String a = stage.request("a");
    stage.work(stage.r1, a, HOURS);
    stage.assertStatus(a, Phase.Failed, Reason.InstallFailed);
    stage.cluster.cloud.power(Power.STOPPED);
    stage.cluster.delete(a);
    stage.request("a");
    stage.work(stage.r1, a, HOURS);
    stage.assertStatus(a, Phase.Failed, Reason.InstallFailed);
    stage.assertSends(1);
  }

  @Test
  void a_status_that_is_over_while_the_entry_is_stopping_reports_a_ledger_that_was_restored() {
    Protocol stage = Protocol.tencent();
    stage.cluster.cloud.power(Power.RUNNING);
    stage.wait(Duration.ofMinutes(5));
    String a =
        stage.cluster.create(
            "ns/a", stage.cluster.power(WhenRunning.Stop, PowerAfter.Leave, stage.spec()));
    stage.r1.reconcile(a);
    assertThat(stage.state("a")).isEqualTo(State.Stopping);
    stage.cluster.editStatus(a, Phase.Succeeded);
    stage.r1.reconcile(a);
    assertThat(stage.state("a")).as(stage.reported()).isEqualTo(State.Unknown);
  }

  @Test
  void a_status_keeps_the_time_of_a_later_claim_than_the_ledger_knows() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.nextRequests(CallOutcome.REJECTED_BUSY, CallOutcome.REQUEST_LOST);
    stage.r1.reconcile(a);
    int refused = stage.cluster.ledgers().size() - 1;
    Duration settle = stage.cluster.cloud.capabilities.settleTime();
    stage.wait(settle);
    stage.r1.reconcile(a);
    stage.assertSends(2);
    stage.cluster.restoreLedger(refused);
    stage.r2.reconcile(a);
    stage.wait(settle);
    stage.r2.reconcile(a);
    stage.assertSends(2);
    stage.assertStatus(a, Phase.Unknown, Reason.LedgerOutdated);
  }

  @Test
  void a_claim_that_was_released_hides_no_send_that_its_ledger_has_forgotten() {
    Protocol stage = Protocol.tencent();
    String a = stage.request("a");
    stage.script.nextRequests(CallOutcome.RESPONSE_LOST);
    stage.r1.reconcile(a);
    edit( // a claim in a new ledger, released before the status recorded the submission
        stage,
        "a",
        builder -> {
          builder.claimTime = builder.claimTime.plusSeconds(1);
          builder.responseReceived = true;
          builder.finish(State.Released, null, null, stage.cluster.trueTime());
        });
    stage.work(stage.r2, a, Duration.ofHours(1));
    stage.assertSends(1);
    stage.assertStatus(a, Phase.Unknown, Reason.LedgerOutdated);
  }

  // Orphaned entries.

  @Test
  void an_orphaned_entry_whose_start_was_lost_is_followed_to_its_end() {
    Protocol stage = Protocol.jd();
    stage.cluster.cloud.endsStopped = true;
    String a =
        stage.cluster.create(
            "ns/a", stage.cluster.power(WhenRunning.Wait, PowerAfter.Running, stage.spec()));
    stage.script.nextRequests(CallOutcome.ANSWERED, CallOutcome.REQUEST_LOST);
    while (!stage.reported().contains("a start for a is sent")) {
      stage.wait(stage.r1.reconcile(a).orElseThrow());
    }
    stage.cluster.delete(a);
    String b = stage.request("b");
    stage.wait(TIMING.fence());
    stage.work(stage.r1, b, Duration.ofHours(1));
    assertThat(stage.state("a")).as(stage.reported()).isEqualTo(State.Succeeded);
    stage.assertStatus(b, Phase.Succeeded, Reason.Installed);
  }

  /** Another process, or another version, wrote the entry like this. */
  private static void edit(Protocol stage, String name, Consumer<EntryBuilder> change) {
    EntryBuilder builder = new EntryBuilder(stage.entry(name));
    change.accept(builder);
    Ledger now = stage.cluster.ledger();
    stage.cluster.putLedger(now.with(name, builder.build()));
  }
}
