package dev.reinstall.reconcile;

import dev.reinstall.api.Reason;
import dev.reinstall.reconcile.Evidence.LostRequestEvidence;
import dev.reinstall.reconcile.Result.Requeue;

/**
 * The cloud rejected the request because the server is busy. That may be the response to a
 * duplicate of it: wait until what the cloud shows has settled, and check the server before the
 * next attempt.
 */
final class RejectedBusy implements StateHandler {
  @Override
  public Result handle(Facts s) {
    if (s.recorded().unsent()) {
      return Submitting.unsent(s);
    }
    // guard: busy-rejection-is-waited-out
    if (s.recorded().rejectionAge().compareTo(s.recorded().settleTime()) < 0) {
      return stay(
          SubmittingMessages.busySettling(s.recorded().settleTime()), Requeue.AFTER_SETTLING);
    }
    ServerObservation server = s.server();
    if (server.failure().isPresent()) {
      return s.recorded().timedOut()
          ? Submitting.byEvidence(s)
          : stay(SubmittingMessages.busyUnseen(server.failureMessage()), Requeue.AT_NEXT_POLL);
    }
    // guard: busy-rejection-without-a-duplicate
    if (server.lostRequest() != LostRequestEvidence.NONE) {
      return operationStarted(s);
    }
    // What is installed afterwards shows whether a duplicate was carried out.
    // guard: busy-rejection-waits-for-idle
    if (server.isBusy() && !s.recorded().timedOut()) {
      return stay(SubmittingMessages.busyAwaitingInstalled(), Requeue.AT_NEXT_POLL);
    }
    // Preconditions were met at the claim: something was installed since, by a duplicate of this
    // request or by somebody else. If released, it would end as Failed although it may have been
    // carried out.
    // guard: busy-rejection-checks-preconditions
    if (InstalledPreconditions.isReplaced(s)) {
      return Result.outcomeUnknown(
          s, SubmittingMessages.replacedWhileBusy(InstalledPreconditions.unmet(s)));
    }
    return Result.release(s);
  }

  /** It may be a duplicate of this request, or hide one: handled as a lost response. */
  private static Result operationStarted(Facts s) {
    // guard: busy-rejection-has-a-fence
    if (s.recorded().isWithinFence()) {
      return Result.stay(
          Reason.AwaitingConfirmation,
          SubmittingMessages.busyOperationStarted(s.recorded().fence()),
          Requeue.AFTER_FENCE);
    }
    return Submitting.byEvidence(s);
  }

  private static Result stay(String message, Requeue requeue) {
    return Result.stay(Reason.ServerBusy, message, requeue);
  }
}
