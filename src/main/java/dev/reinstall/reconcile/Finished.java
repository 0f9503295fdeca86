package dev.reinstall.reconcile;

import dev.reinstall.reconcile.Result.Requeue;

/** Submitted, and the outcome is recorded: final is final, whatever the object says. */
final class Finished implements StateHandler {
  @Override
  public Result handle(Facts s) {
    return Result.showResult(Requeue.NEVER);
  }
}
