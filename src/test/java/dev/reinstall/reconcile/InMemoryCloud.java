package dev.reinstall.reconcile;

import dev.reinstall.api.CloudName;
import dev.reinstall.cloud.CloudCapabilities;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudException.Kind;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Details;
import dev.reinstall.cloud.Observation.Operation;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.cloud.Observation.Progress;
import dev.reinstall.cloud.PowerRequest;
import dev.reinstall.cloud.ReinstallRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * One server of a cloud, with its actual state and what the cloud shows of it, which lags.
 * Tencent-like: operations have ids, no token. JD-like: a token, an update time, a transition.
 */
final class InMemoryCloud {
  static final String OLD = "img-old";

  static final Duration VALIDITY = Duration.ofMinutes(5); // of a signature, to either side

  /**
   * Longer than a signature is valid; otherwise a copy could wipe twice on a cloud that works as
   * documented.
   */
  static final Duration SHORTEST_INSTALL = Duration.ofMinutes(11);

  private record Shown(
      long from, Power power, String word, String image, Operation operation, String updateTime) {}

  private record Copy(long dueAt, Arrival arrival) {}

  private interface Arrival {
    String happens() throws CloudException;
  }

  private record PowerChange(Sent sent, Power power) {}

  /**
   * One reinstall call in flight.
   *
   * @param name of the Reinstall
   * @param claim under which it was submitted
   */
  record Sent(String name, String claim, String image, String token, Instant signedAt) {}

  private record Remembered(String requestId, long at) {}

  final CloudName name;
  final CloudCapabilities capabilities;
  boolean datesItsAnswers = true;
  boolean installsFail;
  boolean startsFail;

  /** How an install ends, if the test decides. */
  boolean endsStopped;

  boolean endsRunning;
  boolean reportsWhatIsInstalled = true;

  /** How it displays a server that is stopped. */
  boolean stoppedWithoutCharge;

  /** At the end of each of its IDs and update times. */
  String tail = "";

  Duration tokenRetention;

  private final InMemoryCluster cluster;
  private final List<Shown> shown = new ArrayList<>();
  private final List<Copy> copies = new ArrayList<>();
  private final Map<String, Remembered> tokens = new HashMap<>();
  private final Map<String, Kind> refusedTokens = new HashMap<>();
  private Power power = Power.STOPPED;
  private String image = OLD;
  private long busyUntil;
  private boolean broken;
  private int ids;

  InMemoryCloud(InMemoryCluster cluster, CloudName name, Duration tokenRetention) {
    this.cluster = cluster;
    this.name = name;
    this.tokenRetention = tokenRetention;
    boolean jd = name == CloudName.JDCloud;
    capabilities =
        new CloudCapabilities(jd, !jd, jd ? Duration.ofMinutes(10) : Duration.ofMinutes(2));
    shown.add(
        new Shown(
            0,
            power,
            "STOPPED",
            image,
            jd ? null : new Operation(false, nextId(), Progress.DONE),
            "u0"));
  }

  // The result of a reinstall call on arrival.

  /** The reinstall call arrives, or does not, as the fault schedule decides. */
  String request(String name, String claim, ReinstallRequest request, FaultSchedule weather)
      throws CloudException {
    Sent sent =
        new Sent(
            name, claim, CoreReinstalls.image(request.spec()), request.token(), request.signedAt());
    FaultSchedule.CallOutcome outcome = weather.callOutcome();
    cluster.report(() -> "the order " + name + " is sent under " + claim + ": " + outcome);
    cluster.invariants.sent(sent, outcome);
    return met(outcome, weather, kind -> refused(sent, kind), () -> arrive(sent));
  }

  /** A stop arrives, or does not, as the fault schedule decides. */
  Optional<String> stop(String order, String claim, PowerRequest stop, FaultSchedule weather)
      throws CloudException {
    Sent sent = new Sent(order, claim, null, stop.token(), stop.signedAt());
    FaultSchedule.CallOutcome outcome = weather.callOutcome();
    cluster.report(() -> "a stop for " + order + " is sent under " + claim + ": " + outcome);
    cluster.invariants.stopSent(sent, outcome);
    if (broken && capabilities.namesOperations() && outcome == FaultSchedule.CallOutcome.ANSWERED) {
      return Optional.empty();
    }
    return Optional.of(switched(new PowerChange(sent, Power.STOPPED), outcome, weather));
  }

