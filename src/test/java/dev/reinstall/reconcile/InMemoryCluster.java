package dev.reinstall.reconcile;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Phase;
import dev.reinstall.api.Reason;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.Server;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.cloud.CloudCalls;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.Finding;
import dev.reinstall.cloud.Observation;
import dev.reinstall.ledger.Ledger;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The actual state: the Reinstalls, the ledger of one server, its Secrets, the cloud and the time.
 * Every version of an object is kept, because caches return old ones.
 */
final class InMemoryCluster {
  static final String PASSWORD = "Pa55-that-nobody-may-see";
  static final Instant BEGINNING = Instant.parse("2026-11-01T00:00:00Z");

  final Timeouts timeouts;
  final InMemoryCloud cloud;
  final Invariants invariants = new Invariants(this);
  final Counters counters;
  final List<Replica> replicas = new ArrayList<>();
  FaultSchedule faults = FaultSchedule.CALM;
  boolean secretsThere = true;
  boolean claimsRefused;
  int secretsVersion = 1;

  /** Whether the requests have a generated password. */
  boolean generates;

  /** Why no Secret can be created; null: it can. */
  String createRefused;

  /** Passwords that were made. */
  int passwords;

  /** What is wrong with the contents of the Secrets. */
  List<Finding> secretFindings = List.of();

  /** Of the cluster that the operator runs in; empty: it may not list them. */
  Optional<List<ClusterNode>> nodes = Optional.of(List.of());

  /** How often they were asked for. */
  int nodesAsked;

  /** What the caches keep of a Reinstall. */
  UnaryOperator<Reinstall> cached = UnaryOperator.identity();

  /** The cloud that the reconciliations call; null: the one in memory. */
  CloudCalls line;

  /** The IDs of the images of each name. */
  Map<String, List<String>> imagesNamed = Map.of();

  /** Servers that are described by the same calls. */
  List<Server> neighbours = List.of();

  /** The Secret of the credentials. */
  String account = "account";

  /** Null: their Secret is missing. */
  Credentials credentials = new Credentials(Map.of("key", PASSWORD));

  private final Map<String, List<Optional<Reinstall>>> objects = new TreeMap<>();

  /** As the setting of the operator. */
  boolean requiresServerGrant;

  private final List<Ledger> ledgers = new ArrayList<>();
  final List<String> ledgerEvents = new ArrayList<>();
  private final List<Optional<String>> pauses = new ArrayList<>(List.of(Optional.empty()));
  private final List<String> story;
  private long millis;
  private int versions;
  private int uids;
  private int claims;

  InMemoryCluster(CloudName cloud, Timeouts timeouts) {
    this(cloud, timeouts, Duration.ofMinutes(40), new Counters(), new ArrayList<>());
  }

  /**
   * @param story where events are described; null: nowhere
   */
  InMemoryCluster(
      CloudName cloud,
      Timeouts timeouts,
      Duration tokenRetention,
      Counters happenings,
      List<String> story) {
    this.timeouts = timeouts;
    this.counters = happenings;
    this.story = story;
    this.cloud = new InMemoryCloud(this, cloud, tokenRetention);
    ledgers.add(Ledger.empty(server()));
  }

  Replica replica(Duration skew) {
    Replica replica = new Replica("r" + (replicas.size() + 1), this, skew);
    replicas.add(replica);
    return replica;
  }

  /** As the API server does it: the Secret of another process is kept. */
  void createPassword() throws SecretNotReadyException {
    if (createRefused != null) {
      throw new SecretNotReadyException(createRefused);
    }
    if (!secretsThere) {
      newPassword();
    }
  }

  void newPassword() {
    secretsThere = true;
    secretsVersion++;
    passwords++;
  }

  // Time.

  long millis() {
    return millis;
  }

  void setMillis(long to) {
    millis = to;
  }

  Instant trueTime() {
    return BEGINNING.plusMillis(millis);
  }

  void reconcile(Duration time) {
    long until = millis + time.toMillis();
    cloud.land(until);
    millis = Math.max(millis, until);
  }

  // The story.

  void report(Supplier<String> line) {
    if (story != null) {
      long seconds = millis / 1000;
      story.add(
          String.format(
              "%3d  %3dm%02ds  %s", story.size() + 1, seconds / 60, seconds % 60, line.get()));
    }
  }

  List<String> story() {
    return story == null ? List.of() : story;
  }

  // Reinstalls.

  Server server() {
    return CoreReinstalls.server(cloud.name);
  }

