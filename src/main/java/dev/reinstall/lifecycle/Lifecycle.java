package dev.reinstall.lifecycle;

import static dev.reinstall.lifecycle.Lifecycle.Row.in;

import dev.reinstall.api.Reason;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Start;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.api.ServerLedger.Stop;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.cloud.Observation.Progress;
import dev.reinstall.lifecycle.Decision.Pace;
import dev.reinstall.lifecycle.Situation.Look;
import dev.reinstall.lifecycle.Situation.Told;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The table: what becomes of an order. The first row that fits decides. */
final class Lifecycle {

  private Lifecycle() {}

  /**
   * An end is told only by a ledger that was read anew: the watch's may not know of the send. And a
   * claim is given back only by a Reinstall that was read anew: its status may know of a send that
   * the ledger has forgotten, and beside a later claim it would be forgotten again.
   */
  static Decision decide(Situation s) {
    Decision decision = row(s).decision(s);
    // guard: end-by-the-newest-ledger
    if (decision.step() == Step.END && !s.standing().fresh()) {
      return READ_LEDGER;
    }
    // guard: given-back-by-the-newest-order
    if (decision.step() == Step.RELEASE && !s.wish().fresh()) {
      return READ_ORDER;
    }
    // guard: over-stays-shown
    if (decision.step() == Step.WAIT && tellsWhatMustStay(s)) {
      return new Decision(Step.LEAVE, null, "", decision.pace());
    }
    return decision;
  }

  /**
   * Beside a claim that may have been sent the status tells that the cloud said yes, or that the
   * order is over: who watches it must not see it open again for nothing, and just that closes the
   * claim's gate. Or it tells of a send that the ledger does not know. It may be all that is left
   * of that.
   */
  private static boolean tellsWhatMustStay(Situation s) {
    return s.standing().state() == State.Submitting
        && /* guard: more-than-a-send-stays-shown */ (s.wish().told().compareTo(Told.ORDERING) > 0
            // guard: later-claim-stays-shown
            || s.wish().tellsOfAnotherThan(s.standing().entry().orElseThrow()));
  }

  static Row row(Situation s) {
    for (Row row : ROWS) {
      if (row.states().contains(s.standing().state()) && row.when().test(s)) {
        return row;
      }
    }
    throw new IllegalStateException("no row for " + s.standing().state());
  }

  private static final Decision READ_LEDGER =
      new Decision(Step.READ_LEDGER, null, "", Pace.AT_ONCE);
  private static final Decision READ_ORDER = new Decision(Step.READ_ORDER, null, "", Pace.AT_ONCE);

  /**
   * @param states of the entry that the row speaks of; null among them: no entry
   * @param label when the row fits, in words
   */
  record Row(
      Set<State> states,
      String label,
      Predicate<Situation> when,
      Step step,
      Reason reason,
      Function<Situation, String> message,
      Pace pace,
      Function<Situation, Reason> reasonOf) {

    static Row in(Set<State> states, String label, Predicate<Situation> when) {
      return new Row(states, label, when, null, null, s -> "", Pace.NEVER, null);
    }

    Row then(Step next, Reason why, Function<Situation, String> says, Pace comesBack) {
      return new Row(states, label, when, next, why, says, comesBack, null);
    }

    Row then(
        Step next,
        Function<Situation, Reason> why,
        Function<Situation, String> says,
        Pace comesBack) {
      return new Row(states, label, when, next, null, says, comesBack, why);
    }

    /** Without a word of its own: the ledger's words are shown, or none. */
    Row silently(Step next, Pace comesBack) {
      return new Row(states, label, when, next, null, s -> "", comesBack, null);
    }

    Row ask(Step next) {
      return silently(next, Pace.AT_ONCE);
    }

    Decision decision(Situation s) {
      return new Decision(
          step, reasonOf == null ? reason : reasonOf.apply(s), message.apply(s), pace);
    }
  }

  /** Null stands for "no entry": sets of the JDK that allow it are few. */
  private static Set<State> states(State... states) {
    return Collections.unmodifiableSet(new HashSet<>(Arrays.asList(states)));
  }

  private static final Set<State> ANY =
      /* named: any-state */ states(
          null,
          State.Stopping,
          State.Submitting,
          State.Accepted,
          State.Installing,
          State.Succeeded,
          State.Failed,
          State.Unknown,
          State.Released,
          State.UNRECOGNIZED);
  private static final Set<State> NOT_BEGUN =
      states(null, /* guard: unknown-is-not-begun */ State.Released);
  private static final Set<State> CLAIMED =
      states(
          State.Stopping,
          State.Submitting,
          State.Accepted,
          State.Installing,
          State.Succeeded,
          State.Failed,
          State.Unknown);
  private static final Set<State> MOVING =
      states(State.Stopping, State.Submitting, State.Accepted, State.Installing, State.Unknown);
  private static final Set<State> UNSENT = states(State.Stopping, State.Submitting);
  private static final Set<State> HELD = states(State.Stopping);
  private static final Set<State> SENDING = states(State.Submitting);
  private static final Set<State> ACCEPTED = states(State.Accepted, State.Installing);
  private static final Set<State> SETTLED =
      states(
          // guard: succeeded-is-settled
          State.Succeeded,
          // guard: failed-is-settled
          State.Failed);
  private static final Set<State> UNKNOWN = states(/* named: unknown */ State.Unknown);

