package dev.reinstall.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.Reason;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.reconcile.Evidence.LostRequestEvidence;
import dev.reinstall.reconcile.Result.Act;
import dev.reinstall.reconcile.Result.Requeue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;

/** What is decided, and said, where a server stays as it is; over the product of all facts. */
class DecisionsTest {
  private static final int MANY = 200_000;

  /** Some situations are such, and for each of them it holds. */
  private static void where(
      BiPredicate<SnapshotFacts, Result> such, BiConsumer<SnapshotFacts, Result> holds) {
    AtomicInteger found = new AtomicInteger();
    SituationSamples.some(MANY)
        .forEach(
            s ->
                s.decision()
                    .filter(result -> such.test(s, result))
                    .ifPresent(
                        result -> {
                          found.incrementAndGet();
                          holds.accept(s, result);
                        }));
    assertThat(found.get()).isGreaterThan(5);
  }

  private static boolean isIn(SnapshotFacts s, State... states) {
    return s.recorded().state() != null && Set.of(states).contains(s.recorded().state());
  }

  private static boolean isDecidedByState(SnapshotFacts s) {
    return s.recorded().supported()
        && s.recorded().sameSpec()
        && s.recorded().sameObject()
        && s.recorded().continued()
        && s.recorded().uncached()
        && s.desired().uncached();
  }

  private static boolean isObserved(SnapshotFacts s) {
    return s.described().flatMap(ServerObservation::observation).isPresent();
  }

  private static Entry entry(SnapshotFacts s) {
    return s.recorded().entry().orElseThrow();
  }

  @Test
  void a_claim_that_is_never_sent_is_released_unless_the_status_reports_another_submit() {
    where(
        (s, result) ->
            isIn(s, State.Submitting, State.RejectedBusy)
                && isDecidedByState(s)
                && s.recorded().unsent(),
        (s, result) ->
            assertThat(result.entry().state())
                .isEqualTo(
                    s.desired().statusReportsOtherClaim(entry(s))
                        ? State.Unknown
                        : State.Released));
  }

  @Test
  void a_resend_that_waits_says_what_for() {
    where(
        (s, result) -> result.message().contains("must not be sent now"),
        (s, result) -> {
          String why = result.message();
          if (s.desired().suspended()) {
            assertThat(why).endsWith("spec.suspend is true.");
          } else if (s.desired().expired()) {
            assertThat(why).endsWith("spec.notAfter (" + s.desired().notAfter() + ") has passed.");
          } else if (s.desired().deleted()) {
            assertThat(why).endsWith("the Reinstall is being deleted.");
          } else if (s.pause().isPresent()) {
            assertThat(why).endsWith("the operator is paused: incident.");
          } else if (s.recorded().hold().isPresent()) {
            assertThat(why).endsWith("the server is held: repair.");
          } else if (s.recorded().notGranted().isPresent()) {
            assertThat(why).endsWith("the server is not granted to this namespace.");
          } else if (OwnNode.isFound(s.server())) {
            assertThat(why).contains("is a Node of the operator's own cluster");
          } else if (s.server().changedAsRequested()) {
            assertThat(why).contains("the requested system is installed");
          } else {
            assertThat(why).containsPattern("spec.preconditions requires|does not allow it");
          }
        });
  }

  @Test
  void while_the_operator_is_paused_each_pending_request_that_is_understood_says_so() {
    where(
        (s, result) ->
            s.pause().isPresent()
                && s.recorded().supported()
                && s.recorded().sameSpec()
                && isIn(s, State.Released)
                && result.act() == Act.STAY,
        (s, result) -> assertThat(result.reason()).isEqualTo(Reason.OperatorPaused));
  }

  @Test
  void a_finished_status_is_kept_beside_what_another_object_claimed() {
    where(
        (s, result) ->
            s.recorded().supported()
                && s.recorded().uncached()
                && s.recorded().isClaimed()
                && !s.recorded().sameObject()
                && s.desired().reportedProgress().isFinished()
                && (s.recorded().state().isOpen() || !s.recorded().sameSpec()),
        (s, result) -> assertThat(result).isEqualTo(Result.keepStatus(Requeue.NEVER)));
  }

  @Test
  void a_request_that_is_not_supported_says_so_beside_one_of_its_name() {
    where(
        (s, result) ->
            s.recorded().supported()
                && s.recorded().isClaimed()
                && !s.recorded().sameSpec()
                && !s.desired().supported()
                && s.desired().reportedProgress() == ReportedProgress.NONE,
        (s, result) -> assertThat(result.reason()).isEqualTo(Reason.UnsupportedField));
  }

