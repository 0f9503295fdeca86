package dev.reinstall.lifecycle;

import dev.reinstall.api.Phase;
import dev.reinstall.api.Reason;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ReinstallSpec.PowerAfter;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.api.ServerLedger.RecordedEvidence;
import dev.reinstall.api.ServerLedger.Start;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.CachedObservation;
import dev.reinstall.cloud.Cloud;
import dev.reinstall.cloud.CloudErrorKind;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Progress;
import dev.reinstall.lifecycle.Situation.Ahead;
import dev.reinstall.lifecycle.Situation.Failure;
import dev.reinstall.lifecycle.Situation.Look;
import dev.reinstall.lifecycle.Situation.SecretsRead;
import dev.reinstall.lifecycle.Situation.Standing;
import dev.reinstall.lifecycle.Situation.Told;
import dev.reinstall.lifecycle.Situation.Wish;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What one pass has before its eyes: the order, the book, and, once the table has asked for them,
 * the server and the Secrets. It reads and changes nothing.
 */
final class Inquiry {
  final World world;
  final Timing timing;
  final ReinstallSpec spec;
  final String name;
  final Cloud cloud;

  /** The copy that this pass rests on; the newest that it wrote. */
  Reinstall reinstall;

  /** The copy that this pass rests on; the newest that it wrote. */
  Ledger ledger;

  private boolean fresh;
  private boolean orderIsFresh;
  private Look look;
  private boolean onlyGlanced;
  private Duration lookedFrom;
  private Credentials credentials;
  private Secrets secrets;
  private SecretsRead secretsRead;
  private String digest;

  /**
   * @param fresh whether the order was read anew
   */
  Inquiry(World world, Timing timing, Reinstall reinstall, boolean fresh) {
    orderIsFresh = fresh;
    this.world = world;
    this.timing = timing;
    this.reinstall = reinstall;
    spec = reinstall.getSpec();
    // guard: order-is-known-by-name
    name = reinstall.getMetadata().getName();
    cloud = world.cloud(spec.cloud());
  }

  /**
   * Reads the order uncached.
   *
   * @throws Conflict it is gone, or another object has its name
   */
  void readOrderAnew() throws Conflict {
    // named: object-id
    String uid = reinstall.getMetadata().getUid();
    reinstall =
        world
            .orderNow()
            // guard: gate-of-the-same-object
            .filter(now -> now.getMetadata().getUid().equals(uid))
            .orElseThrow(() -> new Conflict("the Reinstall is gone"));
    orderIsFresh = true;
  }

  // The ledger: first of all, because what is decided on it is written with its resourceVersion.

  void readLedger() {
    open(world.book(spec.server()), false);
  }

  /** Reads it uncached; what was seen of the server before is seen too early now. */
  void readLedgerAnew() {
    open(world.bookNow(spec.server()), true);
  }

  private void open(Ledger copy, boolean anew) {
    ledger = copy;
    fresh = anew;
    // guard: look-is-younger-than-the-ledger
    forgetLook();
    hear();
  }

  /** Time is counted from when this process first hears of a claim or a refusal: that is now. */
  void hear() {
    // guard: claims-are-heard-of-at-once
    ledger.inFlightClaims().forEach(claim -> world.knownFor(claimFact(claim)));
    entry(name).filter(e -> e.reason() != null).ifPresent(this::refusalAge);
  }

  private static String claimFact(String claim) {
    return "claim " + claim;
  }

  Optional<Entry> entry(String subject) {
    return ledger.entry(subject);
  }

  String digest() {
    if (digest == null) {
      digest = SpecHash.of(spec);
    }
    return digest;
  }

  /**
   * The idempotency token of a call for this order, as {@link SpecHash#token} makes it; null where
   * the cloud takes none.
   */
  String token(String call) {
    return cloud.capabilities().idempotentToken()
        ? SpecHash.token(spec, /* guard: token-of-the-name */ name, call)
        : null;
  }

  // The server.

  /** A look that begins now; for an orphan, what is judged is that one. */
  void look(String subject, boolean own) {
    look(subject, own, false);
  }

