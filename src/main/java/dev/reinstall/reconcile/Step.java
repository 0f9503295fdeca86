package dev.reinstall.reconcile;

import dev.reinstall.api.ServerLedger.State;

/** The next step of a reconciliation: read something more, or one act with which it ends. */
enum Step {
  // Reads: it is decided again with the result.
  READ_LEDGER(null),
  READ_REINSTALL(null),

  // Acts that write no ledger.
  /** Change nothing at all. */
  KEEP_STATUS(null),
  /** Say in the status why nothing is done yet. */
  WAIT(null),
  /** Report in the status that the request failed unsent. */
  FAIL_UNSENT(null),
  /** Report in the status the result in the ledger. */
  SHOW_RESULT(null),
  /** Follow an open entry whose Reinstall is gone. */
  FOLLOW_ORPHANED_ENTRY(null),

  // Acts that write the ledger.
  /** Claim the server to stop it, and ask the cloud to. */
  STOP(State.Stopping),
  SUBMIT(State.Submitting),
  /** Claim again, to send the same request with the same token again. */
  RESEND(State.Submitting),
  /** Release the server: nothing was submitted, or it was certainly rejected. */
  RELEASE(State.Released),
  /** Adopt an operation as the result of this request. */
  ADOPT(State.Accepted),
  /** Write down the first evidence of the install: the server was seen at work. */
  RECORD_TRANSITION(State.Installing),
  /** Write down the first evidence of the install: the cloud's record of the server changed. */
  RECORD_CHANGE(State.Installing),
  /** Write down the first evidence of the install of a request whose outcome is unknown. */
  RECORD_LATE_TRANSITION(State.Unknown),
  /** Write down the first evidence of the install of a request whose outcome is unknown. */
  RECORD_LATE_CHANGE(State.Unknown),
  /** Start the server of a completed request. */
  START(State.Starting),
  SUCCEED(State.Succeeded),
  FAIL(State.Failed),
  /** Call the outcome unknown. */
  MARK_UNKNOWN(State.Unknown);

  private final State to;

  Step(State to) {
    this.to = to;
  }

  /** The state that the entry has afterwards; null: the step writes no ledger. */
  State to() {
    return to;
  }
}
