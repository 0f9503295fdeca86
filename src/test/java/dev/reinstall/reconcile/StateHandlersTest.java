package dev.reinstall.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.Phase;
import dev.reinstall.api.Reason;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.Finding;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.reconcile.Result.Act;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** The handlers, over the product of all facts. */
class StateHandlersTest {
  private static final int MANY = 400_000;

  private static void always(BiConsumer<SnapshotFacts, Result> holds) {
    SituationSamples.some(MANY).forEach(s -> s.decision().ifPresent(d -> holds.accept(s, d)));
  }

  private static boolean isWrongWithoutLooking(SnapshotFacts s) {
    return s.desired().isGateClosed() || s.desired().validationError().isPresent();
  }

  @Test
  void every_step_is_taken_in_some_situation() {
    Set<Act> taken = EnumSet.noneOf(Act.class);
    always((s, result) -> taken.add(result.act()));
    assertThat(taken).containsExactlyInAnyOrder(Act.values());
  }

  @Test
  void what_is_said_fits_its_phase() {
    always(
        (s, result) -> {
          if (result.reason() != null) {
            Phase phase = StatusBuilder.phase(result);
            assertThat(result.reason().phases()).as("%s of %s", result.reason(), s).contains(phase);
            assertThat(result.message()).isNotBlank();
          }
        });
  }

  @Test
  void while_the_operator_is_paused_nothing_is_claimed_or_sent() {
    always(
        (s, result) -> {
          if (s.pause().isPresent()) {
            assertThat(result.act()).isNotIn(Act.STOP, Act.SUBMIT, Act.RESEND, Act.START);
          }
        });
  }

  @Test
  void a_request_is_claimed_only_with_open_gates_a_stopped_server_and_all_its_secrets() {
    always(
        (s, result) -> {
          if (result.act() == Act.SUBMIT) {
            assertThat(s.recorded().state()).isIn(null, State.Released, State.Stopping);
            assertThat(isWrongWithoutLooking(s)).isFalse();
            assertThat(s.recorded().notGranted()).isEmpty();
            assertThat(s.recorded().blocking().isEmpty() || s.recorded().state() == State.Stopping)
                .isTrue();
            assertThat(power(s) == Power.STOPPED || isStopNeedless(s)).isTrue();
            assertThat(s.secrets().areUsable()).isTrue();
            assertThat(Finding.haveError(s.catalogues())).isFalse();
          }
        });
  }

  @Test
  void a_request_whose_check_found_an_error_is_neither_claimed_nor_stopped_for() {
    always(
        (s, result) -> {
          Act step = result.act();
          if (step == Act.STOP || step == Act.SUBMIT) {
            assertThat(Finding.haveError(s.server().findings())).isFalse();
            assertThat(Finding.haveError(s.secrets().findings())).isFalse();
            assertThat(Finding.haveError(s.catalogues())).isFalse();
          }
        });
  }

  private static Power power(SnapshotFacts s) {
    return s.server().observation().orElseThrow().power();
  }

  private static boolean isStopNeedless(SnapshotFacts s) {
    return s.recorded().state() == State.Stopping
        && s.recorded().stop().filter(stop -> stop.notNeeded() != null).isPresent();
  }

  @Test
  void a_server_is_stopped_only_for_a_request_that_wants_it_and_that_nothing_else_keeps() {
    always(
        (s, result) -> {
          if (result.act() == Act.STOP) {
            assertThat(s.recorded().state()).isIn(null, State.Released, State.Stopping);
            assertThat(isWrongWithoutLooking(s)).isFalse();
            assertThat(s.recorded().notGranted()).isEmpty();
            assertThat(power(s)).isEqualTo(Power.RUNNING);
            assertThat(s.secrets().areUsable()).isTrue();
            assertThat(Finding.haveError(s.catalogues())).isFalse();
            if (s.recorded().state() != State.Stopping) {
              assertThat(s.desired().whenRunning()).isEqualTo(WhenRunning.Stop);
              assertThat(s.recorded().blocking()).isEmpty();
            }
          }
        });
  }

  @Test
  void what_was_stopped_is_ordered_only_once_the_stop_was_answered_or_is_dead_and_is_over() {
    always(
        (s, result) -> {
          if (s.recorded().state() == State.Stopping && result.act() == Act.SUBMIT) {
            assertThat(
                    s.recorded().isResponseReceived()
                        || s.recorded().claimAge().compareTo(s.recorded().fence()) >= 0)
                .isTrue();
            assertThat(s.server().powerChangeSettled() || isStopNeedless(s)).isTrue();
          }
        });
  }

  @Test
  void a_server_is_started_only_after_the_end_of_its_own_request_and_if_it_rests_stopped() {
    always(
        (s, result) -> {
          if (result.act() == Act.START) {
            assertThat(s.recorded().state()).isIn(State.Accepted, State.Installing, State.Starting);
            assertThat(s.recorded().isOwner()).isTrue();
            assertThat(power(s)).isEqualTo(Power.STOPPED);
            assertThat(
                    (s.desired().startAfter() && s.server().evidence() == Evidence.DONE)
                        || s.recorded().start().isPresent())
                .isTrue();
            assertThat(s.recorded().start().filter(start -> start.acceptTime() != null)).isEmpty();
            assertThat(s.recorded().notGranted()).isEmpty();
          }
        });
  }