  static final String LEDGER_REGRESSED =
      "this status tells of an order that was sent, and the ledger does not know it: the ledger was"
          + " deleted or put back. Nothing is sent. Look at the server, then write a Reinstall with"
          + " another name if it is still to be reinstalled";

  private static final String GIVING =
      "the server is claimed; the order is being given to the cloud";

  static final String STOPPING =
      "the server is held for this order and is being stopped; the order is given once it is at"
          + " rest";

  static final String STOP_UNANSWERED =
      "a stop of the server may have been sent, and no answer is known; it is left alone until a"
          + " call that is still under way can have no effect any more";

  static final String STARTING = "the order is carried out, and the server is being started";

  static final String START_UNANSWERED =
      "the order is carried out; a start of the server may have been sent, and no answer is known:"
          + " it is left alone until a call that is still under way can have no effect any more";

  static final String START_REFUSED =
      "the order is carried out; the cloud refused to start the server for now, it is asked again";

  static final String NOT_STARTED =
      ". powerAfter asks for a running server, and it was not started; start it by hand: ";

  private static final String NOT_UNDERSTOOD =
      "the order holds a field or a value that this operator does not know: upgrade the operator";

  static final List<Row> ROWS =
      List.of(
          in(
                  ANY,
                  "the ledger holds what only a newer operator knows, and so may the status",
                  s -> !s.standing().understood() && s.wish().told() != Told.NOTHING)
              .silently(Step.LEAVE, Pace.SLOWLY),
          in(
                  ANY,
                  "the ledger holds what only a newer operator knows",
                  s -> !s.standing().understood())
              .then(
                  Step.WAIT,
                  Reason.UnsupportedField,
                  s ->
                      "the ledger of this server holds what this operator does not know: upgrade the"
                          + " operator",
                  Pace.SLOWLY),

          // A status is never set back by a watch that is behind.
          // guard: status-is-not-set-back
          in(
                  MOVING,
                  "the status tells of more than the watch's ledger",
                  s -> !s.standing().fresh() && s.wish().told().compareTo(told(s)) > 0)
              .ask(Step.READ_LEDGER),
          in(
                  CLAIMED,
                  "it is over for this object, and another's claim or contents have the name",
                  s ->
                      s.wish().told().isOver()
                          && !s.standing().sameObject()
                          && (s.standing().state().isOpen() || !s.standing().sameContents()))
              .silently(Step.LEAVE, Pace.NEVER),

          // Settled is settled, whatever the object says.
          in(
                  CLAIMED,
                  "the name is taken, and only a newer operator can compare the contents",
                  s ->
                      !s.standing().sameContents()
                          && !s.wish().understood()
                          && s.wish().told() == Told.NOTHING)
              .then(Step.WAIT, Reason.UnsupportedField, s -> NOT_UNDERSTOOD, Pace.SLOWLY),
          // guard: name-is-not-reused
          in(CLAIMED, "the name is taken by other contents", s -> !s.standing().sameContents())
              .then(
                  Step.END,
                  Reason.NameConflict,
                  s ->
                      "the order "
                          + s.standing().name()
                          + " was given for this server with other contents: write this one under"
                          + " another name",
                  Pace.NEVER),
          in(SETTLED, "it is over", s -> true).silently(Step.SHOW, Pace.NEVER),

          // Not begun: what forbids to begin, cheapest first.
          // guard: ended-is-not-begun
          in(NOT_BEGUN, "it ended unsent for this object", Lifecycle::endedForThisObject)
              .silently(Step.SHOW, Pace.NEVER),
          // guard: over-is-not-begun
          in(NOT_BEGUN, "the status says it is over", s -> s.wish().told().isOver())
              .silently(Step.LEAVE, Pace.NEVER),
          // guard: deleted-is-not-begun
          in(NOT_BEGUN, "it is being deleted", s -> s.wish().deleted())
              .silently(Step.LEAVE, Pace.NEVER),
          in(
                  NOT_BEGUN,
                  "the status tells of a send, the watch's ledger does not",
                  s -> tellsOfMore(s) && !s.standing().fresh())
              .ask(Step.READ_LEDGER),
          in(
                  NOT_BEGUN,
                  "the status tells of a send that the ledger does not know",
                  Lifecycle::tellsOfMore)
              .then(Step.END, Reason.LedgerOutdated, s -> LEDGER_REGRESSED, Pace.NEVER),
          // guard: expired-is-not-begun
          in(NOT_BEGUN, "notAfter has passed", s -> s.wish().expired())
              .then(Step.END, Reason.DeadlineExceeded, Lifecycle::expired, Pace.NEVER),
          // guard: newer-order-is-not-begun
          in(
                  NOT_BEGUN,
                  "the order holds what only a newer operator knows",
                  s -> !s.wish().understood())
              .then(Step.WAIT, Reason.UnsupportedField, s -> NOT_UNDERSTOOD, Pace.SLOWLY),
          // guard: unsound-is-not-begun
          in(NOT_BEGUN, "the order is unsound", s -> s.wish().unsound().isPresent())
              .then(
                  Step.END, Reason.InvalidSpec, s -> s.wish().unsound().orElseThrow(), Pace.NEVER),
          // guard: suspended-is-not-begun
          in(NOT_BEGUN, "it is suspended", s -> s.wish().suspended())
              .then(
                  Step.WAIT,
                  Reason.Suspended,
                  s -> "spec.suspend is true: nothing is begun until it is false",
                  Pace.AT_NOT_AFTER),
          // guard: orphan-is-followed
          in(
                  NOT_BEGUN,
                  "an orphan has the server",
                  s -> s.standing().ahead().filter(a -> a.open() && a.orphan()).isPresent())
              .then(Step.FOLLOW_ORPHAN, Reason.Queued, Lifecycle::queued, Pace.POLL),
          in(NOT_BEGUN, "another order has the server", s -> s.standing().ahead().isPresent())
              .then(Step.WAIT, Reason.Queued, Lifecycle::queued, Pace.POLL),
          in(
                  NOT_BEGUN,
                  "refused until a person acts, and the pause is not over",
                  s -> s.standing().resting() && entryReason(s).equals(Reason.AccessDenied.name()))
              .then(Step.WAIT, Reason.AccessDenied, Lifecycle::entryMessage, Pace.SLOWLY),
          in(NOT_BEGUN, "refused for now, and the pause is not over", s -> s.standing().resting())
              .then(
                  Step.WAIT,
                  s -> Reason.valueOf(entryReason(s)),
                  Lifecycle::entryMessage,
                  Pace.POLL),

          // Not begun: the server.
          in(NOT_BEGUN, "the server was not looked at", s -> s.look().isEmpty()).ask(Step.LOOK),
          in(
                  /* guard: failed-look-ends-only-the-unsent */ NOT_BEGUN,
                  "the cloud refuses the look for good",
                  Lifecycle::refusedForGood)
              .then(Step.END, Lifecycle::lookReason, Lifecycle::lookMessage, Pace.NEVER),
          in(
                  NOT_BEGUN,
                  "the cloud or the Secret waits for a person",
                  s -> lookFailed(s) && lookReason(s) == Reason.AccessDenied)
              .then(Step.WAIT, Lifecycle::lookReason, Lifecycle::lookMessage, Pace.SLOWLY),
          in(NOT_BEGUN, "the look failed", Lifecycle::lookFailed)
              .then(Step.WAIT, Lifecycle::lookReason, Lifecycle::lookMessage, Pace.POLL),
          in(
                  NOT_BEGUN,
                  "the order contradicts what is installed",
                  s -> s.look().flatMap(Look::unfit).isPresent())
              .then(
                  Step.END,
                  Reason.InvalidSpec,
                  s -> s.look().flatMap(Look::unfit).orElseThrow(),
                  Pace.NEVER),
          in(NOT_BEGUN, "the server is broken", s -> seen(s).power() == Power.BROKEN)
              .then(
                  Step.WAIT,
                  Reason.ServerBusy,
                  s ->
                      "the cloud shows the server as "
                          + seen(s).rawState()
                          + ": a person must look at it; the order begins when it is stopped",
                  Pace.POLL),
          // guard: busy-server-is-waited-for
          in(NOT_BEGUN, "the server is at something", Lifecycle::isBusy)
              .then(
                  Step.WAIT,
                  Reason.ServerBusy,
                  s ->
                      "the server is at something else (the cloud shows "
                          + seen(s).rawState()
                          + "): the order begins when it rests stopped",
                  Pace.POLL),
          in( // only of a server at rest: while it is installed, the cloud may show either
                  NOT_BEGUN,
                  "what is installed is not what preconditions asks for",
                  Lifecycle::isPreconditionUnmet)
              .then(Step.END, Reason.PreconditionFailed, Lifecycle::preconditionFailed, Pace.NEVER),
          in(
                  NOT_BEGUN,
                  "the server runs, and whenRunning is Fail",
                  s -> isRunning(s) && s.wish().whenRunning() == WhenRunning.Fail)
              .then(
                  Step.END,
                  Reason.ServerRunning,
                  s -> "the server is running and whenRunning is Fail: nothing was sent",
                  Pace.NEVER),
          in(
                  NOT_BEGUN,
                  "the server runs, and whenRunning is Wait",
                  s -> isRunning(s) && s.wish().whenRunning() != WhenRunning.Stop)
              .then(
                  Step.WAIT,
                  Reason.ServerRunning,
                  s -> "the server is running: stop it, and the order begins",
                  Pace.POLL),
          in(NOT_BEGUN, "the Secrets were not read", s -> s.secrets().isEmpty())
              .ask(Step.READ_SECRETS),
          in(NOT_BEGUN, "a Secret is missing or unusable", s -> secretsProblem(s).isPresent())
              .then(
                  Step.WAIT,
                  Reason.SecretNotReady,
                  s -> secretsProblem(s).orElseThrow(),
                  Pace.POLL),
          in(
                  NOT_BEGUN,
                  "the server runs, whenRunning is Stop, and nothing forbids",
                  Lifecycle::isRunning)
              .then(Step.HOLD, Reason.Stopping, s -> STOPPING, Pace.POLL),
          in(NOT_BEGUN, "the server is stopped and nothing forbids", s -> true)
              .then(Step.CLAIM, Reason.Submitting, s -> GIVING, Pace.POLL),

          // Held or Sending: this claim, or another's, may be on its way.
          // guard: unsent-beside-another-send
          in(
                  UNSENT,
                  "it was surely not sent, and the status tells of a send that the ledger does not know",
                  s ->
                      isSurelyUnsent(s)
                          && s.wish().tellsOfAnotherThan(s.standing().entry().orElseThrow()))
              .then(Step.GIVE_UP, Reason.LedgerOutdated, s -> LEDGER_REGRESSED, Pace.NEVER),
          in(
                  UNSENT,
                  "this process knows that its claim was never sent",
                  s -> s.standing().abandoned())
              .silently(Step.RELEASE, Pace.AT_ONCE),

          // Held: stopped, for the order to begin.
          // guard: over-while-held
          in(HELD, "the status says it is over", s -> s.wish().told().isOver())
              .then(Step.GIVE_UP, Reason.LedgerOutdated, s -> LEDGER_REGRESSED, Pace.NEVER),
          in(
                  HELD,
                  "others leave the claim alone",
                  s ->
                      !s.standing().isAnswered()
                          && s.standing().claimAge().compareTo(s.standing().fence()) < 0)
              .then(Step.WAIT, Reason.Stopping, s -> STOP_UNANSWERED, Pace.AFTER_FENCE),
          // guard: held-gate-closes
          in(
                  HELD,
                  "nothing may be sent for it any more",
                  s -> s.wish().isGateClosed() || s.wish().unsound().isPresent())
              .silently(Step.RELEASE, Pace.AT_ONCE),
          in(HELD, "the server was not looked at", s -> s.look().isEmpty()).ask(Step.LOOK),
          in(HELD, "the look failed", Lifecycle::lookFailed)
              .then(
                  Step.WAIT,
                  Reason.Stopping,
                  s -> STOPPING + ". Now it cannot be looked at: " + lookMessage(s),
                  Pace.POLL),
          in(
                  HELD,
                  "the order contradicts what is installed",
                  s -> s.look().flatMap(Look::unfit).isPresent())
              .silently(Step.RELEASE, Pace.AT_ONCE),
          in(
                  HELD,
                  "the server is broken",
                  s -> seen(s).power() == Power.BROKEN && !isStopNeedless(s))
              .then(
                  Step.WAIT,
                  Reason.Stopping,
                  s ->
                      "the cloud shows the server as "
                          + seen(s).rawState()
                          + " after its stop: a person must look at it; the order is given when it is"
                          + " stopped",
                  Pace.POLL),
          in(HELD, "the server is at something", Lifecycle::isBusy)
              .then(Step.WAIT, Reason.Stopping, s -> STOPPING, Pace.POLL),
          // guard: held-preconditions
          in(
                  HELD,
                  "what is installed is not what preconditions asks for",
                  Lifecycle::isPreconditionUnmet)
              .silently(Step.RELEASE, Pace.AT_ONCE),
          // guard: stop-has-settled
          in(
                  HELD,
                  "the end of the stop is not seen",
                  s ->
                      !isStopNeedless(s)
                          && !s.look().orElseThrow().settled()
                          && (!isRunning(s) || s.standing().stop().isPresent()))
              .then(Step.WAIT, Reason.Stopping, s -> STOPPING, Pace.POLL),
          in(HELD, "the Secrets were not read", s -> s.secrets().isEmpty()).ask(Step.READ_SECRETS),
          in(HELD, "a Secret is missing or unusable", s -> secretsProblem(s).isPresent())
              .silently(Step.RELEASE, Pace.AT_ONCE),
          in(HELD, "the server runs all the same", s -> isRunning(s) && !isStopNeedless(s))
              .then(Step.HOLD, Reason.Stopping, s -> STOPPING, Pace.POLL),
          in(HELD, "the server is stopped, or cannot be", s -> true)
              .then(Step.CLAIM, Reason.Submitting, s -> GIVING, Pace.POLL),

          // Sending.
          // guard: busy-refusal-is-waited-out
          in(
                  SENDING,
                  "refused as busy, not settled yet",
                  s ->
                      s.standing().isRefusedBusy()
                          && s.standing().refusalAge().compareTo(s.standing().settle()) < 0)
              .then(
                  Step.WAIT,
                  Reason.ServerBusy,
                  s ->
                      "the cloud refused the order because the server is busy; it is looked at again"
                          + " before the next attempt, because the refusal may be the answer to a"
                          + " double of this very order",
                  Pace.AFTER_SETTLING),
          // guard: claim-has-a-fence
          in(
                  SENDING,
                  "others leave the claim alone",
                  s ->
                      !s.standing().isRefusedBusy()
                          && s.standing().claimAge().compareTo(s.standing().fence()) < 0)
              .then(
                  Step.WAIT,
                  Reason.AwaitingConfirmation,
                  s ->
                      "the order may have been given to the cloud, and no answer is known; it is"
                          + " left alone until a call that is still under way can have no effect any"
                          + " more",
                  Pace.AFTER_FENCE),
          in(SENDING, "the server was not looked at", s -> s.look().isEmpty()).ask(Step.LOOK),
          in(
                  SENDING,
                  "refused as busy, and the look failed",
                  s -> s.standing().isRefusedBusy() && lookFailed(s) && !s.standing().timedOut())
              .then(
                  Step.WAIT,
                  Reason.ServerBusy,
                  s ->
                      "the cloud refused the order because the server is busy, and before the next"
                          + " attempt the server cannot be looked at: "
                          + lookMessage(s),
                  Pace.POLL),
          // guard: busy-refusal-has-a-fence
          in(
                  SENDING,
                  "refused as busy, but a reinstall began, or one may be hidden: as cut off",
                  s ->
                      s.standing().isRefusedBusy()
                          && trace(s) != Sight.Trace.NONE
                          && s.standing().claimAge().compareTo(s.standing().fence()) < 0)
              .then(
                  Step.WAIT,
                  Reason.AwaitingConfirmation,
                  s ->
                      "the cloud refused the order because the server is busy, and something began"
                          + " since that may be a double of this very order, or hide it",
                  Pace.AFTER_FENCE),
          // guard: busy-refusal-is-judged-at-rest
          in( // what is installed when it rests tells whether a double was carried out
                  SENDING,
                  "refused as busy, and what preconditions asks for cannot be told yet",
                  s ->
                      isRefusedBusyWithoutTrace(s)
                          && !s.wish().asked().isEmpty()
                          && isBusy(s)
                          && !s.standing().timedOut())
              .then(
                  Step.WAIT,
                  Reason.ServerBusy,
                  s ->
                      "the cloud refused the order because the server is busy; what is installed when"
                          + " it rests decides whether the order is given again",
                  Pace.POLL),
          in(SENDING, "a trace counts", s -> trace(s) == Sight.Trace.COUNTS)
              .then(Step.ADOPT, Reason.Installing, Lifecycle::adopted, Pace.POLL),
          in(
                  SENDING,
                  "refused as busy, and nothing moved since",
                  s ->
                      isRefusedBusyWithoutTrace(s)
                          && /* guard: busy-refusal-is-judged */ !isPreconditionUnmet(s))
              .then(Step.RELEASE, Reason.ServerBusy, s -> "", Pace.AT_ONCE),
          // It held at the claim: something was installed since, by a double of this order or by
          // somebody else. Released, it would end as Failed though it may have been carried out.
          in(
                  SENDING,
                  "refused as busy, and what preconditions asks for is installed no more",
                  s -> isRefusedBusyWithoutTrace(s) && isPreconditionUnmet(s))
              .then(Step.GIVE_UP, Reason.OutcomeUnknown, Lifecycle::replacedWhileBusy, Pace.SLOWLY),
          in(SENDING, "the order time-out has passed", s -> s.standing().timedOut())
              .then(Step.GIVE_UP, Reason.OutcomeUnknown, Lifecycle::cutOff, Pace.SLOWLY),
          in(SENDING, "the look failed", Lifecycle::lookFailed)
              .then(Step.WAIT, Reason.AwaitingConfirmation, Lifecycle::unseen, Pace.POLL),
          in(
                  SENDING,
                  "a reinstall is at work that may be this one",
                  s -> trace(s) == Sight.Trace.UNDER_WAY)
              .then(
                  Step.WAIT,
                  Reason.AwaitingConfirmation,
                  s ->
                      "the answer to the order was lost; a reinstall is under way on the server, and"
                          + " when it is over what is installed tells whether it is this one",
                  Pace.POLL),
          // guard: more-than-this-send
          in(
                  SENDING,
                  "the status tells of more than this claim's send: the ledger was put back",
                  s ->
                      s.wish().told().compareTo(Told.ORDERING) > 0
                          && s.wish().tellsOfSince(s.standing().entry().orElseThrow()))
              .then(Step.GIVE_UP, Reason.LedgerOutdated, s -> LEDGER_REGRESSED, Pace.NEVER),
          in(
                  SENDING,
                  "the token is trusted, the Secrets were not read",
                  s -> mayResend(s) && s.secrets().isEmpty())
              .ask(Step.READ_SECRETS),
          in(
                  SENDING,
                  "the token is trusted and the Secrets are the same",
                  s ->
                      mayResend(s)
                          && s.secrets()
                              .filter(
                                  r ->
                                      r.problem().isEmpty()
                                          // guard: resend-from-the-same-secrets
                                          && r.unchanged())
                              .isPresent()
                          && !forbidsResend(s))
              .then(
                  Step.RECOVER,
                  Reason.Submitting,
                  s ->
                      "the answer to the order was lost; it is given again with the same token, which"
                          + " the cloud carries out once",
                  Pace.POLL),
          in(
                  SENDING,
                  "the token is trusted, but a gate is closed",
                  s -> mayResend(s) && forbidsResend(s))
              .then(
                  Step.WAIT,
                  Reason.AwaitingConfirmation,
                  s ->
                      "the answer to the order was lost; it could be given again with the same token,"
                          + " but nothing may be sent for it now"
                          + (isPreconditionUnmet(s) ? ": " + unmet(s) : ""),
                  Pace.POLL),
          in(SENDING, "no trace, no way to ask again", s -> true)
              .then(Step.GIVE_UP, Reason.OutcomeUnknown, Lifecycle::cutOff, Pace.SLOWLY),

          // Accepted: followed to its end.
          in(
                  ACCEPTED,
                  "a start may be under way, or was refused for now",
                  s -> s.standing().startUnderWay() && !s.standing().abandoned())
              .then(
                  Step.WAIT,
                  Reason.Starting,
                  s -> isStartRefused(s) ? START_REFUSED : START_UNANSWERED,
                  Pace.POLL),
          in(ACCEPTED, "the server was not looked at", s -> s.look().isEmpty()).ask(Step.LOOK),
          in(
                  ACCEPTED,
                  "it is started, and the end of that is not seen",
                  s ->
                      isStarted(s)
                          && !s.standing().timedOut()
                          && (lookFailed(s) || isBusy(s) || isStartUnsettled(s)))
              .then(
                  Step.WAIT,
                  Reason.Starting,
                  s ->
                      STARTING
                          + (lookFailed(s)
                              ? ". Now it cannot be looked at: " + lookMessage(s)
                              : ""),
                  Pace.POLL),
          in(
                  ACCEPTED,
                  "the start was never sent, refused for now or lost, and the server is stopped",
                  s ->
                      isStarted(s)
                          // guard: start-is-asked-for-once
                          && s.standing().start().map(Start::acceptTime).isEmpty()
                          && mayStart(s))
              .then(Step.START, Reason.Starting, s -> STARTING, Pace.POLL),
          in(ACCEPTED, "it was started", Lifecycle::isStarted)
              .then(Step.SUCCEED, Reason.Installed, Lifecycle::installed, Pace.NEVER),
          in(
                  ACCEPTED,
                  "the cloud shows the end, and whether it must be started is not seen",
                  s ->
                      sight(s) == Sight.DONE
                          && wantsStart(s)
                          && isBusy(s)
                          && !s.standing().timedOut())
              .then(
                  Step.WAIT,
                  Reason.Installing,
                  s -> "the order is carried out; the server is not at rest yet",
                  Pace.POLL),
          in(
                  ACCEPTED,
                  "the cloud shows the end, and the server is to be started",
                  s ->
                      // guard: start-after-the-end
                      sight(s) == Sight.DONE && wantsStart(s) && mayStart(s))
              .then(Step.START, Reason.Starting, s -> STARTING, Pace.POLL),
          in(ACCEPTED, "the cloud shows the end", s -> sight(s) == Sight.DONE)
              .then(Step.SUCCEED, Reason.Installed, Lifecycle::installed, Pace.NEVER),
          in(ACCEPTED, "the cloud shows the failure", s -> sight(s) == Sight.FAILED)
              .then(Step.FAIL, Reason.InstallFailed, Lifecycle::installFailed, Pace.NEVER),
          in(ACCEPTED, "the order time-out has passed", s -> s.standing().timedOut())
              .then(Step.GIVE_UP, Reason.OutcomeUnknown, Lifecycle::timedOut, Pace.SLOWLY),
          in(ACCEPTED, "the server is seen at work", s -> sight(s) == Sight.TRANSITION)
              .then(Step.NOTE_TRANSITION, Reason.Installing, Lifecycle::installing, Pace.POLL),
          in(ACCEPTED, "the server's record has changed", s -> sight(s) == Sight.CHANGED)
              .then(Step.NOTE_CHANGE, Reason.Installing, Lifecycle::installing, Pace.POLL),
          in(ACCEPTED, "the cloud is at work", s -> true)
              .then(Step.WAIT, Reason.Installing, Lifecycle::installing, Pace.POLL),

          // Unknown: a late trace still resolves it, and never reopens it.
          in(UNKNOWN, "nothing can resolve it", s -> !s.standing().watched())
              .silently(Step.SHOW, Pace.NEVER),
          in(UNKNOWN, "the server was not looked at", s -> s.look().isEmpty()).ask(Step.LOOK),
          in(UNKNOWN, "the cloud shows the end", s -> sight(s) == Sight.DONE)
              .then(Step.SUCCEED, Reason.Installed, Lifecycle::installed, Pace.NEVER),
          in(UNKNOWN, "the cloud shows the failure", s -> sight(s) == Sight.FAILED)
              .then(Step.FAIL, Reason.InstallFailed, Lifecycle::installFailed, Pace.NEVER),
          in(
                  UNKNOWN,
                  "a late trace counts, and is done",
                  s ->
                      // guard: receipt-forbids-adoption
                      s.standing().entry().map(Entry::requestId).isEmpty()
                          && trace(s) == Sight.Trace.COUNTS
                          && progress(s) == Progress.DONE)
              .then(Step.SUCCEED, Reason.Installed, Lifecycle::adopted, Pace.NEVER),
          in(UNKNOWN, "nothing new", s -> true).silently(Step.SHOW, Pace.SLOWLY));

