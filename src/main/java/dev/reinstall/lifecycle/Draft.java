package dev.reinstall.lifecycle;

import dev.reinstall.api.ServerLedger.Baseline;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.api.ServerLedger.RecordedEvidence;
import dev.reinstall.api.ServerLedger.Start;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.api.ServerLedger.Stop;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** An entry of the book while it is being changed; fields as in {@link Entry}. */
final class Draft {
  String digest;
  Owner owner;
  State state;
  long claim;
  int attempt;
  String claimedBy;
  String sendWithin;
  Boolean recovering;
  Boolean answered;
  String token;
  Map<String, String> secrets;
  Map<String, String> ordered;
  Stop stop;
  Baseline baseline;
  RecordedEvidence evidence;
  Start start;
  Boolean adopted;
  String requestId;
  String reason;
  String message;
  Instant claimedAt;
  Instant claimedBefore;
  Instant acceptedAt;
  Instant endedAt;
  Instant notAfter;
  private final Map<String, Object> unknown;

  Draft() {
    this.unknown = Map.of();
  }

  Draft(Entry from) {
    digest = from.specHash();
    owner = from.owner();
    state = from.state();
    claim = from.claimNumber();
    attempt = from.attempt();
    claimedBy = from.claimId();
    sendWithin = from.sendTimeout();
    recovering = from.resending();
    answered = from.responseReceived();
    token = from.token();
    secrets = from.secretVersions();
    ordered = from.expected();
    stop = from.stop();
    baseline = from.baseline();
    evidence = from.evidence();
    start = from.start();
    adopted = from.adopted();
    requestId = from.requestId();
    reason = from.reason();
    message = from.message();
    claimedAt = from.claimTime();
    claimedBefore = from.previousClaimTime();
    acceptedAt = from.acceptTime();
    endedAt = from.completionTime();
    notAfter = from.notAfter();
    unknown = from.additionalProperties() == null ? Map.of() : from.additionalProperties();
  }

  /** Settles the entry, and cuts it to what is still needed: a full one makes each write dearer. */
  Draft settle(State outcome, String why, String what, Instant now) {
    state = outcome;
    reason = why;
    message = what;
    endedAt = outcome == State.Released && why == null ? null : seconds(now);
    sendWithin = null;
    // guard: given-back-keeps-the-claim-before
    if (outcome != State.Released
        && /* guard: given-up-keeps-the-claim-before */ outcome != State.Unknown) {
      claimedBefore = null; // after those two it may be claimed again, or given back
    }
    if (Boolean.TRUE.equals(answered)) {
      claimedBy = null; // nothing of it can still be under way: nobody need wait for it
    }
    start = null;
    if (outcome != State.Released) {
      stop = null; // of a server that was stopped for nothing it is still told
    }
    if (outcome != State.Unknown) {
      recovering = null;
      token = null;
      secrets = null;
      ordered = null;
      baseline = null;
      evidence = null;
    }
    return this;
  }

  /** The cloud's own yes. */
  void receipt(String id, Instant now) {
    requestId = id;
    adopted = null;
    acceptedAt = seconds(now);
  }

  Entry entry() {
    return new Entry(
        digest,
        Digest.VERSION,
        owner,
        state,
        claim,
        attempt,
        claimedBy,
        sendWithin,
        recovering,
        answered,
        token,
        secrets,
        ordered,
        stop,
        baseline,
        evidence,
        start,
        adopted,
        requestId,
        reason,
        message,
        claimedAt,
        claimedBefore,
        acceptedAt,
        endedAt,
        notAfter,
        unknown);
  }

  /** Kubernetes times have whole seconds. */
  static Instant seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS);
  }
}
