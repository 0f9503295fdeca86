package dev.reinstall.reconcile;

import dev.reinstall.api.Reason;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.reconcile.Decision.Requeue;
import dev.reinstall.reconcile.Facts.ReportedProgress;
import java.util.Optional;

/** Decides what happens next with a request: the handler of each state of its entry. */
final class StateHandlers {

  private StateHandlers() {}

  private static StateHandler handler(Facts s) {
    State state = s.recorded().state();
    if (state == null) {
      return new NotStarted();
    }
    return switch (state) {
      case Released -> /* named: not-started */ new NotStarted();
      case Stopping -> new Stopping();
      case Submitting -> new Submitting();
      case RejectedBusy -> new RejectedBusy();
      case Accepted, Installing -> new InProgress();
      case Starting -> new Starting();
      case Unknown -> /* guard: unknown-is-not-started */ new OutcomeUnknown();
      case Succeeded -> /* guard: succeeded-is-final */ new Finished();
      case Failed -> /* guard: failed-is-final */ new Finished();
      case UNRECOGNIZED -> throw new IllegalStateException("no handler of " + state);
    };
  }

  /**
   * A request fails unsent only by a ledger that was fetched: the cached one may not contain the
   * submit. And a claim is released only by a Reinstall that was fetched: its status may report a
   * submit that the ledger does not contain, and that would be hidden by a later claim.
   */
  static Decision decide(Facts s) {
    Decision decision =
        unsupportedLedger(s)
            .or(() -> cachedTooLong(s))
            .or(() -> usedName(s))
            .orElseGet(() -> handler(s).handle(s));
    // guard: end-by-the-newest-ledger
    if (decision.step() == Step.FAIL_UNSENT && !s.recorded().uncached()) {
      return Decision.readLedger();
    }
    // guard: released-by-the-newest-reinstall
    if (decision.step() == Step.RELEASE && !s.desired().uncached()) {
      return Decision.readReinstall();
    }
    // guard: finished-status-is-kept
    if (decision.step() == Step.WAIT && mustKeepStatus(s)) {
      return Decision.keepStatus(decision.requeue());
    }
    return decision;
  }

  /** What only a newer operator supports is left to it. */
  private static Optional<Decision> unsupportedLedger(Facts s) {
    if (s.recorded().supported()) {
      return Optional.empty();
    }
    return Optional.of(
        s.desired().reportedProgress() == ReportedProgress.NONE
            ? Decision.stay(
                Reason.LedgerVersionUnsupported,
                Messages.ledgerVersionUnsupported(),
                Requeue.AT_SLOW_INTERVAL)
            : Decision.keepStatus(Requeue.AT_SLOW_INTERVAL));
  }

  /** A status never regresses because the watch of the ledgers is behind. */
  private static Optional<Decision> cachedTooLong(Facts s) {
    // guard: status-does-not-regress
    if (!s.recorded().uncached()
        && s.recorded().isClaimed()
        && s.desired().reportedProgress().compareTo(s.recorded().progress()) > 0) {
      return Optional.of(Decision.readLedger());
    }
    return Optional.empty();
  }

  /** A name that was submitted is used for ever: by this object, by its spec, or in conflict. */
  private static Optional<Decision> usedName(Facts s) {
    if (!s.recorded().isClaimed()) {
      return Optional.empty();
    }
    ReportedProgress reported = s.desired().reportedProgress();
    boolean sameSpec = s.recorded().sameSpec();
    if (reported.isFinished()
        && !s.recorded().sameObject()
        && (s.recorded().state().isOpen() || !sameSpec)) {
      return Optional.of(Decision.keepStatus(Requeue.NEVER));
    }
    if (!sameSpec && !s.desired().supported() && reported == ReportedProgress.NONE) {
      return Optional.of(NotStarted.unsupportedField(s));
    }
    // guard: name-conflict-is-not-started
    if (!sameSpec) {
      return Optional.of(nameConflict(s));
    }
    return Optional.empty();
  }

  private static Decision nameConflict(Facts s) {
    Entry entry = s.recorded().entry().orElseThrow();
    return Decision.failUnsent(
        Reason.NameConflict,
        Messages.nameConflict(
            s.recorded().name(), entry.owner().path(), entry.claimTime(), entry.state().name()));
  }

  /**
   * Beside a claim that may have been submitted, the status reports that the cloud accepted the
   * request, or that it has finished: it must not be shown as open again, and just that closes the
   * gate of the claim. Or it reports a submit that the ledger does not contain. It may be the only
   * record of that.
   */
  private static boolean mustKeepStatus(Facts s) {
    return s.recorded().entry().filter(e -> e.state().mayBeSubmitted()).isPresent()
        && /* guard: more-than-a-submit-is-kept */ (s.desired()
                    .reportedProgress()
                    .compareTo(ReportedProgress.SUBMITTING)
                > 0
            // guard: later-claim-is-kept
            || s.desired().statusReportsOtherClaim(s.recorded().entry().orElseThrow()));
  }
}