  /**
   * A valid request for the one server.
   *
   * @param image null: the one that is installed
   */
  ReinstallSpec spec(String image, Instant notAfter) {
    return spec(image, notAfter, ReinstallSpec.WhenRunning.Wait, false);
  }

  ReinstallSpec spec(
      String image, Instant notAfter, ReinstallSpec.WhenRunning whenRunning, boolean suspend) {
    boolean isNeeded = image == null && cloud.name == CloudName.JDCloud;
    return CoreReinstalls.of(
        cloud.name, isNeeded ? InMemoryCloud.OLD : image, notAfter, whenRunning, suspend);
  }

  /** The same request, with these parameters instead of its own. */
  static ReinstallSpec with(
      ReinstallSpec spec,
      ReinstallSpec.WhenRunning whenRunning,
      ReinstallSpec.PowerAfter after,
      Map<String, Object> preconditions,
      Boolean suspend) {
    return with(
        spec,
        whenRunning,
        spec.onUnsubmitted(),
        after,
        preconditions,
        spec.allowOwnNode(),
        suspend);
  }

  /** The same request, with what to do with the server if it ends without being submitted. */
  ReinstallSpec onUnsubmitted(ReinstallSpec.OnUnsubmitted then, ReinstallSpec spec) {
    return with(
        spec,
        spec.whenRunning(),
        then,
        spec.powerAfter(),
        spec.preconditions(),
        spec.allowOwnNode(),
        spec.suspend());
  }

  /** The same request, also for a server that is a Node of the operator's cluster. */
  static ReinstallSpec allowingOwnNode(ReinstallSpec spec) {
    return with(
        spec,
        spec.whenRunning(),
        spec.onUnsubmitted(),
        spec.powerAfter(),
        spec.preconditions(),
        true,
        spec.suspend());
  }

  private static ReinstallSpec with(
      ReinstallSpec spec,
      ReinstallSpec.WhenRunning whenRunning,
      ReinstallSpec.OnUnsubmitted onUnsubmitted,
      ReinstallSpec.PowerAfter after,
      Map<String, Object> preconditions,
      Boolean allowOwnNode,
      Boolean suspend) {
    return new ReinstallSpec(
        spec.cloud(),
        spec.region(),
        spec.instanceId(),
        spec.credentialsRef(),
        spec.notAfter(),
        spec.tencentCloud(),
        spec.jdCloud(),
        whenRunning,
        onUnsubmitted,
        after,
        preconditions,
        allowOwnNode,
        suspend,
        spec.additionalProperties());
  }

  /** The same request, with what to do with the server before it and after it. */
  ReinstallSpec power(
      ReinstallSpec.WhenRunning whenRunning, ReinstallSpec.PowerAfter after, ReinstallSpec spec) {
    return with(spec, whenRunning, after, spec.preconditions(), spec.suspend());
  }

  /** The same request, to start only if this is installed. */
  ReinstallSpec onlyFrom(String installed, ReinstallSpec spec) {
    return onlyFrom(Map.of(cloud.name.preconditions().get(0).field(), installed), spec);
  }

  ReinstallSpec onlyFrom(Map<String, Object> preconditions, ReinstallSpec spec) {
    return with(spec, spec.whenRunning(), spec.powerAfter(), preconditions, spec.suspend());
  }

  /** A user applies a Reinstall; returns its place, {@code namespace/name}. */
  String create(String place, ReinstallSpec spec) {
    uids++;
    Reinstall object = new Reinstall();
    ObjectMeta meta = new ObjectMeta();
    meta.setNamespace(place.substring(0, place.indexOf('/')));
    meta.setName(place.substring(place.indexOf('/') + 1));
    meta.setUid("uid-" + uids);
    meta.setGeneration(1L);
    object.setMetadata(meta);
    object.setSpec(spec);
    report(() -> "a person creates " + place + " as " + meta.getUid() + ", " + what(spec));
    invariants.created(object);
    put(place, object);
    return place;
  }

  private static String what(ReinstallSpec spec) {
    return CoreReinstalls.image(spec)
        + ", notAfter "
        + spec.notAfter()
        + (spec.requiredInstallation().isEmpty()
            ? ""
            : ", only from " + spec.requiredInstallation())
        + (spec.whenRunning() == ReinstallSpec.WhenRunning.Wait ? "" : ", " + spec.whenRunning())
        + (spec.powerAfter() == null ? "" : ", then " + spec.powerAfter())
        + (spec.suspended() ? ", suspended" : "");
  }

  void delete(String place) {
    report(() -> "a person deletes " + place);
    invariants.deleted(place);
    versions(place).add(Optional.empty());
  }