  private static boolean endedForThisObject(Situation s) {
    return s.standing().sameObject()
        && s.standing().entry().filter(e -> e.completionTime() != null).isPresent();
  }

  /** Of a claim that the ledger forgot, too, though another one was made and given back since. */
  private static boolean tellsOfMore(Situation s) {
    Optional<Entry> entry = s.standing().entry();
    // guard: told-of-a-send
    return s.wish().tellsOfMoreThan(entry.map(Entry::claimTime).orElse(null))
        || /* guard: told-of-another-send */ entry.filter(s.wish()::tellsOfAnotherThan).isPresent();
  }

  private static boolean isSurelyUnsent(Situation s) {
    return s.standing().abandoned() || s.standing().state() == State.Stopping;
  }

  /** What the status of an entry in this state tells. */
  private static Told told(Situation s) {
    return switch (s.standing().state()) {
      case Submitting -> Told.ORDERING;
      case Accepted, Installing -> Told.GIVEN;
      case Unknown -> Told.UNKNOWN;
      case Succeeded, Failed -> Told.OVER;
      case Stopping, Released, UNRECOGNIZED -> Told.NOTHING;
    };
  }

  static boolean isRefusedBusy(Entry entry) {
    return entry.state() == State.Submitting && Reason.ServerBusy.name().equals(entry.reason());
  }