  /** A start arrives, or does not, as the fault schedule decides. */
  String start(String order, String claim, PowerRequest start, FaultSchedule weather)
      throws CloudException {
    Sent sent = new Sent(order, claim, null, start.token(), start.signedAt());
    FaultSchedule.CallOutcome outcome = weather.startOutcome();
    cluster.report(() -> "a start for " + order + " is sent: " + outcome);
    cluster.invariants.startSent(sent, outcome);
    return switched(new PowerChange(sent, Power.RUNNING), outcome, weather);
  }

  /** The outcome of a call in flight, and of its response. */
  private String met(
      FaultSchedule.CallOutcome outcome,
      FaultSchedule weather,
      Function<Kind, CloudException> rejection,
      Arrival arrival)
      throws CloudException {
    switch (outcome) {
      case REJECTED_BUSY -> throw rejection.apply(Kind.BUSY);
      case REJECTED_THROTTLED -> throw rejection.apply(Kind.THROTTLED);
      case REJECTED_DENIED -> throw rejection.apply(Kind.DENIED);
      case REJECTED_INVALID -> throw rejection.apply(Kind.INVALID);
      case REJECTED_NOT_FOUND -> throw rejection.apply(Kind.NOT_FOUND);
      case NOT_SENT -> throw CloudException.notSent("no route");
      case REQUEST_LOST -> throw new CloudException(Kind.AMBIGUOUS, "no answer");
      case RESPONSE_LOST -> {
        unheard(arrival);
        throw new CloudException(Kind.AMBIGUOUS, "no answer");
      }
      case LATE -> {
        long delay = 1_000L + weather.pick((int) Duration.ofMinutes(14).toMillis());
        copies.add(new Copy(cluster.millis() + delay, arrival));
        throw new CloudException(Kind.AMBIGUOUS, "no answer");
      }
      case DOUBLED -> {
        unheard(arrival);
        return arrival.happens();
      }
      default -> {
        return arrival.happens();
      }
    }
  }

  private String switched(PowerChange to, FaultSchedule.CallOutcome outcome, FaultSchedule weather)
      throws CloudException {
    return met(outcome, weather, this::rejection, () -> arrive(to));
  }

  private CloudException rejection(Kind kind) {
    return new CloudException(kind, "refused: " + kind + tail, nextId(), null);
  }

  private String arrive(PowerChange to) throws CloudException {
    Sent sent = to.sent();
    Optional<String> before = respondedBefore(sent);
    if (before.isPresent()) {
      return before.get();
    }
    if (cluster.millis() < busyUntil || power == to.power() || broken) {
      throw rejection(Kind.BUSY);
    }
    String id = nextId();
    if (sent.token() != null) {
      tokens.put(sent.token(), new Remembered(id, cluster.millis()));
    }
    cluster.report(() -> "the cloud makes the server " + to.power() + " for " + sent.name());
    cluster.invariants.switched(sent, to.power());
    boolean fails = to.power() == Power.RUNNING && startsFail;
    power = fails ? Power.STOPPED : to.power();
    long now = cluster.millis();
    long end = now + 1_000L + cluster.faults.pick(120_000);
    boolean named = capabilities.namesOperations();
    show(now + lag(), Power.CHANGING, "switching", image, named ? other(id, false) : null);
    show(end + lag(), power, power.name(), image, named ? other(id, true) : null);
    busyUntil = end;
    return id;
  }

  private static Operation other(String id, boolean done) {
    return new Operation(false, id, done ? Progress.DONE : Progress.IN_PROGRESS);
  }

  private CloudException refused(Sent sent, Kind kind) {
    boolean forGood = kind == Kind.DENIED || kind == Kind.INVALID;
    if (sent.token() != null && forGood && !tokens.containsKey(sent.token())) {
      refusedTokens.put(sent.token(), kind); // some clouds remember the rejection, too
    }
    return rejection(kind);
  }

  private void unheard(Arrival arrival) {
    try {
      arrival.happens();
    } catch (CloudException e) {
      cluster.report(() -> "unheard, the cloud refuses it: " + e.getMessage());
    }
  }

