package dev.reinstall.reconcile;

import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Start;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.api.ServerLedger.Stop;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What the ledger contains of a request.
 *
 * @param name of the request in the ledger
 * @param isOwner false: an orphaned entry that is followed for those behind it
 * @param sameSpec whether the entry is of a request with this spec
 * @param resolved whether the entry has the IDs of all that the request gives by name
 * @param sameObject whether this very object made the newest claim
 * @param mine whether the entry is that of this request: not of one of its name in another
 *     namespace, or of an object that still exists
 * @param continued whether this request goes on from the entry, or has ended as that did
 * @param notGranted what an administrator does to grant the server to this namespace; empty: it is
 *     granted
 * @param uncached whether the ledger was fetched
 * @param supported false: the ledger has something that only a newer operator supports
 * @param hold why nothing may be claimed or sent for this server
 * @param blocking the request that has the server
 * @param unsent whether the claim, or that of the start, is one that this process never submits
 * @param startInFlight whether a start without a response may still take effect, or one that was
 *     rejected for now must not be retried yet
 * @param restartOwed whether the server, which was stopped for this request, must be started again
 *     before the request ends
 * @param restartSuperseded whether another request has claimed the server since
 * @param claimAge how long this process has known the newest claim
 * @param rejectionAge how long this process has known the rejection in the entry
 * @param backoff why it is too early to try again
 * @param fence how long others leave the claim alone
 * @param settleTime how long what the cloud reports may lag
 * @param timedOut whether the order time-out has passed since the claim
 * @param resolvable whether evidence may still resolve an unknown outcome
 * @param now when this was found
 */