  private static String entryReason(Situation s) {
    return s.standing().entry().orElseThrow().reason();
  }

  private static String entryMessage(Situation s) {
    return s.standing().entry().orElseThrow().message();
  }

  /** Looked at since the refusal, and no reinstall began that may be a double of the order. */
  private static boolean isRefusedBusyWithoutTrace(Situation s) {
    return s.standing().isRefusedBusy()
        && !lookFailed(s)
        && /* guard: busy-refusal-without-a-double */ trace(s) == Sight.Trace.NONE;
  }

  private static boolean lookFailed(Situation s) {
    return s.look().flatMap(Look::failure).isPresent();
  }

  private static boolean refusedForGood(Situation s) {
    return lookFailed(s)
        && (lookReason(s) == Reason.ServerNotFound || lookReason(s) == Reason.Rejected);
  }

  private static Reason lookReason(Situation s) {
    return s.look().flatMap(Look::failure).orElseThrow().reason();
  }

  private static String lookMessage(Situation s) {
    return s.look().flatMap(Look::failure).orElseThrow().message();
  }

  private static Observation seen(Situation s) {
    return s.look().flatMap(Look::seen).orElseThrow();
  }

  private static boolean isBusy(Situation s) {
    return seen(s).power() == Power.CHANGING
        || seen(s).operation().filter(o -> o.progress() == Progress.IN_PROGRESS).isPresent();
  }

