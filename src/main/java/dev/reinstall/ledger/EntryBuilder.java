package dev.reinstall.ledger;

import dev.reinstall.api.ServerLedger.Baseline;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.api.ServerLedger.RecordedEvidence;
import dev.reinstall.api.ServerLedger.Start;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.api.ServerLedger.Stop;
import dev.reinstall.api.StoredText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** An entry of the ledger while it is being changed; fields as in {@link Entry}. */
public final class EntryBuilder {
  public String specHash;
  public Integer specHashVersion;
  public Owner owner;
  public State state;
  public long claimNumber;
  public int attempt;
  public String claimId;
  public String sendTimeout;
  public Boolean resending;
  public Boolean responseReceived;
  public String token;
  public Map<String, String> secretVersions;
  public Map<String, String> expected;
  public Stop stop;
  public Instant firstStopTime;
  public Baseline baseline;
  public RecordedEvidence evidence;
  public Start start;
  public Boolean adopted;
  public String requestId;
  public String reason;
  public String message;
  public Instant claimTime;
  public Instant previousClaimTime;
  public Instant acceptTime;
  public Instant completionTime;
  public Instant notAfter;
  private final Map<String, Object> additionalProperties;

  public EntryBuilder() {
    specHashVersion = SpecHash.VERSION;
    additionalProperties = Map.of();
  }

  public EntryBuilder(Entry from) {
    specHash = from.specHash();
    specHashVersion = from.specHashVersion();
    owner = from.owner();
    state = from.state();
    claimNumber = from.claimNumber();
    attempt = from.attempt();
    claimId = from.claimId();
    sendTimeout = from.sendTimeout();
    resending = from.resending();
    responseReceived = from.responseReceived();
    token = from.token();
    secretVersions = from.secretVersions();
    expected = from.expected();
    stop = from.stop();
    firstStopTime = from.firstStopTime();
    baseline = from.baseline();
    evidence = from.evidence();
    start = from.start();
    adopted = from.adopted();
    requestId = from.requestId();
    reason = from.reason();
    message = from.message();
    claimTime = from.claimTime();
    previousClaimTime = from.previousClaimTime();
    acceptTime = from.acceptTime();
    completionTime = from.completionTime();
    notAfter = from.notAfter();
    additionalProperties =
        from.additionalProperties() == null ? Map.of() : from.additionalProperties();
  }

  /**
   * Makes the entry final, and cuts it to what is still needed: a full one makes each write more
   * expensive.
   */
  public EntryBuilder finish(State outcome, String why, String what, Instant now) {
    state = outcome;
    reason = why;
    message = what;
    completionTime = outcome == State.Released && why == null ? null : wholeSeconds(now);
    sendTimeout = null;
    // guard: released-keeps-the-previous-claim
    if (outcome != State.Released
        && /* guard: abandoned-keeps-the-previous-claim */ outcome != State.Unknown) {
      previousClaimTime = null; // after those two it may be claimed again, or released
    }
    if (Boolean.TRUE.equals(responseReceived)) {
      claimId = null; // nothing of it can still be in flight: nobody needs to wait for it
    }
    start = null;
    if (outcome != State.Released) {
      stop = null; // of a Released one it is still reported that the server was stopped
      firstStopTime = null;
    }
    if (outcome != State.Unknown) {
      resending = null;
      token = null;
      secretVersions = null;
      expected = null;
      baseline = null;
      evidence = null;
    }
    return this;
  }

  /** Releases the server: nothing was submitted, or it was certainly rejected. */
  public EntryBuilder release(Instant now) {
    responseReceived = true;
    return finish(State.Released, null, null, now);
  }

  /** Takes what the cloud shows for the result of the request, whose response was lost. */
  public EntryBuilder adopt(String operationId, Instant now) {
    state = State.Accepted;
    recordAcceptance(operationId, now);
    adopted = true;
    reason = null;
    message = null;
    return this;
  }

  /** The request ID of an operation is better than none. */
  public void adoptMissingId(String operationId) {
    if (requestId == null) {
      requestId = operationId;
      adopted = true;
    }
  }

  public EntryBuilder installing() {
    state = State.Installing;
    return this;
  }

  public EntryBuilder evidence(RecordedEvidence.Kind kind, Instant now) {
    evidence = new RecordedEvidence(kind, wholeSeconds(now), Map.of());
    return this;
  }

  /** The acceptance by the cloud. */
  public void recordAcceptance(String id, Instant now) {
    requestId = id;
    adopted = null;
    acceptTime = wholeSeconds(now);
  }

  public Entry build() {
    return new Entry(
        specHash,
        specHashVersion,
        owner,
        state,
        claimNumber,
        attempt,
        claimId,
        sendTimeout,
        resending,
        responseReceived,
        token,
        secretVersions,
        expected,
        stop,
        firstStopTime,
        baseline,
        evidence,
        start,
        adopted,
        requestId,
        reason,
        StoredText.shorten(message, StoredText.MESSAGE), // names of objects may be long, too
        claimTime,
        previousClaimTime,
        acceptTime,
        completionTime,
        notAfter,
        additionalProperties);
  }

  /** Kubernetes times have whole seconds. */
  public static Instant wholeSeconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS);
  }
}
