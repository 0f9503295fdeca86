package dev.reinstall.exploration;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.PlannedInstallation;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.Server;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.cloud.CatalogueAnswer;
import dev.reinstall.cloud.CatalogueQuery;
import dev.reinstall.cloud.CloudCapabilities;
import dev.reinstall.cloud.CloudClient;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudProvider;
import dev.reinstall.cloud.CredentialKeys;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.Description;
import dev.reinstall.cloud.Finding;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.PowerRequest;
import dev.reinstall.cloud.RateLimits;
import dev.reinstall.cloud.ReinstallRequest;
import dev.reinstall.cloud.SecretBytes;
import dev.reinstall.ledger.Ledger;
import dev.reinstall.reconcile.ClusterNode;
import dev.reinstall.reconcile.ConflictException;
import dev.reinstall.reconcile.CoreReinstalls;
import dev.reinstall.reconcile.Ports;
import dev.reinstall.reconcile.ReinstallReconciliation;
import dev.reinstall.reconcile.ReportedStatus;
import dev.reinstall.reconcile.SecretValues;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Runs the production reconciliation from its start to its next request. */
final class ReconciliationRun implements Ports, CloudProvider {
  private static final Credentials ACCOUNT = new Credentials(Map.of("key", "key"));

  private final Replays of;
  private final Replay from;
  private final Replays.Env env;
  private final List<Object> record;
  private int at;
  private final Interned<?> answered;
  private Interned<?> given;
  private Interned<ProcessMemory> memory;
  private int claim;
  private int base;
  private int describedSince;
  private boolean mayYetSend;
  private boolean hasSent;
  private PortRequest asks;
  private String asksAt;
  boolean triesAgain;
  Optional<Duration> comesBack = Optional.empty();
  boolean describesAhead;
  boolean consultsMore;
  private boolean consultsAges;

  ReconciliationRun(
      Replays of, Replay from, Interned<?> given, Interned<ProcessMemory> memory, Replays.Env env) {
    this.of = of;
    this.from = from;
    this.given = given;
    answered = given;
    this.memory = memory;
    this.env = env;
    record = new ArrayList<>(from.responses);
  }

  /** Whether it reaches a request before it ends. */
  boolean stops() {
    try {
      comesBack = new ReinstallReconciliation(this, of.timeouts).run();
      return false;
    } catch (Stopped e) {
      return true;
    }
  }

  Replay.Next next() {
    try {
      if (stops()) {
        Replay replay = replay();
        int age = replay.timeless ? 0 : env.since() - base;
        return new Replay.Next(replay, memory, age, consultsAges, comesBack);
      }
    } catch (Away e) {
      comesBack = Optional.of(of.timeouts.pollInterval());
    }
    return new Replay.Next(null, memory, 0, consultsAges, comesBack);
  }

  private Replay replay() {
    Replay after = after();
    if (triesAgain) {
      return of.recordedState(new Replays.Anew(from.place), of.timeless(after, 0));
    }
    Replay.Known matters =
        claim == 0 ? after.known.whatever(Ticks.Wall.BEFORE_NOT_AFTER) : after.known.claimed();
    int putBack = claim == 0 ? 0 : env.putBack();
    Replays.Point point =
        new Replays.Point(
            from.place, asksAt, Replays.untimed(asks), matters, env.secrets(), putBack);
    after = of.recordedState(point, after);
    return of.withOnlyWritesLeft(after).orElse(after);
  }

  Replay after() {
    List<Object> added = List.copyOf(record.subList(from.responses.size(), record.size()));
    return from.children.computeIfAbsent(
        added,
        a -> {
          Replay.Known known = known();
          long claims = (known.book() == null ? 0 : known.book().claims) | ServerState.bit(claim);
          return new Replay(
              of.ids.incrementAndGet(),
              from.place,
              List.copyOf(record),
              asks,
              known,
              asksNoClock(),
              base,
              env.since(),
              claims
                  | (asks instanceof PortRequest.WriteLedger write
                      ? Replays.claims(write.book())
                      : 0));
        });
  }

  /** Before its description, and after it submitted. */
  private boolean asksNoClock() {
    return claim == 0 ? asks instanceof PortRequest.ReadLedger : hasSent;
  }