  /** Deleted, but another controller's finalizer holds it. */
  void markDeleted(String place) {
    report(() -> "a person deletes " + place + ", a finalizer holds it");
    Reinstall next = copy(now(place).orElseThrow());
    next.getMetadata().setDeletionTimestamp(trueTime().toString());
    put(place, next);
  }

  void suspend(String place, boolean suspend) {
    report(() -> "a person sets suspend of " + place + " to " + suspend);
    Reinstall next = copy(now(place).orElseThrow());
    ReinstallSpec spec = next.getSpec();
    next.setSpec(with(spec, spec.whenRunning(), spec.powerAfter(), spec.preconditions(), suspend));
    next.getMetadata().setGeneration(next.getMetadata().getGeneration() + 1);
    put(place, next);
  }

  /**
   * A user writes the status.
   *
   * @param phase null: the status is removed
   */
  void editStatus(String place, Phase phase) {
    report(() -> "a person sets the status of " + place + " to " + phase);
    Reinstall next = copy(now(place).orElseThrow());
    next.setStatus(
        phase == null
            ? null
            : new ReinstallStatus(
                1L, phase.name(), "Edited", "", null, null, null, null, null, null, null));
    invariants.statusEdited(place);
    put(place, next);
  }

  boolean isThere(String place) {
    return now(place).isPresent();
  }

  Optional<Reinstall> now(String place) {
    List<Optional<Reinstall>> versions = versions(place);
    return versions.isEmpty() ? Optional.empty() : versions.get(versions.size() - 1);
  }

  List<Optional<Reinstall>> versions(String place) {
    return objects.computeIfAbsent(place, p -> new ArrayList<>());
  }

  List<String> places() {
    return List.copyOf(objects.keySet());
  }

  private void put(String place, Reinstall object) {
    versions++;
    object.getMetadata().setResourceVersion(String.valueOf(versions));
    versions(place).add(Optional.of(object));
  }

  static Reinstall copy(Reinstall from) {
    Reinstall to = new Reinstall();
    ObjectMeta meta = new ObjectMeta();
    meta.setNamespace(from.getMetadata().getNamespace());
    meta.setName(from.getMetadata().getName());
    meta.setUid(from.getMetadata().getUid());
    meta.setGeneration(from.getMetadata().getGeneration());
    meta.setDeletionTimestamp(from.getMetadata().getDeletionTimestamp());
    to.setMetadata(meta);
    to.setSpec(from.getSpec());
    to.setStatus(from.getStatus());
    return to;
  }

  static String place(Reinstall object) {
    return object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
  }

  /** The status that a view makes of this copy. */
  static ReinstallStatus status(Reinstall copy, ReportedStatus reported) {
    ReinstallStatus before = copy.getStatus();
    return new ReinstallStatus(
        copy.getMetadata().getGeneration(),
        reported.phase().name(),
        reported.reason(),
        reported.message(),
        reported.requestId().orElse(null),
        reported
            .observation()
            .map(InMemoryCluster::serverStatus)
            .orElse(before == null ? null : before.server()),
        reported.check().flatMap(Check::plan).orElse(before == null ? null : before.plan()),
        reported
            .check()
            .map(InMemoryCluster::findings)
            .orElse(before == null ? null : before.findings()),
        reported.submitTime().orElse(null),
        reported.completionTime().orElse(null),
        List.of(accepted(reported), checked(reported, before)));
  }

  private static Condition accepted(ReportedStatus reported) {
    return new ConditionBuilder()
        .withType("Accepted")
        .withStatus(reported.accepted() ? "True" : "False")
        .build();
  }

  /** True: everything was read; kept while nothing is checked. */
  private static Condition checked(ReportedStatus reported, ReinstallStatus before) {
    boolean complete =
        reported
            .check()
            .map(Check::complete)
            .orElseGet(
                () ->
                    before != null
                        && before.conditions() != null
                        && before.conditions().get(1).getStatus().equals("True"));
    return new ConditionBuilder()
        .withType("Checked")
        .withStatus(complete ? "True" : "Unknown")
        .build();
  }

  private static List<ReinstallStatus.Finding> findings(Check check) {
    return check.findings().stream()
        .map(
            found ->
                new ReinstallStatus.Finding(found.field(), found.kind().name(), found.message()))
        .toList();
  }

  private static ReinstallStatus.ServerStatus serverStatus(Observation observation) {
    return new ReinstallStatus.ServerStatus(observation.rawState(), observation.installed());
  }

