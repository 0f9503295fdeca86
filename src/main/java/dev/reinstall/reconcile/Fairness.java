package dev.reinstall.reconcile;

import dev.reinstall.api.Reason;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.ledger.SubmissionResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who goes first as long as the server belongs to no namespace: a namespace that was rejected lets
 * others go first, whatever it edits, names differently or creates again; of the others, the oldest
 * request does. A request itself lets a poll interval pass after any rejection.
 */
final class Fairness {
  /** The ends that a request brought about itself: a key without permission, a wrong spec. */
  private static final Set<String> REJECTED =
      Set.of(
          Reason.AccessDenied.name(),
          Reason.Rejected.name(),
          Reason.ServerNotFound.name(),
          Reason.OutcomeUnknown.name());

  private Fairness() {}

  static Optional<Backoff> backoff(ReconcileContext ctx) {
    // guard: rejected-namespace-rests
    if (ctx.ledger.namespace() != null) {
      return Optional.empty();
    }
    return rest(ctx).or(() -> behindOlder(ctx));
  }

  /**
   * Remembers a rejection: an edit, or an entry of this name in another namespace, does not hide
   * it. The next leader does not know of it, which costs one try.
   */
  static void remember(ReconcileContext ctx, SubmissionResult result) {
    if (!result.isRejected() || ctx.ledger.namespace() != null) {
      return;
    }
    ctx.ports.rememberRejection(uid(ctx));
    if (REJECTED.contains(result.error().reason().name())) {
      ctx.ports.rememberRejection(onServer(ctx, ctx.namespace()));
    }
  }

  private static Optional<Backoff> rest(ReconcileContext ctx) {
    return rest(ctx, ctx.timeouts.slowInterval(), sinceRejection(ctx, ctx.namespace()))
        // guard: rejected-request-rests-a-poll
        .or(() -> rest(ctx, ctx.timeouts.pollInterval(), ctx.ports.sinceRejection(uid(ctx))));
  }

  private static Optional<Backoff> rest(
      ReconcileContext ctx, Duration pause, Optional<Duration> since) {
    Duration remaining = remaining(pause, since);
    if (remaining.isZero()) {
      return Optional.empty();
    }
    return Optional.of(
        Backoff.rejection(ctx)
            .filter(ctx::isOwner)
            .map(e -> new Backoff(Reason.valueOf(e.reason()), e.message(), remaining))
            .orElseGet(
                () ->
                    new Backoff(
                        Reason.Queued, NotStartedMessages.queuedAfterRejection(pause), remaining)));
  }

  /** Zero: it is over. */
  private static Duration remaining(Duration pause, Optional<Duration> since) {
    Duration remaining = since.map(pause::minus).orElse(Duration.ZERO);
    return remaining.isNegative() ? Duration.ZERO : remaining;
  }

  /** By the ledger, or by what this process remembers of entries that were overwritten. */
  private static Optional<Duration> sinceRejection(ReconcileContext ctx, String namespace) {
    Optional<Duration> recorded =
        ctx.ledger
            .newestEntry(namespace)
            .filter(e -> !e.state().isOpen() && e.reason() != null)
            .filter(e -> REJECTED.contains(e.reason()))
            .map(e -> age(ctx, e));
    // guard: rejections-are-remembered
    Optional<Duration> remembered = ctx.ports.sinceRejection(onServer(ctx, namespace));
    return Stream.of(recorded, remembered).flatMap(Optional::stream).min(Duration::compareTo);
  }

  /** Nothing but fairness depends on it, so that it may be by the clock of another process. */
  private static Duration age(ReconcileContext ctx, Entry rejected) {
    Duration known = ctx.rejectionAge(rejected);
    // An outcome that is unknown was waited for until then.
    Instant since =
        rejected.completionTime() == null ? rejected.claimTime() : rejected.completionTime();
    Duration recorded = Duration.between(since, ctx.ports.now());
    return known.compareTo(recorded) > 0 ? known : recorded;
  }

  /** It is waited for, but not for ever: its namespace may not be reconciled. */
  private static Optional<Backoff> behindOlder(ReconcileContext ctx) {
    // guard: oldest-goes-first
    if (ctx.ports.olderInQueue().stream().allMatch(namespace -> rests(ctx, namespace))
        || /* guard: oldest-goes-first-in-time */ hasWaited(ctx)) {
      return Optional.empty();
    }
    return Optional.of(
        new Backoff(
            Reason.Queued, NotStartedMessages.queuedBehindOlder(), ctx.timeouts.pollInterval()));
  }

  private static boolean rests(ReconcileContext ctx, String namespace) {
    return !remaining(ctx.timeouts.slowInterval(), sinceRejection(ctx, namespace)).isZero();
  }

  private static boolean hasWaited(ReconcileContext ctx) {
    return ctx.ports
            .durationSinceFirstSeen("first behind an older one " + uid(ctx))
            .compareTo(ctx.timeouts.slowInterval())
        >= 0;
  }

  private static String uid(ReconcileContext ctx) {
    return ctx.reinstall.getMetadata().getUid();
  }

  private static String onServer(ReconcileContext ctx, String namespace) {
    return namespace + " on " + ctx.spec.server();
  }
}
