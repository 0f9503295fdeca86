package dev.reinstall.reconcile;

import dev.reinstall.api.Reason;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.reconcile.Result.Act;
import dev.reinstall.reconcile.Result.Requeue;
import java.util.Optional;

/** Decides what happens next with a request: the handler of each state of its entry. */
final class StateHandlers {

  private StateHandlers() {}

  private static StateHandler handler(Facts s) {
    State state = s.recorded().state();
    if (state == null) {
      return new NotStarted();
    }
    // guard: entry-of-another-is-left-alone
    if (!s.recorded().continued()) {
      return new NotStarted();
    }
    return switch (state) {
      case Released -> /* named: not-started */ new NotStarted();
      case Stopping -> new Stopping();
      case Restarting -> new Restarting();
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
  static Result decide(Facts s) {
    Result result =
        unsupportedLedger(s)
            .or(() -> cachedTooLong(s))
            .or(() -> usedName(s))
            .orElseGet(() -> handler(s).handle(s));
    // guard: end-by-the-newest-ledger
    if (result.act() == Act.FAIL_UNSENT && !s.recorded().uncached()) {
      return Result.readLedger();
    }
    // guard: moved-server-is-not-owed
    if (s.recorded().restartOwed() && result.reason() == Reason.ServerNotGranted) {
      return Result.leaveStopped(s);
    }
    // guard: stopped-server-is-started-again
    if (s.recorded().restartOwed() && endsUnsubmitted(s, result)) {
      result = Restarting.before(s, result);
    } else if (s.recorded().restartOwed() && hasEnded(s, result)) {
      result = Result.endWithoutRestart(s);
    }
    // guard: released-by-the-newest-reinstall
    if (result.isRelease() && !s.desired().uncached()) {
      return Result.readReinstall();
    }
    // guard: finished-status-is-kept
    if (result.act() == Act.STAY && mustKeepStatus(s)) {
      return Result.keepStatus(result.requeue());
    }
    return result;
  }

  /** A status that shows the end already is not changed any more. */
  private static boolean endsUnsubmitted(Facts s, Result result) {
    return !s.desired().reportedProgress().isFinished()
        && switch (result.act()) {
          case FAIL_UNSENT -> result.reason() != Reason.LedgerOutdated;
          case SHOW_RESULT -> true;
          case KEEP_STATUS -> s.desired().deleted();
          default -> false;
        };
  }

  /** Nothing is owed any more for an end that is shown already. */
  private static boolean hasEnded(Facts s, Result result) {
    return s.recorded().sameObject()
        && switch (result.act()) {
          case FAIL_UNSENT -> true;
          case SHOW_RESULT, KEEP_STATUS -> s.desired().reportedProgress().isFinished();
          default -> false;
        };
  }

  /** What only a newer operator supports is left to it. */
  private static Optional<Result> unsupportedLedger(Facts s) {
    if (s.recorded().supported()) {
      return Optional.empty();
    }
    return Optional.of(
        s.desired().reportedProgress() == ReportedProgress.NONE
            ? Result.stay(
                Reason.LedgerVersionUnsupported,
                NotStartedMessages.ledgerVersionUnsupported(),
                Requeue.AT_SLOW_INTERVAL)
            : Result.keepStatus(Requeue.AT_SLOW_INTERVAL));
  }

  /** A status never regresses because the watch of the ledgers is behind. */
  private static Optional<Result> cachedTooLong(Facts s) {
    // guard: status-does-not-regress
    if (!s.recorded().uncached()
        && s.recorded().isClaimed()
        && s.desired().reportedProgress().compareTo(s.recorded().progress()) > 0) {
      return Optional.of(Result.readLedger());
    }
    return Optional.empty();
  }

  /** A name that was submitted is used for ever: by this object, by its spec, or in conflict. */
  private static Optional<Result> usedName(Facts s) {
    if (!s.recorded().isClaimed()) {
      return Optional.empty();
    }
    ReportedProgress reported = s.desired().reportedProgress();
    boolean sameSpec = s.recorded().sameSpec();
    if (reported.isFinished()
        && !s.recorded().sameObject()
        && (s.recorded().state().isOpen() || !sameSpec)) {
      return Optional.of(Result.keepStatus(Requeue.NEVER));
    }
    if (!sameSpec && !s.desired().supported() && reported == ReportedProgress.NONE) {
      return Optional.of(NotStarted.unsupportedField(s));
    }
    // guard: name-conflict-is-not-started
    if (!sameSpec && isDecidedHere(s)) {
      return Optional.of(nameConflict(s));
    }
    return Optional.empty();
  }

  /** Of a name that is not used yet, and of a server of another namespace, it is not known. */
  private static boolean isDecidedHere(Facts s) {
    return s.recorded().isNameUsed()
        && (s.recorded().mine() || s.recorded().notGranted().isEmpty());
  }

  private static Result nameConflict(Facts s) {
    Entry entry = s.recorded().entry().orElseThrow();
    return Result.failUnsent(
        Reason.NameConflict,
        s.recorded().mine()
            ? NotStartedMessages.nameConflict(
                s.recorded().name(), entry.owner().path(), entry.claimTime(), entry.state().name())
            : NotStartedMessages.nameConflictElsewhere(s.recorded().name()));
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