  /**
   * The first look of a pass may be one that was kept from a call for another order: most passes
   * only go on waiting. Where the ledger was read anew, the server is looked at anew too.
   */
  void glance() {
    look(name, true, /* guard: new-ledger-needs-a-new-look */ !fresh);
  }

  /** Whether what is known of the server is from before this pass; a failure never is. */
  boolean hasOnlyGlanced() {
    return look != null && onlyGlanced;
  }

  private void look(String subject, boolean own, boolean keptWillDo) {
    // named: look-begins
    Duration from = world.uptime();
    onlyGlanced = false;
    look = seen(subject, own, keptWillDo);
    // guard: look-is-as-old-as-its-question
    lookedFrom = from;
  }

  void forgetLook() {
    look = null;
    secretsRead = null;
  }

  private Look seen(String subject, boolean own, boolean keptWillDo) {
    Observation observation;
    try {
      credentials = world.account(reinstall, cloud.credentialKeys());
      if (keptWillDo) {
        CachedObservation glance = cloud.describeCached(credentials, spec.server());
        observation = glance.observation();
        onlyGlanced = !glance.fresh();
      } else {
        observation = cloud.describe(credentials, spec.server());
      }
    } catch (MissingSecret e) {
      return Look.failed(new Failure(Reason.SecretNotReady, e.getMessage(), Optional.empty()));
    } catch (CloudException e) {
      return Look.failed(new Failure(reason(e.kind()), e.getMessage(), e.retryAfter()));
    }
    Optional<Entry> entry = entry(subject);
    return new Look(
        Optional.of(observation),
        Optional.empty(),
        own ? cloud.validateAgainst(spec, observation) : Optional.empty(),
        entry
            .map(e -> Sight.of(e, observation, cloud.capabilities(), hasSettled(e, observation)))
            .orElse(Sight.NOTHING),
        entry.map(e -> Sight.Trace.of(subject, e, ledger, observation)).orElse(Sight.Trace.NONE),
        entry.filter(e -> isTokenTrusted(e, observation)).isPresent(),
        entry.filter(e -> isSwitched(e, observation)).isPresent());
  }

  private static Reason reason(CloudErrorKind trouble) {
    return switch (trouble) {
      case NOT_FOUND -> Reason.ServerNotFound;
      case INVALID -> Reason.Rejected;
      case DENIED -> Reason.AccessDenied;
      case THROTTLED -> Reason.Throttled;
      case BUSY, AMBIGUOUS -> Reason.CloudUnreachable;
    };
  }

  /** Whether the server has rested for the settling time since its record was seen to change. */
  private boolean hasSettled(Entry entry, Observation observation) {
    if (entry.evidence() == null || entry.evidence().kind() != RecordedEvidence.Kind.Changed) {
      return false;
    }
    Duration rest =
        world.knownFor(
            "rest "
                + id(entry)
                + " "
                + entry.evidence().observedTime()
                + " "
                + observation.rawState());
    // guard: changed-server-must-rest
    return rest.compareTo(cloud.capabilities().settleTime()) >= 0;
  }

  /**
   * Whether the end of the newest stop, or start, is shown: by its name where operations have one;
   * else by what is shown not having changed for the settling time.
   */
  private boolean isSwitched(Entry entry, Observation observation) {
    if (entry.start() != null) {
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
        || world
                .knownFor("rest after " + call + " " + shown)
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
        && /* named: look-has-a-date */ observation.cloudTime().isPresent()
        // guard: token-is-young
        && Duration.between(
                    since, /* guard: token-age-by-the-clouds-clock */ observation.cloudTime().get())
                .compareTo(timing.tokenTrust())
            < 0;
  }

  /** Whether a claim may still rest on what was seen: a process may have been paused since. */
  boolean looksHold() {
    return world.uptime().minus(lookedFrom).compareTo(timing.lookHolds()) < 0;
  }

  Optional<Observation> observation() {
    return Optional.ofNullable(look).flatMap(Look::seen);
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
      secrets = world.secrets(reinstall, cloud.secretKeys(spec));
    } catch (MissingSecret e) {
      return new SecretsRead(Optional.of(e.getMessage()), false);
    }
    Map<String, String> before =
        entry(name).map(Entry::secretVersions).orElse(secrets.resourceVersions());
    return new SecretsRead(
        cloud.validateSecrets(spec, secrets.contents()), before.equals(secrets.resourceVersions()));
  }

