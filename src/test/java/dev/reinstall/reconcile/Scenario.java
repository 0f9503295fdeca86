package dev.reinstall.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Phase;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ReinstallSpec.PowerAfter;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.ledger.TestEntry;
import dev.reinstall.reconcile.FaultSchedule.CallOutcome;
import dev.reinstall.reconcile.FaultSchedule.DescribeOutcome;
import dev.reinstall.reconcile.FaultSchedule.LostReply;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A story of one server: its cloud, two processes of the operator and its requests, one step after
 * the other. A step without a name is about the first request, one without {@link #R2} about the
 * first process. If an assertion fails, it prints the whole story.
 */
final class Scenario {
  static final Timeouts TIMING =
      new Timeouts(
          Duration.ofSeconds(15),
          Duration.ofSeconds(10),
          Duration.ofMinutes(10),
          Duration.ofMinutes(20),
          Duration.ofHours(2));

  /** Longer than any request here takes. */
  static final Duration HOURS = Duration.ofHours(3);

  static final Process R1 = Process.R1;
  static final Process R2 = Process.R2;

  /** Starts when it first acts. */
  static final Process R3 = Process.R3;

  private static final int MOST_PASSES = 3_000;

  enum Process {
    R1,
    R2,
    R3
  }

  final ScriptedFaults script = new ScriptedFaults();
  final InMemoryCluster cluster;
  private final Map<Process, Replica> replicas = new EnumMap<>(Process.class);
  private String first;
  private int saved;
  private Optional<Duration> next = Optional.empty();

  private Scenario(CloudName cloud) {
    cluster = new InMemoryCluster(cloud, TIMING);
    cluster.faults = script;
    replica(R1);
    replica(R2);
  }

  static Scenario on(CloudName cloud) {
    return new Scenario(cloud);
  }

  static Scenario tencent() {
    return on(CloudName.TencentCloud);
  }

  static Scenario jd() {
    return on(CloudName.JDCloud);
  }

  /** With this request, which a stopped server waits for. */
  static Scenario on(CloudName cloud, String name) {
    return on(cloud).request(name);
  }

  static Scenario tencent(String name) {
    return tencent().request(name);
  }

  static Scenario jd(String name) {
    return jd().request(name);
  }

  // What users do.

  /** Applies a Reinstall in {@code ns}, valid for four hours. */
  Scenario request(String name) {
    return request(name, "img-new");
  }

  Scenario request(String name, String image) {
    return requestWith(name, it -> cluster.spec(image, inHours(4)));
  }

  Scenario request(String name, WhenRunning running, PowerAfter after) {
    return requestWith(name, it -> cluster.power(running, after, spec()));
  }

  /** It stops the server, which has been running for five minutes. */
  Scenario requestToStop(String name) {
    return power(Power.RUNNING)
        .after(Duration.ofMinutes(5))
        .request(name, WhenRunning.Stop, PowerAfter.Leave);
  }

  /** The same, and starts it again if nothing is submitted. */
  Scenario requestToStopAndRestart(String name) {
    return requestToStopAndRestart(name, it -> it.spec());
  }

  Scenario requestToStopAndRestart(String name, Function<Scenario, ReinstallSpec> spec) {
    return power(Power.RUNNING)
        .after(Duration.ofMinutes(5))
        .requestWith(
            name,
            it ->
                cluster.onUnsubmitted(
                    ReinstallSpec.OnUnsubmitted.Restart,
                    cluster.power(WhenRunning.Stop, PowerAfter.Leave, spec.apply(it))));
  }

  /** The process looks after the servers that were stopped for Reinstalls that are gone. */
  Scenario restartOrphans() {
    replica(R1).restartOrphans();
    return this;
  }

  Scenario requestOnlyFrom(String name, String installed) {
    return requestWith(name, it -> cluster.onlyFrom(installed, spec()));
  }

  /**
   * @param name in the namespace {@code ns}, or {@code namespace/name}
   */
  Scenario requestWith(String name, Function<Scenario, ReinstallSpec> spec) {
    if (first == null) {
      first = name;
    }
    cluster.create(place(name), spec.apply(this));
    return this;
  }

  ReinstallSpec spec() {
    return cluster.spec("img-new", inHours(4));
  }

  Instant inHours(int hours) {
    return cluster.trueTime().plus(Duration.ofHours(hours));
  }

  Scenario suspend() {
    cluster.suspend(place(first), true);
    return this;
  }

  Scenario resume() {
    cluster.suspend(place(first), false);
    return this;
  }

  Scenario delete() {
    cluster.delete(place(first));
    return this;
  }

  Scenario markDeleted() {
    cluster.markDeleted(place(first));
    return this;
  }

  /** Deletes the status where there is no phase. */
  Scenario editStatus(Phase phase) {
    cluster.editStatus(place(first), phase);
    return this;
  }

  Scenario hold(String reason) {
    cluster.hold(reason);
    return this;
  }

  /** The server is given to this namespace. */
  Scenario grant(String namespace) {
    cluster.grant(namespace);
    return this;
  }

  Scenario pause(String reason) {
    cluster.pause(reason);
    return this;
  }

  Scenario endPause() {
    return pause(null);
  }

  Scenario deleteLedger() {
    cluster.deleteLedger();
    return this;
  }

  Scenario saveLedger() {
    saved = cluster.ledgers().size() - 1;
    return this;
  }

  /** To what it was at {@link #saveLedger}. */
  Scenario restoreLedger() {
    return restoreLedger(saved);
  }

  Scenario restoreLedger(int version) {
    cluster.restoreLedger(version);
    return this;
  }

  /** Another process, or another version, wrote the entry of this request so. */
  Scenario editEntry(String name, Consumer<TestEntry> change) {
    TestEntry builder = new TestEntry(entry(name));
    change.accept(builder);
    cluster.putLedger(cluster.ledger().with(name, builder.build()));
    return this;
  }

  /** Somebody, or something, switches the server. */
  Scenario power(Power power) {
    cluster.cloud.power(power);
    return this;
  }

  Scenario resetByHand(String image) {
    cluster.cloud.resetByHand(image);
    return this;
  }

  // How the outside is.

  Scenario cloud(Consumer<InMemoryCloud> change) {
    change.accept(cluster.cloud);
    return this;
  }

  Scenario cluster(Consumer<InMemoryCluster> change) {
    change.accept(cluster);
    return this;
  }

  Scenario script(Consumer<ScriptedFaults> change) {
    change.accept(script);
    return this;
  }

  /** The outcome of every description from now on. */
  Scenario describe(DescribeOutcome outcome) {
    script.describeOutcome = outcome;
    return this;
  }

  /** The outcomes of the next calls that change the server. */
  Scenario next(CallOutcome... outcomes) {
    script.nextRequests(outcomes);
    return this;
  }

  Scenario nextWrites(PortCall call, LostReply... outcomes) {
    script.nextWrites(call, outcomes);
    return this;
  }

  /** Before the next such call of the process this happens. */
  Scenario before(PortCall call, Consumer<Scenario> happens) {
    return before(R1, call, happens);
  }

  Scenario before(Process process, PortCall call, Consumer<Scenario> happens) {
    script.before(replica(process), call, () -> happens.accept(this));
    return this;
  }

  /** The caches of the process show nothing newer from now on. */
  Scenario freeze(Process process, PortCall... caches) {
    script.freeze(replica(process), caches);
    return this;
  }

  // What the processes do.

  Scenario after(Duration time) {
    cluster.reconcile(time);
    return this;
  }

  Scenario reconcile() {
    return reconcile(first);
  }

  Scenario reconcile(String name) {
    return reconcile(R1, name);
  }

  Scenario reconcile(Process process) {
    return reconcile(process, first);
  }

  Scenario reconcile(Process process, String name) {
    next = replica(process).reconcile(place(name));
    return this;
  }

  Scenario reconcileAfter(Duration time) {
    return after(time).reconcile();
  }

  Scenario reconcileAfter(String name, Duration time) {
    return after(time).reconcile(name);
  }

  /** Reconciles once: the calls that it sends have these outcomes. */
  Scenario send(CallOutcome... outcomes) {
    return next(outcomes).reconcile();
  }

  /** Reconciles as the results request it, until they request nothing. */
  Scenario work() {
    return work(first);
  }

  Scenario work(Duration atMost) {
    return work(first, atMost);
  }

  Scenario work(String name) {
    return work(name, HOURS);
  }

  Scenario work(String name, Duration atMost) {
    return work(R1, name, atMost);
  }

  Scenario work(Process process) {
    return work(process, HOURS);
  }

  Scenario work(Process process, Duration atMost) {
    return work(process, first, atMost);
  }

  private Scenario work(Process process, String name, Duration atMost) {
    long end = cluster.millis() + atMost.toMillis();
    for (int passes = 0; cluster.millis() <= end; passes++) {
      assertThat(passes).as("passes, in a hot loop over %s", name).isLessThan(MOST_PASSES);
      next = replica(process).reconcile(place(name));
      if (next.isEmpty()) {
        return this;
      }
      after(next.get().isZero() ? Duration.ofMillis(1) : next.get());
    }
    return this;
  }

  /** Reconciles as the results request it. Then its status says this. */
  Scenario endsAs(String words) {
    return work().assertStatus(words);
  }

  Scenario endsAs(String name, String words) {
    return work(name).assertStatus(name, words);
  }

  /** Reconciles when the last result requested it. */
  Scenario reconcileWhenDue() {
    return reconcileAfter(next.orElseThrow());
  }

  /** The process crashes before this call of a reconciliation, and restarts. */
  Scenario crash(PortCall before) {
    return crash(R1, before);
  }

  Scenario crash(Process process, PortCall before) {
    script.crashBefore(replica(process), before);
    try {
      reconcile(process);
    } catch (Crash e) {
      return restart(process, Duration.ZERO);
    }
    throw new AssertionError("it did not come to " + before);
  }

  /**
   * @param skew of its new clock
   */
  Scenario restart(Process process, Duration skew) {
    replica(process).restart(skew);
    return this;
  }

  Replica replica(Process process) {
    return replicas.computeIfAbsent(process, p -> cluster.replica(Duration.ZERO));
  }

  // What became of it.

  Entry entry() {
    return entry(first);
  }

  Entry entry(String name) {
    return cluster.ledger().entry(name).orElseThrow();
  }

  ReinstallStatus status() {
    return status(first);
  }

  ReinstallStatus status(String name) {
    return cluster.now(place(name)).orElseThrow().getStatus();
  }

  long writes() {
    return cluster.counters.ledgerWrites + cluster.counters.statusWrites;
  }

  long stops() {
    return counted("stops sent");
  }

  long starts() {
    return counted("starts sent");
  }

  private long counted(String what) {
    return cluster.counters.others.entrySet().stream()
        .filter(e -> e.getKey().startsWith(what))
        .mapToLong(e -> e.getValue())
        .sum();
  }

  String reported() {
    return String.join("\n", cluster.story());
  }

  /**
   * @param words "Phase/Reason"
   */
  Scenario assertStatus(String words) {
    return assertStatus(first, words);
  }

  Scenario assertStatus(String name, String words) {
    ReinstallStatus status = status(name);
    assertThat(status.phase() + "/" + status.reason()).as(reported()).isEqualTo(words);
    return this;
  }

  Scenario assertMessage(String part) {
    return message(it -> assertThat(it).as(reported()).contains(part));
  }

  Scenario assertWholeMessage(String message) {
    return message(it -> assertThat(it).as(reported()).isEqualTo(message));
  }

  Scenario message(Consumer<String> check) {
    check.accept(status().message());
    return this;
  }

  Scenario assertState(State state) {
    return assertState(first, state);
  }

  Scenario assertState(String name, State state) {
    assertThat(entry(name).state()).as(reported()).isEqualTo(state);
    return this;
  }

  Scenario assertNothingClaimed() {
    assertThat(cluster.ledger().orders()).as(reported()).isEmpty();
    return this;
  }

  Scenario assertSends(int sends) {
    assertThat(cluster.counters.sends).as(reported()).isEqualTo(sends);
    return this;
  }

  Scenario assertWipes(int wipes) {
    assertThat(cluster.counters.wipes).as(reported()).isEqualTo(wipes);
    return this;
  }

  Scenario assertWrites(long writes) {
    assertThat(writes()).as(reported()).isEqualTo(writes);
    return this;
  }

  Scenario assertPower(Power power) {
    assertThat(cluster.cloud.observation().power()).as(reported()).isEqualTo(power);
    return this;
  }

  Scenario assertStops(int stops) {
    assertThat(stops()).as(reported()).isEqualTo(stops);
    return this;
  }

  Scenario assertStarts(int starts) {
    assertThat(starts()).as(reported()).isEqualTo(starts);
    return this;
  }

  /** The last reconciliation requested another one. */
  Scenario assertNext() {
    assertThat(next).as(reported()).isPresent();
    return this;
  }

  Scenario assertNext(Duration after) {
    assertThat(next).as(reported()).contains(after);
    return this;
  }

  Scenario assertNoNext() {
    assertThat(next).as(reported()).isEmpty();
    return this;
  }

  Scenario verify(Consumer<Scenario> check) {
    check.accept(this);
    return this;
  }

  private static String place(String name) {
    return name.contains("/") ? name : "ns/" + name;
  }
}
