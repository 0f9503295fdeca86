package dev.reinstall.reconcile;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Phase;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ReinstallSpec.OnUnsubmitted;
import dev.reinstall.api.ReinstallSpec.PowerAfter;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.cloud.Observation.Power;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * One random run from a seed: some Reinstalls, some replicas, user actions and other callers, and
 * before any call of a reconciliation any of them may happen. At the end faults stop and every
 * Reinstall must end.
 */
final class RandomRun implements FaultSchedule {
  static final Timeouts TIMING =
      new Timeouts(
          Duration.ofMinutes(4),
          Duration.ofSeconds(10),
          Duration.ofMinutes(10),
          Duration.ofMinutes(20),
          Duration.ofMinutes(45));

  private static final int DEEPEST = 2; // nested reconciliations
  private static final int MOST_PASSES_A_POLL =
      12; // of one Reinstall by one replica, once faults stop

  private final SplittableRandom seeded;
  private final InMemoryCluster cluster;
  private final int faults; // per mille of calls before which something happens
  private final int loss; // per mille of writes whose response is lost
  private final int staleness; // per cent of cached reads
  private final int refusals; // per cent of calls with another outcome
  private final int
      laterDescriptions; // per cent of first descriptions that are cached observations
  private final boolean replays; // the ledger is restored, statuses are edited
  private boolean healed;
  private int depth;

  RandomRun(long seed, Counters happenings, List<String> story) {
    seeded = new SplittableRandom(seed);
    CloudName cloud = seeded.nextInt(2) == 0 ? CloudName.TencentCloud : CloudName.JDCloud;
    cluster = new InMemoryCluster(cloud, TIMING, Duration.ofMinutes(32), happenings, story);
    cluster.faults = this;
    faults = choose(0, 5, 20, 60);
    loss = choose(0, 10, 50);
    staleness = choose(0, 20, 60);
    refusals = choose(0, 30, 70);
    laterDescriptions = choose(0, 30, 90);
    replays = seeded.nextInt(4) == 0;
    cluster.cloud.datesItsAnswers = seeded.nextInt(5) > 0;
    cluster.cloud.installsFail = seeded.nextInt(8) == 0;
  }

  private int choose(int... from) {
    return from[seeded.nextInt(from.length)];
  }

  private boolean chance(int in, int of) {
    return seeded.nextInt(of) < in;
  }

  InMemoryCluster cluster() {
    return cluster;
  }

  void run() {
    cluster.counters.runs++;
    int replicas = 1 + seeded.nextInt(3);
    for (int i = 0; i < replicas; i++) {
      cluster.replica(skew());
    }
    apply("ns1/A");
    if (chance(1, 2)) {
      apply("ns1/B");
    }
    if (chance(1, 5)) {
      apply("ns2/A");
    }
    if (chance(1, 3)) {
      cluster.cloud.power(Power.RUNNING);
    }
    int steps = 6 + seeded.nextInt(14);
    for (int i = 0; i < steps; i++) {
      if (chance(3, 5)) {
        aReplicaReconciles();
      } else {
        somethingHappens();
      }
    }
    healed = true;
    cluster.pause(null);
    new Healing().run();
  }

  private Duration skew() {
    if (chance(1, 8)) { // its own signatures are rejected, and it must do no harm
      return Duration.ofMinutes(seeded.nextInt(480) - 240L);
    }
    return Duration.ofSeconds(seeded.nextInt(480) - 240L);
  }

