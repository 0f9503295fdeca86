package dev.reinstall.exploration;

import dev.reinstall.ledger.Ledger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One state of the model: the objects, the ledger, the server, every process and every
 * reconciliation, and the faults that may still happen. Mutable until it is sealed.
 */
final class ModelState {
  Ticks.Wall wall = Ticks.Wall.BEFORE_NOT_AFTER;

  /** Ticks of the cloud's own clock since the baseline. */
  int cloudClock;

  Interned<ServerState> server;

  /** Versions of the ledger that a cache may return, newest first. */
  Interned<List<Interned<Ledger>>> ledgers;

  /** Per place: versions of the Reinstall that a cache may return, newest first. */
  Interned<List<Interned<Optional<Item>>>>[] items;

  /** Ticks since each claim was written whose age may affect a decision. */
  Interned<java.util.Map<String, Integer>> claimAges;

  /** Per replica. */
  Interned<ProcessMemory>[] memories;

  /** Per replica and place; null: no reconciliation is in progress. */
  Replay[][] replays;

  /** Per replica and place: ticks since that reconciliation started, or since it made its claim. */
  int[][] ages;

  Interned<ReferenceModel> reference;
  int secrets;
  int crashes;
  int lostWrites;
  int lostCalls;
  int refusals;
  int acts;

  long fingerprint;

  /** The index that each replica had in the previous state; null: unchanged. */
  Integer[] was;

  ModelState copy() {
    ModelState copy = new ModelState();
    copy.wall = wall;
    copy.cloudClock = cloudClock;
    copy.server = server;
    copy.ledgers = ledgers;
    copy.claimAges = claimAges;
    copy.items = items.clone();
    copy.memories = memories.clone();
    copy.replays = new Replay[replays.length][];
    for (int i = 0; i < replays.length; i++) {
      copy.replays[i] = replays[i].clone();
    }
    copy.ages = new int[ages.length][];
    for (int i = 0; i < ages.length; i++) {
      copy.ages[i] = ages[i].clone();
    }
    copy.reference = reference;
    copy.secrets = secrets;
    copy.crashes = crashes;
    copy.lostWrites = lostWrites;
    copy.lostCalls = lostCalls;
    copy.refusals = refusals;
    copy.acts = acts;
    return copy;
  }

  Ledger ledger() {
    return ledgers.value.get(0).value;
  }

  Interned<Optional<Item>> item(int place) {
    return items[place].value.get(0);
  }

  int replaysInProgress() {
    return (int) Arrays.stream(replays).flatMap(Arrays::stream).filter(p -> p != null).count();
  }

  boolean isIdle(int replica) {
    return Arrays.stream(replays[replica]).allMatch(p -> p == null);
  }

  /** The claims that anything still refers to. */
  long claims() {
    long claims = server.claims;
    for (Interned<Ledger> ledger : ledgers.value) {
      claims |= ledger.claims;
    }
    for (Interned<ProcessMemory> memory : memories) {
      claims |= memory.claims;
    }
    for (Replay[] ofReplica : replays) {
      for (Replay replay : ofReplica) {
        claims |= replay == null ? 0 : replay.claims;
      }
    }
    return claims;
  }

  /** An id that nothing refers to any more is equivalent to a new one. */
  int nextClaim() {
    return Long.numberOfTrailingZeros(~(claims() | 1));
  }

  List<Integer> uids() {
    List<Integer> uids = new ArrayList<>(items.length);
    for (int i = 0; i < items.length; i++) {
      uids.add(item(i).value.map(Item::uid).orElse(0));
    }
    return uids;
  }

  /** Processes that differ only in their number are sorted. */
  void sortReplicas() {
    Integer[] order = new Integer[memories.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(
        order,
        Comparator.<Integer>comparingInt(i -> memories[i].id)
            .thenComparing(i -> ids(replays[i]), Arrays::compare)
            .thenComparing(i -> ages[i], Arrays::compare));
    Interned<ProcessMemory>[] sortedMemories = memories.clone();
    Replay[][] sortedPassages = replays.clone();
    int[][] sortedAges = ages.clone();
    for (int i = 0; i < order.length; i++) {
      sortedMemories[i] = memories[order[i]];
      sortedPassages[i] = replays[order[i]];
      sortedAges[i] = ages[order[i]];
    }
    was = order;
    memories = sortedMemories;
    replays = sortedPassages;
    ages = sortedAges;
  }

  private static int[] ids(Replay[] replays) {
    int[] ids = new int[replays.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = replays[i] == null ? 0 : replays[i].id;
    }
    return ids;
  }

  void takeFingerprint() {
    long h = wall.ordinal() * 64L + cloudClock;
    h = mix(h, server.id);
    h = mix(h, ledgers.id);
    h = mix(h, claimAges.id);
    for (Interned<?> each : items) {
      h = mix(h, each.id);
    }
    for (int i = 0; i < memories.length; i++) {
      h = mix(h, memories[i].id);
      for (int p = 0; p < replays[i].length; p++) {
        h = mix(h, replays[i][p] == null ? 0 : replays[i][p].id * 64L + ages[i][p]);
      }
    }
    h = mix(h, reference.id);
    h =
        mix(
            h,
            ((((secrets * 8L + crashes) * 8 + lostWrites) * 8 + lostCalls) * 8 + refusals) * 8
                + acts);
    fingerprint = h == 0 ? 1 : h;
  }

  private static long mix(long h, long value) {
    long x = h * 0x9E3779B97F4A7C15L + value;
    x = (x ^ (x >>> 30)) * 0xBF58476D1CE4E5B9L;
    x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
    return x ^ (x >>> 31);
  }
}
