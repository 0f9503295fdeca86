package dev.reinstall.reconcile;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.PlannedInstallation;
import dev.reinstall.api.Reason;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.Server;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.CatalogueAnswer;
import dev.reinstall.cloud.CatalogueQuery;
import dev.reinstall.cloud.CloudCapabilities;
import dev.reinstall.cloud.CloudClient;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudException.Kind;
import dev.reinstall.cloud.CloudProvider;
import dev.reinstall.cloud.CredentialKeys;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.Description;
import dev.reinstall.cloud.Finding;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.PowerRequest;
import dev.reinstall.cloud.RateLimits;
import dev.reinstall.cloud.ReinstallRequest;
import dev.reinstall.cloud.Resolution;
import dev.reinstall.cloud.SecretBytes;
import dev.reinstall.ledger.Ledger;
import dev.reinstall.ledger.SpecHash;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** One process of the operator: its memory, its caches and its clock; what a crash loses. */
final class Replica {
  private final String name;
  private final InMemoryCluster cluster;
  private Duration skew;
  private final Map<String, Long> known = new HashMap<>();
  private final Set<String> abandoned = new HashSet<>();
  private final Map<String, Long> rejections = new HashMap<>();
  private final Map<String, Integer> versionsSeen = new HashMap<>();
  private final Map<String, LaterDescription> described = new HashMap<>();
  private int ledgersSeen;

  Replica(String name, InMemoryCluster cluster, Duration skew) {
    this.name = name;
    this.cluster = cluster;
    this.skew = skew;
    ledgersSeen = cluster.ledgers().size() - 1;
  }

  /** One reconciliation of a Reinstall by this process. */
  Optional<Duration> reconcile(String place) {
    cluster.counters.reconciliations++;
    cluster.report(() -> name + " begins a pass over " + place);
    Optional<Duration> next = run(place);
    cluster.report(() -> name + " ends its pass over " + place + ", comes back in " + next);
    return next;
  }

  private Optional<Duration> run(String place) {
    try {
      return new ReinstallReconciliation(new ReplicaPorts(place), cluster.timeouts).run();
    } catch (DescribedLater e) {
      return Optional.of(Duration.ofMillis(1));
    }
  }

  /** Starts the servers again that were stopped for Reinstalls that are gone. */
  void restartOrphans() {
    for (Entry entry : orphans()) {
      String place = entry.owner().path();
      cluster.report(() -> name + " looks after the server that was stopped for " + place);
      try {
        new OrphanRestart(new ReplicaPorts(place), cluster.timeouts)
            .run(OrphanRestart.reinstall(cluster.server(), entry));
      } catch (ConflictException | DescribedLater e) {
        cluster.report(() -> name + " comes back to it");
      }
    }
  }

  List<Entry> orphans() {
    return cluster.ledger().orders().values().stream()
        .filter(OrphanRestart::isOwed)
        .filter(entry -> !cluster.isThere(entry.owner().path()) || isOfAnotherSpec(entry))
        .toList();
  }

  /** The object that has its name now only waits for its end. */
  private boolean isOfAnotherSpec(Entry entry) {
    return entry.state() != State.Released
        && cluster.isGone(entry.owner())
        && !SpecHash.of(cluster.now(entry.owner().path()).orElseThrow()).equals(entry.specHash());
  }

  /** Crashes and restarts: its memory is lost, its caches are filled again. */
  void restart(Duration newSkew) {
    known.clear();
    abandoned.clear();
    rejections.clear();
    versionsSeen.clear();
    described.clear();
    ledgersSeen = cluster.ledgers().size() - 1;
    skew = newSkew;
  }

  @Override
  public String toString() {
    return name;
  }

  /** A description that was made after its reconciliation had ended, for the next one. */
  private record LaterDescription(
      String ledgerVersion, long startedAt, Observation observation, CloudException failure) {}

  private static final class DescribedLater extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** The ports as one reconciliation of this process sees them. */
  private final class ReplicaPorts implements Ports {
    private final String place;
    private String claim;
    private String ledgerVersion;
    private LaterDescription answer;

    /** Since the last write, and found none. */
    private boolean lookedForPause;

    ReplicaPorts(String place) {
      this.place = place;
    }

    private void meet(PortCall call) {
      cluster.faults.before(Replica.this, call);
    }