  /**
   * A signature that is too old is rejected; a remembered token gets the same response as before.
   */
  private Optional<String> respondedBefore(Sent sent) throws CloudException {
    Duration age = Duration.between(sent.signedAt(), cluster.trueTime()).abs();
    if (age.compareTo(VALIDITY) > 0) {
      throw new CloudException(Kind.DENIED, "SignatureExpire", nextId(), null);
    }
    Remembered first = sent.token() == null ? null : tokens.get(sent.token());
    if (first == null || cluster.millis() - first.at() >= tokenRetention.toMillis()) {
      return Optional.empty();
    }
    cluster.report(() -> "the cloud knows the token: nothing is carried out");
    return Optional.of(first.requestId());
  }

  private String arrive(Sent sent) throws CloudException {
    Optional<String> before = respondedBefore(sent);
    if (before.isPresent()) {
      return before.get();
    }
    if (sent.token() != null && refusedTokens.containsKey(sent.token())) {
      throw new CloudException(refusedTokens.get(sent.token()), "refused before", nextId(), null);
    }
    if (cluster.millis() < busyUntil
        || (capabilities.idempotentToken() && power != Power.STOPPED)) {
      throw new CloudException(Kind.BUSY, "busy", nextId(), null);
    }
    String id = nextId();
    if (sent.token() != null) {
      tokens.put(sent.token(), new Remembered(id, cluster.millis()));
    }
    boolean fails = installsFail;
    long end = install(id, sent.image(), fails);
    cluster.report(() -> "THE CLOUD WIPES THE SERVER for " + sent.name() + ", operation " + id);
    cluster.invariants.executed(sent, id, end, !fails);
    return id;
  }

  /** Delayed reinstall calls arrive when their time has come. */
  void land(long until) {
    copies.sort(Comparator.comparing(Copy::dueAt));
    while (!copies.isEmpty() && copies.get(0).dueAt() <= until) {
      Copy copy = copies.remove(0);
      cluster.setMillis(Math.max(copy.dueAt(), cluster.millis()));
      cluster.report(() -> "a copy that was held up arrives");
      unheard(copy.arrival());
    }
  }

  private long install(String id, String wanted, boolean fails) {
    long now = cluster.millis();
    long end = now + SHORTEST_INSTALL.toMillis() + cluster.faults.pick(8 * 60_000);
    String before = image;
    String after = wanted == null ? before : wanted;
    String during = cluster.faults.pick(2) == 0 ? before : after;
    Shown last = last();
    if (capabilities.namesOperations()) {
      Power meanwhile = cluster.faults.pick(2) == 0 ? Power.STOPPED : Power.RUNNING;
      show(now + lag(), meanwhile, meanwhile.name(), during, operation(id, Progress.IN_PROGRESS));
      Progress how = fails ? Progress.FAILED : Progress.DONE;
      Power then = endsStopped ? Power.STOPPED : Power.RUNNING;
      show(end + lag(), then, then.name(), fails ? during : after, operation(id, how));
    } else {
      if (cluster.faults.pick(2) == 0) {
        add(new Shown(now, last.power(), last.word(), during, null, "u" + nextId()));
      }
      long begin = now + cluster.faults.pick((int) capabilities.settleTime().toMillis());
      show(begin, Power.CHANGING, "reinstalling", during, null);
      Power then = cluster.faults.pick(2) == 0 && !endsRunning ? Power.STOPPED : Power.RUNNING;
      end = Math.max(end, begin + 60_000L);
      show(end, fails ? Power.BROKEN : then, fails ? "error" : then.name(), after, null);
    }
    power = last().power();
    broken = fails;
    image = last().image(); // one that failed may have left the old image
    busyUntil = end;
    return end;
  }

  // What others do.

  /** A user resets the server by hand. */
  void resetByHand(String wanted) {
    if (cluster.millis() < busyUntil) {
      return;
    }
    String id = nextId();
    cluster.report(() -> "a person resets the server to " + wanted + " by hand, operation " + id);
    cluster.invariants.resetByHand();
    install(id, wanted, false);
  }

  /** A user switches the server on or off. */
  void power(Power wanted) {
    if (cluster.millis() < busyUntil || power == wanted || broken) {
      return; // after a failed install the clouds reject everything but another one
    }
    cluster.report(() -> "a person makes the server " + wanted);
    power = wanted;
    Operation other = capabilities.namesOperations() ? operationOfOthers() : null;
    show(cluster.millis() + lag(), wanted, wanted.name(), image, other);
  }