  private static boolean isRunning(Situation s) {
    // guard: running-server-is-waited-for
    return seen(s).power() == Power.RUNNING;
  }

  private static boolean isStopNeedless(Situation s) {
    return s.standing().stop().map(Stop::notNeeded).isPresent();
  }

  private static boolean isStarted(Situation s) {
    return s.standing().start().isPresent();
  }

  private static boolean isStartRefused(Situation s) {
    return s.standing().start().map(Start::refused).isPresent();
  }

  private static boolean wantsStart(Situation s) {
    return s.wish().startAfter();
  }

  private static boolean isStartUnsettled(Situation s) {
    return !isRunning(s)
        && s.standing().start().map(Start::acceptTime).isPresent()
        && !s.look().orElseThrow().settled();
  }

  /** An orphan is only looked at. */
  private static boolean mayStart(Situation s) {
    return /* guard: orphan-is-not-started */ s.standing().own()
        && s.look()
            .flatMap(Look::seen)
            .filter(/* guard: running-server-is-not-started */ o -> o.power() == Power.STOPPED)
            .isPresent()
        && !s.standing().timedOut();
  }

  private static Sight sight(Situation s) {
    return s.look().map(Look::sight).orElse(Sight.NOTHING);
  }

  private static Sight.Trace trace(Situation s) {
    return s.look().map(Look::trace).orElse(Sight.Trace.NONE);
  }

