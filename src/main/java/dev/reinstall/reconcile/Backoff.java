package dev.reinstall.reconcile;

import dev.reinstall.api.Reason;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Why a request does not try again yet.
 *
 * @param reason that its status shows
 * @param message the same for people
 * @param remaining until it may try again
 */
record Backoff(Reason reason, String message, Duration remaining) {

  /** The ends that a request brought about itself: a key without permission, a wrong spec. */
  private static final Set<String> REJECTED =
      Set.of(
          Reason.AccessDenied.name(),
          Reason.Rejected.name(),
          Reason.ServerNotFound.name(),
          Reason.OutcomeUnknown.name());

  static Optional<Backoff> of(ReconcileContext ctx) {
    return beforeOwned(ctx).or(() -> afterOwnRejection(ctx)).filter(Backoff::isRunning);
  }

  private boolean isRunning() {
    return !remaining.isNegative() && !remaining.isZero();
  }

  /**
   * As long as the server belongs to no namespace, a namespace that was rejected lets others go
   * first, whatever it edits, names differently or creates again.
   */
  private static Optional<Backoff> beforeOwned(ReconcileContext ctx) {
    // guard: rejected-namespace-rests
    if (ctx.ledger.namespace() != null) {
      return Optional.empty();
    }
    return ctx.ledger
        .newestEntry(owner -> Ownership.isOfOwnNamespace(ctx, owner))
        .filter(e -> !e.state().isOpen() && e.reason() != null && REJECTED.contains(e.reason()))
        .map(
            e ->
                retries(ctx, e)
                    ? after(ctx, e, ctx.timeouts.slowInterval())
                    : new Backoff(
                        Reason.Queued,
                        NotStartedMessages.queuedAfterRejection(
                            e.owner().path(), ctx.timeouts.slowInterval()),
                        ctx.timeouts.slowInterval().minus(ctx.rejectionAge(e))));
  }

  /** Whether the rejected request is this one, and has not ended by it. */
  private static boolean retries(ReconcileContext ctx, Entry entry) {
    return entry.state() == State.Released
        && entry.completionTime() == null
        && ctx.entry(ctx.name).equals(Optional.of(entry));
  }

  /**
   * After a rejection that may pass. A change of the object is a reason to try at once; a write of
   * the ledger, which the watch reports too, is not.
   */
  private static Optional<Backoff> afterOwnRejection(ReconcileContext ctx) {
    ReinstallStatus status = ctx.reinstall.getStatus();
    boolean toldOfThis =
        status != null
            && Objects.equals(
                ctx.reinstall.getMetadata().getGeneration(), status.observedGeneration());
    return ctx.entry(ctx.name)
        .filter(
            e ->
                toldOfThis
                    && /* guard: rejection-of-another-is-no-backoff */ Ownership.isMine(ctx, e))
        .filter(e -> e.state() == State.Released && e.completionTime() == null)
        .filter(e -> e.reason() != null)
        .map(
            e ->
                after(
                    ctx,
                    e,
                    e.reason().equals(Reason.AccessDenied.name())
                        ? ctx.timeouts.slowInterval()
                        : ctx.timeouts.pollInterval()));
  }

  private static Backoff after(ReconcileContext ctx, Entry entry, Duration pause) {
    return new Backoff(
        Reason.valueOf(entry.reason()), entry.message(), pause.minus(ctx.rejectionAge(entry)));
  }
}