  /** A user repaired it after an install that failed. */
  void breakFree() {
    broken = false;
  }

  /** It breaks down and stays so. */
  void breakDown() {
    cluster.report(() -> "the server breaks down");
    power = Power.BROKEN;
    broken = true;
    show(cluster.millis(), Power.BROKEN, "error", image, last().operation());
  }

  /** A user renames the server: the cloud's record of it changes. */
  void rename() {
    Shown last = last();
    cluster.report(() -> "a person renames the server");
    add(
        new Shown(
            Math.max(cluster.millis(), last.from()),
            last.power(),
            last.word(),
            last.image(),
            last.operation(),
            "u" + nextId()));
  }

  private Operation operationOfOthers() {
    return new Operation(false, nextId(), Progress.DONE);
  }

  private static Operation operation(String id, Progress progress) {
    return new Operation(true, id, progress);
  }

  private String nextId() {
    ids++;
    return "req-" + ids + tail;
  }

  // What is displayed.

  private long lag() {
    return capabilities.namesOperations()
        ? cluster.faults.pick((int) capabilities.settleTime().toMillis())
        : 0;
  }

  private void show(long from, Power nowPower, String word, String what, Operation operation) {
    add(new Shown(from, nowPower, word, what, operation, "u" + nextId()));
  }

  private void add(Shown next) {
    long from = Math.max(next.from(), last().from());
    shown.add(
        new Shown(
            from, next.power(), next.word(), next.image(), next.operation(), next.updateTime()));
  }

  private Shown last() {
    return shown.get(shown.size() - 1);
  }

  Observation describe(FaultSchedule.DescribeOutcome describeOutcome) throws CloudException {
    switch (describeOutcome) {
      case UNREACHABLE -> throw CloudException.notSent("no route");
      case DENIED -> throw new CloudException(Kind.DENIED, "key disabled", nextId(), null);
      case THROTTLED ->
          throw new CloudException(Kind.THROTTLED, "slowly", nextId(), Duration.ofSeconds(30));
      case NOT_FOUND -> throw new CloudException(Kind.NOT_FOUND, "no such server", nextId(), null);
      default -> {
        return observation();
      }
    }
  }

  /** What the server is called. */
  Map<String, String> labels = Map.of("instanceName", "web-1", "name", "web-1", "tags.role", "web");

  private Details details(boolean stoppedWithoutCharge) {
    return new Details(
        Optional.of("web-1"),
        List.of("10.0.0.7"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        stoppedWithoutCharge,
        labels);
  }

  Observation observation() {
    Shown now = shown.get(0);
    for (Shown each : shown) {
      if (each.from() <= cluster.millis()) {
        now = each;
      }
    }
    Observation observation =
        new Observation(
            now.power(),
            now.word() + tail,
            reportsWhatIsInstalled ? Map.of(imageField(), now.image()) : Map.of(),
            Optional.ofNullable(now.operation()),
            capabilities.namesOperations() ? Optional.empty() : Optional.of(now.updateTime()),
            datesItsAnswers ? Optional.of(cluster.trueTime()) : Optional.empty(),
            details(stoppedWithoutCharge && now.power() == Power.STOPPED));
    cluster.report(
        () ->
            "the cloud shows "
                + observation.rawState()
                + ", "
                + observation.installed().values()
                + ", "
                + observation
                    .operation()
                    .map(Object::toString)
                    .orElse(observation.updateTime().orElse("")));
    return observation;
  }

  /** The images that it has displayed recently. */
  Set<String> imagesShown(Duration inTheLast) {
    Set<String> images = new HashSet<>();
    long from = cluster.millis() - inTheLast.toMillis();
    for (int i = 0; i < shown.size(); i++) {
      boolean replacedBefore = i + 1 < shown.size() && shown.get(i + 1).from() < from;
      if (shown.get(i).from() <= cluster.millis() && !replacedBefore) {
        images.add(shown.get(i).image());
      }
    }
    return images;
  }

  String imageField() {
    return name == CloudName.JDCloud ? "osTypeId" : "imageId";
  }
}