  private static Progress progress(Situation s) {
    return seen(s).operation().orElseThrow().progress();
  }

  private static Optional<String> secretsProblem(Situation s) {
    return s.secrets().flatMap(Situation.SecretsRead::problem);
  }

  /** What the cloud does not tell is not what was asked for. */
  private static boolean isPreconditionUnmet(Situation s) {
    // guard: preconditions
    return !seen(s).installed().entrySet().containsAll(s.wish().asked().entrySet());
  }

  /**
   * A resend is the same order, whose precondition held when it passed its point of no return; so
   * where what it ordered is installed by now it may go on, for that may be its own work and the
   * cloud knows the token. Where a third thing is, it is surely not its work and no look would
   * allow it to begin. And where the status tells of a send that the ledger does not know, the
   * token may be older than what it is trusted by.
   */
  private static boolean forbidsResend(Situation s) {
    return /* guard: resend-through-no-closed-gate */ s.wish().isGateClosed()
        // guard: resend-beside-no-send-that-was-forgotten
        || s.wish().tellsOfAnotherThan(s.standing().entry().orElseThrow())
        || /* guard: resend-preconditions */ (isPreconditionUnmet(s)
            && !Sight.isInstalled(
                s.standing().entry().map(Entry::expected).orElse(null), seen(s).installed()));
  }

