package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.DecisionTable.Row.in;

import dev.reinstall.api.Reason;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Start;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.api.ServerLedger.Stop;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.cloud.Observation.Progress;
import dev.reinstall.reconcile.Decision.Requeue;
import dev.reinstall.reconcile.ObservedState.ReportedProgress;
import dev.reinstall.reconcile.ObservedState.ServerObservation;
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
final class DecisionTable {

  private DecisionTable() {}

  /**
   * An end is told only by a ledger that was read anew: the watch's may not know of the send. And a
   * claim is given back only by a Reinstall that was read anew: its status may know of a send that
   * the ledger has forgotten, and beside a later claim it would be forgotten again.
   */
  static Decision decide(ObservedState s) {
    Decision decision = row(s).decision(s);
    // guard: end-by-the-newest-ledger
    if (decision.step() == Step.FAIL_UNSENT && !s.recorded().uncached()) {
      return READ_LEDGER;
    }
    // guard: given-back-by-the-newest-order
    if (decision.step() == Step.RELEASE && !s.desired().uncached()) {
      return READ_REINSTALL;
    }
    // guard: over-stays-shown
    if (decision.step() == Step.WAIT && mustKeepStatus(s)) {
      return new Decision(Step.KEEP_STATUS, null, "", decision.requeue());
    }
    return decision;
  }

  /**
   * Beside a claim that may have been sent the status tells that the cloud said yes, or that the
   * order is over: who watches it must not see it open again for nothing, and just that closes the
   * claim's gate. Or it tells of a send that the ledger does not know. It may be all that is left
   * of that.
   */
  private static boolean mustKeepStatus(ObservedState s) {
    return s.recorded().state() == State.Submitting
        && /* guard: more-than-a-send-stays-shown */ (s.desired()
                    .reportedProgress()
                    .compareTo(ReportedProgress.SUBMITTING)
                > 0
            // guard: later-claim-stays-shown
            || s.desired().statusReportsOtherClaim(s.recorded().entry().orElseThrow()));
  }

  static Row row(ObservedState s) {
    for (Row row : ROWS) {
      if (row.states().contains(s.recorded().state()) && row.when().test(s)) {
        return row;
      }
    }
    throw new IllegalStateException("no row for " + s.recorded().state());
  }

  private static final Decision READ_LEDGER = new Decision(Step.READ_LEDGER, null, "", Requeue.NOW);
  private static final Decision READ_REINSTALL =
      new Decision(Step.READ_REINSTALL, null, "", Requeue.NOW);

