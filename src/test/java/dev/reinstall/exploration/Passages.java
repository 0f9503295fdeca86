package dev.reinstall.exploration;

import dev.reinstall.api.Reinstall;
import dev.reinstall.cloud.CloudCapabilities;
import dev.reinstall.lifecycle.Ledger;
import dev.reinstall.lifecycle.ReinstallReconciliation;
import dev.reinstall.lifecycle.Timeouts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs the shipped {@link ReinstallReconciliation}: answers it from a record, gives it one answer
 * more, and stops it where it asks for the next. What only it can know (its memory, its clock, a
 * new id) is answered at once; everything else is asked for, and whoever explores decides the
 * answer.
 *
 * <p>How far one answer takes a pass depends on the answer, its memory and on few other things that
 * make up the {@code env}: how many ticks ago it began, its wall clock, the id that a new claim
 * would get, the version of the Secrets, and which objects there are.
 */
final class Passages {

  /** The order and the ledger as the caches of the process show them. */
  record Begin(Kept<Optional<Thing>> thing, Kept<Ledger> book) {}

  /**
   * What is true while a pass takes an answer.
   *
   * @param ages of the claims, in ticks
   * @param listening for how many ticks the process has known what there is to know: it may have
   *     heard of a claim at once, or only now
   */
  record Env(
      int since,
      Ticks.Wall wall,
      int nextClaim,
      int secrets,
      int putBack,
      List<Integer> uids,
      Kept<Map<String, Integer>> ages,
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
  private final Map<String, Passage> idle = new ConcurrentHashMap<>();
  private final Map<Integer, Kept<Optional<Thing>>> versions = new ConcurrentHashMap<>();
  private final Map<Object, Passage> points = new ConcurrentHashMap<>();
  private final Map<Passage, Optional<Passage>> onlyWritesLeft = new ConcurrentHashMap<>();
  final AtomicInteger ids = new AtomicInteger();
  private final Pool<Object> answers = new Pool<>(a -> 0);
  private final Pool<Memory> memories = new Pool<>(Memory::claims);
  private final Pool<Optional<Thing>> things = new Pool<>(t -> 0);
  private final Pool<Ledger> books = new Pool<>(Passages::claims);
  private final Pool<Map<String, Integer>> ages = new Pool<>(a -> 0);
  private final Kept<Map<String, Integer>> noAges = ages.of(Map.of());
  private final Map<Integer, Reinstall> objects = new ConcurrentHashMap<>();

  Passages(Ticks ticks, boolean jd, List<String> places) {
    this.ticks = ticks;
    this.jd = jd;
    this.places = places;
    timeouts = ticks.timing();
    capabilities = ticks.traits(jd);
  }

  Kept<Memory> kept(Memory memory) {
    return memories.of(memory);
  }

  Kept<Optional<Thing>> kept(Optional<Thing> thing) {
    Kept<Optional<Thing>> kept = things.of(thing);
    versions.putIfAbsent(kept.id, kept);
    return kept;
  }

  /** Where every pass over the place stands that tries anew; null: none has been there yet. */
  Passage anew(int place) {
    return points.get(new Anew(places.get(place)));
  }

  /** A book is known by what it says: equal ones are one version. */
  Kept<Ledger> kept(Ledger ledger) {
    return books.of(
        new Ledger(
            ledger.server(),
            null,
            ledger.claims(),
            ledger.orders(),
            ledger.additionalProperties()));
  }

  Kept<Map<String, Integer>> keptAges(Map<String, Integer> ofClaims) {
    return ages.of(Map.copyOf(ofClaims));
  }

  Kept<?> answer(Object answer) {
    return answers.of(answer);
  }

  static long claims(Ledger ledger) {
    long claims = 0;
    for (var entry : ledger.orders().values()) {
      if (entry.claimId() != null) {
        claims |= Memory.claimsIn(entry.claimId());
      }
    }
    return claims;
  }

  static int version(Ledger copy) {
    return copy.resourceVersion() == null ? 0 : Integer.parseInt(copy.resourceVersion());
  }

  /** A pass begins: it reads the order and the ledger, as its caches have them. */
  Passage.Next begin(
      String place, Kept<Optional<Thing>> thing, Kept<Ledger> book, Kept<Memory> memory, Env env) {
    Passage from =
        idle.computeIfAbsent(
            place, p -> new Passage(0, p, List.of(), null, Passage.Known.NOTHING, true, 0, 0, 0));
    return go(from, answer(new Begin(thing, book)), memory, env);
  }

  /** A pass that waits is answered. */
  Passage.Next go(Passage from, Kept<?> answer, Kept<Memory> memory, Env env) {
    Passage.Turn turn = new Passage.Turn(answer, memory, env.ages(), env.packed());
    Passage.Next next = from.nexts.get(turn);
    if (next == null) {
      next = new Run(this, from, answer, memory, env).next();
      Passage twin = from.twin;
      if (twin != null) {
        alike(next, asTwin(from, twin, answer, memory, env));
      }
      from.nexts.put(turn, next);
    }
    return next;
  }

  private Passage.Next asTwin(
      Passage from, Passage twin, Kept<?> answer, Kept<Memory> memory, Env env) {
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
    Kept<?> toIt = from.asks instanceof Request.Clock ? answer(Ticks.of(since)) : answer;
    return new Run(this, twin, toIt, memory, its).next();
  }

  /** What was taken for one is checked, whenever a pass does what was not seen before. */
  private static void alike(Passage.Next one, Passage.Next other) {
    boolean alike =
        one.memory() == other.memory()
            && (one.passage() == null
                ? other.passage() == null && one.comesBack().equals(other.comesBack())
                : other.passage() != null
                    && untimed(one.passage().asks).equals(untimed(other.passage().asks)));
    if (!alike) {
      throw new IllegalStateException(
          "passes were taken for one that are not: " + said(one) + " and " + said(other));
    }
  }

  private static String said(Passage.Next next) {
    return next.memory() + " " + (next.passage() == null ? next.comesBack() : next.passage().asks);
  }

  /** When it was signed is counted from the beginning of a pass. */
  static Request untimed(Request asks) {
    return asks instanceof Request.Send send
        ? new Request.Send(send.image(), send.token(), 0)
        : asks;
  }

  /** The one that stands for all that are known to stand at this point. */
  Passage standing(Object point, Passage passage) {
    Passage first = points.computeIfAbsent(point, p -> passage);
    if (first.twin == null && !first.answers.equals(passage.answers)) {
      first.twin = passage;
    }
    return first;
  }

  /** What it will write one after the other, under each time that the wall clock may show. */
  private record Writes(String place, List<List<Object>> writes) {}

  /** What a pass holds in its hands where it asks; how it came to that makes no difference. */
  record Point(
      String place, String at, Request asks, Passage.Known known, int secrets, int putBack) {}

  /** Where a pass tries anew after a lost write it keeps nothing of what was before. */
  record Anew(String place) {}

  /**
   * A pass that only writes any more, whatever the clock shows, and that tries anew if a write is
   * lost, is known by what it writes: how it came to that makes no difference.
   */
  Optional<Passage> withOnlyWritesLeft(Passage passage) {
    if (!isPlainWrite(passage.asks)) {
      return Optional.empty();
    }
    Optional<Passage> seen = onlyWritesLeft.get(passage);
    if (seen == null) {
      seen = lookAhead(passage);
      onlyWritesLeft.put(passage, seen);
    }
    return seen;
  }

  private Optional<Passage> lookAhead(Passage passage) {
    List<List<Object>> writes = new ArrayList<>();
    for (Ticks.Wall wall : Ticks.Wall.values()) {
      List<Object> left = new ArrayList<>();
      Passage at = passage;
      while (at != null) {
        if (!isPlainWrite(at.asks)) {
          return Optional.empty();
        }
        left.add(at.asks);
        Env env = new Env(0, wall, 0, 0, 0, List.of(), noAges, 0);
        Run lost = new Run(this, at, answer(Fault.CONFLICT), memories.of(Memory.NONE), env);
        lost.looksAhead = true;
        lost.stops();
        if (lost.consultsMore || !lost.triesAnew) {
          return Optional.empty();
        }
        Run won = new Run(this, at, answer(won(at)), memories.of(Memory.NONE), env);
        won.looksAhead = true;
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
    long claims = passage.asks instanceof Request.WriteBook write ? claims(write.book()) : 0;
    return Optional.of(standing(new Writes(passage.place, writes), timeless(passage, claims)));
  }

  Passage timeless(Passage passage, long claims) {
    return new Passage(
        ids.incrementAndGet(),
        passage.place,
        passage.answers,
        passage.asks,
        Passage.Known.NOTHING,
        true,
        passage.since,
        passage.since,
        claims);
  }

  private static boolean isPlainWrite(Request asks) {
    return asks instanceof Request.WriteBook
        || asks instanceof Request.WriteStatus write && !write.gates();
  }

  private Object won(Passage at) {
    if (at.asks instanceof Request.WriteBook write) {
      return kept(write.book());
    }
    Request.WriteStatus write = (Request.WriteStatus) at.asks;
    Thing before = versions.get(write.version()).value.orElseThrow();
    return kept(Optional.of(before.with(write.status())));
  }

  Reinstall object(Kept<Optional<Thing>> thing) {
    return objects.computeIfAbsent(thing.id, id -> thing.value.orElseThrow().object(thing.id));
  }
}
