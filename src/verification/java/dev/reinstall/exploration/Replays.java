package dev.reinstall.exploration;

import dev.reinstall.api.Reinstall;
import dev.reinstall.cloud.CloudCapabilities;
import dev.reinstall.ledger.Ledger;
import dev.reinstall.reconcile.ReinstallReconciliation;
import dev.reinstall.reconcile.Timeouts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs the production {@link ReinstallReconciliation}: replays the recorded responses, gives it one
 * more, and stops it at its next request. What is local to the process (its memory, its clock, a
 * new id) is returned at once; the exploration chooses every other response.
 *
 * <p>How far one response takes a reconciliation depends on the response, on the process's memory
 * and on a few other things that make up the {@code env}: how many ticks ago it started, its wall
 * clock, the id that a new claim would get, the version of the Secrets, and which objects exist.
 */
final class Replays {

  /** The Reinstall and the ledger as the caches of the process return them. */
  record Begin(Interned<Optional<Item>> thing, Interned<Ledger> book) {}

  /**
   * What holds while a reconciliation receives a response.
   *
   * @param ages of the claims, in ticks
   * @param listening for how many ticks the process has known everything: it may have learned of a
   *     claim at once, or only now
   */
  record Env(
      int since,
      Ticks.Wall wall,
      int nextClaim,
      int secrets,
      int putBack,
      List<Integer> uids,
      Interned<Map<String, Integer>> ages,
      int listening) {
    long packed() {
      long packed = since;
      packed = packed * 4 + wall.ordinal();
      packed = packed * 64 + nextClaim;
      packed = packed * 4 + secrets;
      packed = packed * 4 + putBack;
      packed = packed * 128 + listening;
      for (int uid : uids) {
        packed = packed * 16 + uid;
      }
      return packed;
    }
  }

  final Ticks ticks;
  final Timeouts timeouts;
  final CloudCapabilities capabilities;
  final boolean jd;
  final List<String> places;
  private final Map<String, Replay> idle = new ConcurrentHashMap<>();
  private final Map<Integer, Interned<Optional<Item>>> versions = new ConcurrentHashMap<>();
  private final Map<Object, Replay> points = new ConcurrentHashMap<>();
  private final Map<Replay, Optional<Replay>> onlyWritesLeft = new ConcurrentHashMap<>();
  final AtomicInteger ids = new AtomicInteger();
  private final InternPool<Object> answers = new InternPool<>(a -> 0);
  private final InternPool<ProcessMemory> memories = new InternPool<>(ProcessMemory::claims);
  private final InternPool<Optional<Item>> items = new InternPool<>(t -> 0);
  private final InternPool<Ledger> ledgers = new InternPool<>(Replays::claims);
  private final InternPool<Map<String, Integer>> ages = new InternPool<>(a -> 0);
  private final Interned<Map<String, Integer>> noAges = ages.of(Map.of());
  private final Map<Integer, Reinstall> objects = new ConcurrentHashMap<>();

  Replays(Ticks ticks, boolean jd, List<String> places) {
    this.ticks = ticks;
    this.jd = jd;
    this.places = places;
    timeouts = ticks.timing();
    capabilities = ticks.traits(jd);
  }

  Interned<ProcessMemory> kept(ProcessMemory memory) {
    return memories.of(memory);
  }

  Interned<Optional<Item>> kept(Optional<Item> item) {
    Interned<Optional<Item>> kept = items.of(item);
    versions.putIfAbsent(kept.id, kept);
    return kept;
  }

  /**
   * The common point of all reconciliations of the place that retry; null: none has reached it yet.
   */
  Replay again(int place) {
    return points.get(new Anew(places.get(place)));
  }

  /** A ledger is identified by its contents: equal ones are one version. */
  Interned<Ledger> kept(Ledger ledger) {
    return ledgers.of(
        new Ledger(
            ledger.server(),
            Ledger.Metadata.NONE,
            ledger.namespace(),
            ledger.claims(),
            ledger.orders(),
            ledger.additionalProperties()));
  }

  Interned<Map<String, Integer>> keptAges(Map<String, Integer> ofClaims) {
    return ages.of(Map.copyOf(ofClaims));
  }

  Interned<?> response(Object response) {
    return answers.of(response);
  }

  static long claims(Ledger ledger) {
    long claims = 0;
    for (var entry : ledger.orders().values()) {
      if (entry.claimId() != null) {
        claims |= ProcessMemory.claimsIn(entry.claimId());
      }
    }
    return claims;
  }

  static int version(Ledger copy) {
    return copy.resourceVersion() == null ? 0 : Integer.parseInt(copy.resourceVersion());
  }

  /** A reconciliation starts: it reads the Reinstall and the ledger from its caches. */
  Replay.Next begin(
      String place,
      Interned<Optional<Item>> item,
      Interned<Ledger> ledger,
      Interned<ProcessMemory> memory,
      Env env) {
    Replay from =
        idle.computeIfAbsent(
            place, p -> new Replay(0, p, List.of(), null, Replay.Known.NOTHING, true, 0, 0, 0));
    return go(from, response(new Begin(item, ledger)), memory, env);
  }

  /** A waiting reconciliation receives a response. */
  Replay.Next go(Replay from, Interned<?> response, Interned<ProcessMemory> memory, Env env) {
    Replay.Turn turn = new Replay.Turn(response, memory, env.ages(), env.packed());
    Replay.Next next = from.nexts.get(turn);
    if (next == null) {
      next = new ReconciliationRun(this, from, response, memory, env).next();
      Replay twin = from.twin;
      if (twin != null) {
        alike(next, asTwin(from, twin, response, memory, env));
      }
      from.nexts.put(turn, next);
    }
    return next;
  }