  /** An orphan is only looked at. */
  private static boolean mayResend(Situation s) {
    return /* guard: orphan-is-not-sent-again */ s.standing().own()
        && s.look().filter(/* guard: resend-needs-a-token */ Look::tokenTrusted).isPresent();
  }

  // What is said.

  private static String queued(Situation s) {
    Situation.Ahead ahead = s.standing().ahead().orElseThrow();
    String who = "the order " + ahead.namespace() + "/" + ahead.name();
    return ahead.open()
        ? who
            + " has this server"
            + (ahead.orphan() ? " (its Reinstall is gone)" : "")
            + ": this one begins when that one is over"
        : who
            + " is over, but its last call may still be under way: this one begins when that can have no effect any more";
  }

  private static String expired(Situation s) {
    String last = s.standing().entry().map(Entry::message).map(m -> "; before: " + m).orElse("");
    return "notAfter passed before the order could begin: nothing was done. To reinstall, write a"
        + " Reinstall with another name and a later notAfter"
        + last;
  }

  private static String unmet(Situation s) {
    Map<String, String> installed = seen(s).installed();
    return s.wish().asked().entrySet().stream()
        .filter(asked -> !asked.getValue().equals(installed.get(asked.getKey())))
        .map(
            asked ->
                "preconditions asks for "
                    + asked.getKey()
                    + " "
                    + asked.getValue()
                    + ", and "
                    + (installed.containsKey(asked.getKey())
                        ? installed.get(asked.getKey()) + " is installed"
                        : "the cloud does not tell which one is installed"))
        .collect(Collectors.joining("; "));
  }

