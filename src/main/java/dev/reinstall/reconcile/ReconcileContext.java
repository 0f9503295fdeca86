package dev.reinstall.reconcile;

import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ReinstallSpec.OnUnsubmitted;
import dev.reinstall.api.ServerLedger.Baseline;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.cloud.CloudProvider;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.Finding;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Resolution;
import dev.reinstall.ledger.Claim;
import dev.reinstall.ledger.Ledger;
import dev.reinstall.ledger.SpecHash;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The facts of one reconciliation: the Reinstall, the ledger, and, once a decision needs them, the
 * server and the Secrets. It changes nothing outside.
 */
final class ReconcileContext {
  final Ports ports;
  final Timeouts timeouts;
  final String name;
  final CloudProvider cloud;

  /** Complete once the Reinstall was fetched; a cached one may lack its user data. */
  ReinstallSpec spec;

  /** The copy that this reconciliation is based on; the newest that it wrote. */
  Reinstall reinstall;

  /** The copy that this reconciliation is based on; the newest that it wrote. */
  Ledger ledger;

  /** Null: not described, or too early. */
  ServerObservation observation;

  Duration observedFrom;
  Credentials credentials;
  SecretValues secrets;

  /** Null: not read, or too early. */
  SecretsRead secretsRead;

  /** What the check against the catalogues found. Null: not read, or too early. */
  List<Finding> cataloguesRead;

  /** Of the same catalogues. Null: not read, or too early. */
  Resolution resolution;

  private final Map<Owner, Boolean> deleted = new HashMap<>();
  private boolean ledgerUncached;
  private boolean reinstallUncached;
  private boolean specComplete;
  private String specHash;

  /**
   * @param fresh whether the Reinstall was fetched uncached
   */
  ReconcileContext(Ports ports, Timeouts timeouts, Reinstall reinstall, boolean fresh) {
    reinstallUncached = fresh;
    this.ports = ports;
    this.timeouts = timeouts;
    this.reinstall = reinstall;
    spec = reinstall.getSpec();
    specComplete = isComplete();
    // guard: request-is-identified-by-name
    name = reinstall.getMetadata().getName();
    cloud = ports.cloud(spec.cloud());
  }

  /**
   * Fetches the Reinstall uncached.
   *
   * @throws ConflictException it is gone, or another object has its name
   */
  void fetchReinstall() throws ConflictException {
    // named: object-id
    String uid = reinstall.getMetadata().getUid();
    reinstall =
        ports
            .fetchReinstall()
            // guard: gate-of-the-same-object
            .filter(now -> now.getMetadata().getUid().equals(uid))
            .orElseThrow(() -> new ConflictException("the Reinstall is gone"));
    reinstallUncached = true;
    if (isComplete()) {
      if (!specComplete) {
        discardCatalogues(); // they were compared with a spec that may lack its user data
      }
      spec = reinstall.getSpec();
      specComplete = true;
    }
  }

  private boolean isComplete() {
    return reinstall.completeSpecHash().isEmpty();
  }

  /** Whether {@link #spec} is what its owner wrote, as a call to the cloud needs it. */
  boolean isSpecComplete() {
    return specComplete;
  }

  // The ledger: first of all, because what is decided on it is written with its resourceVersion.

  void readLedger() {
    open(ports.cachedLedger(spec.server()), false);
  }

  /** Reads it uncached; what was seen of the server before is seen too early now. */
  void fetchLedger() {
    open(ports.fetchLedger(spec.server()), true);
  }

  private void open(Ledger copy, boolean uncached) {
    ledger = copy;
    ledgerUncached = uncached;
    // guard: description-is-newer-than-the-ledger
    discardObservation();
    recordFirstSeen();
  }

  /**
   * Durations are counted from when this process first sees a claim or a rejection: that is now.
   */
  void recordFirstSeen() {
    // guard: claims-are-seen-at-once
    ledger.inFlightClaims().forEach(claim -> ports.durationSinceFirstSeen(claimFact(claim)));
    entry(name).ifPresent(this::rejectionAge);
  }

