package dev.reinstall.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Phase;
import dev.reinstall.api.Reason;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A cluster, two replicas and a script: the fixture of a scenario. */
final class Protocol {
  static final Timeouts TIMING =
      new Timeouts(
          Duration.ofSeconds(15),
          Duration.ofSeconds(10),
          Duration.ofMinutes(10),
          Duration.ofMinutes(20),
          Duration.ofHours(2));

  private static final int MOST_PASSES = 3_000;

  final ScriptedFaults script = new ScriptedFaults();
  final InMemoryCluster cluster;
  final Replica r1;
  final Replica r2;

  Protocol(CloudName cloud) {
    cluster = new InMemoryCluster(cloud, TIMING);
    cluster.faults = script;
    r1 = cluster.replica(Duration.ZERO);
    r2 = cluster.replica(Duration.ZERO);
  }

  static Protocol tencent() {
    return new Protocol(CloudName.TencentCloud);
  }

  static Protocol jd() {
    return new Protocol(CloudName.JDCloud);
  }

  /** Applies a Reinstall in {@code ns}, valid for four hours. */
  String request(String name, String image) {
    return cluster.create("ns/" + name, cluster.spec(image, inHours(4)));
  }

  String request(String name) {
    return request(name, "img-new");
  }

  ReinstallSpec spec() {
    return cluster.spec("img-new", inHours(4));
  }

  Instant inHours(int hours) {
    return cluster.trueTime().plus(Duration.ofHours(hours));
  }

  void wait(Duration time) {
    cluster.reconcile(time);
  }

  /** The process crashes in this reconciliation and restarts. */
  void dies(Replica replica, String place, PortCall before) {
    script.crashBefore(replica, before);
    try {
      replica.reconcile(place);
    } catch (Crash e) {
      replica.restart(Duration.ZERO);
      return;
    }
    throw new AssertionError("it did not come to " + before);
  }

  /**
   * The replica reconciles as its results request it, until they request nothing or the time is
   * over.
   */
  void work(Replica replica, String place, Duration atMost) {
    long end = cluster.millis() + atMost.toMillis();
    for (int passes = 0; cluster.millis() <= end; passes++) {
      assertThat(passes).as("passes, in a hot loop over %s", place).isLessThan(MOST_PASSES);
      Optional<Duration> next = replica.reconcile(place);
      if (next.isEmpty()) {
        return;
      }
      wait(next.get().isZero() ? Duration.ofMillis(1) : next.get());
    }
  }

  Entry entry(String name) {
    return cluster.ledger().entry(name).orElseThrow();
  }

  State state(String name) {
    return entry(name).state();
  }

  ReinstallStatus status(String place) {
    return cluster.now(place).orElseThrow().getStatus();
  }

  void assertStatus(String place, Phase phase, Reason reason) {
    ReinstallStatus status = status(place);
    assertThat(status.phase() + "/" + status.reason())
        .as(reported())
        .isEqualTo(phase + "/" + reason);
  }

  void assertSends(int sends) {
    assertThat(cluster.counters.sends).as(reported()).isEqualTo(sends);
  }

  void assertWipes(int wipes) {
    assertThat(cluster.counters.wipes).as(reported()).isEqualTo(wipes);
  }

  String reported() {
    return String.join("\n", cluster.story());
  }
}
