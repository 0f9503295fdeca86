package dev.reinstall.reconcile;

import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.RecordedEvidence;
import dev.reinstall.reconcile.Decision.Requeue;
import dev.reinstall.reconcile.Evidence.LostRequestEvidence;

/** The outcome is unknown: a late operation still resolves it, and never reopens it. */
final class OutcomeUnknown implements StateHandler {
  @Override
  public Decision handle(Facts s) {
    if (!s.recorded().resolvable()) {
      return Decision.showResult(Requeue.NEVER);
    }
    switch (s.server().evidence()) {
      case DONE -> {
        return Decision.succeed(Starting.installed(s));
      }
      case FAILED -> {
        return Decision.fail(Messages.installFailed(s.server().described().rawState()));
      }
      default -> {}
    }
    if (
    /* guard: acceptance-forbids-adoption */ s.recorded().entry().map(Entry::requestId).isEmpty()
        && s.server().lostRequest() == LostRequestEvidence.MATCHES
        && s.server().isOperationDone()) {
      return Decision.succeed(Submitting.adopted(s.server().described()));
    }
    return switch (s.server().evidence()) {
      case TRANSITION -> Decision.recordLate(RecordedEvidence.Kind.Transition);
      case CHANGED -> Decision.recordLate(RecordedEvidence.Kind.Changed);
      default -> Decision.showResult(Requeue.AT_SLOW_INTERVAL);
    };
  }
}
