package dev.reinstall.exploration;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A reconciliation that waits for a response: all responses so far, and its next request. A
 * reconciliation keeps nothing else, so those with the same responses are at the same point.
 */
final class Replay {
  final int id;
  final String place;

  /** Every response, in order. */
  final List<Object> responses;

  final PortRequest asks;
  final Known known;

  /** Whether it makes no difference how long ago it started. */
  final boolean timeless;

  /** The origin of its age: how many ticks after its start it described the server, or claimed. */
  final int base;

  /** How many ticks after its start it received the last response. */
  final int since;

  /** The claims that it holds in its copies, one bit each. */
  final long claims;

  final Map<Turn, Next> nexts = new ConcurrentHashMap<>();
  final Map<List<Object>, Replay> children = new ConcurrentHashMap<>();

  /**
   * Another reconciliation that was taken to be at this point: whatever this one does, that one
   * must do too.
   */
  volatile Replay twin;

  Replay(
      int id,
      String place,
      List<Object> responses,
      PortRequest asks,
      Known known,
      boolean timeless,
      int base,
      int since,
      long claims) {
    this.id = id;
    this.place = place;
    this.responses = responses;
    this.asks = asks;
    this.known = known;
    this.timeless = timeless;
    this.base = base;
    this.since = since;
    this.claims = claims;
  }

  /**
   * What it holds.
   *
   * @param thing the copy of the Reinstall, by its version
   * @param fresh whether that was read uncached
   * @param book the copy of the ledger; null: none yet
   * @param bookFresh whether that was read uncached
   * @param look what it observed of the server, with that ledger; 0: nothing yet
   * @param claim that it made last; 0: none
   * @param heard the cloud's response to its call; 0: none
   * @param wall what its wall clock showed at the last response
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

    /** With a claim it does not use what it observed before. */
    Known claimed() {
      return new Known(thing, fresh, book, false, 0, claim, heard, wall);
    }
  }

  /**
   * A response, and what else determines how far the reconciliation proceeds with it.
   *
   * @param env see {@link Replays}
   */
  record Turn(Interned<?> answer, Interned<ProcessMemory> memory, Interned<?> ages, long env) {}

  /**
   * Where it is after a response.
   *
   * @param passage null: the reconciliation is over
   * @param age its age there, in ticks
   * @param minded whether it asked how long its process has known of a claim
   * @param comesBack when it is reconciled again, after it is over
   */
  record Next(
      Replay passage,
      Interned<ProcessMemory> memory,
      int age,
      boolean minded,
      Optional<Duration> comesBack) {}
}
