package dev.reinstall.reconcile;

import dev.reinstall.api.Phase;
import dev.reinstall.api.Reason;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ReinstallSpec.PowerAfter;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.ServerLedger.Baseline;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.api.ServerLedger.RecordedEvidence;
import dev.reinstall.api.ServerLedger.Start;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudProvider;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.Description;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Progress;
import dev.reinstall.ledger.Claim;
import dev.reinstall.ledger.Ledger;
import dev.reinstall.ledger.SpecHash;
import dev.reinstall.reconcile.Facts.BlockingEntry;
import dev.reinstall.reconcile.Facts.DescribeFailure;
import dev.reinstall.reconcile.Facts.DesiredState;
import dev.reinstall.reconcile.Facts.RecordedState;
import dev.reinstall.reconcile.Facts.ReportedProgress;
import dev.reinstall.reconcile.Facts.SecretsRead;
import dev.reinstall.reconcile.Facts.ServerObservation;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The facts of one reconciliation: the Reinstall, the ledger, and, once a decision needs them, the
 * server and the Secrets. It reads and changes nothing.
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

  private boolean ledgerUncached;
  private boolean reinstallUncached;
  private boolean specComplete;
  private ServerObservation observation;
  private Duration observedFrom;
  private Duration descriptionAge;
  private Credentials credentials;
  private SecretValues secrets;
  private SecretsRead secretsRead;
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
    entry(name).filter(e -> e.reason() != null).ifPresent(this::rejectionAge);
  }

  private static String claimFact(String claim) {
    return "claim " + claim;
  }

  Optional<Entry> entry(String subject) {
    return ledger.entry(subject);
  }

  String specHash() {
    if (specHash == null) {
      specHash = reinstall.completeSpecHash().orElseGet(() -> SpecHash.of(reinstall.getSpec()));
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

  /** For an orphaned entry, the description is evaluated for that one. */
  void describe(String subject, boolean own) {
    // named: description-begins
    Duration from = ports.monotonicTime();
    descriptionAge = Duration.ZERO;
    observation = observe(subject, own);
    // guard: description-is-as-old-as-its-request
    observedFrom =
        from
            // guard: description-is-as-old-as-its-call
            .minus(descriptionAge);
  }

  void discardObservation() {
    observation = null;
    secretsRead = null;
  }

  private ServerObservation observe(String subject, boolean own) {
    Observation observation;
    try {
      credentials = ports.credentials(reinstall, cloud.credentialKeys());
      Description description = ports.describe(credentials, spec.server());
      observation = description.observation();
      descriptionAge = description.age();
    } catch (SecretNotReadyException e) {
      return ServerObservation.failed(
          new DescribeFailure(Reason.SecretNotReady, e.getMessage(), Optional.empty(), false));
    } catch (CloudException e) {
      return ServerObservation.failed(
          new DescribeFailure(reason(e.kind()), message(e), e.retryAfter(), isLasting(e.kind())));
    }
    ports.forget(notFound());
    Optional<Entry> entry = entry(subject);
    return new ServerObservation(
        Optional.of(observation),
        Optional.empty(),
        own ? cloud.validateAgainst(spec, observation) : Optional.empty(),
        entry
            .map(e -> Evidence.of(e, observation, cloud.capabilities(), hasSettled(e, observation)))
            .orElse(Evidence.NONE),
        entry
            .map(
                e ->
                    Evidence.LostRequestEvidence.of(
                        subject, e, ledger, observation, cloud.capabilities()))
            .orElse(Evidence.LostRequestEvidence.NONE),
        entry
            .filter(e -> Evidence.isChangedAsRequested(e, observation, cloud.capabilities()))
            .isPresent(),
        entry.filter(e -> isTokenTrusted(e, observation)).isPresent(),
        entry.filter(e -> hasPowerChangeSettled(e, observation)).isPresent());
  }

  /** One description that does not find the server proves little: what it reports may lag. */
  private boolean isLasting(CloudException.Kind kind) {
    return kind == CloudException.Kind.NOT_FOUND
        ? /* guard: not-found-must-last */ ports
                .durationSinceFirstSeen(notFound())
                .compareTo(cloud.capabilities().settleTime())
            >= 0
        : kind == CloudException.Kind.INVALID;
  }

  private String notFound() {
    return "not found for " + reinstall.getMetadata().getUid();
  }

  private String message(CloudException e) {
    String cause = e.getMessage();
    String secret = /* named: credentials */ spec.credentialsRef().name();
    return switch (e.kind()) {
      case NOT_FOUND -> Messages.serverNotFound(spec.instanceId(), spec.region(), secret, cause);
      case INVALID -> Messages.describeRejected(cause);
      case DENIED -> Messages.describeDenied(secret, cause);
      case THROTTLED -> Messages.throttled(cause);
      case BUSY, NOT_SENT, AMBIGUOUS -> Messages.cloudUnreachable(cause);
    };
  }

  private static Reason reason(CloudException.Kind kind) {
    // A description that is rejected as busy says nothing about the server.
    return kind == CloudException.Kind.BUSY ? Reason.CloudUnreachable : kind.reason();
  }

  /**
   * Whether the server has not changed for the settling time since its record was seen to change.
   */
  private boolean hasSettled(Entry entry, Observation observation) {
    if (entry.evidence() == null || entry.evidence().kind() != RecordedEvidence.Kind.Changed) {
      return false;
    }
    Duration remaining =
        ports.durationSinceFirstSeen(
            "unchanged "
                + id(entry)
                + " "
                + entry.evidence().observedTime()
                + " "
                + observation.rawState());
    // guard: changed-server-must-settle
    return remaining.compareTo(cloud.capabilities().settleTime()) >= 0;
  }

  /**
   * Whether the end of the newest stop, or start, is shown: by its name where operations have one;
   * else by what is shown not having changed for the settling time.
   */
  private boolean hasPowerChangeSettled(Entry entry, Observation observation) {
    if (entry.state() == State.Starting) {
      return isOver(entry.start().claimId(), entry.start().requestId(), observation);
    }
    String stop = entry.stop() == null ? null : entry.stop().requestId();
    return entry.state() == State.Stopping && isOver(entry.claimId(), stop, observation);
  }

  private boolean isOver(String call, String requestId, Observation observation) {
    boolean named =
        observation
            .operation()
            .filter(o -> o.id().equals(requestId) && o.progress() != Progress.IN_PROGRESS)
            .isPresent();
    String shown =
        observation.rawState()
            + observation.operation().map(Object::toString).or(observation::updateTime).orElse("");
    return named
        || ports
                .durationSinceFirstSeen("unchanged after " + call + " " + shown)
                .compareTo(cloud.capabilities().settleTime())
            >= 0;
  }

  /** By the cloud's own clock, from before the first send; without its Date there is no trust. */
  private boolean isTokenTrusted(Entry entry, Observation observation) {
    if (!cloud.capabilities().idempotentToken()
        || entry.token() == null
        || entry.baseline() == null) {
      return false;
    }
    Instant since = entry.baseline().cloudTime();
    // guard: token-needs-the-clouds-date
    return /* named: baseline-has-a-date */ since != null
        && /* named: description-has-a-date */ observation.cloudTime().isPresent()
        // guard: token-is-young
        && Duration.between(
                    since, /* guard: token-age-by-the-clouds-clock */ observation.cloudTime().get())
                .compareTo(timeouts.tokenTrust())
            < 0;
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
        .flatMap(DescribeFailure::pause);
  }

  Credentials account() {
    return credentials;
  }

  // The Secrets.

  void readSecrets() {
    secretsRead = secretsOf();
  }

  private SecretsRead secretsOf() {
    try {
      secrets = ports.secretValues(reinstall, cloud.secretKeys(spec));
    } catch (SecretNotReadyException e) {
      return new SecretsRead(Optional.of(e.getMessage()), false);
    }
    Map<String, String> before =
        entry(name).map(Entry::secretVersions).orElse(secrets.resourceVersions());
    return new SecretsRead(
        cloud.validateSecrets(spec, secrets.contents()), before.equals(secrets.resourceVersions()));
  }

  SecretValues secrets() {
    return secrets;
  }

  // The situation.

  /** For this request. */
  ReadFacts facts() {
    return new ReadFacts(name, true);
  }

  /** For an orphaned entry that this request waits behind. */
  ReadFacts factsOf(String orphaned) {
    return new ReadFacts(orphaned, false);
  }

  /** As they are now, but for the server and the Secrets, which are kept once they were read. */
  final class ReadFacts implements Facts {
    private final String subject;
    private final boolean own;
    private final DesiredState desired;
    private final RecordedState recorded;
    private boolean readMore;

    ReadFacts(String subject, boolean own) {
      this.subject = subject;
      this.own = own;
      desired = own ? desiredState(reinstall) : DesiredState.none();
      recorded = recordedState(subject, own);
    }

    /** Whether time has passed since: then what was decided must be decided again. */
    boolean haveReadMore() {
      return readMore;
    }

    @Override
    public DesiredState desired() {
      return desired;
    }

    @Override
    public RecordedState recorded() {
      return recorded;
    }

    @Override
    public ServerObservation server() {
      if (observation == null) {
        readMore = true;
        describe(subject, own);
      }
      return observation;
    }

    @Override
    public SecretsRead secrets() {
      if (secretsRead == null) {
        readMore = true;
        readSecrets();
      }
      return secretsRead;
    }

    @Override
    public Timeouts timeouts() {
      return timeouts;
    }
  }

  DesiredState desiredState(Reinstall copy) {
    ReinstallSpec wishedSpec = copy.getSpec();
    return new DesiredState(
        reinstallUncached,
        UnknownFields.of(copy),
        RequestValidation.validate(copy, cloud, ports.now()),
        copy.getMetadata().getDeletionTimestamp() != null,
        wishedSpec.suspended(),
        isExpired(),
        wishedSpec.notAfter(),
        wishedSpec.whenRunning() == null ? WhenRunning.Wait : wishedSpec.whenRunning(),
        wishedSpec.powerAfter() == PowerAfter.Running,
        wishedSpec.requiredInstallation(),
        reportedProgress(copy.getStatus()),
        Optional.ofNullable(copy.getStatus()).map(ReinstallStatus::submitTime));
  }

  /** Whether notAfter has passed. */
  boolean isExpired() {
    return ports.now().isAfter(spec.notAfter());
  }

  /**
   * A phase that this operator does not know may be that of a submitted request of a newer one; and
   * what is Pending because the cloud is busy was submitted, and reports it by the time of its
   * claim.
   */
  static ReportedProgress reportedProgress(ReinstallStatus status) {
    String phase = status == null ? null : status.phase();
    if (phase == null) {
      return ReportedProgress.NONE;
    }
    if (phase.equals(Phase.Pending.name())) {
      // guard: waiting-after-a-submit-reports-it
      return status.submitTime() == null ? ReportedProgress.NONE : ReportedProgress.SUBMITTING;
    }
    if (phase.equals(Phase.Stopping.name())) {
      return ReportedProgress.NONE; // a stop is not a submit
    }
    if (phase.equals(Phase.Submitting.name())) {
      return ReportedProgress.SUBMITTING;
    }
    if (phase.equals(Phase.Unknown.name())) {
      return ReportedProgress.UNKNOWN;
    }
    boolean over = phase.equals(Phase.Succeeded.name()) || phase.equals(Phase.Failed.name());
    return over ? ReportedProgress.FINISHED : ReportedProgress.ACCEPTED;
  }

  private RecordedState recordedState(String subject, boolean own) {
    Optional<Entry> entry = entry(subject);
    // named: now
    Instant now = ports.now();
    return new RecordedState(
        subject,
        entry,
        own,
        !own || entry.filter(e -> !hasSameSpec(e)).isEmpty(),
        own && entry.filter(this::isOwner).isPresent(),
        ledgerUncached,
        /* guard: ledger-is-supported */ ledger.isSupported(),
        ledger.hold(),
        /* guard: one-request-has-the-server */ own ? blockingEntry() : Optional.empty(),
        entry.filter(this::isUnsent).isPresent(),
        entry.filter(this::isStartInFlight).isPresent(),
        entry.map(this::claimAge).orElse(Duration.ZERO),
        entry.map(this::rejectionAge).orElse(Duration.ZERO),
        entry.filter(this::isInBackoff).isPresent(),
        entry.map(this::fence).orElse(Duration.ZERO),
        /* named: settling-time */ cloud.capabilities().settleTime(),
        entry
            .filter(
                /* guard: request-times-out */ e ->
                    now.isAfter(e.claimTime().plus(timeouts.orderTimeout())))
            .isPresent(),
        entry.filter(e -> isResolvable(e, now)).isPresent(),
        now);
  }

  /**
   * A newer CRD may write a default into an object that this operator does not know, and so cannot
   * leave out of the hash: but the spec of an object never changes.
   */
  private boolean hasSameSpec(Entry entry) {
    return entry.specHash().equals(specHash())
        || (isOwner(entry) && !UnknownFields.of(reinstall).isEmpty());
  }

  boolean isOwner(Entry entry) {
    // guard: end-is-for-its-object
    return reinstall.getMetadata().getUid().equals(entry.owner().uid());
  }

  /** A resending claim is never released: its first request may be in flight. */
  private boolean isUnsent(Entry entry) {
    if (entry.state() == State.Starting) {
      return ports.isMarkedUnsent(entry.start().claimId());
    }
    return entry.claimId() != null
        && /* guard: resend-is-not-abandoned */ !Boolean.TRUE.equals(entry.resending())
        && ports.isMarkedUnsent(entry.claimId());
  }

  private boolean isStartInFlight(Entry entry) {
    Start start = entry.start();
    if (entry.state() != State.Starting || start.acceptTime() != null) {
      return false;
    }
    // guard: unanswered-start-has-a-fence
    Duration pause =
        Boolean.TRUE.equals(start.refused())
            ? /* guard: rejected-start-waits-a-poll */ timeouts.pollInterval()
            : timeouts.fence();
    return ports.durationSinceFirstSeen(claimFact(start.claimId())).compareTo(pause) < 0;
  }

  private Duration claimAge(Entry entry) {
    return entry.claimId() == null
        ? Duration.ZERO
        : /* guard: claim-age-by-own-clock */ ports.durationSinceFirstSeen(
            claimFact(entry.claimId()));
  }

  private Duration rejectionAge(Entry entry) {
    return entry.reason() == null
        ? Duration.ZERO
        : ports.durationSinceFirstSeen("refusal " + id(entry));
  }

  /** Of the entry's claim, whatever happens to the ledger: in a new one the numbers start again. */
  private String id(Entry entry) {
    return spec.server()
        + " "
        + entry.owner().name()
        + " "
        + /* named: time-of-claim */ entry.claimTime();
  }

  /**
   * Whether it is too early to start again after a rejection that may pass. A change of the object
   * is a reason to try at once; a write of the ledger, which the watch reports too, is not.
   */
  private boolean isInBackoff(Entry entry) {
    if (entry.state() != State.Released
        || entry.completionTime() != null
        || entry.reason() == null) {
      return false;
    }
    ReinstallStatus status = reinstall.getStatus();
    boolean toldOfThis =
        status != null
            && Objects.equals(reinstall.getMetadata().getGeneration(), status.observedGeneration());
    Duration pause =
        entry.reason().equals(Reason.AccessDenied.name())
            ? timeouts.slowInterval()
            : timeouts.pollInterval();
    return toldOfThis && rejectionAge(entry).compareTo(pause) < 0;
  }

  /** How long others leave the claim alone; a resend is not repeated in a hurry. */
  private Duration fence(Entry entry) {
    // guard: stop-has-the-long-fence
    if (entry.state() == State.Stopping) {
      // guard: stop-has-a-fence
      return timeouts.fence(); // a late stop is not made harmless by the token of another one
    }
    if (!entry.state().mayBeSubmitted()) {
      return Duration.ZERO;
    }
    // guard: fence-of-a-submit
    Duration fence =
        timeouts.fenceOf(
            cloud.capabilities(), /* guard: fence-of-the-claimant */
            Duration.parse(entry.sendTimeout()));
    boolean again = Boolean.TRUE.equals(entry.resending());
    return again && fence.compareTo(timeouts.slowInterval()) < 0 ? timeouts.slowInterval() : fence;
  }

  /**
   * A late operation resolves an unknown outcome until the next claim, or for one more time-out.
   */
  private boolean isResolvable(Entry entry, Instant now) {
    return entry.state() == State.Unknown
        && /* guard: next-claim-ends-the-watch */ !ledger.hasLaterClaimThan(entry)
        && (cloud.capabilities().namesOperations() || entry.acceptTime() != null)
        && entry.completionTime() != null
        && /* guard: watch-times-out */ now.isBefore(
            entry.completionTime().plus(timeouts.orderTimeout()));
  }

  private Optional<BlockingEntry> blockingEntry() {
    Optional<String> open = ledger.otherOpenEntry(name);
    if (open.isPresent()) {
      Owner owner = entry(open.get()).orElseThrow().owner();
      return Optional.of(new BlockingEntry(owner.path(), true, ports.isDeleted(owner)));
    }
    return ledger
        .otherUnansweredEntry(name)
        .map(n -> entry(n).orElseThrow())
        .filter(/* guard: free-after-the-fence */ e -> claimAge(e).compareTo(timeouts.fence()) < 0)
        .map(e -> new BlockingEntry(e.owner().path(), false, false));
  }
}
