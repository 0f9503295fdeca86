package dev.reinstall.reconcile;

import dev.reinstall.reconcile.Decision.Requeue;

/** Submitted, and the outcome is recorded: final is final, whatever the object says. */
final class Finished implements StateHandler {
  @Override
  public Decision handle(Facts s) {
    return Decision.showResult(Requeue.NEVER);
  }
}