  Secrets secrets() {
    return secrets;
  }

  // The situation.

  /** As it is for this order. */
  Situation situation() {
    return situation(name, true);
  }

  /** As it is for an orphan that this order waits behind. */
  Situation situationOf(String orphan) {
    return situation(orphan, false);
  }

  private Situation situation(String subject, boolean own) {
    return new Situation(
        own ? wish(reinstall) : Wish.none(),
        standing(subject, own),
        Optional.ofNullable(look),
        Optional.ofNullable(secretsRead));
  }

  Wish wish(Reinstall copy) {
    ReinstallSpec wished = copy.getSpec();
    return new Wish(
        orderIsFresh,
        Understanding.isComplete(wished),
        cloud.validateSpec(wished),
        copy.getMetadata().getDeletionTimestamp() != null,
        wished.suspended(),
        world.now().isAfter(wished.notAfter()),
        wished.whenRunning() == null ? WhenRunning.Wait : wished.whenRunning(),
        wished.powerAfter() == PowerAfter.Running,
        wished.requiredInstallation(),
        told(copy.getStatus()),
        Optional.ofNullable(copy.getStatus()).map(ReinstallStatus::submitTime));
  }

  /**
   * A phase that this operator does not know may be a newer one's word for "sent"; and what waits
   * because the cloud is busy was sent, and tells so by the time of its claim.
   */
  static Told told(ReinstallStatus status) {
    String phase = status == null ? null : status.phase();
    if (phase == null) {
      return Told.NOTHING;
    }
    if (phase.equals(Phase.Pending.name())) {
      // guard: waiting-after-a-send-tells-of-it
      return status.submitTime() == null ? Told.NOTHING : Told.ORDERING;
    }
    if (phase.equals(Phase.Stopping.name())) {
      return Told.NOTHING; // a stop is no order
    }
    if (phase.equals(Phase.Submitting.name())) {
      return Told.ORDERING;
    }
    if (phase.equals(Phase.Unknown.name())) {
      return Told.UNKNOWN;
    }
    boolean over = phase.equals(Phase.Succeeded.name()) || phase.equals(Phase.Failed.name());
    return over ? Told.OVER : Told.GIVEN;
  }

  private Standing standing(String subject, boolean own) {
    Optional<Entry> entry = entry(subject);
    // named: now
    Instant now = world.now();
    return new Standing(
        subject,
        entry,
        own,
        !own || entry.filter(e -> !hasSameContents(e)).isEmpty(),
        own && entry.filter(this::isOwn).isPresent(),
        fresh,
        /* guard: ledger-is-understood */ ledger.isSupported(),
        /* guard: one-order-has-the-server */ own ? ahead() : Optional.empty(),
        entry.filter(this::isAbandoned).isPresent(),
        entry.filter(this::isStartUnderWay).isPresent(),
        entry.map(this::claimAge).orElse(Duration.ZERO),
        entry.map(this::refusalAge).orElse(Duration.ZERO),
        entry.filter(this::isResting).isPresent(),
        entry.map(this::fence).orElse(Duration.ZERO),
        /* named: settling-time */ cloud.capabilities().settleTime(),
        entry
            .filter(
                /* guard: order-times-out */ e ->
                    now.isAfter(e.claimTime().plus(timing.orderTimeout())))
            .isPresent(),
        entry.filter(e -> isWatched(e, now)).isPresent());
  }

  /**
   * A newer CRD may write a default into a living order that this operator cannot know, and so
   * cannot leave out of the digest: but no object's contents ever change.
   */
  private boolean hasSameContents(Entry entry) {
    return entry.specHash().equals(digest()) || (isOwn(entry) && !Understanding.isComplete(spec));
  }