record RecordedState(
    String name,
    Optional<Entry> entry,
    boolean isOwner,
    boolean sameSpec,
    boolean resolved,
    boolean sameObject,
    boolean mine,
    boolean continued,
    Optional<String> notGranted,
    boolean uncached,
    boolean supported,
    Optional<String> hold,
    Optional<BlockingEntry> blocking,
    boolean unsent,
    boolean startInFlight,
    boolean restartOwed,
    boolean restartSuperseded,
    Duration claimAge,
    Duration rejectionAge,
    Optional<Backoff> backoff,
    Duration fence,
    Duration settleTime,
    boolean timedOut,
    boolean resolvable,
    Instant now) {

  /** Null: no entry. */
  State state() {
    return entry.map(Entry::state).orElse(null);
  }

  /** The stop that the cloud answered, of the newest claim that stopped the server. */
  Optional<Stop> stop() {
    return entry.map(Entry::stop);
  }

  Optional<Start> start() {
    return entry.map(Entry::start);
  }

  boolean isResponseReceived() {
    return entry.filter(e -> Boolean.TRUE.equals(e.responseReceived())).isPresent();
  }

  boolean isWithinFence() {
    return claimAge.compareTo(fence) < 0;
  }

  /** A server whose installation failed cannot be stopped, and need not be. */
  boolean isStopNotNeeded() {
    return stop().map(Stop::notNeeded).isPresent();
  }

  boolean isFinalForThisObject() {
    return sameObject && entry.filter(e -> e.completionTime() != null).isPresent();
  }

  /** Whether the name is used: a call was or may have been sent, at least a stop. */
  boolean isClaimed() {
    return entry.isPresent() && state() != State.Released && state() != State.UNRECOGNIZED;
  }

  /** Whether the cloud accepted the request, or it ended after it was or may have been sent. */
  boolean isNameUsed() {
    return isClaimed() && (state().isAccepted() || !state().isOpen());
  }

  /** What the status of an entry in this state reports. */
  ReportedProgress progress() {
    return switch (state()) {
      case Submitting, RejectedBusy -> ReportedProgress.SUBMITTING;
      case Accepted, Installing, Starting -> ReportedProgress.ACCEPTED;
      case Unknown -> ReportedProgress.UNKNOWN;
      case Succeeded, Failed -> ReportedProgress.FINISHED;
      case Stopping, Restarting, Released, UNRECOGNIZED -> ReportedProgress.NONE;
    };
  }

  /**
   * @param own false: the entry is an orphaned one
   */
  static RecordedState of(ReconcileContext ctx, String subject, boolean own) {
    Optional<Entry> entry = ctx.entry(subject);
    Optional<String> notGranted = own ? Ownership.notGranted(ctx) : Optional.empty();
    boolean mayClaim = own && notGranted.isEmpty();
    Optional<BlockingEntry> blocking =
        /* guard: one-request-has-the-server */ mayClaim ? BlockingEntry.of(ctx) : Optional.empty();
    // named: now
    Instant now = ctx.ports.now();
    return new RecordedState(
        subject,
        entry,
        own,
        !own || entry.filter(e -> !Ownership.hasSameSpec(ctx, e)).isEmpty(),
        entry.filter(e -> isResolved(ctx, e)).isPresent(),
        own && entry.filter(ctx::isOwner).isPresent(),
        !own || entry.filter(e -> Ownership.isMine(ctx, e)).isPresent(),
        !own || entry.filter(e -> Ownership.isContinued(ctx, e)).isPresent(),
        notGranted,
        ctx.isLedgerUncached(),
        /* guard: ledger-is-supported */ ctx.ledger.isSupported(),
        ctx.ledger.hold(),
        blocking,
        entry.filter(e -> isUnsent(ctx, e)).isPresent(),
        entry.filter(e -> isStartInFlight(ctx, e)).isPresent(),
        own && entry.filter(e -> isRestartOwed(ctx, e)).isPresent(),
        entry.filter(ctx.ledger::hasLaterClaimThan).isPresent(),
        entry.map(ctx::claimAge).orElse(Duration.ZERO),
        entry.map(ctx::rejectionAge).orElse(Duration.ZERO),
        mayClaim && blocking.isEmpty()
            ? Fairness.backoff(ctx).or(() -> Backoff.afterRejection(ctx))
            : Optional.empty(),
        entry.map(e -> fence(ctx, e)).orElse(Duration.ZERO),
        /* named: settling-time */ ctx.cloud.capabilities().settleTime(),
        entry
            .filter(
                /* guard: request-times-out */ e ->
                    now.isAfter(e.claimTime().plus(ctx.timeouts.orderTimeout())))
            .isPresent(),
        entry.filter(e -> isResolvable(ctx, e, now)).isPresent(),
        now);
  }

  /** The IDs that the names in the request stand for, as they were recorded before it was sent. */
  static Map<String, String> resolvedIds(Entry entry) {
    return entry.resolved() == null ? Map.of() : entry.resolved();
  }

  private static boolean isResolved(ReconcileContext ctx, Entry entry) {
    return ctx.spec.block().isPresent()
        && resolvedIds(entry).keySet().containsAll(ctx.cloud.names(ctx.spec).keySet());
  }

  /** A resending claim is never released: its first request may be in flight. */
  private static boolean isUnsent(ReconcileContext ctx, Entry entry) {
    if (entry.state().mayStartServer()) {
      return ctx.ports.isMarkedUnsent(entry.start().claimId());
    }
    return entry.claimId() != null
        && /* guard: resend-is-not-abandoned */ !Boolean.TRUE.equals(entry.resending())
        && ctx.ports.isMarkedUnsent(entry.claimId());
  }

  private static boolean isStartInFlight(ReconcileContext ctx, Entry entry) {
    Start start = entry.start();
    if (!entry.state().mayStartServer() || start.acceptTime() != null) {
      return false;
    }
    // guard: unanswered-start-has-a-fence
    Duration pause =
        Boolean.TRUE.equals(start.refused())
            ? /* guard: rejected-start-waits-a-poll */ ctx.timeouts.pollInterval()
            : ctx.timeouts.fence();
    return ctx.ports
            .durationSinceFirstSeen(ReconcileContext.claimFact(start.claimId()))
            .compareTo(pause)
        < 0;
  }

  private static boolean isRestartOwed(ReconcileContext ctx, Entry entry) {
    return entry.state() == State.Released
        && entry.restartWith() != null
        // guard: restart-is-owed-to-its-object
        && Ownership.isMine(ctx, entry);
  }

  /** How long others leave the claim alone; a resend is not repeated in a hurry. */
  private static Duration fence(ReconcileContext ctx, Entry entry) {
    // guard: stop-has-the-long-fence
    if (entry.state() == State.Stopping) {
      // guard: stop-has-a-fence
      return ctx.timeouts.fence(); // a late stop is not made harmless by the token of another one
    }
    if (!entry.state().mayBeSubmitted()) {
      return Duration.ZERO;
    }
    // guard: fence-of-a-submit
    Duration fence =
        ctx.timeouts.fenceOf(
            ctx.cloud.capabilities(), /* guard: fence-of-the-claimant */
            Duration.parse(entry.sendTimeout()));
    boolean again = Boolean.TRUE.equals(entry.resending());
    return again && fence.compareTo(ctx.timeouts.slowInterval()) < 0
        ? ctx.timeouts.slowInterval()
        : fence;
  }

  /**
   * A late operation resolves an unknown outcome until the next claim, or for one more time-out.
   */
  private static boolean isResolvable(ReconcileContext ctx, Entry entry, Instant now) {
    return entry.state() == State.Unknown
        && /* guard: next-claim-ends-the-watch */ !ctx.ledger.hasLaterClaimThan(entry)
        && (ctx.cloud.capabilities().namesOperations() || entry.acceptTime() != null)
        && entry.completionTime() != null
        && /* guard: watch-times-out */ now.isBefore(
            entry.completionTime().plus(ctx.timeouts.orderTimeout()));
  }
}