    @Override
    public Instant now() {
      meet(PortCall.NOW);
      return clock();
    }

    private Instant clock() {
      return cluster.trueTime().plus(skew);
    }

    @Override
    public Duration monotonicTime() {
      meet(PortCall.MONOTONIC_TIME);
      return Duration.ofMillis(cluster.millis());
    }

    @Override
    public Duration durationSinceFirstSeen(String fact) {
      long since = cluster.millis() - known.computeIfAbsent(fact, f -> cluster.millis());
      long age = answer == null ? 0 : cluster.millis() - answer.startedAt();
      return Duration.ofMillis(Math.max(0, since - age));
    }

    @Override
    public void forget(String fact) {
      known.remove(fact);
    }

    @Override
    public String newClaimId() {
      meet(PortCall.NEW_CLAIM_ID);
      claim = cluster.newClaim();
      return claim;
    }

    @Override
    public void markUnsent(String unsent) {
      abandoned.add(unsent);
    }

    @Override
    public boolean isMarkedUnsent(String unsent) {
      return abandoned.contains(unsent);
    }

    @Override
    public void rememberRejection(String who) {
      rejections.put(who, cluster.millis());
    }

    @Override
    public Optional<Duration> sinceRejection(String who) {
      return Optional.ofNullable(rejections.get(who))
          .map(since -> Duration.ofMillis(cluster.millis() - since));
    }

    @Override
    public Optional<String> cachedPause() {
      meet(PortCall.CACHED_PAUSE);
      List<Optional<String>> versions = cluster.pauses();
      int behind = Math.min(1, versions.size() - 1);
      behind -= cluster.faults.versionsSeen(Replica.this, PortCall.CACHED_PAUSE, behind);
      return versions.get(versions.size() - 1 - behind);
    }

    @Override
    public Optional<String> fetchPause() {
      meet(PortCall.FETCH_PAUSE);
      lookedForPause = cluster.pause().isEmpty();
      return cluster.pause();
    }

    @Override
    public Optional<List<ClusterNode>> clusterNodes() {
      cluster.nodesAsked++;
      return cluster.nodes;
    }

    @Override
    public Optional<Reinstall> cachedReinstall() {
      meet(PortCall.CACHED_REINSTALL);
      List<Optional<Reinstall>> versions = cluster.versions(place);
      if (versions.isEmpty()) {
        return Optional.empty();
      }
      int last = versions.size() - 1;
      int seen = Math.min(last, versionsSeen.getOrDefault(place, last));
      seen += cluster.faults.versionsSeen(Replica.this, PortCall.CACHED_REINSTALL, last - seen);
      versionsSeen.put(place, seen);
      if (seen < last) {
        int behind = last - seen;
        cluster.counters.count("stale orders");
        cluster.report(() -> name + " sees " + place + " as it was " + behind + " versions ago");
      }
      return versions.get(seen).map(cluster.cached);
    }

    @Override
    public Optional<Reinstall> fetchReinstall() {
      meet(PortCall.FETCH_REINSTALL);
      return cluster.now(place);
    }

    @Override
    public Reinstall updateStatus(Reinstall copy, ReportedStatus reported)
        throws ConflictException {
      meet(PortCall.UPDATE_STATUS);
      return isUpToDate(copy, reported)
          ? copy
          : write(copy, InMemoryCluster.status(copy, reported), PortCall.UPDATE_STATUS);
    }

    @Override
    public boolean isUpToDate(Reinstall copy, ReportedStatus reported) {
      return isReported(InMemoryCluster.status(copy, reported), copy.getStatus());
    }

    /** The observed state of the server is volatile: nothing is written for its sake. */
    private static boolean isReported(ReinstallStatus next, ReinstallStatus before) {
      return before != null
          && new ReinstallStatus(
                  next.observedGeneration(),
                  next.phase(),
                  next.reason(),
                  next.message(),
                  next.requestId(),
                  before.server(),
                  next.plan(),
                  next.findings(),
                  next.submitTime(),
                  next.completionTime(),
                  next.conditions())
              .equals(before);
    }

    @Override
    public Reinstall commitStart(Reinstall copy, ReportedStatus reported) throws ConflictException {
      meet(PortCall.COMMIT_START);
      return write(copy, InMemoryCluster.status(copy, reported), PortCall.COMMIT_START);
    }

