package dev.reinstall.reconcile;

import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ServerLedger.Entry;
import java.util.Map;
import java.util.Optional;

/**
 * The request that has the server, where this one waits for it.
 *
 * @param name of its entry, which may be that of this request
 * @param owner namespace and name of its Reinstall; null: it is of another namespace
 * @param open false: it is final, but its newest call may still be in flight; or its server is
 *     still to be started again
 * @param orphaned whether its Reinstall is gone
 * @param restart whether the server was stopped for it, and is started again when it ends unsent
 */
record BlockingEntry(String name, String owner, boolean open, boolean orphaned, boolean restart) {

  static Optional<BlockingEntry> of(ReconcileContext ctx) {
    return ctx.ledger
        .openEntry(name -> !isOwn(ctx, name))
        .map(e -> open(ctx, e))
        .or(() -> unanswered(ctx))
        .or(() -> stoppedForAnother(ctx));
  }

  /** An entry of its own name may be that of another request. */
  private static boolean isOwn(ReconcileContext ctx, String name) {
    return name.equals(ctx.name)
        && ctx.entry(name).filter(e -> Ownership.isContinued(ctx, e)).isPresent();
  }

  private static BlockingEntry open(ReconcileContext ctx, Map.Entry<String, Entry> open) {
    Entry entry = open.getValue();
    return new BlockingEntry(
        open.getKey(),
        Ownership.path(ctx, entry.owner()),
        true,
        !ctx.isOwner(entry) && ctx.isDeleted(entry.owner()),
        false);
  }

  private static Optional<BlockingEntry> unanswered(ReconcileContext ctx) {
    return ctx.ledger
        .otherUnansweredEntry(ctx.name)
        .filter(
            /* guard: free-after-the-fence */ e ->
                ctx.claimAge(e.getValue()).compareTo(ctx.timeouts.fence()) < 0)
        .map(e -> closed(ctx, e, false));
  }

  /** Who does not ask for a stop of the server does not use that of another request. */
  private static Optional<BlockingEntry> stoppedForAnother(ReconcileContext ctx) {
    // guard: stop-of-another-is-not-used
    return ctx.spec.whenRunning() == WhenRunning.Stop
        ? Optional.empty()
        : ctx.ledger
            .owedRestart(entry -> !Ownership.isMine(ctx, entry))
            .map(e -> closed(ctx, e, true));
  }

  private static BlockingEntry closed(
      ReconcileContext ctx, Map.Entry<String, Entry> entry, boolean restart) {
    String owner = Ownership.path(ctx, entry.getValue().owner());
    return new BlockingEntry(entry.getKey(), owner, false, false, restart);
  }
}
