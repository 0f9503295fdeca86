package dev.reinstall.reconcile;

import dev.reinstall.api.Reason;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.reconcile.Decision.Requeue;
import dev.reinstall.reconcile.Facts.ServerObservation;

/** The server is claimed and being stopped: nothing but stop requests may have been sent. */
final class Stopping implements StateHandler {
  @Override
  public Decision handle(Facts s) {
    Entry entry = s.recorded().entry().orElseThrow();
    if (Submitting.isBesideAnotherSubmit(s)) {
      return Submitting.ledgerOutdated();
    }
    if (s.recorded().unsent()) {
      return Decision.release();
    }
    // guard: finished-status-while-stopping
    if (s.desired().reportedProgress().isFinished()) {
      return Submitting.ledgerOutdated();
    }
    if (!s.recorded().isResponseReceived() && s.recorded().isWithinFence()) {
      return stay(Messages.stopUnanswered(s.recorded().fence()), Requeue.AFTER_FENCE);
    }
    // guard: stopping-gate-closes
    if (s.desired().isGateClosed()
        || s.desired().validationError().isPresent()
        || /* guard: hold-ends-a-stop */ s.recorded().hold().isPresent()) {
      return Decision.release();
    }
    ServerObservation server = s.server();
    if (server.failure().isPresent()) {
      return stay(Messages.join(message(entry), Messages.unseen(server.failureMessage())));
    }
    if (server.mismatch().isPresent()) {
      return Decision.release();
    }
    boolean stopNotNeeded = s.recorded().isStopNotNeeded();
    if (server.described().power() == Power.BROKEN && !stopNotNeeded) {
      return stay(Messages.brokenAfterStop(server.described().rawState()));
    }
    if (server.isBusy()) {
      return stay(message(entry));
    }
    // guard: stopping-preconditions
    if (InstalledPreconditions.areUnmet(s)) {
      return Decision.release();
    }
    boolean mayBeStopped = !server.isRunning() || s.recorded().stop().isPresent();
    // guard: stop-has-settled
    if (!stopNotNeeded && !server.powerChangeSettled() && mayBeStopped) {
      return stay(message(entry));
    }
    if (server.described().details().stoppedWithoutCharge()) {
      return Decision.release(); // by somebody else: this operator keeps the charge
    }
    if (s.secrets().problem().isPresent()) {
      return Decision.release();
    }
    return server.isRunning() && !stopNotNeeded
        ? Decision.stop(message(entry))
        : Decision.submit(Messages.submitting());
  }

  private static Decision stay(String message) {
    return stay(message, Requeue.AT_NEXT_POLL);
  }

  private static Decision stay(String message, Requeue requeue) {
    return Decision.stay(Reason.Stopping, message, requeue);
  }

  /** The stop that is being sent, or was, and whether one before it had no effect. */
  static String message(Entry entry) {
    boolean repeated =
        entry.firstStopTime() != null
            && (entry.stop() == null || entry.stop().responseTime().isAfter(entry.firstStopTime()));
    return repeated ? Messages.stopWithoutEffect(entry.firstStopTime()) : Messages.stopping();
  }
}