    private Reinstall write(Reinstall copy, ReinstallStatus status, PortCall call)
        throws ConflictException {
      lookedForPause = false;
      FaultSchedule.LostReply loss = cluster.faults.lostReply(call);
      if (loss == FaultSchedule.LostReply.WRITE) {
        cluster.report(() -> name + " does not get a status write through");
        throw new ConflictException("unclear");
      }
      Reinstall written = cluster.writeStatus(Replica.this, copy, status);
      if (call == PortCall.COMMIT_START) {
        cluster.invariants.declared(copy, claim, clock());
      }
      if (loss == FaultSchedule.LostReply.RESPONSE) {
        cluster.counters.count("lost answers to status writes");
        cluster.report(() -> name + " does not hear that the status was written");
        throw new ConflictException("unclear");
      }
      return written;
    }

    @Override
    public Reinstall updateObservedGeneration(Reinstall copy) {
      meet(PortCall.UPDATE_OBSERVED_GENERATION);
      return copy;
    }

    @Override
    public void reportUnsubmittedEnd(Server server, Entry entry, String message) {
      cluster.ledgerEvents.add(message);
    }

    @Override
    public boolean isDeleted(Owner owner) {
      return cluster.isGone(owner);
    }

    @Override
    public List<String> olderInQueue() {
      return cluster.olderInQueue(place);
    }

    @Override
    public boolean requiresServerGrant() {
      return cluster.requiresServerGrant;
    }

    @Override
    public Ledger cachedLedger(Server server) {
      meet(PortCall.CACHED_LEDGER);
      int last = cluster.ledgers().size() - 1;
      ledgersSeen +=
          cluster.faults.versionsSeen(Replica.this, PortCall.CACHED_LEDGER, last - ledgersSeen);
      if (ledgersSeen < last) {
        int behind = last - ledgersSeen;
        cluster.counters.count("stale ledgers");
        cluster.report(() -> name + " sees the ledger as it was " + behind + " versions ago");
      }
      return seen(cluster.ledgers().get(ledgersSeen));
    }

    @Override
    public Ledger fetchLedger(Server server) {
      meet(PortCall.FETCH_LEDGER);
      return seen(cluster.ledger());
    }

    private Ledger seen(Ledger copy) {
      ledgerVersion = copy.resourceVersion();
      answer = null;
      return copy;
    }

    @Override
    public Ledger writeLedger(Ledger ledger) throws ConflictException {
      meet(PortCall.WRITE_LEDGER);
      lookedForPause = false;
      FaultSchedule.LostReply loss = cluster.faults.lostReply(PortCall.WRITE_LEDGER);
      if (loss == FaultSchedule.LostReply.WRITE) {
        cluster.report(() -> name + " does not get a ledger write through");
        throw new ConflictException("unclear");
      }
      Ledger written = cluster.writeLedger(Replica.this, ledger);
      if (loss == FaultSchedule.LostReply.RESPONSE) {
        cluster.counters.count("lost answers to ledger writes");
        cluster.report(() -> name + " does not hear that the ledger was written");
        throw new ConflictException("unclear");
      }
      return written;
    }

    @Override
    public Ledger writeClaim(Ledger ledger) throws ConflictException, ClaimRefusedException {
      if (cluster.claimsRefused) {
        throw new ClaimRefusedException(Reason.UnsupportedField, "the CRDs are older");
      }
      return writeLedger(ledger);
    }

    @Override
    public Credentials credentials(Reinstall reinstall, CredentialKeys keys)
        throws SecretNotReadyException {
      meet(PortCall.CREDENTIALS);
      if (cluster.credentials == null) {
        throw new SecretNotReadyException("the Secret " + cluster.account + " is missing");
      }
      return cluster.credentials;
    }

    @Override
    public SecretValues secretValues(
        Reinstall reinstall, List<SecretKeyRef> keys, Optional<SecretKeyRef> generated) {
      meet(PortCall.SECRETS);
      if (!cluster.secretsThere) {
        return new SecretValues(
            Map.of(),
            Map.of(),
            generated.isPresent() ? List.of() : List.of("the Secret login is missing"));
      }
      return new SecretValues(
          Map.of(CoreReinstalls.LOGIN, SecretBytes.ofText(InMemoryCluster.PASSWORD)),
          Map.of("login", String.valueOf(cluster.secretsVersion)),
          List.of());
    }

