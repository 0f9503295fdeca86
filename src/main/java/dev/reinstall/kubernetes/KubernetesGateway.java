package dev.reinstall.kubernetes;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.Server;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.cloud.CatalogueAnswer;
import dev.reinstall.cloud.CatalogueQuery;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudProvider;
import dev.reinstall.cloud.CredentialKeys;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.Description;
import dev.reinstall.cloud.PowerRequest;
import dev.reinstall.cloud.ReinstallRequest;
import dev.reinstall.ledger.Ledger;
import dev.reinstall.reconcile.ClaimRefusedException;
import dev.reinstall.reconcile.ClusterNode;
import dev.reinstall.reconcile.ConflictException;
import dev.reinstall.reconcile.Ports;
import dev.reinstall.reconcile.ReportedStatus;
import dev.reinstall.reconcile.SecretNotReadyException;
import dev.reinstall.reconcile.SecretValues;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** The ports of one reconciliation of one Reinstall, in a real cluster. */
class KubernetesGateway implements Ports, AutoCloseable {
  private final Reinstall reinstall;
  private final OwnerLookup owners;
  private final StatusStore statuses;
  private final LedgerStore ledgers;
  final SharedParts shared;
  private final ResourceID id;

  /** Of the newest copy of the ledger that was read or written; null: there is none. */
  private String ledgerVersion;

  private DescribeLane.Answer described;
  private boolean hasAskedForServer;
  private Runnable slot = () -> {};
  private boolean hasClaimed;

  /** That this reconciliation saw, and the watch may not show yet. */
  private Optional<String> pauseSeen = Optional.empty();

