package dev.reinstall.exploration;

import dev.reinstall.lifecycle.Ledger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One state of everything: the objects, the ledger, the server, every process and every pass, and
 * what may still go wrong. Changed by its maker until it is sealed.
 */
final class Scene {
  Ticks.Wall wall = Ticks.Wall.BEFORE_NOT_AFTER;

  /** Ticks of the cloud's own clock since what may be compared with it. */
  int cloudClock;

  Kept<ServerState> server;

  /** Versions of the ledger that a cache may show, the newest first. */
  Kept<List<Kept<Ledger>>> books;

  /** Per place: versions of the Reinstall that a cache may show, the newest first. */
  Kept<List<Kept<Optional<Thing>>>>[] things;

  /** Ticks since each claim was written of which that may decide something. */
  Kept<java.util.Map<String, Integer>> claimAges;

  /** Per replica. */
  Kept<Memory>[] memories;

  /** Per replica and place; null: no pass is under way. */
  Passage[][] passages;

  /** Per replica and place: ticks since that pass began, or since it made its claim. */
  int[][] ages;

  Kept<Ghost> ghost;
  int secrets;
  int crashes;
  int lostWrites;
  int lostCalls;
  int refusals;
  int acts;

  long fingerprint;

  /** Which replica of the scene before each one was; null: they kept their places. */
  Integer[] was;

  Scene copy() {
    Scene copy = new Scene();
    copy.wall = wall;
    copy.cloudClock = cloudClock;
    copy.server = server;
    copy.books = books;
    copy.claimAges = claimAges;
    copy.things = things.clone();
    copy.memories = memories.clone();
    copy.passages = new Passage[passages.length][];
    for (int i = 0; i < passages.length; i++) {
      copy.passages[i] = passages[i].clone();
    }
    copy.ages = new int[ages.length][];
    for (int i = 0; i < ages.length; i++) {
      copy.ages[i] = ages[i].clone();
    }
    copy.ghost = ghost;
    copy.secrets = secrets;
    copy.crashes = crashes;
    copy.lostWrites = lostWrites;
    copy.lostCalls = lostCalls;
    copy.refusals = refusals;
    copy.acts = acts;
    return copy;
  }

  Ledger book() {
    return books.value.get(0).value;
  }

  Kept<Optional<Thing>> thing(int place) {
    return things[place].value.get(0);
  }

  int passesUnderWay() {
    return (int) Arrays.stream(passages).flatMap(Arrays::stream).filter(p -> p != null).count();
  }

  boolean isIdle(int replica) {
    return Arrays.stream(passages[replica]).allMatch(p -> p == null);
  }

  /** The claims that anything still speaks of. */
  long claims() {
    long claims = server.claims;
    for (Kept<Ledger> book : books.value) {
      claims |= book.claims;
    }
    for (Kept<Memory> memory : memories) {
      claims |= memory.claims;
    }
    for (Passage[] ofReplica : passages) {
      for (Passage passage : ofReplica) {
        claims |= passage == null ? 0 : passage.claims;
      }
    }
    return claims;
  }

  /** An id that nothing speaks of any more is as good as a new one. */
  int nextClaim() {
    return Long.numberOfTrailingZeros(~(claims() | 1));
  }

  List<Integer> uids() {
    List<Integer> uids = new ArrayList<>(things.length);
    for (int i = 0; i < things.length; i++) {
      uids.add(thing(i).value.map(Thing::uid).orElse(0));
    }
    return uids;
  }

  /** Processes that do not differ but by their number are put in one order. */
  void sortReplicas() {
    Integer[] order = new Integer[memories.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(
        order,
        Comparator.<Integer>comparingInt(i -> memories[i].id)
            .thenComparing(i -> ids(passages[i]), Arrays::compare)
            .thenComparing(i -> ages[i], Arrays::compare));
    Kept<Memory>[] sortedMemories = memories.clone();
    Passage[][] sortedPassages = passages.clone();
    int[][] sortedAges = ages.clone();
    for (int i = 0; i < order.length; i++) {
      sortedMemories[i] = memories[order[i]];
      sortedPassages[i] = passages[order[i]];
      sortedAges[i] = ages[order[i]];
    }
    was = order;
    memories = sortedMemories;
    passages = sortedPassages;
    ages = sortedAges;
  }

  private static int[] ids(Passage[] passages) {
    int[] ids = new int[passages.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = passages[i] == null ? 0 : passages[i].id;
    }
    return ids;
  }

  void takeFingerprint() {
    long h = wall.ordinal() * 64L + cloudClock;
    h = mix(h, server.id);
    h = mix(h, books.id);
    h = mix(h, claimAges.id);
    for (Kept<?> each : things) {
      h = mix(h, each.id);
    }
    for (int i = 0; i < memories.length; i++) {
      h = mix(h, memories[i].id);
      for (int p = 0; p < passages[i].length; p++) {
        h = mix(h, passages[i][p] == null ? 0 : passages[i][p].id * 64L + ages[i][p]);
      }
    }
    h = mix(h, ghost.id);
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