  private static String preconditionFailed(Situation s) {
    return unmet(s)
        + ": nothing was begun. It may have been reinstalled before: look at the server. If it is"
        + " still to be reinstalled, delete this Reinstall and apply one whose preconditions name"
        + " what is installed, or none";
  }

  private static String replacedWhileBusy(Situation s) {
    return "the cloud refused the order because the server was busy, and something was installed"
        + " since, by a double of this order or by somebody else ("
        + unmet(s)
        + "). It is never sent again: look at the server, then write a Reinstall with another name"
        + " if it is still to be reinstalled";
  }

  private static String adopted(Situation s) {
    return "the answer to the order was lost; the reinstall "
        + seen(s).operation().orElseThrow().id()
        + " that the cloud shows was taken for it (adopted), because nothing distinguishes it";
  }

  private static String unseen(Situation s) {
    return "the answer to the order was lost, and its trace cannot be looked for: "
        + lookMessage(s);
  }

  private static String cutOff(Situation s) {
    return "the order was sent and its answer was lost; the cloud shows no trace that is surely its"
        + " own. It is never sent again: look at the server, then write a Reinstall with another name"
        + " if it is still to be reinstalled";
  }

  private static String installing(Situation s) {
    return lookFailed(s)
        ? "the cloud accepted the order; now the server cannot be looked at: " + lookMessage(s)
        : "the cloud accepted the order and is at work";
  }

  private static String installed(Situation s) {
    String said = installed(s.standing().entry().orElseThrow());
    boolean asked = s.standing().state().isOpen() && (isStarted(s) || wantsStart(s));
    if (!asked) {
      return said;
    }
    if (lookFailed(s)) {
      return said + NOT_STARTED + lookMessage(s);
    }
    return isRunning(s) ? said : said + NOT_STARTED + "the cloud shows it as " + seen(s).rawState();
  }

  static String installed(Entry entry) {
    return Boolean.TRUE.equals(entry.adopted())
        ? "the reinstall that was taken for this order (adopted: the answer was lost) is done"
        : "the cloud confirmed the end of this order";
  }

  private static String installFailed(Situation s) {
    return "the cloud accepted the order and the install failed (the cloud shows "
        + seen(s).rawState()
        + "): the cloud's console tells why. To try again, write a Reinstall with another name";
  }

  private static String timedOut(Situation s) {
    return "the cloud accepted the order, and its end was not seen within the order time-out. It is"
        + " never sent again: look at the server, then write a Reinstall with another name if it is"
        + " still to be reinstalled";
  }
}