  /**
   * @param statusWriter PUT of a status, by compare-and-swap
   */
  KubernetesGateway(
      Reinstall reinstall,
      OwnerLookup owners,
      UnaryOperator<Reinstall> statusWriter,
      LedgerStore ledgers,
      SharedParts shared) {
    this.reinstall = reinstall;
    this.owners = owners;
    statuses = new StatusStore(statusWriter, shared.transitions(), shared.events());
    this.ledgers = ledgers;
    this.shared = shared;
    this.id = ResourceID.fromResource(reinstall);
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public Duration monotonicTime() {
    return Duration.ofNanos(System.nanoTime());
  }

  /**
   * Once the server was described, as of the start of that call: what it shows may not be judged by
   * a time that had not passed then.
   */
  @Override
  public Duration durationSinceFirstSeen(String fact) {
    Duration known = shared.processState().durationSinceFirstSeen(fact);
    if (described == null) {
      return known;
    }
    Duration then =
        known
            // guard: durations-as-of-the-description
            .minus(described.age());
    return then.isNegative() ? Duration.ZERO : then;
  }

  @Override
  public void forget(String fact) {
    shared.processState().forget(fact);
  }

  @Override
  public String newClaimId() {
    return UUID.randomUUID().toString();
  }

  @Override
  public void markUnsent(String claim) {
    shared.processState().markUnsent(claim);
    if (hasClaimed) {
      shared.processState().backOff(uid());
    }
  }

  @Override
  public boolean isMarkedUnsent(String claim) {
    return shared.processState().isMarkedUnsent(claim);
  }

  @Override
  public void rememberRejection(String who) {
    shared.processState().rememberRejection(who);
  }

  @Override
  public Optional<Duration> sinceRejection(String who) {
    return shared.processState().sinceRejection(who);
  }

  @Override
  public Optional<String> cachedPause() {
    return pauseSeen.or(shared.pause()::cached);
  }

  @Override
  public Optional<String> fetchPause() {
    pauseSeen = shared.pause().fetch();
    return pauseSeen;
  }

  @Override
  public Optional<Reinstall> cachedReinstall() {
    return Optional.of(reinstall);
  }

  @Override
  public Optional<Reinstall> fetchReinstall() {
    return CachedReinstalls.fetchComplete(
        owners.client(), reinstall.getMetadata().getNamespace(), reinstall.getMetadata().getName());
  }

  @Override
  public boolean isUpToDate(Reinstall copy, ReportedStatus reported) {
    return statuses.isUpToDate(copy, reported);
  }

  @Override
  public Reinstall updateStatus(Reinstall copy, ReportedStatus reported) throws ConflictException {
    return statuses.update(copy, reported);
  }

  @Override
  public Reinstall commitStart(Reinstall copy, ReportedStatus reported) throws ConflictException {
    return statuses.commitStart(copy, reported);
  }

  @Override
  public Reinstall updateObservedGeneration(Reinstall copy) throws ConflictException {
    return statuses.updateObservedGeneration(copy);
  }

  @Override
  public boolean isDeleted(Owner owner) {
    // guard: own-name-is-looked-up
    return id.equals(new ResourceID(owner.name(), owner.namespace()))
        ? owners.isGone(owner) // a failed look-up decides nothing
        : owners.isDeleted(owner);
  }

  @Override
  public List<String> olderInQueue() {
    return owners.olderInQueue(reinstall);
  }

  @Override
  public boolean requiresServerGrant() {
    return shared.requireServerGrant();
  }

  @Override
  public Ledger cachedLedger(Server server) {
    return seen(ledgers.cached(server));
  }

  @Override
  public Ledger fetchLedger(Server server) {
    return seen(ledgers.fetch(server));
  }

  private Ledger seen(Ledger copy) {
    ledgerVersion = copy.resourceVersion();
    described = null; // what was described before is too old for it
    return copy;
  }

  /**
   * The versions that the reconciliation decides on: of the newest copy of the ledger that was read
   * or written, and of the spec. A description that is older than an edit is not used: who stops a
   * server and then resumes its request expects that the server is described again.
   */
  String decidedOn() {
    return ledgerVersion + "/" + reinstall.getMetadata().getGeneration();
  }

  @Override
  public Ledger writeLedger(Ledger ledger) throws ConflictException {
    try {
      Ledger written = ledgers.write(ledger);
      ledgerVersion = written.resourceVersion();
      return written;
    } catch (ConflictException e) {
      shared.metrics().ledgerConflict();
      throw e;
    }
  }

  @Override
  public Ledger writeClaim(Ledger ledger) throws ConflictException, ClaimRefusedException {
    shared.processState().requireClaiming();
    try {
      Ledger claimed = ledgers.writeClaim(ledger);
      ledgerVersion = claimed.resourceVersion();
      hasClaimed = true;
      shared.metrics().claimed(ledger.server().cloud());
      return claimed;
    } catch (ConflictException e) {
      shared.metrics().ledgerConflict();
      throw e;
    }
  }

  @Override
  public void reportUnsubmittedEnd(Server server, Entry entry, String message) {
    ledgers
        .resource(server)
        .ifPresent(ledger -> shared.events().recordUnsubmittedEnd(ledger, entry, message));
  }

  @Override
  public Credentials credentials(Reinstall of, CredentialKeys keys) throws SecretNotReadyException {
    return shared.secrets().credentials(of, keys);
  }

  @Override
  public SecretValues secretValues(
      Reinstall of, List<SecretKeyRef> keys, Optional<SecretKeyRef> generated) {
    return shared.secrets().secretValues(of.getMetadata().getNamespace(), keys, generated);
  }

  @Override
  public void createPassword(Reinstall of, SecretKeyRef generated) throws SecretNotReadyException {
    PasswordSecret.create(owners.client(), of, generated);
  }

  @Override
  public CloudProvider cloud(CloudName name) {
    return shared.clouds().get(name).provider();
  }

  @Override
  public Duration takeTurn(Credentials credentials, Server server) throws CloudException {
    Duration backoff = shared.processState().backoff(uid(), shared.pollInterval());
    if (!backoff.isZero()) {
      return backoff;
    }
    close(); // it may have had a turn before
    Optional<Runnable> free = shared.slots().take(server, credentials.fingerprint(), uid());
    if (free.isEmpty()) {
      Duration pause = shared.slots().pause(server);
      return shared.pollInterval().compareTo(pause) < 0 ? shared.pollInterval() : pause;
    }
    slot = free.get();
    Duration wait = shared.clouds().get(server.cloud()).takeTurn(credentials, uid());
    if (!wait.isZero()) {
      close();
    }
    return wait;
  }

  private String uid() {
    return reinstall.getMetadata().getUid();
  }

  /** Whether the reconciliation asked for a description of the server. */
  boolean hasAskedForServer() {
    return hasAskedForServer;
  }

  /**
   * {@inheritDoc}
   *
   * @throws DescriptionPendingException the reconciliation ends, and starts again with the result
   * @throws CredentialsReplacedException it is to start again with what the Secret contains now
   */
  @Override
  public Description describe(Credentials credentials, Server server) throws CloudException {
    hasAskedForServer = true;
    described = answer(credentials, server);
    CloudException failure = described.failure();
    if (failure != null) {
      if (failure.kind() == CloudException.Kind.DENIED
          && shared
              .secrets()
              .replaced(reinstall, cloud(server.cloud()).credentialKeys(), credentials)) {
        hasAskedForServer = false; // it would be polled with those that were denied
        throw new CredentialsReplacedException();
      }
      throw failure;
    }
    return new Description(described.observation(), described.age());
  }

  DescribeLane.Answer answer(Credentials credentials, Server server) {
    return shared
        .poller()
        .describe(id, shared.clouds().get(server.cloud()), credentials, server, decidedOn())
        .orElseThrow(DescriptionPendingException::new);
  }

  /**
   * {@inheritDoc}
   *
   * @throws CataloguesPendingException the reconciliation ends, and starts again with the answers
   */
  @Override
  public Map<CatalogueQuery, CatalogueAnswer> catalogues(
      Credentials credentials, CloudName cloud, List<CatalogueQuery> queries) {
    return shared
        .catalogues()
        .ask(id, shared.clouds().get(cloud), credentials, queries)
        .orElseThrow(CataloguesPendingException::new);
  }

  @Override
  public Optional<List<ClusterNode>> clusterNodes() {
    return shared.nodes().nodes();
  }

  /** Releases what the reconciliation holds. */
  @Override
  public void close() {
    slot.run();
    slot = () -> {};
  }

  @Override
  public Optional<String> stop(Credentials credentials, PowerRequest request)
      throws CloudException {
    return shared.clouds().get(request.server().cloud()).stop(credentials, request);
  }

  @Override
  public String reinstall(Credentials credentials, ReinstallRequest request) throws CloudException {
    return shared.clouds().get(request.spec().cloud()).reinstall(credentials, request);
  }

  @Override
  public String start(Credentials credentials, PowerRequest request) throws CloudException {
    return shared.clouds().get(request.server().cloud()).start(credentials, request);
  }
}
