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
    return beforeOwned(ctx)
        .or(() -> afterOwnRejection(ctx))
        .filter(Backoff::isRunning)
        .or(() -> behindOlder(ctx));
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
    return rejection(ctx, ctx.reinstall.getMetadata().getNamespace())
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

  /**
   * As long as the server belongs to no namespace, the oldest request in the queue goes first, but
   * for those that rest. It is waited for, but not for ever: its namespace may not be reconciled.
   */
  private static Optional<Backoff> behindOlder(ReconcileContext ctx) {
    // guard: oldest-goes-first
    if (ctx.ledger.namespace() != null
        || ctx.ports.olderInQueue().stream().allMatch(namespace -> rests(ctx, namespace))
        || /* guard: oldest-goes-first-in-time */ hasWaited(ctx)) {
      return Optional.empty();
    }
    return Optional.of(
        new Backoff(
            Reason.Queued, NotStartedMessages.queuedBehindOlder(), ctx.timeouts.pollInterval()));
  }

  /** Each claim is the turn of an older one. */
  private static boolean hasWaited(ReconcileContext ctx) {
    String fact =
        "older ones in the queue of " + ctx.spec.server() + ", claim " + ctx.ledger.claims();
    return ctx.ports.durationSinceFirstSeen(fact).compareTo(ctx.timeouts.slowInterval()) >= 0;
  }

  private static boolean rests(ReconcileContext ctx, String namespace) {
    return rejection(ctx, namespace)
        .filter(e -> ctx.rejectionAge(e).compareTo(ctx.timeouts.slowInterval()) < 0)
        .isPresent();
  }

  /** The newest entry of the namespace, if its request brought its end about itself. */
  private static Optional<Entry> rejection(ReconcileContext ctx, String namespace) {
    return ctx.ledger
        .newestEntry(owner -> owner.namespace().equals(namespace))
        .filter(e -> !e.state().isOpen() && e.reason() != null && REJECTED.contains(e.reason()));
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