  private void apply(String place) {
    Instant notAfter = cluster.trueTime().plusSeconds(60L * (20 + seeded.nextInt(60)));
    ReinstallSpec spec =
        cluster.spec(chance(1, 3) ? null : "img-new", notAfter, WhenRunning.Wait, chance(1, 10));
    WhenRunning running =
        switch (seeded.nextInt(6)) {
          case 0 -> WhenRunning.Fail;
          case 1, 2, 3 -> WhenRunning.Stop;
          default -> WhenRunning.Wait;
        };
    spec = cluster.power(running, chance(1, 2) ? PowerAfter.Running : PowerAfter.Leave, spec);
    spec =
        cluster.onUnsubmitted(
            chance(1, 2) ? OnUnsubmitted.Restart : OnUnsubmitted.LeaveStopped, spec);
    cluster.create(
        place,
        switch (seeded.nextInt(10)) {
          case 0, 1, 2 -> cluster.onlyFrom("img-old", spec);
          case 3 -> cluster.onlyFrom("img-new", spec);
          default -> spec;
        });
  }

  private void aReplicaReconciles() {
    Replica replica = cluster.replicas.get(seeded.nextInt(cluster.replicas.size()));
    reconcile(replica, somePlace());
  }

  private String somePlace() {
    List<String> places = cluster.places();
    return places.get(seeded.nextInt(places.size()));
  }

  private void reconcile(Replica replica, String place) {
    depth++;
    try {
      if (chance(1, 8)) {
        replica.restartOrphans();
      } else {
        replica.reconcile(place);
      }
    } catch (Crash e) {
      cluster.counters.crashes++;
      cluster.report(() -> replica + " DIES and starts again");
      replica.restart(skew());
    } catch (ApiServerUnavailable e) {
      cluster.counters.outages++;
      cluster.report(() -> replica + " cannot reach the cluster: its pass ends");
    } finally {
      depth--;
    }
  }

  // Faults.

  @Override
  public void before(Replica replica, PortCall call) {
    if (healed || seeded.nextInt(1000) >= faults) {
      return;
    }
    switch (seeded.nextInt(8)) {
      case 0 -> {
        cluster.report(() -> replica + " meets its death before " + call);
        throw new Crash();
      }
      case 1 -> throw new ApiServerUnavailable();
      case 2, 3 -> {
        if (depth < DEEPEST) {
          cluster.counters.count("passes within passes");
          cluster.report(() -> replica + " is held up before " + call + "; meanwhile:");
          int passes = 1 + seeded.nextInt(3);
          for (int i = 0; i < passes; i++) {
            anotherReplicaReconciles(replica);
          }
          cluster.report(() -> replica + " goes on with " + call);
        }
      }
      default -> {
        cluster.report(() -> replica + " is held up before " + call + "; meanwhile:");
        int times = 1 + seeded.nextInt(3);
        for (int i = 0; i < times; i++) {
          somethingHappens();
          if (depth < DEEPEST && chance(1, 2)) {
            anotherReplicaReconciles(replica);
          }
        }
        cluster.report(() -> replica + " goes on with " + call);
      }
    }
  }

  private void anotherReplicaReconciles(Replica but) {
    List<Replica> replicas = cluster.replicas;
    Replica replica = replicas.get(seeded.nextInt(replicas.size()));
    if (replica != but) {
      reconcile(replica, somePlace());
    }
  }

  @Override
  public LostReply lostReply(PortCall call) {
    if (healed || seeded.nextInt(1000) >= loss) {
      return LostReply.NONE;
    }
    return chance(1, 2) ? LostReply.RESPONSE : LostReply.WRITE;
  }

  /** Few requests come so far before the faults stop, and one whose start fails still ends. */
  @Override
  public CallOutcome startOutcome() {
    return healed && chance(2, 100) ? anyOutcome() : callOutcome();
  }

  @Override
  public CallOutcome callOutcome() {
    return healed || !chance(refusals, 100) ? CallOutcome.ANSWERED : anyOutcome();
  }

  private CallOutcome anyOutcome() {
    CallOutcome[] fates = CallOutcome.values();
    return fates[seeded.nextInt(fates.length)];
  }

  @Override
  public DescribeOutcome describeOutcome() {
    if (healed || !chance(refusals, 400)) {
      return DescribeOutcome.CLEAR;
    }
    DescribeOutcome[] skies = DescribeOutcome.values();
    return skies[seeded.nextInt(skies.length)];
  }

