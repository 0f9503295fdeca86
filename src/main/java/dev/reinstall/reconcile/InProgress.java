package dev.reinstall.reconcile;

import dev.reinstall.api.Reason;
import dev.reinstall.api.ServerLedger.RecordedEvidence;
import dev.reinstall.reconcile.Decision.Requeue;

/** The cloud accepted the request: it is followed to its end. */
final class InProgress implements StateHandler {
  @Override
  public Decision handle(Facts s) {
    Evidence evidence = s.server().evidence();
    // guard: done-by-evidence
    if (evidence == Evidence.DONE) {
      return done(s);
    }
    if (evidence == Evidence.FAILED) {
      return Decision.fail(Messages.installFailed(s.server().described().rawState()));
    }
    return s.recorded().timedOut() ? timedOut(s) : installing(s);
  }

  private static Decision done(Facts s) {
    if (s.desired().startAfter()) {
      if (s.server().isBusy() && !s.recorded().timedOut()) {
        return stay(Messages.installedNotSettled());
      }
      if (Starting.mayStart(s)) {
        return Decision.start(Messages.starting());
      }
    }
    return Decision.succeed(Starting.installed(s));
  }

  private static Decision timedOut(Facts s) {
    return Decision.unknown(Reason.OutcomeUnknown, Messages.timedOut(s.timeouts().orderTimeout()));
  }

  private static Decision installing(Facts s) {
    String message =
        s.server().failure().isPresent()
            ? Messages.installingUnseen(s.server().failureMessage())
            : Messages.installing();
    return switch (s.server().evidence()) {
      case TRANSITION -> Decision.record(RecordedEvidence.Kind.Transition, message);
      case CHANGED -> Decision.record(RecordedEvidence.Kind.Changed, message);
      default -> stay(message);
    };
  }

  private static Decision stay(String message) {
    return Decision.stay(Reason.Installing, message, Requeue.AT_NEXT_POLL);
  }
}