  @Test
  void a_status_is_kept_until_the_next_poll_only_beside_what_may_have_been_sent() {
    where(
        (s, result) -> result.act() == Act.KEEP_STATUS && result.requeue() == Requeue.AT_NEXT_POLL,
        (s, result) ->
            assertThat(entry(s).state().mayBeSubmitted() || isIn(s, State.Restarting)).isTrue());
  }

  @Test
  void a_completed_request_waits_for_its_server_until_it_times_out() {
    where(
        (s, result) ->
            isIn(s, State.Starting)
                && isDecidedByState(s)
                && !s.recorded().startInFlight()
                && isObserved(s),
        (s, result) -> {
          boolean accepted = entry(s).start().acceptTime() != null;
          boolean unsettled =
              accepted && !s.server().isRunning() && !s.server().powerChangeSettled();
          assertThat(result.act() == Act.STAY || result.act() == Act.KEEP_STATUS)
              .isEqualTo(!s.recorded().timedOut() && (s.server().isBusy() || unsettled));
        });
    where(
        (s, result) ->
            isIn(s, State.Accepted, State.Installing)
                && isDecidedByState(s)
                && s.desired().startAfter()
                && isObserved(s)
                && s.server().evidence() == Evidence.DONE,
        (s, result) ->
            assertThat(result.act() == Act.STAY)
                .isEqualTo(!s.recorded().timedOut() && s.server().isBusy()));
  }

  @Test
  void a_start_says_whether_it_was_rejected_and_a_success_that_the_server_does_not_run() {
    where(
        (s, result) ->
            isIn(s, State.Starting)
                && isDecidedByState(s)
                && result.act() == Act.STAY
                && s.recorded().startInFlight()
                && !s.recorded().unsent(),
        (s, result) ->
            assertThat(result.message().contains("rejected"))
                .isEqualTo(Boolean.TRUE.equals(entry(s).start().refused())));
    where(
        (s, result) ->
            isIn(s, State.Starting, State.Accepted, State.Installing)
                && result.entry() != null
                && result.entry().state() == State.Succeeded
                && isObserved(s),
        (s, result) ->
            assertThat(result.message().contains("spec.powerAfter is Running"))
                .isEqualTo(
                    !s.server().isRunning()
                        && (isIn(s, State.Starting) || s.desired().startAfter())));
  }

  @Test
  void what_waits_says_what_for_and_is_retried_rarely_where_a_person_must_act() {
    where(
        (s, result) -> result.reason() == Reason.Queued && result.act() == Act.STAY,
        (s, result) ->
            assertThat(
                    result.message().contains("has finished, but")
                        || result.message().contains("The server was stopped for the request"))
                .isEqualTo(!s.recorded().blocking().orElseThrow().open()));
    where(
        (s, result) ->
            result.act() == Act.STAY
                && s.recorded().backoff().isPresent()
                && result.message().equals("refused"),
        (s, result) -> assertThat(result.requeue()).isEqualTo(Requeue.AFTER_BACKOFF));
    where(
        (s, result) ->
            result.act() == Act.STAY
                && isIn(s, State.Released)
                && result.reason() == Reason.Throttled
                && !s.recorded().backoff().isPresent(),
        (s, result) ->
            assertThat(result.message().contains("the pause that the cloud asked for"))
                .isEqualTo(s.server().failure().orElseThrow().pause().isPresent()));
  }

  /** The ledger was restored to the claim; an older status says nothing of it. */
  @Test
  void a_lost_response_is_called_an_old_ledger_only_by_a_status_of_that_claim_or_a_later_one() {
    where(
        (s, result) ->
            isIn(s, State.Submitting)
                && isDecidedByState(s)
                && !s.recorded().unsent()
                && !s.recorded().isWithinFence()
                && !s.recorded().timedOut()
                && isObserved(s)
                && Set.of(LostRequestEvidence.NONE, LostRequestEvidence.FOREIGN)
                    .contains(s.server().lostRequest())
                && s.desired().reportedProgress().compareTo(ReportedProgress.SUBMITTING) > 0,
        (s, result) ->
            assertThat(result.reason() == Reason.LedgerOutdated)
                .isEqualTo(s.desired().reportedClaim().isPresent()));
  }
}
