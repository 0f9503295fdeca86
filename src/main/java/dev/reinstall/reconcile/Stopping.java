package dev.reinstall.reconcile;

import dev.reinstall.api.Reason;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.cloud.Finding;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.reconcile.Result.Requeue;

/** The server is claimed and being stopped: nothing but stop requests may have been sent. */
final class Stopping implements StateHandler {
  @Override
  public Result handle(Facts s) {
    Entry entry = s.recorded().entry().orElseThrow();
    if (Submitting.isBesideAnotherSubmit(s)) {
      return Result.ledgerOutdated(s);
    }
    if (s.recorded().unsent()) {
      return Result.releaseUnsentStop(s);
    }
    // guard: finished-status-while-stopping
    if (s.desired().reportedProgress().isFinished()) {
      return Result.ledgerOutdated(s);
    }
    if (!s.recorded().isResponseReceived() && s.recorded().isWithinFence()) {
      return stay(SubmittingMessages.stopUnanswered(s.recorded().fence()), Requeue.AFTER_FENCE);
    }
    // guard: stopping-gate-closes
    if (s.desired().isGateClosed()
        || s.desired().validationError().isPresent()
        || /* guard: pause-ends-a-stop */ s.pause().isPresent()
        || /* guard: hold-ends-a-stop */ s.recorded().hold().isPresent()
        || /* guard: move-ends-a-stop */ s.recorded().notGranted().isPresent()) {
      return Result.release(s);
    }
    ServerObservation server = s.server();
    if (server.failure().isPresent()) {
      return stay(
          Sentences.join(message(entry), InstallingMessages.unseen(server.failureMessage())));
    }
    if (Finding.haveError(server.findings())) {
      return Result.release(s);
    }
    boolean stopNotNeeded = s.recorded().isStopNotNeeded();
    if (server.described().power() == Power.BROKEN && !stopNotNeeded) {
      return stay(SubmittingMessages.brokenAfterStop(server.described().rawState()));
    }
    if (server.isBusy()) {
      return stay(message(entry));
    }
    // guard: stopping-preconditions
    if (InstalledPreconditions.areUnmet(s)) {
      return Result.release(s);
    }
    boolean mayBeStopped = !server.isRunning() || s.recorded().stop().isPresent();
    // guard: stop-has-settled
    if (!stopNotNeeded && !server.powerChangeSettled() && mayBeStopped) {
      return stay(message(entry));
    }
    if (!s.secrets().areUsable() || Finding.haveError(s.catalogues())) {
      return Result.release(s);
    }
    return server.isRunning() && !stopNotNeeded ? Result.stop(message(entry)) : Result.submit();
  }

  private static Result stay(String message) {
    return stay(message, Requeue.AT_NEXT_POLL);
  }

  private static Result stay(String message, Requeue requeue) {
    return Result.stay(Reason.Stopping, message, requeue);
  }

  /** The stop that is being sent, or was, and whether one before it had no effect. */
  static String message(Entry entry) {
    boolean repeated =
        entry.firstStopTime() != null
            && (entry.stop() == null || entry.stop().responseTime().isAfter(entry.firstStopTime()));
    return repeated
        ? SubmittingMessages.stopWithoutEffect(entry.firstStopTime())
        : SubmittingMessages.stopping();
  }
}
