package dev.reinstall.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.Phase;
import dev.reinstall.api.Reason;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.lifecycle.Situation.Look;
import dev.reinstall.lifecycle.Situation.SecretsRead;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The table, over the product of all facts. */
class LifecycleTest {
  private static final int MANY = 400_000;

  private static void always(Consumer<Situation> holds) {
    Situations.some(MANY).forEach(holds);
  }

  private static boolean isWrongWithoutLooking(Situation s) {
    return s.wish().isGateClosed() || s.wish().unsound().isPresent();
  }

  @Test
  void every_row_is_for_some_situation_and_every_situation_has_a_row() {
    Set<Lifecycle.Row> met = new HashSet<>();
    always(s -> met.add(Lifecycle.row(s)));
    assertThat(Lifecycle.ROWS).allSatisfy(row -> assertThat(met).as(row.label()).contains(row));
  }

  @Test
  void what_is_said_fits_its_phase() {
    always(
        s -> {
          Decision decision = Lifecycle.decide(s);
          if (decision.reason() != null && decision.step().to() != State.Released) {
            Phase phase = Telling.phase(decision);
            assertThat(decision.reason().phases())
                .as("%s of %s", decision.reason(), Lifecycle.row(s).label())
                .contains(phase);
            assertThat(decision.message()).isNotBlank();
          }
        });
  }

  @Test
  void an_order_is_claimed_only_with_open_gates_a_stopped_server_and_all_its_secrets() {
    always(
        s -> {
          if (Lifecycle.decide(s).step() == Step.CLAIM) {
            assertThat(s.standing().state()).isIn(null, State.Released, State.Stopping);
            assertThat(isWrongWithoutLooking(s)).isFalse();
            assertThat(s.standing().ahead().isEmpty() || s.standing().state() == State.Stopping)
                .isTrue();
            assertThat(power(s) == Power.STOPPED || isStopNeedless(s)).isTrue();
            assertThat(s.secrets().flatMap(SecretsRead::problem)).isEmpty();
            assertThat(s.secrets()).isPresent();
          }
        });
  }

  private static Power power(Situation s) {
    return s.look().orElseThrow().seen().orElseThrow().power();
  }

  private static boolean isStopNeedless(Situation s) {
    return s.standing().state() == State.Stopping
        && s.standing().stop().filter(stop -> stop.notNeeded() != null).isPresent();
  }

  @Test
  void a_server_is_stopped_only_for_an_order_that_wants_it_and_that_nothing_else_keeps() {
    always(
        s -> {
          if (Lifecycle.decide(s).step() == Step.HOLD) {
            assertThat(s.standing().state()).isIn(null, State.Released, State.Stopping);
            assertThat(isWrongWithoutLooking(s)).isFalse();
            assertThat(power(s)).isEqualTo(Power.RUNNING);
            assertThat(s.secrets().flatMap(SecretsRead::problem)).isEmpty();
            assertThat(s.secrets()).isPresent();
            if (s.standing().state() != State.Stopping) {
              assertThat(s.wish().whenRunning()).isEqualTo(WhenRunning.Stop);
              assertThat(s.standing().ahead()).isEmpty();
            }
          }
        });
  }

  @Test
  void what_was_stopped_is_ordered_only_once_the_stop_was_answered_or_is_dead_and_is_over() {
    always(
        s -> {
          if (s.standing().state() == State.Stopping && Lifecycle.decide(s).step() == Step.CLAIM) {
            assertThat(
                    s.standing().isAnswered()
                        || s.standing().claimAge().compareTo(s.standing().fence()) >= 0)
                .isTrue();
            assertThat(s.look().orElseThrow().settled() || isStopNeedless(s)).isTrue();
          }
        });
  }

  @Test
  void a_server_is_started_only_after_the_end_of_its_own_order_and_if_it_rests_stopped() {
    always(
        s -> {
          if (Lifecycle.decide(s).step() == Step.START) {
            assertThat(s.standing().state()).isIn(State.Accepted, State.Installing);
            assertThat(s.standing().own()).isTrue();
            assertThat(power(s)).isEqualTo(Power.STOPPED);
            assertThat(
                    (s.wish().startAfter() && s.look().orElseThrow().sight() == Sight.DONE)
                        || s.standing().start().isPresent())
                .isTrue();
            assertThat(s.standing().start().filter(start -> start.acceptTime() != null)).isEmpty();
          }
        });
  }