    @Override
    public void createPassword(Reinstall reinstall, SecretKeyRef generated)
        throws SecretNotReadyException {
      meet(PortCall.CREATE_PASSWORD);
      cluster.createPassword();
    }

    @Override
    public CloudProvider cloud(CloudName which) {
      return cluster.line == null ? new ReplicaCloud() : cluster.line.provider();
    }

    @Override
    public Description describe(Credentials credentials, Server server) throws CloudException {
      if (cluster.line != null) {
        return new Description(describeByLine(credentials, server), Duration.ZERO);
      }
      answer = described.get(place);
      if (answer != null
          && Objects.equals(answer.ledgerVersion(), ledgerVersion)
          && age().compareTo(cluster.timeouts.observationUse()) < 0) {
        if (answer.failure() != null) {
          throw answer.failure();
        }
        return new Description(answer.observation(), age());
      }
      answer = null;
      if (cluster.faults.describesLater()) {
        cluster.counters.count("descriptions of later");
        cluster.report(() -> Replica.this.name + " ends while the server is described");
        described.put(place, describeLater());
        throw new DescribedLater();
      }
      return new Description(describeNow(), Duration.ZERO);
    }

    /** Only an adapter has catalogues here. */
    @Override
    public Map<CatalogueQuery, CatalogueAnswer> catalogues(
        Credentials credentials, CloudName which, List<CatalogueQuery> queries) {
      Map<CatalogueQuery, CatalogueAnswer> answers = new HashMap<>();
      for (CatalogueQuery query : queries) {
        try {
          answers.put(
              query,
              CatalogueAnswer.of(
                  cluster
                      .line
                      .catalogue(credentials, List.of(query))
                      .getOrDefault(query, List.of())));
        } catch (CloudException e) {
          answers.put(query, CatalogueAnswer.failed(e));
        }
      }
      return answers;
    }

    /** What a shared call does not show clearly, one for the server alone does. */
    private Observation describeByLine(Credentials credentials, Server server)
        throws CloudException {
      if (!cluster.neighbours.isEmpty()) {
        List<Server> servers = new ArrayList<>(cluster.neighbours);
        servers.add(server);
        try {
          Observation shared = cluster.line.describe(credentials, servers).get(server);
          if (shared != null) {
            return shared;
          }
        } catch (CloudException e) {
          if (e.kind() == Kind.NOT_SENT
              || e.kind() == Kind.THROTTLED
              || e.retryAfter().isPresent()) {
            throw e;
          }
        }
      }
      return cluster.line.describe(credentials, List.of(server)).get(server);
    }

    private Duration age() {
      return Duration.ofMillis(cluster.millis() - answer.startedAt());
    }

    private Observation describeNow() throws CloudException {
      meet(PortCall.DESCRIBE);
      return cluster.cloud.describe(cluster.faults.describeOutcome());
    }

    private LaterDescription describeLater() {
      long startedAt = cluster.millis();
      try {
        return new LaterDescription(ledgerVersion, startedAt, describeNow(), null);
      } catch (CloudException e) {
        return new LaterDescription(ledgerVersion, startedAt, null, e);
      }
    }

    @Override
    public Duration takeTurn(Credentials credentials, Server server) throws CloudException {
      if (cluster.line != null) {
        return cluster.line.takeTurn(credentials, place);
      }
      meet(PortCall.TAKE_TURN);
      if (cluster.faults.isTurnRefused()) {
        cluster.counters.count("refused turns");
        cluster.report(() -> Replica.this.name + " gets no turn to send");
        if (cluster.faults.pick(2) == 1) {
          return Duration.ofSeconds(20);
        }
        throw new CloudException(Kind.THROTTLED, "a pause", null, Duration.ofSeconds(30));
      }
      return Duration.ZERO;
    }

    @Override
    public Optional<String> stop(Credentials credentials, PowerRequest request)
        throws CloudException {
      cluster.invariants.looked(lookedForPause);
      if (cluster.line != null) {
        return cluster.line.stop(credentials, request);
      }
      meet(PortCall.STOP);
      return cluster.cloud.stop(requestName(), claim, request, cluster.faults);
    }

    @Override
    public String start(Credentials credentials, PowerRequest request) throws CloudException {
      cluster.invariants.looked(lookedForPause);
      if (cluster.line != null) {
        return cluster.line.start(credentials, request);
      }
      meet(PortCall.START);
      return cluster.cloud.start(requestName(), claim, request, cluster.faults);
    }