  /** Also after faults stop: it is not a fault, and every Reinstall must still end. */
  @Override
  public boolean describesLater() {
    return chance(laterDescriptions, 100);
  }

  @Override
  public boolean isTurnRefused() {
    return !healed && chance(refusals, 400);
  }

  @Override
  public int versionsSeen(Replica replica, PortCall call, int newer) {
    if (healed || newer == 0 || !chance(staleness, 100)) {
      return newer;
    }
    return seeded.nextInt(newer + 1);
  }

  @Override
  public int pick(int bound) {
    return seeded.nextInt(bound);
  }

  // Other events.

  private void somethingHappens() {
    switch (seeded.nextInt(16)) {
      case 0, 1 -> timePasses(1_000 + seeded.nextInt(15_000));
      case 2, 3 -> timePasses(15_000 + seeded.nextInt(180_000));
      case 4, 5 -> timePasses(180_000 + seeded.nextInt(900_000));
      case 6 -> timePasses(900_000 + seeded.nextInt(2_700_000));
      case 7, 8, 9 -> aUserActs();
      case 10, 11 -> cluster.cloud.power(chance(2, 3) ? Power.STOPPED : Power.RUNNING);
      case 12 -> {
        if (chance(1, 3)) {
          cluster.counters.count("resets by hand");
          cluster.cloud.resetByHand(chance(1, 2) ? "img-new" : "img-other");
        }
      }
      case 13 -> cluster.cloud.rename();
      case 14 -> {
        boolean paused = cluster.pause().isPresent();
        cluster.counters.count(paused ? "resumed" : "paused");
        cluster.pause(paused ? null : "incident");
      }
      default -> {
        if (chance(1, 4)) {
          cluster.counters.count("changed Secrets");
          cluster.secretsVersion++;
          cluster.secretsThere = chance(4, 5);
          cluster.report(
              () -> "the Secret is " + (cluster.secretsThere ? "changed" : "taken away"));
        }
      }
    }
  }

  private void timePasses(long millis) {
    cluster.reconcile(Duration.ofMillis(millis));
    cluster.report(() -> "time passes");
  }

  private void aUserActs() {
    String place = chance(1, 6) ? "ns1/C" : somePlace();
    if (!cluster.isThere(place)) {
      if (chance(1, 2)) {
        cluster.counters.count("created again");
        apply(place);
      }
      return;
    }
    switch (seeded.nextInt(replays ? 8 : 4)) {
      case 0 -> {
        cluster.counters.count("deleted");
        if (chance(1, 4)) {
          cluster.markDeleted(place);
        } else {
          cluster.delete(place);
        }
      }
      case 1, 2 -> {
        boolean suspended = cluster.now(place).orElseThrow().getSpec().suspended();
        cluster.counters.count(suspended ? "unsuspended" : "suspended");
        cluster.suspend(place, !suspended);
      }
      case 3 -> {
        ReinstallSpec spec = cluster.now(place).orElseThrow().getSpec();
        cluster.counters.count("replaced");
        cluster.delete(place);
        if (chance(1, 2)) {
          apply(place);
        } else {
          cluster.create(place, spec);
        }
      }
      case 4 -> {
        cluster.counters.count("statuses wiped");
        cluster.editStatus(place, null);
      }
      case 5 -> {
        cluster.counters.count("statuses edited");
        Phase[] phases = Phase.values();
        cluster.editStatus(place, phases[seeded.nextInt(phases.length)]);
      }
      case 6 -> {
        timePasses(2_000); // nobody restores within the second of a claim
        cluster.counters.count("ledgers restored");
        cluster.restoreLedger(seeded.nextInt(cluster.ledgers().size()));
        timePasses(2_000);
      }
      default -> {
        timePasses(2_000);
        cluster.counters.count("ledgers deleted");
        cluster.deleteLedger();
        timePasses(2_000);
      }
    }
  }

