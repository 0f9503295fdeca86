package dev.reinstall.reconcile;

import dev.reinstall.api.Reason;
import dev.reinstall.api.ServerLedger.RecordedEvidence;

/**
 * What to do next, and how to say it.
 *
 * @param reason null where the step asks, or where the ledger's own words are shown
 */
record Decision(Step step, Reason reason, String message, Requeue requeue) {

  static Decision readLedger() {
    return new Decision(Step.READ_LEDGER, null, "", Requeue.NOW);
  }

  static Decision readReinstall() {
    return new Decision(Step.READ_REINSTALL, null, "", Requeue.NOW);
  }

  static Decision keepStatus(Requeue requeue) {
    return new Decision(Step.KEEP_STATUS, null, "", requeue);
  }

  static Decision showResult(Requeue requeue) {
    return new Decision(Step.SHOW_RESULT, null, "", requeue);
  }

  static Decision stay(Reason reason, String message, Requeue requeue) {
    return new Decision(Step.WAIT, reason, message, requeue);
  }

  static Decision followOrphanedEntry(String message) {
    return new Decision(Step.FOLLOW_ORPHANED_ENTRY, Reason.Queued, message, Requeue.AT_NEXT_POLL);
  }

  static Decision failUnsent(Reason reason, String message) {
    return new Decision(Step.FAIL_UNSENT, reason, message, Requeue.NEVER);
  }

  static Decision stop(String message) {
    return new Decision(Step.STOP, Reason.Stopping, message, Requeue.AT_NEXT_POLL);
  }

  static Decision submit(String message) {
    return new Decision(Step.SUBMIT, Reason.Submitting, message, Requeue.AT_NEXT_POLL);
  }

  static Decision resend(String message) {
    return new Decision(Step.RESEND, Reason.Submitting, message, Requeue.AT_NEXT_POLL);
  }

  static Decision release() {
    return new Decision(Step.RELEASE, null, "", Requeue.NOW);
  }

  static Decision adopt(String message) {
    return new Decision(Step.ADOPT, Reason.Installing, message, Requeue.AT_NEXT_POLL);
  }

  static Decision record(RecordedEvidence.Kind kind, String message) {
    Step step =
        kind == RecordedEvidence.Kind.Transition ? Step.RECORD_TRANSITION : Step.RECORD_CHANGE;
    return new Decision(step, Reason.Installing, message, Requeue.AT_NEXT_POLL);
  }

  static Decision recordLate(RecordedEvidence.Kind kind) {
    Step step =
        kind == RecordedEvidence.Kind.Transition
            ? Step.RECORD_LATE_TRANSITION
            : Step.RECORD_LATE_CHANGE;
    return new Decision(step, null, "", Requeue.AT_SLOW_INTERVAL);
  }

  static Decision start(String message) {
    return new Decision(Step.START, Reason.Starting, message, Requeue.AT_NEXT_POLL);
  }

  static Decision succeed(String message) {
    return new Decision(Step.SUCCEED, Reason.Installed, message, Requeue.NEVER);
  }

  static Decision fail(String message) {
    return new Decision(Step.FAIL, Reason.InstallFailed, message, Requeue.NEVER);
  }

  /** With a lost ledger, no evidence will resolve it. */
  static Decision unknown(Reason reason, String message) {
    return new Decision(
        Step.MARK_UNKNOWN,
        reason,
        message,
        reason == Reason.LedgerOutdated ? Requeue.NEVER : Requeue.AT_SLOW_INTERVAL);
  }

  /** When to come back. */
  enum Requeue {
    NEVER,
    /** The next poll, or when the cloud's pause is over. */
    AT_NEXT_POLL,
    /** Now and then: a person must act, or nothing is likely to change. */
    AT_SLOW_INTERVAL,
    /** When the newest claim is as old as its fence asks; the next poll, if that is sooner. */
    AFTER_FENCE,
    /** When the settling time has passed; the next poll, if that is sooner. */
    AFTER_SETTLING,
    /** When notAfter passes; a change of the Reinstall comes by the watch. */
    AT_NOT_AFTER,
    NOW
  }
}