    private String requestName() {
      return place.substring(place.indexOf('/') + 1);
    }

    @Override
    public String reinstall(Credentials credentials, ReinstallRequest request)
        throws CloudException {
      cluster.invariants.looked(lookedForPause);
      if (cluster.line != null) {
        return cluster.line.reinstall(credentials, request);
      }
      meet(PortCall.REINSTALL);
      try {
        return cluster.cloud.request(requestName(), claim, request, cluster.faults);
      } finally {
        meet(PortCall.RESPONSE);
      }
    }

    /** What the cloud is. */
    private final class ReplicaCloud implements CloudProvider {

      @Override
      public CloudName name() {
        return cluster.cloud.name;
      }

      @Override
      public RateLimits rateLimits() {
        throw new AssertionError("a reconciliation knows of no rate limits");
      }

      @Override
      public CloudClient client() {
        throw new AssertionError("a reconciliation calls the cloud through its ports");
      }

      @Override
      public CloudCapabilities capabilities() {
        return cluster.cloud.capabilities;
      }

      @Override
      public CredentialKeys credentialKeys() {
        return new CredentialKeys(List.of("key"), List.of());
      }

      @Override
      public List<SecretKeyRef> secretKeys(ReinstallSpec spec) {
        return List.of(CoreReinstalls.LOGIN);
      }

      @Override
      public Optional<SecretKeyRef> generatedPassword(ReinstallSpec spec) {
        return cluster.generates ? Optional.of(CoreReinstalls.LOGIN) : Optional.empty();
      }

      @Override
      public Optional<String> validateSpec(ReinstallSpec spec) {
        return "img-unsound".equals(CoreReinstalls.image(spec))
            ? Optional.of("tencentCloud.imageId is unsound")
            : Optional.empty();
      }

      @Override
      public List<Finding> checkServer(ReinstallSpec spec, Observation observation) {
        List<Finding> findings = new ArrayList<>();
        if ("img-unfit".equals(CoreReinstalls.image(spec))) {
          findings.add(Finding.invalid("spec.image", "the image does not fit"));
        }
        if (observation.details().stoppedWithoutCharge()) {
          findings.add(Finding.correctable("spec.instanceId", "it was stopped without charging"));
        }
        return findings;
      }

      @Override
      public List<Finding> checkSecrets(
          ReinstallSpec spec, Map<SecretKeyRef, SecretBytes> secrets) {
        return cluster.secretFindings;
      }

      @Override
      public PlannedInstallation plan(
          ReinstallSpec spec, Observation observation, Map<SecretKeyRef, SecretBytes> secrets) {
        return new PlannedInstallation(
            observation.installed(),
            expectedInstallation(spec),
            List.of("system disk"),
            List.of("data disk"),
            List.of(),
            "password of Secret login, key password",
            null,
            null);
      }

      @Override
      public Map<String, String> names(ReinstallSpec spec) {
        String image = CoreReinstalls.imageName(spec);
        return image == null ? Map.of() : Map.of(cluster.cloud.imageField(), image);
      }

      @Override
      public Resolution resolve(
          ReinstallSpec spec,
          Observation observation,
          Map<CatalogueQuery, CatalogueAnswer> answers) {
        String image = CoreReinstalls.imageName(spec);
        List<String> ids =
            image == null ? List.of() : cluster.imagesNamed.getOrDefault(image, List.of());
        return ids.size() == 1
            ? new Resolution(Map.of(cluster.cloud.imageField(), ids.get(0)), List.of())
            : new Resolution(
                Map.of(),
                image == null
                    ? List.of()
                    : List.of(
                        Finding.correctable(
                            "spec.image", ids.size() + " images have the name " + image)));
      }

      @Override
      public ReinstallSpec withIds(ReinstallSpec spec, Map<String, String> ids) {
        String image = ids.get(cluster.cloud.imageField());
        return image == null ? spec : CoreReinstalls.withImage(spec, image);
      }

      @Override
      public Map<String, String> expectedInstallation(ReinstallSpec spec) {
        String image = CoreReinstalls.image(spec);
        return image == null ? Map.of() : Map.of(cluster.cloud.imageField(), image);
      }
    }
  }
}