  /** L1: faults have stopped, one replica reconciles as requested, and every Reinstall ends. */
  private final class Healing {
    private final Replica replica = cluster.replicas.get(0);
    private final Map<String, Long> due = new HashMap<>();
    private final Map<String, Integer> versionsMet = new HashMap<>();
    private final Map<String, Integer> recentReconciliations = new HashMap<>();
    private int ledgersMet;

    void run() {
      cluster.report(() -> "ALL IS HEALED");
      cluster.secretsThere = true;
      replica.restart(Duration.ZERO);
      for (String place : cluster.places()) {
        due.put(place, cluster.millis());
        cluster
            .now(place)
            .filter(o -> o.getSpec().suspended())
            .ifPresent(o -> cluster.suspend(place, false));
      }
      long end = cluster.millis() + Duration.ofHours(6).toMillis();
      long poll = cluster.millis();
      while (cluster.millis() < end && !allOver()) {
        long next = due.values().stream().min(Long::compare).orElse(end);
        if (!replica.orphans().isEmpty()) {
          next = Math.min(next, cluster.millis() + TIMING.pollInterval().toMillis() + 1);
        }
        if (next > cluster.millis()) {
          cluster.reconcile(Duration.ofMillis(next - cluster.millis()));
        }
        if (cluster.millis() - poll > TIMING.pollInterval().toMillis()) {
          poll = cluster.millis();
          recentReconciliations.clear();
          replica.restartOrphans();
          if (cluster.cloud.observation().power() == Power.RUNNING && chance(1, 4)) {
            cluster.cloud.power(Power.STOPPED); // the user fixes it
          }
        }
        for (String place : List.copyOf(due.keySet())) {
          if (due.get(place) <= cluster.millis()) {
            reconcile(place);
          }
        }
        wake();
      }
      for (Entry entry : replica.orphans()) {
        throw new InvariantViolation("L1: nobody decides on the server of " + entry);
      }
      for (String place : open()) {
        throw new InvariantViolation(
            "L1: " + place + " never ends: " + cluster.now(place).orElseThrow().getStatus());
      }
    }

    private void reconcile(String place) {
      int passes = recentReconciliations.merge(place, 1, Integer::sum);
      if (passes > MOST_PASSES_A_POLL) {
        throw new InvariantViolation("L1: a hot loop over " + place);
      }
      due.remove(place);
      Optional<Duration> next = replica.reconcile(place);
      next.ifPresent(n -> due.put(place, cluster.millis() + Math.max(1, n.toMillis())));
    }

    /**
     * What a watch does: a Reinstall is reconciled again when its spec or the server's ledger
     * changed.
     */
    private void wake() {
      boolean bookChanged = cluster.ledgers().size() != ledgersMet;
      ledgersMet = cluster.ledgers().size();
      for (String place : cluster.places()) {
        int generation =
            cluster.now(place).map(o -> o.getMetadata().getGeneration().intValue()).orElse(-1);
        boolean changed = !Integer.valueOf(generation).equals(versionsMet.put(place, generation));
        if (bookChanged || changed) {
          due.put(place, cluster.millis());
        }
      }
    }

    private boolean allOver() {
      return open().isEmpty()
          && replica.orphans().isEmpty()
          && cluster.ledger().openEntry(any -> true).isEmpty();
    }

    private List<String> open() {
      List<String> open = new ArrayList<>();
      for (String place : cluster.places()) {
        Optional<Reinstall> order = cluster.now(place);
        if (order.isEmpty() || order.get().getMetadata().getDeletionTimestamp() != null) {
          continue;
        }
        String phase = order.get().getStatus() == null ? "" : order.get().getStatus().phase();
        if (phase.isEmpty() || !Phase.valueOf(phase).isFinished()) {
          open.add(place);
        }
      }
      return open;
    }
  }
}