  /** By the response that it received last. */
  private Replay.Known known() {
    Replay.Known before = from.known;
    int item = before.thing();
    boolean fresh = before.fresh();
    Interned<?> ledger = before.book();
    boolean bookFresh = before.bookFresh();
    int observation = before.look();
    int heard = claim == before.claim() ? before.heard() : 0;
    if (answered.value instanceof Replays.Begin begin) {
      item = begin.thing().id;
      ledger = begin.book();
    } else if (from.asks instanceof PortRequest.ReadLedger
        || from.asks instanceof PortRequest.WriteLedger) {
      boolean read = from.asks instanceof PortRequest.ReadLedger;
      ledger = answered.value instanceof Interned<?> kept ? kept : ledger;
      bookFresh = read || bookFresh;
      observation = read ? 0 : observation;
    } else if (from.asks instanceof PortRequest.Describe) {
      observation = answered.id;
    } else if (from.asks instanceof PortRequest.Send) {
      heard = answered.id;
    } else if (answered.value instanceof Interned<?> kept) {
      item = kept.id;
      fresh = fresh || from.asks instanceof PortRequest.ReadItem;
    }
    return new Replay.Known(item, fresh, ledger, bookFresh, observation, claim, heard, env.wall());
  }

  private Object ask(PortRequest request) {
    if (asks != null) {
      throw Stopped.HERE;
    }
    if (at == record.size()) {
      if (given == null) {
        asks = request;
        asksAt = here();
        if (request instanceof PortRequest.ReadItem && asksAt.startsWith("run:")) {
          triesAgain = true;
          claim = 0;
        }
        throw Stopped.HERE;
      }
      record.add(given);
      given = null;
    }
    return ((Interned<?>) record.get(at++)).value;
  }