  @Test
  void an_order_is_sent_again_only_past_the_fence_with_a_trusted_token_and_the_same_secrets() {
    always(
        s -> {
          if (Lifecycle.decide(s).step() == Step.RECOVER) {
            assertThat(s.standing().state()).isEqualTo(State.Submitting);
            assertThat(s.standing().own()).isTrue();
            assertThat(s.wish().isGateClosed()).isFalse();
            assertThat(s.standing().claimAge()).isGreaterThanOrEqualTo(s.standing().fence());
            assertThat(s.look().orElseThrow().tokenTrusted()).isTrue();
            assertThat(s.secrets().orElseThrow().unchanged()).isTrue();
          }
        });
  }

  @Test
  void after_a_claim_an_order_ends_only_by_what_was_seen_or_by_time() {
    always(
        s -> {
          Step step = Lifecycle.decide(s).step();
          Sight sight = s.look().map(Look::sight).orElse(Sight.NOTHING);
          Sight.Trace trace = s.look().map(Look::trace).orElse(Sight.Trace.NONE);
          switch (step) {
            case SUCCEED ->
                assertThat(
                        sight == Sight.DONE
                            || trace == Sight.Trace.COUNTS
                            || s.standing().start().isPresent())
                    .isTrue();
            case FAIL -> assertThat(sight).isEqualTo(Sight.FAILED);
            case ADOPT -> assertThat(trace).isEqualTo(Sight.Trace.COUNTS);
            case RELEASE ->
                assertThat(
                        s.standing().abandoned()
                            || s.standing().state() == State.Stopping
                            || (s.standing().isRefusedBusy()
                                && trace == Sight.Trace.NONE
                                && isInstalled(s, s.wish().asked())))
                    .isTrue();
            case END ->
                assertThat(
                        s.standing().state() == null
                            || s.standing().state() == State.Released
                            || !s.standing().sameContents())
                    .isTrue();
            default -> {}
          }
        });
  }

  private static boolean isInstalled(Situation s, Map<String, String> what) {
    return s.look()
        .orElseThrow()
        .seen()
        .orElseThrow()
        .installed()
        .entrySet()
        .containsAll(what.entrySet());
  }

  @Test
  void an_order_is_begun_only_where_what_its_preconditions_ask_for_is_installed() {
    always(
        s -> {
          switch (Lifecycle.decide(s).step()) {
            case CLAIM -> assertThat(isInstalled(s, s.wish().asked())).isTrue();
            case RECOVER -> {
              // Its own work may be installed by now, and the cloud may not tell while it works.
              Map<String, String> ordered = s.standing().entry().orElseThrow().expected();
              Observation observation = s.look().orElseThrow().seen().orElseThrow();
              assertThat(
                      isInstalled(s, s.wish().asked())
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
  void an_order_that_may_have_been_given_never_fails_for_its_preconditions() {
    always(
        s -> {
          if (Lifecycle.decide(s).reason() == Reason.PreconditionFailed) {
            assertThat(s.standing().state()).isIn(null, State.Released);
            assertThat(isInstalled(s, s.wish().asked())).isFalse();
          }
        });
  }

  @Test
  void an_order_that_is_not_understood_is_not_compared_with_one_of_its_name() {
    always(
        s -> {
          if (Lifecycle.decide(s).reason() == Reason.NameConflict) {
            assertThat(s.wish().understood() || s.wish().told() != Situation.Told.NOTHING).isTrue();
          }
        });
  }

  @Test
  void what_is_told_as_an_end_was_read_from_the_ledger_itself() {
    always(
        s -> {
          if (Lifecycle.decide(s).step() == Step.END) {
            assertThat(s.standing().fresh()).isTrue();
          }
        });
  }

  @Test
  void no_two_rows_have_the_same_words_for_the_same_state() {
    Set<String> seen = new HashSet<>();
    for (Lifecycle.Row row : Lifecycle.ROWS) {
      assertThat(seen.add(row.states() + row.label())).as(row.label()).isTrue();
    }
  }
}
