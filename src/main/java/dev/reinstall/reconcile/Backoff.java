package dev.reinstall.reconcile;

import dev.reinstall.api.Reason;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Why a request does not try again yet.
 *
 * @param reason that its status shows
 * @param message the same for people
 * @param remaining until it may try again
 */
record Backoff(Reason reason, String message, Duration remaining) {

  /**
   * After a rejection that may pass. A change of the object is a reason to try at once; a write of
   * the ledger, which the watch reports too, is not.
   */
  static Optional<Backoff> afterRejection(ReconcileContext ctx) {
    ReinstallStatus status = ctx.reinstall.getStatus();
    boolean toldOfThis =
        status != null
            && Objects.equals(
                ctx.reinstall.getMetadata().getGeneration(), status.observedGeneration());
    return rejection(ctx)
        .filter(e -> toldOfThis)
        .map(
            e ->
                new Backoff(
                    Reason.valueOf(e.reason()),
                    e.message(),
                    pause(ctx, e).minus(ctx.rejectionAge(e))))
        .filter(backoff -> backoff.remaining.compareTo(Duration.ZERO) > 0);
  }

  /** The entry of this request, if it was rejected and may be tried again. */
  static Optional<Entry> rejection(ReconcileContext ctx) {
    return ctx.entry(ctx.name)
        .filter(e -> e.state() == State.Released && e.completionTime() == null)
        .filter(
            e ->
                e.reason() != null
                    && /* guard: rejection-of-another-is-no-backoff */ Ownership.isMine(ctx, e));
  }

  private static Duration pause(ReconcileContext ctx, Entry rejected) {
    return rejected.reason().equals(Reason.AccessDenied.name())
        ? ctx.timeouts.slowInterval()
        : ctx.timeouts.pollInterval();
  }
}