  private Replay.Next asTwin(
      Replay from, Replay twin, Interned<?> response, Interned<ProcessMemory> memory, Env env) {
    int since = env.since() - from.base + twin.base;
    Env its =
        new Env(
            since,
            env.wall(),
            env.nextClaim(),
            env.secrets(),
            env.putBack(),
            env.uids(),
            env.ages(),
            env.listening());
    Interned<?> toIt =
        from.asks instanceof PortRequest.Clock ? response(Ticks.of(since)) : response;
    return new ReconciliationRun(this, twin, toIt, memory, its).next();
  }

  /** Replays that were merged are compared whenever one of them takes a new step. */
  private static void alike(Replay.Next one, Replay.Next other) {
    boolean alike =
        one.memory() == other.memory()
            && (one.passage() == null
                ? other.passage() == null && one.comesBack().equals(other.comesBack())
                : other.passage() != null
                    && untimed(one.passage().asks).equals(untimed(other.passage().asks)));
    if (!alike) {
      throw new IllegalStateException(
          "merged reconciliations differ: " + text(one) + " and " + text(other));
    }
  }

  private static String text(Replay.Next next) {
    return next.memory() + " " + (next.passage() == null ? next.comesBack() : next.passage().asks);
  }

  /** The time of the signature is counted from the start of the reconciliation. */
  static PortRequest untimed(PortRequest asks) {
    return asks instanceof PortRequest.Send send
        ? new PortRequest.Send(send.image(), send.start(), send.token(), 0)
        : asks;
  }

  /** The representative of all replays known to be at this point. */
  Replay recordedState(Object point, Replay replay) {
    Replay first = points.computeIfAbsent(point, p -> replay);
    if (first.twin == null && !first.responses.equals(replay.responses)) {
      first.twin = replay;
    }
    return first;
  }

  /** The writes that follow, in order, for each time that the wall clock may show. */
  private record Writes(String place, List<List<Object>> writes) {}

  /** What a reconciliation holds at a request; how it got there makes no difference. */
  record Point(
      String place, String at, PortRequest asks, Replay.Known known, int secrets, int putBack) {}

  /** A reconciliation that retries after a lost write keeps nothing from before. */
  record Anew(String place) {}

  /**
   * A reconciliation that only writes from here on, whatever the clock shows, and that retries if a
   * write is lost, is identified by its writes: how it got there makes no difference.
   */
  Optional<Replay> withOnlyWritesLeft(Replay replay) {
    if (!isPlainWrite(replay.asks)) {
      return Optional.empty();
    }
    Optional<Replay> seen = onlyWritesLeft.get(replay);
    if (seen == null) {
      seen = describeAhead(replay);
      onlyWritesLeft.put(replay, seen);
    }
    return seen;
  }

  private Optional<Replay> describeAhead(Replay replay) {
    List<List<Object>> writes = new ArrayList<>();
    for (Ticks.Wall wall : Ticks.Wall.values()) {
      List<Object> left = new ArrayList<>();
      Replay at = replay;
      while (at != null) {
        if (!isPlainWrite(at.asks)) {
          return Optional.empty();
        }
        left.add(at.asks);
        Env env = new Env(0, wall, 0, 0, 0, List.of(), noAges, 0);
        ReconciliationRun lost =
            new ReconciliationRun(
                this, at, response(FailedResponse.CONFLICT), memories.of(ProcessMemory.NONE), env);
        lost.describesAhead = true;
        lost.stops();
        if (lost.consultsMore || !lost.triesAgain) {
          return Optional.empty();
        }
        ReconciliationRun won =
            new ReconciliationRun(
                this, at, response(won(at)), memories.of(ProcessMemory.NONE), env);
        won.describesAhead = true;
        boolean goesOn = won.stops();
        if (won.consultsMore) {
          return Optional.empty();
        }
        at = goesOn ? won.after() : null;
        if (!goesOn) {
          left.add(won.comesBack);
        }
      }
      writes.add(left);
    }
    long claims = replay.asks instanceof PortRequest.WriteLedger write ? claims(write.book()) : 0;
    return Optional.of(recordedState(new Writes(replay.place, writes), timeless(replay, claims)));
  }

  Replay timeless(Replay replay, long claims) {
    return new Replay(
        ids.incrementAndGet(),
        replay.place,
        replay.responses,
        replay.asks,
        Replay.Known.NOTHING,
        true,
        replay.since,
        replay.since,
        claims);
  }

  private static boolean isPlainWrite(PortRequest asks) {
    return asks instanceof PortRequest.WriteLedger
        || asks instanceof PortRequest.WriteStatus write && !write.gates();
  }

  private Object won(Replay at) {
    if (at.asks instanceof PortRequest.WriteLedger write) {
      return kept(write.book());
    }
    PortRequest.WriteStatus write = (PortRequest.WriteStatus) at.asks;
    Item before = versions.get(write.version()).value.orElseThrow();
    return kept(Optional.of(before.with(write.status())));
  }

  Reinstall object(Interned<Optional<Item>> item) {
    return objects.computeIfAbsent(item.id, id -> item.value.orElseThrow().object(item.id));
  }
}
