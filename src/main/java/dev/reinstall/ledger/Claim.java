package dev.reinstall.ledger;

import dev.reinstall.api.Reason;
import dev.reinstall.api.ServerLedger.Baseline;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.cloud.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A claim that a request makes on its server.
 *
 * @param id random
 * @param owner the Reinstall that makes it
 * @param specHash of that Reinstall
 * @param sendTimeout how long after it the call may be sent
 */
public record Claim(
    String id, Instant time, Owner owner, String specHash, Duration sendTimeout, Instant notAfter) {

  /**
   * The entry for what was certainly not submitted before.
   *
   * @param last the entry of this request; empty: it has none yet
   */
  public EntryBuilder newEntry(Optional<Entry> last) {
    EntryBuilder builder = resendEntry(last);
    if (last.filter(e -> !e.owner().namespace().equals(owner.namespace())).isPresent()) {
      builder.forgetStop(); // it was stopped for that one
    }
    builder.attempt = last.map(this::nextAttempt).orElse(1);
    builder.specHash = specHash;
    builder.specHashVersion = SpecHash.VERSION;
    builder.resending = null;
    builder.requestId = null;
    builder.completionTime = null;
    builder.start = null; // of an attempt that has ended
    return builder;
  }

  /** To send the same again: the same attempt, token, Secrets and baseline, for it is the same. */
  public EntryBuilder resendEntry(Optional<Entry> last) {
    EntryBuilder builder = last.map(EntryBuilder::new).orElseGet(EntryBuilder::new);
    builder.owner = owner;
    builder.claimId = id;
    builder.sendTimeout = sendTimeout.toString();
    builder.responseReceived = null;
    builder.claimTime = last.map(this::timeAfter).orElse(EntryBuilder.wholeSeconds(time));
    // guard: claim-keeps-the-previous-one
    builder.previousClaimTime = last.map(Claim::lastSubmittable).orElse(null);
    builder.notAfter = EntryBuilder.wholeSeconds(notAfter);
    builder.reason = null;
    builder.message = null;
    return builder;
  }

  /** To start the server again of what was certainly not submitted, and has ended. */
  public EntryBuilder restartEntry(Entry last, String reason, String message) {
    EntryBuilder builder = resendEntry(Optional.of(last)).restarting(id, reason, message);
    builder.specHash = specHash; // of the owner, who follows the start
    builder.specHashVersion = SpecHash.VERSION;
    return builder;
  }

  /** What the cloud reported before the request: a difference afterwards may be its result. */
  public static Baseline baseline(Observation observation) {
    return new Baseline(
        observation.operation().map(Observation.Operation::id).orElse(null),
        observation.updateTime().orElse(null),
        observation.installed(),
        observation.cloudTime().map(EntryBuilder::wholeSeconds).orElse(null),
        Map.of());
  }

  /** A claim to stop or start the server does not reach the point of no return: no submit. */
  private static Instant lastSubmittable(Entry last) {
    // guard: stop-is-no-submit
    return last.state().isPowerChange() ? last.previousClaimTime() : last.claimTime();
  }

  /**
   * The claims of a request are distinguished by their times, whatever the clocks show: a status
   * that reports a later claim than the ledger contains shows that the ledger was restored.
   */
  private Instant timeAfter(Entry last) {
    Instant now = EntryBuilder.wholeSeconds(time);
    Instant next = last.claimTime().plusSeconds(1);
    // guard: times-of-claims-grow
    return now.isAfter(next) ? now : next;
  }

  /**
   * A cloud may remember a rejected token as rejected, and a token of one spec must not stand for
   * another: then the next attempt takes a new one.
   */
  private int nextAttempt(Entry last) {
    // guard: rejected-token-is-not-used-again
    boolean refused =
        Reason.AccessDenied.name().equals(last.reason())
            || Reason.Rejected.name().equals(last.reason())
            || Reason.ServerNotFound.name().equals(last.reason());
    // guard: throttled-token-is-used-again
    return refused || /* guard: token-of-the-same-contents */ !last.specHash().equals(specHash)
        ? last.attempt() + 1
        : last.attempt();
  }
}
