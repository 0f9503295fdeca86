package dev.reinstall.reconcile;

import dev.reinstall.api.Reason;
import dev.reinstall.api.ServerLedger.Baseline;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.Observation;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The entry by which a request claims a server, or claims it again. */
final class Claims {
  private Claims() {}

  /** For what was certainly not submitted before. */
  static LedgerEntryBuilder newEntry(ReconcileContext ctx, String id, Instant at) {
    Optional<Entry> before = ctx.entry(ctx.name);
    LedgerEntryBuilder builder = resendEntry(ctx, id, at);
    builder.attempt = before.map(last -> nextAttempt(last, ctx.specHash())).orElse(1);
    builder.specHash = ctx.specHash();
    builder.resending = null;
    builder.requestId = null;
    builder.completionTime = null;
    return builder;
  }

  /** To send the same again: the same attempt, token, Secrets and baseline, for it is the same. */
  static LedgerEntryBuilder resendEntry(ReconcileContext ctx, String id, Instant at) {
    Optional<Entry> before = ctx.entry(ctx.name);
    LedgerEntryBuilder builder =
        before.map(LedgerEntryBuilder::new).orElseGet(LedgerEntryBuilder::new);
    builder.owner =
        new Owner(
            ctx.reinstall.getMetadata().getNamespace(),
            ctx.reinstall.getMetadata().getName(),
            ctx.reinstall.getMetadata().getUid());
    builder.claimId = id;
    builder.sendTimeout = ctx.timeouts.sendWithin().toString();
    builder.responseReceived = null;
    builder.claimTime =
        before.map(last -> after(last, at)).orElse(LedgerEntryBuilder.wholeSeconds(at));
    // guard: claim-keeps-the-previous-one
    builder.previousClaimTime = before.map(Claims::lastSubmittable).orElse(null);
    builder.notAfter = LedgerEntryBuilder.wholeSeconds(ctx.spec.notAfter());
    builder.reason = null;
    builder.message = null;
    return builder;
  }

  /** What the cloud reported before the request: a difference afterwards may be its result. */
  static Baseline baseline(Observation observation) {
    return new Baseline(
        observation.operation().map(Observation.Operation::id).orElse(null),
        observation.updateTime().orElse(null),
        observation.installed(),
        observation.cloudTime().map(LedgerEntryBuilder::wholeSeconds).orElse(null),
        Map.of());
  }

  /** A claim to stop the server does not reach the point of no return, and so is not a submit. */
  private static Instant lastSubmittable(Entry last) {
    // guard: stop-is-no-submit
    return last.state() == State.Stopping ? last.previousClaimTime() : last.claimTime();
  }

  /**
   * The claims of a request are distinguished by their times, whatever the clocks show: a status
   * that reports a later claim than the ledger contains shows that the ledger was restored.
   */
  private static Instant after(Entry last, Instant at) {
    Instant now = LedgerEntryBuilder.wholeSeconds(at);
    Instant next = last.claimTime().plusSeconds(1);
    // guard: times-of-claims-grow
    return now.isAfter(next) ? now : next;
  }

  /**
   * A cloud may remember a rejected token as rejected, and a token of one spec must not stand for
   * another: then the next attempt takes a new one.
   */
  private static int nextAttempt(Entry last, String digest) {
    // guard: rejected-token-is-not-used-again
    boolean refused =
        Reason.AccessDenied.name().equals(last.reason())
            || Reason.Rejected.name().equals(last.reason())
            || Reason.ServerNotFound.name().equals(last.reason());
    // guard: throttled-token-is-used-again
    return refused || /* guard: token-of-the-same-contents */ !last.specHash().equals(digest)
        ? last.attempt() + 1
        : last.attempt();
  }
}