  /** A compare-and-swap of the status. */
  Reinstall writeStatus(Replica by, Reinstall copy, ReinstallStatus status)
      throws ConflictException {
    String place = place(copy);
    Reinstall now = now(place).orElseThrow(() -> new ConflictException("gone"));
    if (!now.getMetadata().getResourceVersion().equals(copy.getMetadata().getResourceVersion())) {
      counters.conflicts++;
      report(() -> by + " loses the status write of " + place);
      throw new ConflictException("stale");
    }
    report(
        () ->
            by
                + " writes of "
                + place
                + ": "
                + status.phase()
                + "/"
                + status.reason()
                + ": "
                + status.message());
    invariants.statusWritten(now, status);
    Reinstall next = copy(now);
    next.setStatus(status);
    put(place, next);
    counters.statusWrites++;
    return next;
  }

  /** The number in its uid shows which object is older. */
  List<String> olderInQueue(String place) {
    int age = now(place).map(InMemoryCluster::number).orElse(Integer.MAX_VALUE);
    return objects.keySet().stream()
        .flatMap(other -> now(other).stream())
        .filter(r -> r.getStatus() != null && Reason.Queued.name().equals(r.getStatus().reason()))
        .filter(r -> number(r) < age)
        .map(r -> r.getMetadata().getNamespace())
        .distinct()
        .toList();
  }

  private static int number(Reinstall object) {
    return Integer.parseInt(object.getMetadata().getUid().replaceAll("\\D", ""));
  }

  boolean isGone(Owner owner) {
    return now(owner.namespace() + "/" + owner.name())
        .filter(o -> o.getMetadata().getUid().equals(owner.uid()))
        .filter(o -> o.getMetadata().getDeletionTimestamp() == null)
        .isEmpty();
  }

  // The ledger.

  Ledger ledger() {
    return ledgers.get(ledgers.size() - 1);
  }

  List<Ledger> ledgers() {
    return ledgers;
  }

  Ledger writeLedger(Replica by, Ledger next) throws ConflictException {
    Ledger now = ledger();
    boolean same =
        now.resourceVersion() == null
            ? next.resourceVersion() == null
            : now.resourceVersion().equals(next.resourceVersion());
    if (!same) {
      counters.conflicts++;
      report(() -> by + " loses the ledger write");
      throw new ConflictException("stale");
    }
    report(() -> by + " writes the ledger: " + Invariants.changes(now, next));
    invariants.ledgerWritten(now, next);
    counters.ledgerWrites++;
    return putLedger(next);
  }

  /** What is done is not shown to the invariants. */
  Ledger putLedger(Ledger next) {
    versions++;
    Ledger stored =
        new Ledger(
            next.server(),
            new Ledger.Metadata(
                String.valueOf(versions), next.metadata().labels(), next.metadata().annotations()),
            next.namespace(),
            next.claims(),
            next.orders(),
            next.additionalProperties());
    ledgers.add(stored);
    return stored;
  }

  /** By an administrator. */
  void grant(String namespace) {
    report(() -> "an administrator gives the server to " + namespace);
    Ledger now = ledger();
    putLedger(
        new Ledger(
            now.server(),
            now.metadata(),
            namespace,
            now.claims(),
            now.orders(),
            now.additionalProperties()));
  }

  /**
   * A user holds the server, or releases it.
   *
   * @param reason null: released
   */
  void hold(String reason) {
    report(() -> "a person holds the server: " + reason);
    Ledger now = ledger();
    putLedger(
        new Ledger(
            now.server(),
            new Ledger.Metadata(
                null, Map.of(), reason == null ? Map.of() : Map.of(Ledger.HOLD, reason)),
            now.namespace(),
            now.claims(),
            now.orders(),
            now.additionalProperties()));
  }

  /**
   * A user pauses the operator, or resumes it.
   *
   * @param reason null: resumed
   */
  void pause(String reason) {
    report(() -> "a person pauses the operator: " + reason);
    pauses.add(Optional.ofNullable(reason));
  }

  Optional<String> pause() {
    return pauses.get(pauses.size() - 1);
  }

  List<Optional<String>> pauses() {
    return pauses;
  }

  /** A user restores an older copy of the ledger. */
  void restoreLedger(int version) {
    Ledger old = ledgers.get(version);
    report(() -> "a person restores the ledger to what it was: " + Invariants.changes(null, old));
    invariants.ledgerTampered();
    putLedger(old);
  }

  /** A user deletes the ledger. */
  void deleteLedger() {
    report(() -> "a person deletes the ledger");
    invariants.ledgerTampered();
    ledgers.add(Ledger.empty(server()));
  }

  String newClaim() {
    claims++;
    return "claim-" + claims;
  }
}