  @Test
  void a_request_is_sent_again_only_past_the_fence_with_a_trusted_token_and_the_same_secrets() {
    always(
        (s, result) -> {
          if (result.act() == Act.RESEND) {
            assertThat(s.recorded().state()).isIn(State.Submitting, State.RejectedBusy);
            assertThat(s.recorded().isOwner()).isTrue();
            assertThat(s.desired().isGateClosed()).isFalse();
            assertThat(s.recorded().notGranted()).isEmpty();
            assertThat(s.recorded().claimAge()).isGreaterThanOrEqualTo(s.recorded().fence());
            assertThat(s.server().tokenTrusted()).isTrue();
            assertThat(s.secrets().unchanged()).isTrue();
          }
        });
  }

  @Test
  void after_a_claim_a_request_ends_only_by_what_was_seen_or_by_time() {
    always(
        (s, result) -> {
          Act step = result.act();
          Evidence sight = s.described().map(ServerObservation::evidence).orElse(Evidence.NONE);
          Evidence.LostRequestEvidence operation =
              s.described()
                  .map(ServerObservation::lostRequest)
                  .orElse(Evidence.LostRequestEvidence.NONE);
          if (result.act() == Act.FAIL_UNSENT) {
            assertThat(
                    s.recorded().state() == null
                        || s.recorded().state() == State.Released
                        || !s.recorded().sameSpec()
                        || !s.recorded().continued())
                .isTrue();
          }
          if (result.act() != Act.TRANSITION) {
            return;
          }
          switch (result.entry().state()) {
            case Succeeded ->
                assertThat(
                        sight == Evidence.DONE
                            || operation == Evidence.LostRequestEvidence.MATCHES
                            || s.recorded().state() == State.Starting)
                    .isTrue();
            case Failed -> assertThat(sight).isEqualTo(Evidence.FAILED);
            case Accepted -> assertThat(operation).isEqualTo(Evidence.LostRequestEvidence.MATCHES);
            case Installing -> assertThat(sight).isIn(Evidence.TRANSITION, Evidence.CHANGED);
            case Released ->
                assertThat(
                        s.recorded().unsent()
                            || s.recorded().state().isPowerChange()
                            || (s.recorded().state() == State.Released
                                && s.recorded().restartOwed())
                            || (s.recorded().state() == State.RejectedBusy
                                && operation == Evidence.LostRequestEvidence.NONE
                                && isInstalled(s, s.desired().requiredInstallation())))
                    .isTrue();
            case Unknown -> {}
            default -> throw new AssertionError("a transition to " + result.entry().state());
          }
        });
  }

  private static boolean isInstalled(SnapshotFacts s, Map<String, String> what) {
    return s.server()
        .observation()
        .orElseThrow()
        .installed()
        .entrySet()
        .containsAll(what.entrySet());
  }

  private static boolean isCalledAsRequired(SnapshotFacts s) {
    return s.server()
        .described()
        .details()
        .labels()
        .entrySet()
        .containsAll(s.desired().requiredLabels().entrySet());
  }

  private static boolean meetsPreconditions(SnapshotFacts s) {
    return isInstalled(s, s.desired().requiredInstallation()) && isCalledAsRequired(s);
  }

  @Test
  void a_request_is_started_only_where_what_its_preconditions_ask_for_is_installed() {
    always(
        (s, result) -> {
          switch (result.act()) {
            case SUBMIT -> assertThat(meetsPreconditions(s)).isTrue();
            case RESEND -> {
              assertThat(isCalledAsRequired(s)).isTrue();
              // Its own operation may be finished by now, and the cloud may report nothing while it
              // is in progress.
              Map<String, String> ordered = s.recorded().entry().orElseThrow().expected();
              Observation observation = s.server().observation().orElseThrow();
              assertThat(
                      isInstalled(s, s.desired().requiredInstallation())
                          || ordered == null
                          || isInstalled(s, ordered)
                          || observation.installed().isEmpty())
                  .isTrue();
            }
            default -> {}
          }
        });
  }

  @Test
  void a_request_that_may_have_been_given_never_fails_for_its_preconditions() {
    always(
        (s, result) -> {
          if (result.reason() == Reason.PreconditionFailed) {
            assertThat(s.recorded().state()).isIn(null, State.Released);
            assertThat(meetsPreconditions(s)).isFalse();
          }
        });
  }

  @Test
  void a_request_that_is_not_supported_is_not_compared_with_one_of_its_name() {
    always(
        (s, result) -> {
          if (result.reason() == Reason.NameConflict) {
            assertThat(
                    s.desired().supported()
                        || s.desired().reportedProgress() != ReportedProgress.NONE)
                .isTrue();
          }
        });
  }

  @Test
  void what_is_reported_as_an_end_was_read_from_the_ledger_itself() {
    always(
        (s, result) -> {
          if (result.act() == Act.FAIL_UNSENT) {
            assertThat(s.recorded().uncached()).isTrue();
          }
        });
  }
}
