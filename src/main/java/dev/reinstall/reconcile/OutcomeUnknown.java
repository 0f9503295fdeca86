package dev.reinstall.reconcile;

import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.RecordedEvidence;
import dev.reinstall.reconcile.Evidence.LostRequestEvidence;
import dev.reinstall.reconcile.Result.Requeue;

/** The outcome is unknown: a late operation still resolves it, and never reopens it. */
final class OutcomeUnknown implements StateHandler {
  @Override
  public Result handle(Facts s) {
    if (!s.recorded().resolvable() || !s.recorded().mine()) {
      return Result.showResult(Requeue.NEVER);
    }
    switch (s.server().evidence()) {
      case DONE -> {
        return Result.succeed(s, Starting.installed(s));
      }
      case FAILED -> {
        return Result.fail(s, InstallingMessages.installFailed(s.server().described().rawState()));
      }
      default -> {}
    }
    if (
    /* guard: acceptance-forbids-adoption */ s.recorded().entry().map(Entry::requestId).isEmpty()
        && s.server().lostRequest() == LostRequestEvidence.MATCHES
        && s.server().isOperationDone()) {
      return Result.succeed(s, Submitting.adopted(s.server().described()));
    }
    return switch (s.server().evidence()) {
      case TRANSITION -> Result.lateEvidence(s, RecordedEvidence.Kind.Transition);
      case CHANGED -> Result.lateEvidence(s, RecordedEvidence.Kind.Changed);
      default -> Result.showResult(Requeue.AT_SLOW_INTERVAL);
    };
  }
}
