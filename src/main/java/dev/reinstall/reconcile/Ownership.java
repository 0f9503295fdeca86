package dev.reinstall.reconcile;

import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.api.ServerLedger.State;
import java.util.Optional;

/**
 * Whose an entry of the ledger is, and whose the server is. Tenants need not trust each other: an
 * entry belongs to its object, and a server to a namespace.
 */
final class Ownership {
  private Ownership() {}

  /**
   * Whether the entry is that of this request: this object made its newest claim, or one of its
   * namespace and name, which is gone.
   */
  static boolean isMine(ReconcileContext ctx, Entry entry) {
    if (ctx.isOwner(entry)) {
      return true;
    }
    boolean undecided =
        entry.state().isPowerChange()
            || entry.state().mayBeSubmitted()
            || (entry.state() == State.Released && entry.restartWith() != null);
    return /* guard: entry-belongs-to-its-namespace */ isOfOwnNamespace(ctx, entry.owner())
        && /* guard: entry-belongs-to-its-name */ entry.owner().name().equals(ctx.name)
        // guard: entry-belongs-to-its-object
        && (!undecided || ctx.isDeleted(entry.owner()));
  }

  /** The entry of this request, if it is not one of its name that belongs to another request. */
  static Optional<Entry> ownEntry(ReconcileContext ctx) {
    return ctx.entry(ctx.name)
        .filter(e -> isMine(ctx, e) && (!e.state().isOpen() || hasSameSpec(ctx, e)));
  }

  static boolean isOfOwnNamespace(ReconcileContext ctx, Owner owner) {
    return owner.namespace().equals(ctx.namespace());
  }

  /** Whether this request goes on from its entry, or has ended as that did. */
  static boolean isContinued(ReconcileContext ctx, Entry entry) {
    return entry.state().isOpen()
        ? isMine(ctx, entry) && hasSameSpec(ctx, entry)
        : isMine(ctx, entry) || isGranted(ctx);
  }

  /**
   * A newer CRD may write a default into an object that this operator does not know, and so cannot
   * leave out of the hash: but the spec of an object never changes.
   */
  static boolean hasSameSpec(ReconcileContext ctx, Entry entry) {
    return entry.specHash().equals(ctx.specHash())
        || (ctx.isOwner(entry) && !UnknownFields.of(ctx.reinstall).isEmpty());
  }

  /** Whether requests of this namespace may claim the server. */
  static boolean isGranted(ReconcileContext ctx) {
    String owner = ctx.ledger.namespace();
    // guard: server-belongs-to-its-namespace
    return owner == null
        ? /* guard: grant-is-required */ !ctx.ports.requiresServerGrant()
        : owner.equals(ctx.namespace());
  }

  /** What an administrator does to grant the server; empty: it is granted. */
  static Optional<String> notGranted(ReconcileContext ctx) {
    if (isGranted(ctx)) {
      return Optional.empty();
    }
    return Optional.of(
        ctx.ledger.resourceVersion() == null
            ? GrantMessages.notGrantedWithoutLedger(ctx.spec.server(), ctx.namespace())
            : GrantMessages.notGranted(ctx.spec.server().ledgerName(), ctx.namespace()));
  }

  /** Namespace and name of the request of an entry; null: it is of another namespace. */
  static String path(ReconcileContext ctx, Owner owner) {
    // guard: other-namespaces-are-not-named
    return isOfOwnNamespace(ctx, owner) ? owner.path() : null;
  }
}