  /** Where in the code it makes the request. */
  private static String here() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .filter(
                        f ->
                            f.getClassName()
                                .startsWith(ReinstallReconciliation.class.getPackageName()))
                    .map(f -> f.getMethodName() + ":" + f.getLineNumber())
                    .collect(Collectors.joining(" ")));
  }

  private <T> T atOnce(Supplier<T> live) {
    return atOnce(live, false);
  }

  @SuppressWarnings("unchecked")
  private <T> T atOnce(Supplier<T> live, boolean isClock) {
    if (asks != null) {
      throw Stopped.HERE;
    }
    if (at == record.size()) {
      consultsMore |= describesAhead && !isClock;
      record.add(live.get());
    }
    return (T) record.get(at++);
  }

  private Replays.Begin begin() {
    if (record.isEmpty()) {
      record.add(given);
      given = null;
    }
    return (Replays.Begin) ((Interned<?>) record.get(0)).value;
  }

  // Time.

  @Override
  public Instant now() {
    return atOnce(() -> Ticks.at(env.wall(), env.since(), env.putBack()), true);
  }

  @Override
  public Duration monotonicTime() {
    if (!mayYetSend) {
      Duration uptime = atOnce(() -> Ticks.of(env.since()));
      describedSince = Ticks.in(uptime);
      return uptime;
    }
    return (Duration) ask(new PortRequest.Clock());
  }

  @Override
  public Duration durationSinceFirstSeen(String fact) {
    return atOnce(
        () -> {
          if (fact.startsWith("claim ")) {
            consultsAges = true;
            int age = env.ages().value.getOrDefault(fact.substring(6), of.ticks.oldest());
            return Ticks.of(Math.min(age, env.listening()));
          }
          Integer age = memory.value.known().get(fact);
          if (age == null) {
            memory = of.kept(memory.value.knowing(fact));
            return Duration.ZERO;
          }
          return Ticks.of(age);
        });
  }

  /** No description of the model fails to find the server. */
  @Override
  public void forget(String fact) {}

  // Claims.

  @Override
  public String newClaimId() {
    claim = atOnce(env::nextClaim);
    base = atOnce(env::since);
    hasSent = false;
    return "c" + claim;
  }

  @Override
  public void markUnsent(String unsent) {
    if (asks != null) {
      return; // it was not: the reconciliation only waits
    }
    mayYetSend = false;
    claim = 0;
    if (at == record.size() && given == null) {
      consultsMore = true;
      memory = of.kept(memory.value.abandoning(unsent));
    }
  }

  @Override
  public boolean isMarkedUnsent(String unsent) {
    return atOnce(() -> memory.value.abandoned().contains(unsent));
  }

  /** As after a restart: what is remembered of rejections decides nothing about safety. */
  @Override
  public void rememberRejection(String who) {}

  @Override
  public Optional<Duration> sinceRejection(String who) {
    return Optional.empty();
  }

  /** Nobody pauses the operator here; the random runs do. */
  @Override
  public Optional<String> cachedPause() {
    return Optional.empty();
  }

  @Override
  public Optional<String> fetchPause() {
    return Optional.empty();
  }

  /** None of them is a server here. */
  @Override
  public Optional<List<ClusterNode>> clusterNodes() {
    return Optional.of(List.of());
  }

  // The Reinstall.

  @Override
  public Optional<Reinstall> cachedReinstall() {
    Interned<Optional<Item>> item = begin().thing();
    at = 1;
    return item.value.map(t -> of.object(item));
  }

  @Override
  public Optional<Reinstall> fetchReinstall() {
    if (hasSent) {
      claim = 0; // it starts again: with a submitted claim there is nothing left to do
      hasSent = false;
    }
    Object response = ask(new PortRequest.ReadItem());
    if (response == FailedResponse.AWAY) {
      throw new Away();
    }
    return item(response);
  }

  @SuppressWarnings("unchecked")
  private Optional<Reinstall> item(Object response) {
    Interned<Optional<Item>> item = (Interned<Optional<Item>>) response;
    return item.value.map(t -> of.object(item));
  }

  @Override
  public boolean isUpToDate(Reinstall copy, ReportedStatus reported) {
    return status(copy, reported).equals(copy.getStatus());
  }

  @Override
  public Reinstall updateStatus(Reinstall copy, ReportedStatus reported) throws ConflictException {
    return isUpToDate(copy, reported) ? copy : write(copy, reported, false);
  }

  @Override
  public Reinstall commitStart(Reinstall copy, ReportedStatus reported) throws ConflictException {
    return write(copy, reported, true);
  }

  private Reinstall write(Reinstall copy, ReportedStatus reported, boolean gates)
      throws ConflictException {
    int version = Integer.parseInt(copy.getMetadata().getResourceVersion());
    return item(written(new PortRequest.WriteStatus(version, status(copy, reported), gates)))
        .orElseThrow();
  }

  private Object written(PortRequest request) throws ConflictException {
    Object response = ask(request);
    if (response == FailedResponse.CONFLICT) {
      throw new ConflictException("lost, or ambiguous");
    }
    if (response == FailedResponse.AWAY) {
      throw new Away();
    }
    return response;
  }

  /** The generation in a status affects no decision that is explored here. */
  @Override
  public Reinstall updateObservedGeneration(Reinstall copy) {
    return copy;
  }

  /** An Event affects no decision. */
  @Override
  public void reportUnsubmittedEnd(Server server, Entry entry, String message) {}

  @Override
  public boolean isDeleted(Owner owner) {
    return atOnce(
        () -> {
          for (int i = 0; i < of.places.size(); i++) {
            String uid = "uid-" + of.places.get(i) + "-" + env.uids().get(i);
            if (env.uids().get(i) > 0 && uid.equals(owner.uid())) {
              return false;
            }
          }
          return true;
        });
  }

  /** Who goes first decides nothing about safety; the random runs have it. */
  @Override
  public List<String> olderInQueue() {
    return List.of();
  }

  /** A test of its own. */
  @Override
  public boolean requiresServerGrant() {
    return false;
  }

  // The ledger.

  private Ledger copy(Interned<Ledger> ledger) {
    Ledger content = ledger.value;
    boolean none = EventEffects.isNone(content);
    return new Ledger(
        content.server(),
        none
            ? Ledger.Metadata.NONE
            : new Ledger.Metadata(String.valueOf(ledger.id), Map.of(), Map.of()),
        content.namespace(),
        content.claims(),
        content.orders(),
        content.additionalProperties());
  }

  @Override
  public Ledger cachedLedger(Server server) {
    return copy(begin().book());
  }

  @Override
  @SuppressWarnings("unchecked")
  public Ledger fetchLedger(Server server) {
    Object response = ask(new PortRequest.ReadLedger());
    if (response == FailedResponse.AWAY) {
      throw new Away();
    }
    return copy((Interned<Ledger>) response);
  }

  @Override
  @SuppressWarnings("unchecked")
  public Ledger writeLedger(Ledger ledger) throws ConflictException {
    return copy((Interned<Ledger>) written(new PortRequest.WriteLedger(ledger)));
  }

  @Override
  public Ledger writeClaim(Ledger ledger) throws ConflictException {
    try {
      return writeLedger(ledger);
    } finally {
      mayYetSend = true;
    }
  }

  // Secrets and the cloud.

  @Override
  public Credentials credentials(Reinstall reinstall, CredentialKeys keys) {
    return ACCOUNT;
  }

  @Override
  public SecretValues secretValues(
      Reinstall reinstall, List<SecretKeyRef> keys, Optional<SecretKeyRef> generated) {
    int version = atOnce(env::secrets);
    return new SecretValues(
        Map.of(CoreReinstalls.LOGIN, SecretBytes.ofText("password " + version)),
        Map.of("login", String.valueOf(version)),
        List.of());
  }

  @Override
  public void createPassword(Reinstall reinstall, SecretKeyRef generated) {
    throw new AssertionError("no request of the exploration has a generated password");
  }

  @Override
  public CloudProvider cloud(CloudName name) {
    return this;
  }

  @Override
  public CloudName name() {
    return of.jd ? CloudName.JDCloud : CloudName.TencentCloud;
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
    return of.capabilities;
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
  public Optional<String> validateSpec(ReinstallSpec spec) {
    return Optional.empty();
  }

  @Override
  public List<Finding> checkServer(ReinstallSpec spec, Observation observation) {
    return List.of();
  }

  @Override
  public List<Finding> checkSecrets(ReinstallSpec spec, Map<SecretKeyRef, SecretBytes> secrets) {
    return List.of();
  }

  @Override
  public PlannedInstallation plan(
      ReinstallSpec spec, Observation observation, Map<SecretKeyRef, SecretBytes> secrets) {
    return new PlannedInstallation(
        observation.installed(),
        expectedInstallation(spec),
        List.of("system disk"),
        List.of(),
        List.of(),
        null,
        null,
        null);
  }

  @Override
  public Map<String, String> expectedInstallation(ReinstallSpec spec) {
    return Map.of(of.jd ? "osTypeId" : "imageId", CoreReinstalls.image(spec));
  }

  private Object heard(PortRequest request) throws CloudException {
    Object response = ask(request);
    hasSent |= request instanceof PortRequest.Send;
    if (response instanceof FailedResponse fault) {
      throw fault.inTheCloud();
    }
    return response;
  }

  @Override
  public Description describe(Credentials credentials, Server server) throws CloudException {
    base = describedSince;
    return new Description((Observation) heard(new PortRequest.Describe()), Duration.ZERO);
  }

  @Override
  public Duration takeTurn(Credentials credentials, Server server) throws CloudException {
    heard(new PortRequest.TakeTurn());
    return Duration.ZERO;
  }

  @Override
  public Map<CatalogueQuery, CatalogueAnswer> catalogues(
      Credentials credentials, CloudName name, List<CatalogueQuery> queries) {
    throw new AssertionError("this cloud has no catalogues");
  }

  @Override
  public Optional<String> stop(Credentials credentials, PowerRequest stop) throws CloudException {
    return Optional.of(
        sent(new PortRequest.Send(null, false, stop.token(), Ticks.since(stop.signedAt()))));
  }

  @Override
  public String start(Credentials credentials, PowerRequest start) throws CloudException {
    return sent(new PortRequest.Send(null, true, start.token(), Ticks.since(start.signedAt())));
  }

  @Override
  public String reinstall(Credentials credentials, ReinstallRequest request) throws CloudException {
    return sent(
        new PortRequest.Send(
            CoreReinstalls.image(request.spec()),
            false,
            request.token(),
            Ticks.since(request.signedAt())));
  }

  private String sent(PortRequest request) throws CloudException {
    mayYetSend = false;
    String id = (String) heard(request);
    return id;
  }

  private static ReinstallStatus status(Reinstall copy, ReportedStatus reported) {
    return new ReinstallStatus(
        copy.getMetadata().getGeneration(),
        reported.phase().name(),
        reported.reason(),
        reported.message(),
        reported.requestId().orElse(null),
        null,
        null,
        null,
        reported.submitTime().orElse(null),
        reported.completionTime().orElse(null),
        null);
  }

  /** Thrown at the next request, to stop the reconciliation wherever it is. */
  private static final class Stopped extends Error {
    private static final long serialVersionUID = 1L;
    static final Stopped HERE = new Stopped();

    Stopped() {
      super("the reconciliation waits", null, false, false);
    }
  }

  private static final class Away extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Away() {
      super("the Kubernetes API is unavailable", null, false, false);
    }
  }
}