  boolean isOwn(Entry entry) {
    // guard: end-is-for-its-object
    return reinstall.getMetadata().getUid().equals(entry.owner().uid());
  }

  /** A recovering claim is never given back: the first send of its order may live. */
  private boolean isAbandoned(Entry entry) {
    if (entry.start() != null) {
      return world.isAbandoned(entry.start().claimId());
    }
    return entry.claimId() != null
        && /* guard: resend-is-not-abandoned */ !Boolean.TRUE.equals(entry.resending())
        && world.isAbandoned(entry.claimId());
  }

  private boolean isStartUnderWay(Entry entry) {
    Start start = entry.start();
    if (start == null || start.acceptTime() != null) {
      return false;
    }
    // guard: unanswered-start-has-a-fence
    Duration pause =
        Boolean.TRUE.equals(start.refused())
            ? /* guard: refused-start-waits-a-poll */ timing.poll()
            : timing.fence();
    return world.knownFor(claimFact(start.claimId())).compareTo(pause) < 0;
  }

  private Duration claimAge(Entry entry) {
    return entry.claimId() == null
        ? Duration.ZERO
        : /* guard: claim-age-by-own-clock */ world.knownFor(claimFact(entry.claimId()));
  }

  private Duration refusalAge(Entry entry) {
    return entry.reason() == null ? Duration.ZERO : world.knownFor("refusal " + id(entry));
  }

  /** Of the entry's claim, whatever became of the ledger: numbers begin anew in a new one. */
  private String id(Entry entry) {
    return spec.server()
        + " "
        + entry.owner().name()
        + " "
        + /* named: time-of-claim */ entry.claimTime();
  }

  /**
   * Whether it is too early to begin again after a refusal that may pass. A change of the object
   * gives reason to try at once; a write of the ledger, which the watch tells of too, does not.
   */
  private boolean isResting(Entry entry) {
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
        entry.reason().equals(Reason.AccessDenied.name()) ? timing.slow() : timing.poll();
    return toldOfThis && refusalAge(entry).compareTo(pause) < 0;
  }

  /** How long others leave the claim alone; what was refused once is not asked for in a hurry. */
  private Duration fence(Entry entry) {
    // guard: stop-has-the-long-fence
    if (entry.state() == State.Stopping) {
      // guard: stop-has-a-fence
      return timing.fence(); // a late stop is not made harmless by the token of another one
    }
    if (entry.state() != State.Submitting) {
      return Duration.ZERO;
    }
    // guard: fence-of-a-send
    Duration fence =
        timing.fenceOf(
            cloud.capabilities(), /* guard: fence-of-the-claimant */
            Duration.parse(entry.sendTimeout()));
    boolean again = Boolean.TRUE.equals(entry.resending());
    return again && fence.compareTo(timing.slow()) < 0 ? timing.slow() : fence;
  }

  /** A late trace resolves an unknown outcome until the next claim, or for one more time-out. */
  private boolean isWatched(Entry entry, Instant now) {
    return entry.state() == State.Unknown
        && /* guard: next-claim-ends-the-watch */ !ledger.hasLaterClaimThan(entry)
        && (cloud.capabilities().namesOperations() || entry.acceptTime() != null)
        && entry.completionTime() != null
        && /* guard: watch-times-out */ now.isBefore(
            entry.completionTime().plus(timing.orderTimeout()));
  }

  private Optional<Ahead> ahead() {
    Optional<String> open = ledger.otherOpenEntry(name);
    if (open.isPresent()) {
      Owner owner = entry(open.get()).orElseThrow().owner();
      return Optional.of(new Ahead(owner.name(), owner.namespace(), true, world.isGone(owner)));
    }
    return ledger
        .otherUnansweredEntry(name)
        .map(n -> entry(n).orElseThrow())
        .filter(/* guard: free-after-the-fence */ e -> claimAge(e).compareTo(timing.fence()) < 0)
        .map(e -> new Ahead(e.owner().name(), e.owner().namespace(), false, false));
  }
}
