package dev.reinstall.reconcile;

import dev.reinstall.api.Reason;

/**
 * What to do next, and how to say it.
 *
 * @param reason null where the step asks, or where the ledger's own words are shown
 */
record Decision(Step step, Reason reason, String message, Requeue requeue) {

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
