package dev.reinstall.reconcile;

import dev.reinstall.api.Reason;
import dev.reinstall.api.ServerLedger.RecordedEvidence;

/** The cloud accepted the request: it is followed to its end. */
final class InProgress implements StateHandler {
  @Override
  public Result handle(Facts s) {
    Evidence evidence = s.server().evidence();
    // guard: done-by-evidence
    if (evidence == Evidence.DONE) {
      return done(s);
    }
    if (evidence == Evidence.FAILED) {
      return Result.fail(s, InstallingMessages.installFailed(s.server().described().rawState()));
    }
    return s.recorded().timedOut() ? timedOut(s) : installing(s);
  }

  private static Result done(Facts s) {
    if (s.desired().startAfter()) {
      if (s.server().isBusy() && !s.recorded().timedOut()) {
        return stay(InstallingMessages.installedNotSettled());
      }
      if (Starting.mayStart(s)) {
        return Result.start();
      }
    }
    return Result.succeed(s, Starting.installed(s));
  }

  private static Result timedOut(Facts s) {
    return Result.outcomeUnknown(s, InstallingMessages.timedOut(s.timeouts().orderTimeout()));
  }

  private static Result installing(Facts s) {
    String message =
        s.server().failure().isPresent()
            ? InstallingMessages.installingUnseen(s.server().failureMessage())
            : InstallingMessages.installing();
    return switch (s.server().evidence()) {
      case TRANSITION -> Result.installing(s, RecordedEvidence.Kind.Transition, message);
      case CHANGED -> Result.installing(s, RecordedEvidence.Kind.Changed, message);
      default -> stay(message);
    };
  }

  private static Result stay(String message) {
    return Result.stay(Reason.Installing, message);
  }
}
