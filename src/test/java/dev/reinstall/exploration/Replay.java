package dev.reinstall.exploration;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A pass that waits for an answer: all that it was answered so far, and what it asks. A pass keeps
 * nothing else, so whoever was answered the same stands at the same point.
 */
final class Replay {
  final int id;
  final String place;

  /** Every answer, in order. */
  final List<Object> answers;

  final PortRequest asks;
  final Known known;

  /** Whether it makes no difference how long ago it began. */
  final boolean timeless;

  /** What its age is counted from: how many ticks after its beginning it looked, or claimed. */
  final int base;

  /** How many ticks after its beginning it was answered last. */
  final int since;

  /** The claims of which it knows in its hands, a bit each. */
  final long claims;

  final Map<Turn, Next> nexts = new ConcurrentHashMap<>();
  final Map<List<Object>, Replay> children = new ConcurrentHashMap<>();

  /** Another pass that was taken to stand at this point: whatever this one does, it must do too. */
  volatile Replay twin;

  Replay(
      int id,
      String place,
      List<Object> answers,
      PortRequest asks,
      Known known,
      boolean timeless,
      int base,
      int since,
      long claims) {
    this.id = id;
    this.place = place;
    this.answers = answers;
    this.asks = asks;
    this.known = known;
    this.timeless = timeless;
    this.base = base;
    this.since = since;
    this.claims = claims;
  }

  /**
   * What it holds in its hands.
   *
   * @param thing the copy of the Reinstall, by its version
   * @param fresh whether that was read uncached
   * @param book the copy of the ledger; null: none yet
   * @param bookFresh whether that was read uncached
   * @param look what it saw of the server, with that ledger; 0: nothing yet
   * @param claim that it made last; 0: none
   * @param heard the cloud's answer to its call; 0: none
   * @param wall what its wall clock showed when it was answered last
   */
  record Known(
      int thing,
      boolean fresh,
      Interned<?> book,
      boolean bookFresh,
      int look,
      int claim,
      int heard,
      Ticks.Wall wall) {
    static final Known NOTHING =
        new Known(0, false, null, false, 0, 0, 0, Ticks.Wall.BEFORE_NOT_AFTER);

    Known whatever(Ticks.Wall shown) {
      return new Known(thing, fresh, book, bookFresh, look, claim, heard, shown);
    }

    /** With a claim it has no use for what it saw before. */
    Known claimed() {
      return new Known(thing, fresh, book, false, 0, claim, heard, wall);
    }
  }

  /**
   * An answer, and what else decides how far the pass goes with it.
   *
   * @param env see {@link Replays}
   */
  record Turn(Interned<?> answer, Interned<ProcessMemory> memory, Interned<?> ages, long env) {}

  /**
   * Where it stands after an answer.
   *
   * @param passage null: the pass is over
   * @param age its age there, in ticks
   * @param minded whether it asked how long its process has known of a claim
   * @param comesBack after a pass that is over
   */
  record Next(
      Replay passage,
      Interned<ProcessMemory> memory,
      int age,
      boolean minded,
      Optional<Duration> comesBack) {}
}
