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
import dev.reinstall.reconcile.ObservedState.DescribeFailure;
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

/** Decides what happens next with a request. The first row that matches decides. */
final class DecisionTable {

  private DecisionTable() {}

  /**
   * A request fails unsent only by a ledger that was fetched: the cached one may not contain the
   * submit. And a claim is released only by a Reinstall that was fetched: its status may report a
   * submit that the ledger does not contain, and that would be hidden by a later claim.
   */
  static Decision decide(ObservedState s) {
    Decision decision = row(s).decision(s);
    // guard: end-by-the-newest-ledger
    if (decision.step() == Step.FAIL_UNSENT && !s.recorded().uncached()) {
      return READ_LEDGER;
    }
    // guard: released-by-the-newest-reinstall
    if (decision.step() == Step.RELEASE && !s.desired().uncached()) {
      return READ_REINSTALL;
    }
    // guard: finished-status-is-kept
    if (decision.step() == Step.WAIT && mustKeepStatus(s)) {
      return new Decision(Step.KEEP_STATUS, null, "", decision.requeue());
    }
    return decision;
  }

  /**
   * Beside a claim that may have been submitted, the status reports that the cloud accepted the
   * request, or that it has finished: it must not be shown as open again, and just that closes the
   * gate of the claim. Or it reports a submit that the ledger does not contain. It may be the only
   * record of that.
   */
  private static boolean mustKeepStatus(ObservedState s) {
    return s.recorded().state() == State.Submitting
        && /* guard: more-than-a-submit-is-kept */ (s.desired()
                    .reportedProgress()
                    .compareTo(ReportedProgress.SUBMITTING)
                > 0
            // guard: later-claim-is-kept
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
      states(null, /* guard: unknown-is-not-started */ State.Released);
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
          // guard: succeeded-is-final
          State.Succeeded,
          // guard: failed-is-final
          State.Failed);
  private static final Set<State> UNKNOWN = states(/* named: unknown */ State.Unknown);

  static final List<Row> ROWS =
      List.of(
          in(
                  ANY,
                  "the ledger, and perhaps the status, has something that only a newer operator supports",
                  s ->
                      !s.recorded().supported()
                          && s.desired().reportedProgress() != ReportedProgress.NONE)
              .withoutMessage(Step.KEEP_STATUS, Requeue.AT_SLOW_INTERVAL),
          in(
                  ANY,
                  "the ledger has something that only a newer operator supports",
                  s -> !s.recorded().supported())
              .then(
                  Step.WAIT,
                  Reason.LedgerVersionUnsupported,
                  s -> Messages.ledgerVersionUnsupported(),
                  Requeue.AT_SLOW_INTERVAL),

          // A status is never set back by a watch that is behind.
          // guard: status-does-not-regress
          in(
                  IN_PROGRESS,
                  "the status reports more progress than the cached ledger",
                  s ->
                      !s.recorded().uncached()
                          && s.desired().reportedProgress().compareTo(reportedProgress(s)) > 0)
              .ask(Step.READ_LEDGER),
          in(
                  CLAIMED,
                  "finished for this object; the name is now used by another claim or spec",
                  s ->
                      s.desired().reportedProgress().isFinished()
                          && !s.recorded().sameObject()
                          && (s.recorded().state().isOpen() || !s.recorded().sameSpec()))
              .withoutMessage(Step.KEEP_STATUS, Requeue.NEVER),

          // Final is final, whatever the object says.
          in(
                  CLAIMED,
                  "the name is used, and only a newer operator can compare the specs",
                  s ->
                      !s.recorded().sameSpec()
                          && !s.desired().supported()
                          && s.desired().reportedProgress() == ReportedProgress.NONE)
              .then(
                  Step.WAIT,
                  Reason.UnsupportedField,
                  s -> Messages.unsupportedField(s.desired().unknownFields()),
                  Requeue.AT_SLOW_INTERVAL),
          // guard: name-conflict-is-not-started
          in(CLAIMED, "the name is used by a different spec", s -> !s.recorded().sameSpec())
              .then(
                  Step.FAIL_UNSENT,
                  Reason.NameConflict,
                  DecisionTable::nameConflict,
                  Requeue.NEVER),
          in(FINAL, "the request is final", s -> true)
              .withoutMessage(Step.SHOW_RESULT, Requeue.NEVER),

          // Not started: what forbids to start, cheapest first.
          // guard: ended-is-not-started
          in(
                  NOT_STARTED,
                  "it ended unsubmitted for this object",
                  DecisionTable::isFinalForThisObject)
              .withoutMessage(Step.SHOW_RESULT, Requeue.NEVER),
          // guard: finished-status-is-not-started
          in(
                  NOT_STARTED,
                  "the status says that it has finished",
                  s -> s.desired().reportedProgress().isFinished())
              .withoutMessage(Step.KEEP_STATUS, Requeue.NEVER),
          // guard: deleted-is-not-started
          in(NOT_STARTED, "the Reinstall is being deleted", s -> s.desired().deleted())
              .withoutMessage(Step.KEEP_STATUS, Requeue.NEVER),
          in(
                  NOT_STARTED,
                  "the status reports a submit, the cached ledger does not",
                  s -> statusIsAheadOfLedger(s) && !s.recorded().uncached())
              .ask(Step.READ_LEDGER),
          in(
                  NOT_STARTED,
                  "the status reports a submit that the ledger does not contain",
                  DecisionTable::statusIsAheadOfLedger)
              .then(
                  Step.FAIL_UNSENT,
                  Reason.LedgerOutdated,
                  s -> Messages.ledgerOutdated(),
                  Requeue.NEVER),
          // guard: expired-is-not-started
          in(NOT_STARTED, "notAfter has passed", s -> s.desired().expired())
              .then(
                  Step.FAIL_UNSENT, Reason.DeadlineExceeded, DecisionTable::expired, Requeue.NEVER),
          // guard: unsupported-field-is-not-started
          in(
                  NOT_STARTED,
                  "the spec has something that only a newer operator supports",
                  s -> !s.desired().supported())
              .then(
                  Step.WAIT,
                  Reason.UnsupportedField,
                  s -> Messages.unsupportedField(s.desired().unknownFields()),
                  Requeue.AT_SLOW_INTERVAL),
          // guard: invalid-is-not-started
          in(NOT_STARTED, "the spec is invalid", s -> s.desired().validationError().isPresent())
              .then(
                  Step.FAIL_UNSENT,
                  Reason.InvalidSpec,
                  s -> Messages.invalidSpec(s.desired().validationError().orElseThrow()),
                  Requeue.NEVER),
          // guard: suspended-is-not-started
          in(NOT_STARTED, "spec.suspend is true", s -> s.desired().suspended())
              .then(Step.WAIT, Reason.Suspended, s -> Messages.suspended(), Requeue.AT_NOT_AFTER),
          // guard: held-server-is-not-claimed
          in(NOT_STARTED, "the server is held", DecisionTable::isHeld)
              .then(
                  Step.WAIT,
                  Reason.ServerHeld,
                  s -> Messages.serverHeld(s.recorded().hold().orElseThrow()),
                  Requeue.AT_NOT_AFTER),
          // guard: orphaned-entry-is-followed
          in(
                  NOT_STARTED,
                  "an orphaned entry has the server",
                  s -> s.recorded().blocking().filter(a -> a.open() && a.orphaned()).isPresent())
              .then(
                  Step.FOLLOW_ORPHANED_ENTRY,
                  Reason.Queued,
                  DecisionTable::queued,
                  Requeue.AT_NEXT_POLL),
          in(
                  NOT_STARTED,
                  "another request has the server",
                  s -> s.recorded().blocking().isPresent())
              .then(Step.WAIT, Reason.Queued, DecisionTable::queued, Requeue.AT_NEXT_POLL),
          in(
                  NOT_STARTED,
                  "access was denied, and the backoff is not over",
                  s ->
                      s.recorded().inBackoff() && entryReason(s).equals(Reason.AccessDenied.name()))
              .then(
                  Step.WAIT,
                  Reason.AccessDenied,
                  DecisionTable::entryMessage,
                  Requeue.AT_SLOW_INTERVAL),
          in(
                  NOT_STARTED,
                  "rejected for now, and the backoff is not over",
                  s -> s.recorded().inBackoff())
              .then(
                  Step.WAIT,
                  s -> Reason.valueOf(entryReason(s)),
                  DecisionTable::entryMessage,
                  Requeue.AT_NEXT_POLL),

          // Not started: the server.
          in(NOT_STARTED, "the server was not described yet", s -> s.server().isEmpty())
              .ask(Step.DESCRIBE),
          in(
                  /* guard: failed-description-ends-only-the-unsent */ NOT_STARTED,
                  "the cloud rejects the description permanently",
                  DecisionTable::isRejectedForGood)
              .then(
                  Step.FAIL_UNSENT,
                  DecisionTable::failureReason,
                  s -> Messages.finalBeforeStart(failureMessage(s)),
                  Requeue.NEVER),
          in(
                  NOT_STARTED,
                  "the server was not found, for less than the settling time",
                  s -> describeFailed(s) && failureReason(s) == Reason.ServerNotFound)
              .then(
                  Step.WAIT,
                  Reason.ServerNotFound,
                  s -> Messages.notFoundYet(failureMessage(s), s.recorded().settleTime()),
                  Requeue.AT_NEXT_POLL),
          in(
                  NOT_STARTED,
                  "access to the cloud is denied",
                  s -> describeFailed(s) && failureReason(s) == Reason.AccessDenied)
              .then(
                  Step.WAIT,
                  DecisionTable::failureReason,
                  s -> Messages.deniedBeforeStart(failureMessage(s), s.timeouts().slowInterval()),
                  Requeue.AT_SLOW_INTERVAL),
          in(NOT_STARTED, "the description failed", DecisionTable::describeFailed)
              .then(
                  Step.WAIT,
                  DecisionTable::failureReason,
                  DecisionTable::retriedBeforeStart,
                  Requeue.AT_NEXT_POLL),
          in(
                  NOT_STARTED,
                  "the spec contradicts what is installed",
                  s -> s.server().flatMap(ServerObservation::mismatch).isPresent())
              .then(
                  Step.FAIL_UNSENT,
                  Reason.InvalidSpec,
                  s ->
                      Messages.invalidSpec(
                          s.server().flatMap(ServerObservation::mismatch).orElseThrow()),
                  Requeue.NEVER),
          in(
                  NOT_STARTED,
                  "the server is in a failed state",
                  s -> observation(s).power() == Power.BROKEN)
              .then(
                  Step.WAIT,
                  Reason.ServerBusy,
                  s -> Messages.serverBroken(observation(s).rawState()),
                  Requeue.AT_NEXT_POLL),
          // guard: busy-server-is-waited-for
          in(NOT_STARTED, "another operation is in progress on the server", DecisionTable::isBusy)
              .then(
                  Step.WAIT,
                  Reason.ServerBusy,
                  s -> Messages.serverBusy(observation(s).rawState()),
                  Requeue.AT_NEXT_POLL),
          in(
                  NOT_STARTED,
                  "the server was stopped in a way in which the cloud rejects a reinstall",
                  DecisionTable::isStoppedWithoutCharge)
              .then(
                  Step.WAIT,
                  Reason.ServerBusy,
                  s -> Messages.stoppedWithoutCharge(s.desired().whenRunning()),
                  Requeue.AT_NEXT_POLL),
          in( // only if no operation is in progress: during an installation the cloud may report
                  // either
                  NOT_STARTED, "the preconditions are not met", DecisionTable::isPreconditionUnmet)
              .then(
                  Step.FAIL_UNSENT,
                  Reason.PreconditionFailed,
                  DecisionTable::preconditionFailed,
                  Requeue.NEVER),
          in(
                  NOT_STARTED,
                  "the server is running, and whenRunning is Fail",
                  s -> isRunning(s) && s.desired().whenRunning() == WhenRunning.Fail)
              .then(
                  Step.FAIL_UNSENT,
                  Reason.ServerRunning,
                  s -> Messages.serverRunningFail(),
                  Requeue.NEVER),
          in(
                  NOT_STARTED,
                  "the server is running, and whenRunning is Wait",
                  s -> isRunning(s) && s.desired().whenRunning() != WhenRunning.Stop)
              .then(
                  Step.WAIT,
                  Reason.ServerRunning,
                  s -> Messages.serverRunningWait(),
                  Requeue.AT_NEXT_POLL),
          in(NOT_STARTED, "the Secrets were not read yet", s -> s.secrets().isEmpty())
              .ask(Step.READ_SECRETS),
          in(NOT_STARTED, "a Secret is not ready", s -> secretsProblem(s).isPresent())
              .then(
                  Step.WAIT,
                  Reason.SecretNotReady,
                  s ->
                      Messages.secretNotReady(
                          secretsProblem(s).orElseThrow(), s.timeouts().pollInterval()),
                  Requeue.AT_NEXT_POLL),
          in(
                  NOT_STARTED,
                  "the server is running, whenRunning is Stop, and every gate is open",
                  DecisionTable::isRunning)
              .then(Step.STOP, Reason.Stopping, s -> Messages.stopping(), Requeue.AT_NEXT_POLL),
          in(NOT_STARTED, "the server is stopped, and every gate is open", s -> true)
              .then(
                  Step.SUBMIT, Reason.Submitting, s -> Messages.submitting(), Requeue.AT_NEXT_POLL),

          // Stopping or Submitting: a request of this claim, or of another one, may be in flight.
          // guard: unsent-beside-another-submit
          in(
                  UNCONFIRMED,
                  "it was certainly not submitted, and the status reports a submit that the ledger does not contain",
                  s ->
                      isCertainlyUnsent(s)
                          && s.desired()
                              .statusReportsOtherClaim(s.recorded().entry().orElseThrow()))
              .then(
                  Step.MARK_UNKNOWN,
                  Reason.LedgerOutdated,
                  s -> Messages.ledgerOutdated(),
                  Requeue.NEVER),
          in(UNCONFIRMED, "this process did not submit its claim", s -> s.recorded().unsent())
              .withoutMessage(Step.RELEASE, Requeue.NOW),

          // Stopping: the server is stopped before the request is submitted.
          // guard: finished-status-while-stopping
          in(
                  STOPPING,
                  "the status says that it has finished",
                  s -> s.desired().reportedProgress().isFinished())
              .then(
                  Step.MARK_UNKNOWN,
                  Reason.LedgerOutdated,
                  s -> Messages.ledgerOutdated(),
                  Requeue.NEVER),
          in(
                  STOPPING,
                  "the fence of the claim has not passed",
                  s ->
                      !s.recorded().isResponseReceived()
                          && s.recorded().claimAge().compareTo(s.recorded().fence()) < 0)
              .then(
                  Step.WAIT,
                  Reason.Stopping,
                  s -> Messages.stopUnanswered(s.recorded().fence()),
                  Requeue.AFTER_FENCE),
          // guard: stopping-gate-closes
          in(
                  STOPPING,
                  "a gate is closed",
                  s ->
                      s.desired().isGateClosed()
                          || s.desired().validationError().isPresent()
                          || /* guard: hold-ends-a-stop */ isHeld(s))
              .withoutMessage(Step.RELEASE, Requeue.NOW),
          in(STOPPING, "the server was not described yet", s -> s.server().isEmpty())
              .ask(Step.DESCRIBE),
          in(STOPPING, "the description failed", DecisionTable::describeFailed)
              .then(
                  Step.WAIT,
                  Reason.Stopping,
                  s -> Messages.join(stopping(s), Messages.unseen(failureMessage(s))),
                  Requeue.AT_NEXT_POLL),
          in(
                  STOPPING,
                  "the spec contradicts what is installed",
                  s -> s.server().flatMap(ServerObservation::mismatch).isPresent())
              .withoutMessage(Step.RELEASE, Requeue.NOW),
          in(
                  STOPPING,
                  "the server is in a failed state",
                  s -> observation(s).power() == Power.BROKEN && !isStopNotNeeded(s))
              .then(
                  Step.WAIT,
                  Reason.Stopping,
                  s -> Messages.brokenAfterStop(observation(s).rawState()),
                  Requeue.AT_NEXT_POLL),
          in(STOPPING, "another operation is in progress on the server", DecisionTable::isBusy)
              .then(Step.WAIT, Reason.Stopping, DecisionTable::stopping, Requeue.AT_NEXT_POLL),
          // guard: stopping-preconditions
          in(STOPPING, "the preconditions are not met", DecisionTable::isPreconditionUnmet)
              .withoutMessage(Step.RELEASE, Requeue.NOW),
          // guard: stop-has-settled
          in(
                  STOPPING,
                  "the stop has not settled",
                  s ->
                      !isStopNotNeeded(s)
                          && !s.server().orElseThrow().powerChangeSettled()
                          && (!isRunning(s) || s.recorded().stop().isPresent()))
              .then(Step.WAIT, Reason.Stopping, DecisionTable::stopping, Requeue.AT_NEXT_POLL),
          in( // by somebody else: this operator keeps the charge
                  STOPPING,
                  "the server was stopped in a way in which the cloud rejects a reinstall",
                  DecisionTable::isStoppedWithoutCharge)
              .withoutMessage(Step.RELEASE, Requeue.NOW),
          in(STOPPING, "the Secrets were not read yet", s -> s.secrets().isEmpty())
              .ask(Step.READ_SECRETS),
          in(STOPPING, "a Secret is not ready", s -> secretsProblem(s).isPresent())
              .withoutMessage(Step.RELEASE, Requeue.NOW),
          in(STOPPING, "the server is still running", s -> isRunning(s) && !isStopNotNeeded(s))
              .then(Step.STOP, Reason.Stopping, DecisionTable::stopping, Requeue.AT_NEXT_POLL),
          in(STOPPING, "the server is stopped, or cannot be stopped", s -> true)
              .then(
                  Step.SUBMIT, Reason.Submitting, s -> Messages.submitting(), Requeue.AT_NEXT_POLL),

          // Submitting.
          // guard: busy-rejection-is-waited-out
          in(
                  SUBMITTING,
                  "rejected as busy, and the settling time has not passed",
                  s ->
                      s.recorded().isRejectedBusy()
                          && s.recorded().rejectionAge().compareTo(s.recorded().settleTime()) < 0)
              .then(
                  Step.WAIT,
                  Reason.ServerBusy,
                  s -> Messages.busySettling(s.recorded().settleTime()),
                  Requeue.AFTER_SETTLING),
          // guard: claim-has-a-fence
          in(
                  SUBMITTING,
                  "the fence of the claim has not passed",
                  s ->
                      !s.recorded().isRejectedBusy()
                          && s.recorded().claimAge().compareTo(s.recorded().fence()) < 0)
              .then(
                  Step.WAIT,
                  Reason.AwaitingConfirmation,
                  s -> Messages.maybeSent(s.recorded().fence()),
                  Requeue.AFTER_FENCE),
          in(SUBMITTING, "the server was not described yet", s -> s.server().isEmpty())
              .ask(Step.DESCRIBE),
          in(
                  SUBMITTING,
                  "rejected as busy, and the description failed",
                  s ->
                      s.recorded().isRejectedBusy()
                          && describeFailed(s)
                          && !s.recorded().timedOut())
              .then(
                  Step.WAIT,
                  Reason.ServerBusy,
                  s -> Messages.busyUnseen(failureMessage(s)),
                  Requeue.AT_NEXT_POLL),
          // guard: busy-rejection-has-a-fence
          in(
                  SUBMITTING,
                  "rejected as busy, but an operation started since: handled as a lost response",
                  s ->
                      s.recorded().isRejectedBusy()
                          && lostRequest(s) != Evidence.LostRequestEvidence.NONE
                          && s.recorded().claimAge().compareTo(s.recorded().fence()) < 0)
              .then(
                  Step.WAIT,
                  Reason.AwaitingConfirmation,
                  s -> Messages.busyOperationStarted(s.recorded().fence()),
                  Requeue.AFTER_FENCE),
          // guard: busy-rejection-waits-for-idle
          in( // what is installed afterwards shows whether a duplicate was carried out
                  SUBMITTING,
                  "rejected as busy, and the server is still busy",
                  s -> isRejectedBusyWithoutOperation(s) && isBusy(s) && !s.recorded().timedOut())
              .then(
                  Step.WAIT,
                  Reason.ServerBusy,
                  s -> Messages.busyAwaitingInstalled(),
                  Requeue.AT_NEXT_POLL),
          in(
                  SUBMITTING,
                  "the operation matches",
                  s -> lostRequest(s) == Evidence.LostRequestEvidence.MATCHES)
              .then(Step.ADOPT, Reason.Installing, DecisionTable::adopted, Requeue.AT_NEXT_POLL),
          in(
                  SUBMITTING,
                  "rejected as busy, and no operation started since",
                  s ->
                      isRejectedBusyWithoutOperation(s)
                          && /* guard: busy-rejection-checks-preconditions */ !isPreconditionUnmet(
                              s))
              .then(Step.RELEASE, Reason.ServerBusy, s -> "", Requeue.NOW),
          // They were met at the claim: something was installed since, by a duplicate of this
          // request or by somebody else. If released, it would end as Failed although it may have
          // been carried out.
          in(
                  SUBMITTING,
                  "rejected as busy, and the preconditions are no longer met",
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
          in(SUBMITTING, "the description failed", DecisionTable::describeFailed)
              .then(
                  Step.WAIT,
                  Reason.AwaitingConfirmation,
                  DecisionTable::unseen,
                  Requeue.AT_NEXT_POLL),
          in(
                  SUBMITTING,
                  "a reinstall is in progress that may be this one",
                  s -> lostRequest(s) == Evidence.LostRequestEvidence.UNDECIDED)
              .then(
                  Step.WAIT,
                  Reason.AwaitingConfirmation,
                  s -> Messages.reinstallInProgress(),
                  Requeue.AT_NEXT_POLL),
          // guard: more-than-this-submit
          in(
                  SUBMITTING,
                  "the status reports more than the submit of this claim: the ledger was restored",
                  s ->
                      s.desired().reportedProgress().compareTo(ReportedProgress.SUBMITTING) > 0
                          && s.desired()
                              .statusReportsClaimSince(s.recorded().entry().orElseThrow()))
              .then(
                  Step.MARK_UNKNOWN,
                  Reason.LedgerOutdated,
                  s -> Messages.ledgerOutdated(),
                  Requeue.NEVER),
          in(
                  SUBMITTING,
                  "the token is trusted, and the Secrets were not read yet",
                  s -> mayResend(s) && s.secrets().isEmpty())
              .ask(Step.READ_SECRETS),
          in(
                  SUBMITTING,
                  "the token is trusted, and the Secrets are unchanged",
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
                  Step.RESEND, Reason.Submitting, s -> Messages.resending(), Requeue.AT_NEXT_POLL),
          in(
                  SUBMITTING,
                  "the token is trusted, but a gate is closed",
                  s -> mayResend(s) && forbidsResend(s))
              .then(
                  Step.WAIT,
                  Reason.AwaitingConfirmation,
                  s -> Messages.resendBlocked(blockedBy(s)),
                  Requeue.AT_NEXT_POLL),
          in(SUBMITTING, "no evidence, and no safe resend", s -> true)
              .then(
                  Step.MARK_UNKNOWN,
                  Reason.OutcomeUnknown,
                  DecisionTable::lostResponse,
                  Requeue.AT_SLOW_INTERVAL),

          // Accepted: followed to its end.
          in(
                  ACCEPTED,
                  "a start may be in flight, or was rejected for now",
                  s -> s.recorded().startInFlight() && !s.recorded().unsent())
              .then(
                  Step.WAIT,
                  Reason.Starting,
                  s ->
                      isStartRejected(s)
                          ? Messages.startRejected(s.timeouts().pollInterval())
                          : Messages.startUnanswered(s.timeouts().fence()),
                  Requeue.AT_NEXT_POLL),
          in(ACCEPTED, "the server was not described yet", s -> s.server().isEmpty())
              .ask(Step.DESCRIBE),
          in(
                  ACCEPTED,
                  "the start has not settled",
                  s ->
                      isStarted(s)
                          && !s.recorded().timedOut()
                          && (describeFailed(s) || isBusy(s) || isStartUnsettled(s)))
              .then(
                  Step.WAIT,
                  Reason.Starting,
                  s ->
                      Messages.join(
                          Messages.starting(),
                          describeFailed(s) ? Messages.unseen(failureMessage(s)) : ""),
                  Requeue.AT_NEXT_POLL),
          in(
                  ACCEPTED,
                  "the start was not sent, rejected for now or lost, and the server is stopped",
                  s ->
                      isStarted(s)
                          // guard: start-is-requested-once
                          && s.recorded().start().map(Start::acceptTime).isEmpty()
                          && mayStart(s))
              .then(Step.START, Reason.Starting, s -> Messages.starting(), Requeue.AT_NEXT_POLL),
          in(ACCEPTED, "the server was started", DecisionTable::isStarted)
              .then(Step.SUCCEED, Reason.Installed, DecisionTable::installed, Requeue.NEVER),
          in(
                  ACCEPTED,
                  "the reinstall is complete, and the power state has not settled",
                  s ->
                      evidence(s) == Evidence.DONE
                          && wantsStart(s)
                          && isBusy(s)
                          && !s.recorded().timedOut())
              .then(
                  Step.WAIT,
                  Reason.Installing,
                  s -> Messages.installedNotSettled(),
                  Requeue.AT_NEXT_POLL),
          in(
                  ACCEPTED,
                  "the reinstall is complete, and the server must be started",
                  s ->
                      // guard: start-after-the-end
                      evidence(s) == Evidence.DONE && wantsStart(s) && mayStart(s))
              .then(Step.START, Reason.Starting, s -> Messages.starting(), Requeue.AT_NEXT_POLL),
          in(ACCEPTED, "the reinstall is complete", s -> evidence(s) == Evidence.DONE)
              .then(Step.SUCCEED, Reason.Installed, DecisionTable::installed, Requeue.NEVER),
          in(ACCEPTED, "the installation failed", s -> evidence(s) == Evidence.FAILED)
              .then(Step.FAIL, Reason.InstallFailed, DecisionTable::installFailed, Requeue.NEVER),
          in(ACCEPTED, "the order time-out has passed", s -> s.recorded().timedOut())
              .then(
                  Step.MARK_UNKNOWN,
                  Reason.OutcomeUnknown,
                  DecisionTable::timedOut,
                  Requeue.AT_SLOW_INTERVAL),
          in(ACCEPTED, "the server is in transition", s -> evidence(s) == Evidence.TRANSITION)
              .then(
                  Step.RECORD_TRANSITION,
                  Reason.Installing,
                  DecisionTable::installing,
                  Requeue.AT_NEXT_POLL),
          in(ACCEPTED, "the record of the server has changed", s -> evidence(s) == Evidence.CHANGED)
              .then(
                  Step.RECORD_CHANGE,
                  Reason.Installing,
                  DecisionTable::installing,
                  Requeue.AT_NEXT_POLL),
          in(ACCEPTED, "the installation is in progress", s -> true)
              .then(Step.WAIT, Reason.Installing, DecisionTable::installing, Requeue.AT_NEXT_POLL),

          // Unknown: a late operation still resolves it, and never reopens it.
          in(UNKNOWN, "no evidence can resolve it", s -> !s.recorded().resolvable())
              .withoutMessage(Step.SHOW_RESULT, Requeue.NEVER),
          in(UNKNOWN, "the server was not described yet", s -> s.server().isEmpty())
              .ask(Step.DESCRIBE),
          in(UNKNOWN, "the reinstall is complete", s -> evidence(s) == Evidence.DONE)
              .then(Step.SUCCEED, Reason.Installed, DecisionTable::installed, Requeue.NEVER),
          in(UNKNOWN, "the installation failed", s -> evidence(s) == Evidence.FAILED)
              .then(Step.FAIL, Reason.InstallFailed, DecisionTable::installFailed, Requeue.NEVER),
          in(
                  UNKNOWN,
                  "a late operation matches, and is complete",
                  s ->
                      // guard: acceptance-forbids-adoption
                      s.recorded().entry().map(Entry::requestId).isEmpty()
                          && lostRequest(s) == Evidence.LostRequestEvidence.MATCHES
                          && isOperationDone(s))
              .then(Step.SUCCEED, Reason.Installed, DecisionTable::adopted, Requeue.NEVER),
          in(UNKNOWN, "the server is in transition", s -> evidence(s) == Evidence.TRANSITION)
              .withoutMessage(Step.RECORD_LATE_TRANSITION, Requeue.AT_SLOW_INTERVAL),
          in(UNKNOWN, "the record of the server has changed", s -> evidence(s) == Evidence.CHANGED)
              .withoutMessage(Step.RECORD_LATE_CHANGE, Requeue.AT_SLOW_INTERVAL),
          in(UNKNOWN, "no new evidence", s -> true)
              .withoutMessage(Step.SHOW_RESULT, Requeue.AT_SLOW_INTERVAL));

  private static boolean isFinalForThisObject(ObservedState s) {
    return s.recorded().sameObject()
        && s.recorded().entry().filter(e -> e.completionTime() != null).isPresent();
  }

  /**
   * Also of a claim that the ledger does not contain, although another one was made and released
   * since.
   */
  private static boolean statusIsAheadOfLedger(ObservedState s) {
    Optional<Entry> entry = s.recorded().entry();
    // guard: status-reports-a-submit
    return s.desired().statusIsAheadOf(entry.map(Entry::claimTime).orElse(null))
        || /* guard: status-reports-another-submit */ entry
            .filter(s.desired()::statusReportsOtherClaim)
            .isPresent();
  }

  private static boolean isCertainlyUnsent(ObservedState s) {
    return s.recorded().unsent() || s.recorded().state() == State.Stopping;
  }

  /** What the status of an entry in this state reports. */
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

  /**
   * Described since the rejection, and no reinstall started that may be a duplicate of the request.
   */
  private static boolean isRejectedBusyWithoutOperation(ObservedState s) {
    return s.recorded().isRejectedBusy()
        && !describeFailed(s)
        && /* guard: busy-rejection-without-a-duplicate */ lostRequest(s)
            == Evidence.LostRequestEvidence.NONE;
  }

  private static boolean describeFailed(ObservedState s) {
    return s.server().flatMap(ServerObservation::failure).isPresent();
  }

  private static boolean isRejectedForGood(ObservedState s) {
    return s.server()
        .flatMap(ServerObservation::failure)
        .filter(DescribeFailure::lasting)
        .isPresent();
  }

  private static Reason failureReason(ObservedState s) {
    return s.server().flatMap(ServerObservation::failure).orElseThrow().reason();
  }

  private static String failureMessage(ObservedState s) {
    return s.server().flatMap(ServerObservation::failure).orElseThrow().message();
  }

  private static String retriedBeforeStart(ObservedState s) {
    String failure = failureMessage(s);
    return s.server()
            .flatMap(ServerObservation::failure)
            .flatMap(DescribeFailure::pause)
            .isPresent()
        ? Messages.pausedBeforeStart(failure)
        : Messages.retriedBeforeStart(failure, s.timeouts().pollInterval());
  }

  private static Observation observation(ObservedState s) {
    return s.server().flatMap(ServerObservation::observation).orElseThrow();
  }

  private static boolean isBusy(ObservedState s) {
    return observation(s).power() == Power.CHANGING
        || observation(s).operation().filter(o -> o.progress() == Progress.IN_PROGRESS).isPresent();
  }

  private static boolean isHeld(ObservedState s) {
    return s.recorded().hold().isPresent();
  }

  private static boolean isRunning(ObservedState s) {
    // guard: running-server-is-waited-for
    return observation(s).power() == Power.RUNNING;
  }

  private static String stopping(ObservedState s) {
    return stopping(s.recorded().entry().orElseThrow());
  }

  /** The stop that is being sent, or was, and whether one before it had no effect. */
  static String stopping(Entry entry) {
    boolean repeated =
        entry.firstStopTime() != null
            && (entry.stop() == null || entry.stop().responseTime().isAfter(entry.firstStopTime()));
    return repeated ? Messages.stopWithoutEffect(entry.firstStopTime()) : Messages.stopping();
  }

  private static boolean isStoppedWithoutCharge(ObservedState s) {
    return observation(s).details().stoppedWithoutCharge();
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

  /** An orphaned entry is only observed. */
  private static boolean mayStart(ObservedState s) {
    return /* guard: orphan-is-not-started */ s.recorded().isOwner()
        && /* guard: held-server-is-not-started */ !isHeld(s)
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

  private static boolean isOperationDone(ObservedState s) {
    return observation(s).operation().filter(o -> o.progress() == Progress.DONE).isPresent();
  }

  private static Optional<String> secretsProblem(ObservedState s) {
    return s.secrets().flatMap(ObservedState.SecretsRead::problem);
  }

  /** What the cloud does not report is not what is required. */
  private static boolean isPreconditionUnmet(ObservedState s) {
    // guard: preconditions
    return !observation(s)
        .installed()
        .entrySet()
        .containsAll(s.desired().requiredInstallation().entrySet());
  }

  /**
   * A resend is the same request, whose preconditions were met when it reached its point of no
   * return. If what it installs is installed by now, that may be its own work, and only the token
   * would prevent a second one. If a third thing is installed, the request could not start. And if
   * the status reports a submit that the ledger does not contain, the token may be older than it is
   * trusted for.
   */
  private static boolean forbidsResend(ObservedState s) {
    return /* guard: resend-through-no-closed-gate */ s.desired().isGateClosed()
        || /* guard: held-request-is-not-sent-again */ isHeld(s)
        // guard: resend-where-nothing-changed
        || isChangedAsRequested(s)
        // guard: resend-beside-no-lost-submit
        || s.desired().statusReportsOtherClaim(s.recorded().entry().orElseThrow())
        || /* guard: resend-preconditions */ isPreconditionUnmet(s);
  }

  private static boolean isChangedAsRequested(ObservedState s) {
    return s.server().filter(ServerObservation::changedAsRequested).isPresent();
  }

  /** An orphaned entry is only observed. */
  private static boolean mayResend(ObservedState s) {
    return /* guard: orphan-is-not-sent-again */ s.recorded().isOwner()
        && s.server()
            .filter(/* guard: resend-needs-a-token */ ServerObservation::tokenTrusted)
            .isPresent();
  }

  // The facts of the messages.

  private static String queued(ObservedState s) {
    ObservedState.BlockingEntry ahead = s.recorded().blocking().orElseThrow();
    String name = ahead.namespace() + "/" + ahead.name();
    if (!ahead.open()) {
      return Messages.queuedBehindFence(name, s.timeouts().fence());
    }
    return ahead.orphaned() ? Messages.queuedBehindOrphanedEntry(name) : Messages.queued(name);
  }

  private static String nameConflict(ObservedState s) {
    Entry entry = s.recorded().entry().orElseThrow();
    return Messages.nameConflict(s.recorded().name(), entry.owner().path(), entry.state().name());
  }

  private static String expired(ObservedState s) {
    return Messages.deadlineExceeded(
        s.desired().notAfter(), s.recorded().entry().map(Entry::message).orElse(null));
  }

  private static String unmet(ObservedState s) {
    Map<String, String> installed = observation(s).installed();
    return s.desired().requiredInstallation().entrySet().stream()
        .filter(required -> !required.getValue().equals(installed.get(required.getKey())))
        .map(
            required ->
                Messages.unmet(
                    required.getKey(), required.getValue(), installed.get(required.getKey())))
        .collect(Collectors.joining("; "));
  }

  private static String preconditionFailed(ObservedState s) {
    return Messages.preconditionFailed(unmet(s));
  }

  private static String replacedWhileBusy(ObservedState s) {
    return Messages.replacedWhileBusy(unmet(s));
  }

  private static String adopted(ObservedState s) {
    return observation(s)
        .operation()
        .map(operation -> Messages.adopted(operation.id()))
        .orElseGet(Messages::adoptedSystem);
  }

  private static String unseen(ObservedState s) {
    return Messages.cannotCheck(failureMessage(s));
  }

  private static String lostResponse(ObservedState s) {
    return Messages.noEvidence();
  }

  /** What forbids a resend, in the order in which a person would look for it. */
  private static String blockedBy(ObservedState s) {
    if (s.desired().suspended()) {
      return "spec.suspend is true";
    }
    if (s.desired().expired()) {
      return "spec.notAfter (" + s.desired().notAfter() + ") has passed";
    }
    if (s.desired().deleted()) {
      return "the Reinstall is being deleted";
    }
    if (isHeld(s)) {
      return "the server is held: " + s.recorded().hold().orElseThrow();
    }
    if (isChangedAsRequested(s)) {
      return "the requested system is installed, and the record of the server has changed since, so"
          + " it may have been carried out";
    }
    return isPreconditionUnmet(s)
        ? unmet(s)
        : "the status or the spec of the Reinstall does not allow it";
  }

  private static String installing(ObservedState s) {
    return describeFailed(s) ? Messages.installingUnseen(failureMessage(s)) : Messages.installing();
  }

  private static String installed(ObservedState s) {
    String result = installed(s.recorded().entry().orElseThrow());
    boolean startWanted = s.recorded().state().isOpen() && (isStarted(s) || wantsStart(s));
    if (!startWanted) {
      return result;
    }
    if (describeFailed(s)) {
      return Messages.join(result, Messages.startUnchecked(failureMessage(s)));
    }
    if (isRunning(s)) {
      return result;
    }
    return Messages.join(
        result,
        isHeld(s)
            ? Messages.startHeld(s.recorded().hold().orElseThrow())
            : Messages.notSeenRunning(observation(s).rawState()));
  }

  static String installed(Entry entry) {
    return Boolean.TRUE.equals(entry.adopted())
        ? Messages.adoptedInstalled()
        : Messages.installed();
  }

  private static String installFailed(ObservedState s) {
    return Messages.installFailed(observation(s).rawState());
  }

  private static String timedOut(ObservedState s) {
    return Messages.timedOut(s.timeouts().orderTimeout());
  }
}
