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

/**
 * An entry of the ledger while it is being changed; fields as in {@link Entry}. Only the ledger
 * sets them one by one.
 */
public final class EntryBuilder {
  String specHash;
  Integer specHashVersion;
  Owner owner;
  State state;
  long claimNumber;
  int attempt;
  String claimId;
  String sendTimeout;
  Boolean resending;
  Boolean responseReceived;
  String token;
  Map<String, String> secretVersions;
  Map<String, String> expected;
  Map<String, String> resolved;
  Stop stop;
  Instant firstStopTime;
  String restartWith;
  Baseline baseline;
  RecordedEvidence evidence;
  Start start;
  Boolean adopted;
  String requestId;
  String reason;
  String message;
  Instant claimTime;
  Instant previousClaimTime;
  Instant acceptTime;
  Instant completionTime;
  Instant notAfter;
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
    resolved = from.resolved();
    stop = from.stop();
    firstStopTime = from.firstStopTime();
    restartWith = from.restartWith();
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
   * The server is to be stopped. A previous stop is history: this stop is the one that is reported.
   * But that it is not the first one shows that a stop has no effect.
   *
   * @param restartWith name of the Secret with whose credentials the server is started again if the
   *     request ends without being submitted; null: it is left stopped
   */
  public EntryBuilder stopping(String token, String restartWith) {
    if (state != State.Stopping) {
      firstStopTime = null; // of an attempt that has ended
    }
    state = State.Stopping;
    stop = null;
    this.token = token;
    this.restartWith = restartWith;
    return this;
  }

  /**
   * The request has ended unsubmitted, and the server is to be started again.
   *
   * @param claim under which the start is sent
   * @param why reason of the end; null: the Reinstall is gone, and nothing is to be shown
   * @param what the same for people
   */
  public EntryBuilder restarting(String claim, String why, String what) {
    state = State.Restarting;
    claimId = claim;
    responseReceived = null;
    start = new Start(claim, null, null, null, Map.of());
    reason = why;
    message = what;
    completionTime = null;
    return this;
  }

  /**
   * The request ends, and nothing was submitted. Whether its server was started again is decided.
   *
   * @param why null: the Reinstall is gone, and nothing is to be shown
   * @param started whether the start that was sent has had its effect
   */
  public EntryBuilder endUnsubmitted(String why, String what, boolean started, Instant now) {
    Start effective = started ? start : null;
    finish(State.Released, why, why == null ? null : what, now);
    // guard: restart-is-decided-once
    restartWith = null;
    stop = null; // the message has it
    firstStopTime = null;
    start = effective;
    return this;
  }

  /** The request is to be sent. */
  public EntryBuilder submitting() {
    state = State.Submitting;
    return this;
  }

  /** It may have been sent before: what it contains stays as it is. */
  public EntryBuilder resending() {
    resending = true;
    return this;
  }

  /**
   * What the request contains, and will have installed.
   *
   * @param resolved the IDs that its names stand for
   */
  public EntryBuilder contents(
      String token,
      Map<String, String> secretVersions,
      Map<String, String> expected,
      Map<String, String> resolved) {
    this.token = token;
    this.secretVersions = secretVersions;
    this.expected = expected;
    this.resolved = resolved.isEmpty() ? null : resolved;
    return this;
  }

  /** What the cloud reported before the request is sent. */
  public EntryBuilder baseline(Baseline before) {
    baseline = before;
    return this;
  }

  /** The server of the completed request is to be started. */
  public EntryBuilder starting(String claim) {
    state = State.Starting;
    start = new Start(claim, null, null, null, Map.of());
    return this;
  }

  public int attempt() {
    return attempt;
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
      restartWith = null;
    }
    if (outcome != State.Unknown) {
      resending = null;
      token = null;
      secretVersions = null;
      expected = null;
      resolved = null;
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

  /**
   * The newest stop certainly was not carried out. The server was running before it: if no earlier
   * stop was accepted, there is nothing to start again.
   */
  public EntryBuilder stopRejected() {
    // guard: restart-only-of-what-was-stopped
    if (firstStopTime == null) {
      restartWith = null;
    }
    return this;
  }

  /** The server was not stopped for this request, but for another one of its name. */
  public void forgetStop() {
    stop = null;
    firstStopTime = null;
    restartWith = null;
  }

  /** If a start is owed, by this Secret; null: it is not owed any more. */
  public EntryBuilder restartWith(String secret) {
    if (restartWith != null) {
      restartWith = secret;
    }
    return this;
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
        resolved,
        stop,
        firstStopTime,
        restartWith,
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
