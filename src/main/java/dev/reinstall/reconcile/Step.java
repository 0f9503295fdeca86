package dev.reinstall.reconcile;

import dev.reinstall.api.ServerLedger.State;

/** What a pass does next: ask for something more, or one act with which it ends. */
enum Step {
  // Asks: the table is consulted again with the answer.
  READ_LEDGER(null),
  READ_REINSTALL(null),
  DESCRIBE(null),
  READ_SECRETS(null),

  // Acts that write no ledger.
  /** Change nothing at all. */
  KEEP_STATUS(null),
  /** Say in the status why nothing is done yet. */
  WAIT(null),
  /** Say in the status that the order is over, unsent. */
  FAIL_UNSENT(null),
  /** Say in the status what the ledger says. */
  SHOW_RESULT(null),
  /** Help an order that has the server and whose Reinstall is gone to its end. */
  FOLLOW_ORPHANED_ENTRY(null),

  // Acts that write the ledger.
  /** Claim the server to stop it, and ask the cloud to. */
  STOP(State.Stopping),
  SUBMIT(State.Submitting),
  /** Claim anew, to send the same order with the same token again. */
  RESEND(State.Submitting),
  /** Give the server back: nothing was sent, or it was surely refused. */
  RELEASE(State.Released),
  /** Take a trace for this order. */
  ADOPT(State.Accepted),
  /** Write down the first evidence of the install: the server was seen at work. */
  RECORD_TRANSITION(State.Installing),
  /** Write down the first evidence of the install: the cloud's record of the server changed. */
  RECORD_CHANGE(State.Installing),
  /** Start the server of an order that is carried out. */
  START(State.Installing),
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