  /**
   * @param states of the entry that the row speaks of; null among them: no entry
   * @param label when the row fits, in words
   */
  record Row(
      Set<State> states,
      String label,
      Predicate<ObservedState> when,
      Step step,
      Reason reason,
      Function<ObservedState, String> message,
      Requeue requeue,
      Function<ObservedState, Reason> reasonOf) {

    static Row in(Set<State> states, String label, Predicate<ObservedState> when) {
      return new Row(states, label, when, null, null, s -> "", Requeue.NEVER, null);
    }

    Row then(Step next, Reason why, Function<ObservedState, String> says, Requeue comesBack) {
      return new Row(states, label, when, next, why, says, comesBack, null);
    }

    Row then(
        Step next,
        Function<ObservedState, Reason> why,
        Function<ObservedState, String> says,
        Requeue comesBack) {
      return new Row(states, label, when, next, null, says, comesBack, why);
    }

    /** Without a word of its own: the ledger's words are shown, or none. */
    Row withoutMessage(Step next, Requeue comesBack) {
      return new Row(states, label, when, next, null, s -> "", comesBack, null);
    }

    Row ask(Step next) {
      return withoutMessage(next, Requeue.NOW);
    }

    Decision decision(ObservedState s) {
      return new Decision(
          step, reasonOf == null ? reason : reasonOf.apply(s), message.apply(s), requeue);
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
  private static final Set<State> NOT_STARTED =
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
  private static final Set<State> IN_PROGRESS =
      states(State.Stopping, State.Submitting, State.Accepted, State.Installing, State.Unknown);
  private static final Set<State> UNCONFIRMED = states(State.Stopping, State.Submitting);
  private static final Set<State> STOPPING = states(State.Stopping);
  private static final Set<State> SUBMITTING = states(State.Submitting);
  private static final Set<State> ACCEPTED = states(State.Accepted, State.Installing);
  private static final Set<State> FINAL =
      states(
          // guard: succeeded-is-settled
          State.Succeeded,
          // guard: failed-is-settled
          State.Failed);
  private static final Set<State> UNKNOWN = states(/* named: unknown */ State.Unknown);

  static final String LEDGER_OUTDATED =
      "this status tells of an order that was sent, and the ledger does not know it: the ledger was"
          + " deleted or put back. Nothing is sent. Look at the server, then write a Reinstall with"
          + " another name if it is still to be reinstalled";

  private static final String GIVING =
      "the server is claimed; the order is being given to the cloud";

  static final String STOPPING_MESSAGE =
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

  static final String START_FAILED =
      ". powerAfter asks for a running server, and it was not started; start it by hand: ";

  private static final String NOT_UNDERSTOOD =
      "the order holds a field or a value that this operator does not know: upgrade the operator";

  static final List<Row> ROWS =
      List.of(
          in(
                  ANY,
                  "the ledger holds what only a newer operator knows, and so may the status",
                  s ->
                      !s.recorded().supported()
                          && s.desired().reportedProgress() != ReportedProgress.NONE)
              .withoutMessage(Step.KEEP_STATUS, Requeue.AT_SLOW_INTERVAL),
          in(
                  ANY,
                  "the ledger holds what only a newer operator knows",
                  s -> !s.recorded().supported())
              .then(
                  Step.WAIT,
                  Reason.UnsupportedField,
                  s ->
                      "the ledger of this server holds what this operator does not know: upgrade the"
                          + " operator",
                  Requeue.AT_SLOW_INTERVAL),

          // A status is never set back by a watch that is behind.
          // guard: status-is-not-set-back
          in(
                  IN_PROGRESS,
                  "the status tells of more than the watch's ledger",
                  s ->
                      !s.recorded().uncached()
                          && s.desired().reportedProgress().compareTo(reportedProgress(s)) > 0)
              .ask(Step.READ_LEDGER),
          in(
                  CLAIMED,
                  "it is over for this object, and another's claim or contents have the name",
                  s ->
                      s.desired().reportedProgress().isFinished()
                          && !s.recorded().sameObject()
                          && (s.recorded().state().isOpen() || !s.recorded().sameSpec()))
              .withoutMessage(Step.KEEP_STATUS, Requeue.NEVER),

          // Settled is settled, whatever the object says.
          in(
                  CLAIMED,
                  "the name is taken, and only a newer operator can compare the contents",
                  s ->
                      !s.recorded().sameSpec()
                          && !s.desired().supported()
                          && s.desired().reportedProgress() == ReportedProgress.NONE)
              .then(
                  Step.WAIT,
                  Reason.UnsupportedField,
                  s -> NOT_UNDERSTOOD,
                  Requeue.AT_SLOW_INTERVAL),
          // guard: name-is-not-reused
          in(CLAIMED, "the name is taken by other contents", s -> !s.recorded().sameSpec())
              .then(
                  Step.FAIL_UNSENT,
                  Reason.NameConflict,
                  s ->
                      "the order "
                          + s.recorded().name()
                          + " was given for this server with other contents: write this one under"
                          + " another name",
                  Requeue.NEVER),
          in(FINAL, "it is over", s -> true).withoutMessage(Step.SHOW_RESULT, Requeue.NEVER),

          // Not begun: what forbids to begin, cheapest first.
          // guard: ended-is-not-begun
          in(NOT_STARTED, "it ended unsent for this object", DecisionTable::isFinalForThisObject)
              .withoutMessage(Step.SHOW_RESULT, Requeue.NEVER),
          // guard: over-is-not-begun
          in(
                  NOT_STARTED,
                  "the status says it is over",
                  s -> s.desired().reportedProgress().isFinished())
              .withoutMessage(Step.KEEP_STATUS, Requeue.NEVER),
          // guard: deleted-is-not-begun
          in(NOT_STARTED, "it is being deleted", s -> s.desired().deleted())
              .withoutMessage(Step.KEEP_STATUS, Requeue.NEVER),
          in(
                  NOT_STARTED,
                  "the status tells of a send, the watch's ledger does not",
                  s -> statusIsAheadOfLedger(s) && !s.recorded().uncached())
              .ask(Step.READ_LEDGER),
          in(
                  NOT_STARTED,
                  "the status tells of a send that the ledger does not know",
                  DecisionTable::statusIsAheadOfLedger)
              .then(Step.FAIL_UNSENT, Reason.LedgerOutdated, s -> LEDGER_OUTDATED, Requeue.NEVER),
          // guard: expired-is-not-begun
          in(NOT_STARTED, "notAfter has passed", s -> s.desired().expired())
              .then(
                  Step.FAIL_UNSENT, Reason.DeadlineExceeded, DecisionTable::expired, Requeue.NEVER),
          // guard: newer-order-is-not-begun
          in(
                  NOT_STARTED,
                  "the order holds what only a newer operator knows",
                  s -> !s.desired().supported())
              .then(
                  Step.WAIT,
                  Reason.UnsupportedField,
                  s -> NOT_UNDERSTOOD,
                  Requeue.AT_SLOW_INTERVAL),
          // guard: unsound-is-not-begun
          in(NOT_STARTED, "the order is unsound", s -> s.desired().validationError().isPresent())
              .then(
                  Step.FAIL_UNSENT,
                  Reason.InvalidSpec,
                  s -> s.desired().validationError().orElseThrow(),
                  Requeue.NEVER),
          // guard: suspended-is-not-begun
          in(NOT_STARTED, "it is suspended", s -> s.desired().suspended())
              .then(
                  Step.WAIT,
                  Reason.Suspended,
                  s -> "spec.suspend is true: nothing is begun until it is false",
                  Requeue.AT_NOT_AFTER),
          // guard: orphan-is-followed
          in(
                  NOT_STARTED,
                  "an orphan has the server",
                  s -> s.recorded().blocking().filter(a -> a.open() && a.orphaned()).isPresent())
              .then(
                  Step.FOLLOW_ORPHANED_ENTRY,
                  Reason.Queued,
                  DecisionTable::queued,
                  Requeue.AT_NEXT_POLL),
          in(NOT_STARTED, "another order has the server", s -> s.recorded().blocking().isPresent())
              .then(Step.WAIT, Reason.Queued, DecisionTable::queued, Requeue.AT_NEXT_POLL),
          in(
                  NOT_STARTED,
                  "refused until a person acts, and the pause is not over",
                  s ->
                      s.recorded().inBackoff() && entryReason(s).equals(Reason.AccessDenied.name()))
              .then(
                  Step.WAIT,
                  Reason.AccessDenied,
                  DecisionTable::entryMessage,
                  Requeue.AT_SLOW_INTERVAL),
          in(
                  NOT_STARTED,
                  "refused for now, and the pause is not over",
                  s -> s.recorded().inBackoff())
              .then(
                  Step.WAIT,
                  s -> Reason.valueOf(entryReason(s)),
                  DecisionTable::entryMessage,
                  Requeue.AT_NEXT_POLL),

          // Not begun: the server.
          in(NOT_STARTED, "the server was not looked at", s -> s.server().isEmpty())
              .ask(Step.DESCRIBE),
          in(
                  /* guard: failed-look-ends-only-the-unsent */ NOT_STARTED,
                  "the cloud refuses the look for good",
                  DecisionTable::isRejectedForGood)
              .then(
                  Step.FAIL_UNSENT,
                  DecisionTable::failureReason,
                  DecisionTable::failureMessage,
                  Requeue.NEVER),
          in(
                  NOT_STARTED,
                  "the cloud or the Secret waits for a person",
                  s -> describeFailed(s) && failureReason(s) == Reason.AccessDenied)
              .then(
                  Step.WAIT,
                  DecisionTable::failureReason,
                  DecisionTable::failureMessage,
                  Requeue.AT_SLOW_INTERVAL),
          in(NOT_STARTED, "the look failed", DecisionTable::describeFailed)
              .then(
                  Step.WAIT,
                  DecisionTable::failureReason,
                  DecisionTable::failureMessage,
                  Requeue.AT_NEXT_POLL),
          in(
                  NOT_STARTED,
                  "the order contradicts what is installed",
                  s -> s.server().flatMap(ServerObservation::mismatch).isPresent())
              .then(
                  Step.FAIL_UNSENT,
                  Reason.InvalidSpec,
                  s -> s.server().flatMap(ServerObservation::mismatch).orElseThrow(),
                  Requeue.NEVER),
          in(NOT_STARTED, "the server is broken", s -> observation(s).power() == Power.BROKEN)
              .then(
                  Step.WAIT,
                  Reason.ServerBusy,
                  s ->
                      "the cloud shows the server as "
                          + observation(s).rawState()
                          + ": a person must look at it; the order begins when it is stopped",
                  Requeue.AT_NEXT_POLL),
          // guard: busy-server-is-waited-for
          in(NOT_STARTED, "the server is at something", DecisionTable::isBusy)
              .then(
                  Step.WAIT,
                  Reason.ServerBusy,
                  s ->
                      "the server is at something else (the cloud shows "
                          + observation(s).rawState()
                          + "): the order begins when it rests stopped",
                  Requeue.AT_NEXT_POLL),
          in( // only of a server at rest: while it is installed, the cloud may show either
                  NOT_STARTED,
                  "what is installed is not what preconditions asks for",
                  DecisionTable::isPreconditionUnmet)
              .then(
                  Step.FAIL_UNSENT,
                  Reason.PreconditionFailed,
                  DecisionTable::preconditionFailed,
                  Requeue.NEVER),
          in(
                  NOT_STARTED,
                  "the server runs, and whenRunning is Fail",
                  s -> isRunning(s) && s.desired().whenRunning() == WhenRunning.Fail)
              .then(
                  Step.FAIL_UNSENT,
                  Reason.ServerRunning,
                  s -> "the server is running and whenRunning is Fail: nothing was sent",
                  Requeue.NEVER),
          in(
                  NOT_STARTED,
                  "the server runs, and whenRunning is Wait",
                  s -> isRunning(s) && s.desired().whenRunning() != WhenRunning.Stop)
              .then(
                  Step.WAIT,
                  Reason.ServerRunning,
                  s -> "the server is running: stop it, and the order begins",
                  Requeue.AT_NEXT_POLL),
          in(NOT_STARTED, "the Secrets were not read", s -> s.secrets().isEmpty())
              .ask(Step.READ_SECRETS),
          in(NOT_STARTED, "a Secret is missing or unusable", s -> secretsProblem(s).isPresent())
              .then(
                  Step.WAIT,
                  Reason.SecretNotReady,
                  s -> secretsProblem(s).orElseThrow(),
                  Requeue.AT_NEXT_POLL),
          in(
                  NOT_STARTED,
                  "the server runs, whenRunning is Stop, and nothing forbids",
                  DecisionTable::isRunning)
              .then(Step.STOP, Reason.Stopping, s -> STOPPING_MESSAGE, Requeue.AT_NEXT_POLL),
          in(NOT_STARTED, "the server is stopped and nothing forbids", s -> true)
              .then(Step.SUBMIT, Reason.Submitting, s -> GIVING, Requeue.AT_NEXT_POLL),

          // Held or Sending: this claim, or another's, may be on its way.
          // guard: unsent-beside-another-send
          in(
                  UNCONFIRMED,
                  "it was surely not sent, and the status tells of a send that the ledger does not know",
                  s ->
                      isCertainlyUnsent(s)
                          && s.desired()
                              .statusReportsOtherClaim(s.recorded().entry().orElseThrow()))
              .then(Step.MARK_UNKNOWN, Reason.LedgerOutdated, s -> LEDGER_OUTDATED, Requeue.NEVER),
          in(
                  UNCONFIRMED,
                  "this process knows that its claim was never sent",
                  s -> s.recorded().unsent())
              .withoutMessage(Step.RELEASE, Requeue.NOW),

          // Held: stopped, for the order to begin.
          // guard: over-while-held
          in(
                  STOPPING,
                  "the status says it is over",
                  s -> s.desired().reportedProgress().isFinished())
              .then(Step.MARK_UNKNOWN, Reason.LedgerOutdated, s -> LEDGER_OUTDATED, Requeue.NEVER),
          in(
                  STOPPING,
                  "others leave the claim alone",
                  s ->
                      !s.recorded().isResponseReceived()
                          && s.recorded().claimAge().compareTo(s.recorded().fence()) < 0)
              .then(Step.WAIT, Reason.Stopping, s -> STOP_UNANSWERED, Requeue.AFTER_FENCE),
          // guard: held-gate-closes
          in(
                  STOPPING,
                  "nothing may be sent for it any more",
                  s -> s.desired().isGateClosed() || s.desired().validationError().isPresent())
              .withoutMessage(Step.RELEASE, Requeue.NOW),
          in(STOPPING, "the server was not looked at", s -> s.server().isEmpty())
              .ask(Step.DESCRIBE),
          in(STOPPING, "the look failed", DecisionTable::describeFailed)
              .then(
                  Step.WAIT,
                  Reason.Stopping,
                  s -> STOPPING_MESSAGE + ". Now it cannot be looked at: " + failureMessage(s),
                  Requeue.AT_NEXT_POLL),
          in(
                  STOPPING,
                  "the order contradicts what is installed",
                  s -> s.server().flatMap(ServerObservation::mismatch).isPresent())
              .withoutMessage(Step.RELEASE, Requeue.NOW),
          in(
                  STOPPING,
                  "the server is broken",
                  s -> observation(s).power() == Power.BROKEN && !isStopNotNeeded(s))
              .then(
                  Step.WAIT,
                  Reason.Stopping,
                  s ->
                      "the cloud shows the server as "
                          + observation(s).rawState()
                          + " after its stop: a person must look at it; the order is given when it is"
                          + " stopped",
                  Requeue.AT_NEXT_POLL),
          in(STOPPING, "the server is at something", DecisionTable::isBusy)
              .then(Step.WAIT, Reason.Stopping, s -> STOPPING_MESSAGE, Requeue.AT_NEXT_POLL),
          // guard: held-preconditions
          in(
                  STOPPING,
                  "what is installed is not what preconditions asks for",
                  DecisionTable::isPreconditionUnmet)
              .withoutMessage(Step.RELEASE, Requeue.NOW),
          // guard: stop-has-settled
          in(
                  STOPPING,
                  "the end of the stop is not seen",
                  s ->
                      !isStopNotNeeded(s)
                          && !s.server().orElseThrow().powerChangeSettled()
                          && (!isRunning(s) || s.recorded().stop().isPresent()))
              .then(Step.WAIT, Reason.Stopping, s -> STOPPING_MESSAGE, Requeue.AT_NEXT_POLL),
          in(STOPPING, "the Secrets were not read", s -> s.secrets().isEmpty())
              .ask(Step.READ_SECRETS),
          in(STOPPING, "a Secret is missing or unusable", s -> secretsProblem(s).isPresent())
              .withoutMessage(Step.RELEASE, Requeue.NOW),
          in(STOPPING, "the server runs all the same", s -> isRunning(s) && !isStopNotNeeded(s))
              .then(Step.STOP, Reason.Stopping, s -> STOPPING_MESSAGE, Requeue.AT_NEXT_POLL),
          in(STOPPING, "the server is stopped, or cannot be", s -> true)
              .then(Step.SUBMIT, Reason.Submitting, s -> GIVING, Requeue.AT_NEXT_POLL),

          // Sending.
          // guard: busy-refusal-is-waited-out
          in(
                  SUBMITTING,
                  "refused as busy, not settled yet",
                  s ->
                      s.recorded().isRejectedBusy()
                          && s.recorded().rejectionAge().compareTo(s.recorded().settleTime()) < 0)
              .then(
                  Step.WAIT,
                  Reason.ServerBusy,
                  s ->
                      "the cloud refused the order because the server is busy; it is looked at again"
                          + " before the next attempt, because the refusal may be the answer to a"
                          + " double of this very order",
                  Requeue.AFTER_SETTLING),
          // guard: claim-has-a-fence
          in(
                  SUBMITTING,
                  "others leave the claim alone",
                  s ->
                      !s.recorded().isRejectedBusy()
                          && s.recorded().claimAge().compareTo(s.recorded().fence()) < 0)
              .then(
                  Step.WAIT,
                  Reason.AwaitingConfirmation,
                  s ->
                      "the order may have been given to the cloud, and no answer is known; it is"
                          + " left alone until a call that is still under way can have no effect any"
                          + " more",
                  Requeue.AFTER_FENCE),
          in(SUBMITTING, "the server was not looked at", s -> s.server().isEmpty())
              .ask(Step.DESCRIBE),
          in(
                  SUBMITTING,
                  "refused as busy, and the look failed",
                  s ->
                      s.recorded().isRejectedBusy()
                          && describeFailed(s)
                          && !s.recorded().timedOut())
              .then(
                  Step.WAIT,
                  Reason.ServerBusy,
                  s ->
                      "the cloud refused the order because the server is busy, and before the next"
                          + " attempt the server cannot be looked at: "
                          + failureMessage(s),
                  Requeue.AT_NEXT_POLL),
          // guard: busy-refusal-has-a-fence
          in(
                  SUBMITTING,
                  "refused as busy, but a reinstall began, or one may be hidden: as cut off",
                  s ->
                      s.recorded().isRejectedBusy()
                          && lostRequest(s) != Evidence.LostRequestEvidence.NONE
                          && s.recorded().claimAge().compareTo(s.recorded().fence()) < 0)
              .then(
                  Step.WAIT,
                  Reason.AwaitingConfirmation,
                  s ->
                      "the cloud refused the order because the server is busy, and something began"
                          + " since that may be a double of this very order, or hide it",
                  Requeue.AFTER_FENCE),
          // guard: busy-refusal-is-judged-at-rest
          in( // what is installed when it rests tells whether a double was carried out
                  SUBMITTING,
                  "refused as busy, and what preconditions asks for cannot be told yet",
                  s ->
                      isRejectedBusyWithoutOperation(s)
                          && !s.desired().requiredInstallation().isEmpty()
                          && isBusy(s)
                          && !s.recorded().timedOut())
              .then(
                  Step.WAIT,
                  Reason.ServerBusy,
                  s ->
                      "the cloud refused the order because the server is busy; what is installed when"
                          + " it rests decides whether the order is given again",
                  Requeue.AT_NEXT_POLL),
          in(
                  SUBMITTING,
                  "a trace counts",
                  s -> lostRequest(s) == Evidence.LostRequestEvidence.MATCHES)
              .then(Step.ADOPT, Reason.Installing, DecisionTable::adopted, Requeue.AT_NEXT_POLL),
          in(
                  SUBMITTING,
                  "refused as busy, and nothing moved since",
                  s ->
                      isRejectedBusyWithoutOperation(s)
                          && /* guard: busy-refusal-is-judged */ !isPreconditionUnmet(s))
              .then(Step.RELEASE, Reason.ServerBusy, s -> "", Requeue.NOW),
          // It held at the claim: something was installed since, by a double of this order or by
          // somebody else. Released, it would end as Failed though it may have been carried out.
          in(
                  SUBMITTING,
                  "refused as busy, and what preconditions asks for is installed no more",
                  s -> isRejectedBusyWithoutOperation(s) && isPreconditionUnmet(s))
              .then(
                  Step.MARK_UNKNOWN,
                  Reason.OutcomeUnknown,
                  DecisionTable::replacedWhileBusy,
                  Requeue.AT_SLOW_INTERVAL),
          in(SUBMITTING, "the order time-out has passed", s -> s.recorded().timedOut())
              .then(
                  Step.MARK_UNKNOWN,
                  Reason.OutcomeUnknown,
                  DecisionTable::lostResponse,
                  Requeue.AT_SLOW_INTERVAL),
          in(SUBMITTING, "the look failed", DecisionTable::describeFailed)
              .then(
                  Step.WAIT,
                  Reason.AwaitingConfirmation,
                  DecisionTable::unseen,
                  Requeue.AT_NEXT_POLL),
          in(
                  SUBMITTING,
                  "a reinstall is at work that may be this one",
                  s -> lostRequest(s) == Evidence.LostRequestEvidence.UNDECIDED)
              .then(
                  Step.WAIT,
                  Reason.AwaitingConfirmation,
                  s ->
                      "the answer to the order was lost; a reinstall is under way on the server, and"
                          + " when it is over what is installed tells whether it is this one",
                  Requeue.AT_NEXT_POLL),
          // guard: more-than-this-send
          in(
                  SUBMITTING,
                  "the status tells of more than this claim's send: the ledger was put back",
                  s ->
                      s.desired().reportedProgress().compareTo(ReportedProgress.SUBMITTING) > 0
                          && s.desired()
                              .statusReportsClaimSince(s.recorded().entry().orElseThrow()))
              .then(Step.MARK_UNKNOWN, Reason.LedgerOutdated, s -> LEDGER_OUTDATED, Requeue.NEVER),
          in(
                  SUBMITTING,
                  "the token is trusted, the Secrets were not read",
                  s -> mayResend(s) && s.secrets().isEmpty())
              .ask(Step.READ_SECRETS),
          in(
                  SUBMITTING,
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
                  Step.RESEND,
                  Reason.Submitting,
                  s ->
                      "the answer to the order was lost; it is given again with the same token, which"
                          + " the cloud carries out once",
                  Requeue.AT_NEXT_POLL),
          in(
                  SUBMITTING,
                  "the token is trusted, but a gate is closed",
                  s -> mayResend(s) && forbidsResend(s))
              .then(
                  Step.WAIT,
                  Reason.AwaitingConfirmation,
                  s ->
                      "the answer to the order was lost; it could be given again with the same token,"
                          + " but nothing may be sent for it now"
                          + (isPreconditionUnmet(s) ? ": " + unmet(s) : ""),
                  Requeue.AT_NEXT_POLL),
          in(SUBMITTING, "no trace, no way to ask again", s -> true)
              .then(
                  Step.MARK_UNKNOWN,
                  Reason.OutcomeUnknown,
                  DecisionTable::lostResponse,
                  Requeue.AT_SLOW_INTERVAL),

          // Accepted: followed to its end.
          in(
                  ACCEPTED,
                  "a start may be under way, or was refused for now",
                  s -> s.recorded().startInFlight() && !s.recorded().unsent())
              .then(
                  Step.WAIT,
                  Reason.Starting,
                  s -> isStartRejected(s) ? START_REFUSED : START_UNANSWERED,
                  Requeue.AT_NEXT_POLL),
          in(ACCEPTED, "the server was not looked at", s -> s.server().isEmpty())
              .ask(Step.DESCRIBE),
          in(
                  ACCEPTED,
                  "it is started, and the end of that is not seen",
                  s ->
                      isStarted(s)
                          && !s.recorded().timedOut()
                          && (describeFailed(s) || isBusy(s) || isStartUnsettled(s)))
              .then(
                  Step.WAIT,
                  Reason.Starting,
                  s ->
                      STARTING
                          + (describeFailed(s)
                              ? ". Now it cannot be looked at: " + failureMessage(s)
                              : ""),
                  Requeue.AT_NEXT_POLL),
          in(
                  ACCEPTED,
                  "the start was never sent, refused for now or lost, and the server is stopped",
                  s ->
                      isStarted(s)
                          // guard: start-is-asked-for-once
                          && s.recorded().start().map(Start::acceptTime).isEmpty()
                          && mayStart(s))
              .then(Step.START, Reason.Starting, s -> STARTING, Requeue.AT_NEXT_POLL),
          in(ACCEPTED, "it was started", DecisionTable::isStarted)
              .then(Step.SUCCEED, Reason.Installed, DecisionTable::installed, Requeue.NEVER),
          in(
                  ACCEPTED,
                  "the cloud shows the end, and whether it must be started is not seen",
                  s ->
                      evidence(s) == Evidence.DONE
                          && wantsStart(s)
                          && isBusy(s)
                          && !s.recorded().timedOut())
              .then(
                  Step.WAIT,
                  Reason.Installing,
                  s -> "the order is carried out; the server is not at rest yet",
                  Requeue.AT_NEXT_POLL),
          in(
                  ACCEPTED,
                  "the cloud shows the end, and the server is to be started",
                  s ->
                      // guard: start-after-the-end
                      evidence(s) == Evidence.DONE && wantsStart(s) && mayStart(s))
              .then(Step.START, Reason.Starting, s -> STARTING, Requeue.AT_NEXT_POLL),
          in(ACCEPTED, "the cloud shows the end", s -> evidence(s) == Evidence.DONE)
              .then(Step.SUCCEED, Reason.Installed, DecisionTable::installed, Requeue.NEVER),
          in(ACCEPTED, "the cloud shows the failure", s -> evidence(s) == Evidence.FAILED)
              .then(Step.FAIL, Reason.InstallFailed, DecisionTable::installFailed, Requeue.NEVER),
          in(ACCEPTED, "the order time-out has passed", s -> s.recorded().timedOut())
              .then(
                  Step.MARK_UNKNOWN,
                  Reason.OutcomeUnknown,
                  DecisionTable::timedOut,
                  Requeue.AT_SLOW_INTERVAL),
          in(ACCEPTED, "the server is seen at work", s -> evidence(s) == Evidence.TRANSITION)
              .then(
                  Step.RECORD_TRANSITION,
                  Reason.Installing,
                  DecisionTable::installing,
                  Requeue.AT_NEXT_POLL),
          in(ACCEPTED, "the server's record has changed", s -> evidence(s) == Evidence.CHANGED)
              .then(
                  Step.RECORD_CHANGE,
                  Reason.Installing,
                  DecisionTable::installing,
                  Requeue.AT_NEXT_POLL),
          in(ACCEPTED, "the cloud is at work", s -> true)
              .then(Step.WAIT, Reason.Installing, DecisionTable::installing, Requeue.AT_NEXT_POLL),

          // Unknown: a late trace still resolves it, and never reopens it.
          in(UNKNOWN, "nothing can resolve it", s -> !s.recorded().resolvable())
              .withoutMessage(Step.SHOW_RESULT, Requeue.NEVER),
          in(UNKNOWN, "the server was not looked at", s -> s.server().isEmpty()).ask(Step.DESCRIBE),
          in(UNKNOWN, "the cloud shows the end", s -> evidence(s) == Evidence.DONE)
              .then(Step.SUCCEED, Reason.Installed, DecisionTable::installed, Requeue.NEVER),
          in(UNKNOWN, "the cloud shows the failure", s -> evidence(s) == Evidence.FAILED)
              .then(Step.FAIL, Reason.InstallFailed, DecisionTable::installFailed, Requeue.NEVER),
          in(
                  UNKNOWN,
                  "a late trace counts, and is done",
                  s ->
                      // guard: receipt-forbids-adoption
                      s.recorded().entry().map(Entry::requestId).isEmpty()
                          && lostRequest(s) == Evidence.LostRequestEvidence.MATCHES
                          && progress(s) == Progress.DONE)
              .then(Step.SUCCEED, Reason.Installed, DecisionTable::adopted, Requeue.NEVER),
          in(UNKNOWN, "nothing new", s -> true)
              .withoutMessage(Step.SHOW_RESULT, Requeue.AT_SLOW_INTERVAL));

  private static boolean isFinalForThisObject(ObservedState s) {
    return s.recorded().sameObject()
        && s.recorded().entry().filter(e -> e.completionTime() != null).isPresent();
  }

  /** Of a claim that the ledger forgot, too, though another one was made and given back since. */
  private static boolean statusIsAheadOfLedger(ObservedState s) {
    Optional<Entry> entry = s.recorded().entry();
    // guard: told-of-a-send
    return s.desired().statusIsAheadOf(entry.map(Entry::claimTime).orElse(null))
        || /* guard: told-of-another-send */ entry
            .filter(s.desired()::statusReportsOtherClaim)
            .isPresent();
  }

  private static boolean isCertainlyUnsent(ObservedState s) {
    return s.recorded().unsent() || s.recorded().state() == State.Stopping;
  }

  /** What the status of an entry in this state tells. */
  private static ReportedProgress reportedProgress(ObservedState s) {
    return switch (s.recorded().state()) {
      case Submitting -> ReportedProgress.SUBMITTING;
      case Accepted, Installing -> ReportedProgress.ACCEPTED;
      case Unknown -> ReportedProgress.UNKNOWN;
      case Succeeded, Failed -> ReportedProgress.FINISHED;
      case Stopping, Released, UNRECOGNIZED -> ReportedProgress.NONE;
    };
  }

  static boolean isRejectedBusy(Entry entry) {
    return entry.state() == State.Submitting && Reason.ServerBusy.name().equals(entry.reason());
  }

  private static String entryReason(ObservedState s) {
    return s.recorded().entry().orElseThrow().reason();
  }

  private static String entryMessage(ObservedState s) {
    return s.recorded().entry().orElseThrow().message();
  }

  /** Looked at since the refusal, and no reinstall began that may be a double of the order. */
  private static boolean isRejectedBusyWithoutOperation(ObservedState s) {
    return s.recorded().isRejectedBusy()
        && !describeFailed(s)
        && /* guard: busy-refusal-without-a-double */ lostRequest(s)
            == Evidence.LostRequestEvidence.NONE;
  }

  private static boolean describeFailed(ObservedState s) {
    return s.server().flatMap(ServerObservation::failure).isPresent();
  }

  private static boolean isRejectedForGood(ObservedState s) {
    return describeFailed(s)
        && (failureReason(s) == Reason.ServerNotFound || failureReason(s) == Reason.Rejected);
  }

  private static Reason failureReason(ObservedState s) {
    return s.server().flatMap(ServerObservation::failure).orElseThrow().reason();
  }

  private static String failureMessage(ObservedState s) {
    return s.server().flatMap(ServerObservation::failure).orElseThrow().message();
  }

  private static Observation observation(ObservedState s) {
    return s.server().flatMap(ServerObservation::observation).orElseThrow();
  }

  private static boolean isBusy(ObservedState s) {
    return observation(s).power() == Power.CHANGING
        || observation(s).operation().filter(o -> o.progress() == Progress.IN_PROGRESS).isPresent();
  }

  private static boolean isRunning(ObservedState s) {
    // guard: running-server-is-waited-for
    return observation(s).power() == Power.RUNNING;
  }

  private static boolean isStopNotNeeded(ObservedState s) {
    return s.recorded().stop().map(Stop::notNeeded).isPresent();
  }

  private static boolean isStarted(ObservedState s) {
    return s.recorded().start().isPresent();
  }

  private static boolean isStartRejected(ObservedState s) {
    return s.recorded().start().map(Start::refused).isPresent();
  }

  private static boolean wantsStart(ObservedState s) {
    return s.desired().startAfter();
  }

  private static boolean isStartUnsettled(ObservedState s) {
    return !isRunning(s)
        && s.recorded().start().map(Start::acceptTime).isPresent()
        && !s.server().orElseThrow().powerChangeSettled();
  }

  /** An orphan is only looked at. */
  private static boolean mayStart(ObservedState s) {
    return /* guard: orphan-is-not-started */ s.recorded().isOwner()
        && s.server()
            .flatMap(ServerObservation::observation)
            .filter(/* guard: running-server-is-not-started */ o -> o.power() == Power.STOPPED)
            .isPresent()
        && !s.recorded().timedOut();
  }

  private static Evidence evidence(ObservedState s) {
    return s.server().map(ServerObservation::evidence).orElse(Evidence.NONE);
  }

  private static Evidence.LostRequestEvidence lostRequest(ObservedState s) {
    return s.server().map(ServerObservation::lostRequest).orElse(Evidence.LostRequestEvidence.NONE);
  }

  private static Progress progress(ObservedState s) {
    return observation(s).operation().orElseThrow().progress();
  }

  private static Optional<String> secretsProblem(ObservedState s) {
    return s.secrets().flatMap(ObservedState.SecretsRead::problem);
  }

  /** What the cloud does not tell is not what was asked for. */
  private static boolean isPreconditionUnmet(ObservedState s) {
    // guard: preconditions
    return !observation(s)
        .installed()
        .entrySet()
        .containsAll(s.desired().requiredInstallation().entrySet());
  }

  /**
   * A resend is the same order, whose precondition held when it passed its point of no return; so
   * where what it ordered is installed by now it may go on, for that may be its own work and the
   * cloud knows the token. Where a third thing is, it is surely not its work and no look would
   * allow it to begin. And where the status tells of a send that the ledger does not know, the
   * token may be older than what it is trusted by.
   */
  private static boolean forbidsResend(ObservedState s) {
    return /* guard: resend-through-no-closed-gate */ s.desired().isGateClosed()
        // guard: resend-beside-no-send-that-was-forgotten
        || s.desired().statusReportsOtherClaim(s.recorded().entry().orElseThrow())
        || /* guard: resend-preconditions */ (isPreconditionUnmet(s)
            && !Evidence.isInstalled(
                s.recorded().entry().map(Entry::expected).orElse(null),
                observation(s).installed()));
  }

  /** An orphan is only looked at. */
  private static boolean mayResend(ObservedState s) {
    return /* guard: orphan-is-not-sent-again */ s.recorded().isOwner()
        && s.server()
            .filter(/* guard: resend-needs-a-token */ ServerObservation::tokenTrusted)
            .isPresent();
  }

  // What is said.

  private static String queued(ObservedState s) {
    ObservedState.BlockingEntry ahead = s.recorded().blocking().orElseThrow();
    String who = "the order " + ahead.namespace() + "/" + ahead.name();
    return ahead.open()
        ? who
            + " has this server"
            + (ahead.orphaned() ? " (its Reinstall is gone)" : "")
            + ": this one begins when that one is over"
        : who
            + " is over, but its last call may still be under way: this one begins when that can have no effect any more";
  }

  private static String expired(ObservedState s) {
    String last = s.recorded().entry().map(Entry::message).map(m -> "; before: " + m).orElse("");
    return "notAfter passed before the order could begin: nothing was done. To reinstall, write a"
        + " Reinstall with another name and a later notAfter"
        + last;
  }

  private static String unmet(ObservedState s) {
    Map<String, String> installed = observation(s).installed();
    return s.desired().requiredInstallation().entrySet().stream()
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

  private static String preconditionFailed(ObservedState s) {
    return unmet(s)
        + ": nothing was begun. It may have been reinstalled before: look at the server. If it is"
        + " still to be reinstalled, delete this Reinstall and apply one whose preconditions name"
        + " what is installed, or none";
  }

  private static String replacedWhileBusy(ObservedState s) {
    return "the cloud refused the order because the server was busy, and something was installed"
        + " since, by a double of this order or by somebody else ("
        + unmet(s)
        + "). It is never sent again: look at the server, then write a Reinstall with another name"
        + " if it is still to be reinstalled";
  }

  private static String adopted(ObservedState s) {
    return "the answer to the order was lost; the reinstall "
        + observation(s).operation().orElseThrow().id()
        + " that the cloud shows was taken for it (adopted), because nothing distinguishes it";
  }

  private static String unseen(ObservedState s) {
    return "the answer to the order was lost, and its trace cannot be looked for: "
        + failureMessage(s);
  }

  private static String lostResponse(ObservedState s) {
    return "the order was sent and its answer was lost; the cloud shows no trace that is surely its"
        + " own. It is never sent again: look at the server, then write a Reinstall with another name"
        + " if it is still to be reinstalled";
  }

  private static String installing(ObservedState s) {
    return describeFailed(s)
        ? "the cloud accepted the order; now the server cannot be looked at: " + failureMessage(s)
        : "the cloud accepted the order and is at work";
  }

  private static String installed(ObservedState s) {
    String said = installed(s.recorded().entry().orElseThrow());
    boolean asked = s.recorded().state().isOpen() && (isStarted(s) || wantsStart(s));
    if (!asked) {
      return said;
    }
    if (describeFailed(s)) {
      return said + START_FAILED + failureMessage(s);
    }
    return isRunning(s)
        ? said
        : said + START_FAILED + "the cloud shows it as " + observation(s).rawState();
  }

  static String installed(Entry entry) {
    return Boolean.TRUE.equals(entry.adopted())
        ? "the reinstall that was taken for this order (adopted: the answer was lost) is done"
        : "the cloud confirmed the end of this order";
  }

  private static String installFailed(ObservedState s) {
    return "the cloud accepted the order and the install failed (the cloud shows "
        + observation(s).rawState()
        + "): the cloud's console tells why. To try again, write a Reinstall with another name";
  }

  private static String timedOut(ObservedState s) {
    return "the cloud accepted the order, and its end was not seen within the order time-out. It is"
        + " never sent again: look at the server, then write a Reinstall with another name if it is"
        + " still to be reinstalled";
  }
}