  Optional<Entry> entry(String subject) {
    return ledger.entry(subject);
  }

  String specHash() {
    if (specHash == null) {
      specHash = SpecHash.of(reinstall);
    }
    return specHash;
  }

  /**
   * The idempotency token of a call for this request, as {@link SpecHash#token} makes it; null if
   * the cloud takes none.
   */
  String token(String call) {
    return cloud.capabilities().idempotentToken()
        ? SpecHash.token(spec, /* guard: token-of-the-name */ name, call)
        : null;
  }

  /**
   * The Secret with whose credentials the server is started again that was stopped for this
   * request; null: it is left stopped.
   */
  String restartWith() {
    return spec.onUnsubmitted() == OnUnsubmitted.LeaveStopped ? null : spec.credentialsRef().name();
  }

  /** A claim of this request. */
  Claim claim(String id, Instant at) {
    Owner owner =
        new Owner(
            reinstall.getMetadata().getNamespace(),
            reinstall.getMetadata().getName(),
            reinstall.getMetadata().getUid());
    return new Claim(id, at, owner, specHash(), timeouts.sendWithin(), spec.notAfter());
  }

  // The server.

  void discardObservation() {
    observation = null;
    discardSecrets();
  }

  void discardSecrets() {
    secretsRead = null;
    discardCatalogues();
  }

  private void discardCatalogues() {
    cataloguesRead = null;
    resolution = null;
  }

  /** The IDs that the names in the spec stand for, as they were looked up now; else none. */
  Map<String, String> resolvedIds() {
    return resolution == null ? Map.of() : resolution.ids();
  }

  /** The spec with these IDs. */
  ReinstallSpec resolvedSpec() {
    return cloud.withIds(spec, resolvedIds());
  }

  /**
   * Whether a claim may still be based on the observation: the process may have been paused since.
   */
  boolean isObservationFresh() {
    return ports.monotonicTime().minus(observedFrom).compareTo(timeouts.observationValidity()) < 0;
  }

  Optional<Observation> observation() {
    return Optional.ofNullable(observation).flatMap(ServerObservation::observation);
  }

  /** By what this reconciliation described. */
  Baseline baseline() {
    return Claim.baseline(observation().orElseThrow());
  }

  /** That the cloud asked for, if the description failed. */
  Optional<Duration> pause() {
    return Optional.ofNullable(observation)
        .flatMap(ServerObservation::failure)
        .flatMap(ServerObservation.DescribeFailure::pause);
  }

  /** Whether notAfter has passed. */
  boolean isExpired() {
    // named: wall-clock
    Instant now = ports.now();
    return now.isAfter(spec.notAfter());
  }

  String namespace() {
    return reinstall.getMetadata().getNamespace();
  }

  boolean isOwner(Entry entry) {
    // guard: end-is-for-its-object
    return reinstall.getMetadata().getUid().equals(entry.owner().uid());
  }

  /** Whether the Reinstall that made a claim certainly exists no more; looked up once. */
  boolean isDeleted(Owner owner) {
    return deleted.computeIfAbsent(owner, ports::isDeleted);
  }

  boolean isLedgerUncached() {
    return ledgerUncached;
  }

  boolean isReinstallUncached() {
    return reinstallUncached;
  }

  Duration claimAge(Entry entry) {
    return entry.claimId() == null
        ? Duration.ZERO
        : /* guard: claim-age-by-own-clock */ ports.durationSinceFirstSeen(
            claimFact(entry.claimId()));
  }

  Duration rejectionAge(Entry entry) {
    return entry.reason() == null
        ? Duration.ZERO
        : ports.durationSinceFirstSeen("refusal " + id(entry));
  }

  /** Of the entry's claim, whatever happens to the ledger: in a new one the numbers start again. */
  String id(Entry entry) {
    return spec.server()
        + " "
        + entry.owner().name()
        + " "
        + /* named: time-of-claim */ entry.claimTime();
  }

  static String claimFact(String claim) {
    return "claim " + claim;
  }
}
