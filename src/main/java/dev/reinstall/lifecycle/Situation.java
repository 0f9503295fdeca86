package dev.reinstall.lifecycle;

import dev.reinstall.api.Reason;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Start;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.api.ServerLedger.Stop;
import dev.reinstall.cloud.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * All that a decision rests on.
 *
 * @param wish what the Reinstall says
 * @param standing what the ledger says
 * @param look the server, once it was looked at
 * @param secrets the Secrets that the order is made from, once they were read
 */
record Situation(Wish wish, Standing standing, Optional<Look> look, Optional<SecretsRead> secrets) {

  /**
   * @param fresh whether the Reinstall was read uncached
   * @param understood false: a field or value that only a newer operator knows
   * @param unsound what the schema cannot say and is wrong
   * @param expired whether notAfter has passed
   * @param whenRunning what to do while the server is not stopped
   * @param startAfter whether the server is to run once the order is carried out
   * @param asked what must be installed for the order to begin, in the words of {@link
   *     Observation#installed()}; empty: anything
   * @param told what the status says has happened
   * @param toldOf when the claim was made that the status speaks of
   */
  record Wish(
      boolean fresh,
      boolean understood,
      Optional<String> unsound,
      boolean deleted,
      boolean suspended,
      boolean expired,
      WhenRunning whenRunning,
      boolean startAfter,
      Map<String, String> asked,
      Told told,
      Optional<Instant> toldOf) {

    /** What an orphan wishes: nothing may be sent for it. */
    static Wish none() {
      return new Wish(
          true,
          true,
          Optional.empty(),
          true,
          false,
          false,
          WhenRunning.Wait,
          false,
          Map.of(),
          Told.NOTHING,
          Optional.empty());
    }

    /**
     * A closed gate: nothing may be sent. A status that tells of more than the ledger closes it.
     */
    boolean isGateClosed() {
      return /* guard: newer-order-closes-the-gate */ !understood
          || /* guard: deletion-closes-the-gate */ deleted
          || /* guard: suspend-closes-the-gate */ suspended
          || /* guard: not-after-closes-the-gate */ expired
          || /* guard: told-of-a-send-closes-the-gate */ told == Told.GIVEN
          || /* guard: over-closes-the-gate */ told.isOver();
    }

    /**
     * Whether the status tells of a send that the ledger does not know. A status that says Ordering
     * is as it should be beside an entry that was given back, as long as it speaks of no later
     * claim than the ledger knows of.
     *
     * @param known when the newest claim was made that may have led to a send; null: none was
     */
    boolean tellsOfMoreThan(Instant known) {
      if (told != Told.ORDERING) {
        return told == Told.GIVEN;
      }
      return known == null
          || /* guard: told-time-of-the-claim */ toldOf.filter(at -> !at.isAfter(known)).isEmpty();
    }

    /** Whether it tells of a send that is not this claim's, and that the ledger did not know. */
    boolean tellsOfAnotherThan(Entry claim) {
      boolean tellsOfThis = toldOf.equals(Optional.of(claim.claimTime())); // an answer was lost
      return !tellsOfThis && tellsOfMoreThan(claim.previousClaimTime());
    }

    /** Whether it tells of this claim, or of a later one: then the ledger was put back to it. */
    boolean tellsOfSince(Entry claim) {
      return toldOf.filter(at -> !at.isBefore(claim.claimTime())).isPresent();
    }
  }

  /** What a status tells, less first. It is not believed in order to act; it may forbid. */
  enum Told {
    NOTHING,
    /** It was to be sent. */
    ORDERING,
    /** The cloud said yes. */
    GIVEN,
    /** It is over, and nobody knows how. */
    UNKNOWN,
    OVER;

    boolean isOver() {
      return this == UNKNOWN || this == OVER;
    }
  }

  /**
   * @param name of the order in the book
   * @param own false: an orphan that is followed for the sake of those behind it
   * @param sameContents whether the entry is of an order with these contents
   * @param sameObject whether this very object made the newest claim
   * @param fresh whether the book was read uncached
   * @param understood false: the book holds what only a newer operator knows
   * @param ahead the order that has the server
   * @param abandoned whether the claim, or that of the start, is one that this process will never
   *     send
   * @param startUnderWay whether a start that nobody answered may still have an effect, or one that
   *     was refused for now is not to be tried again yet
   * @param claimAge how long this process has known the newest claim
   * @param refusalAge how long this process has known the refusal that the entry holds
   * @param resting whether the pause after that refusal is not over
   * @param fence how long the claim of another is left alone
   * @param settle how long what the cloud says may lag
   * @param timedOut whether the order time-out has passed since the order was claimed
   * @param watched whether an unknown outcome may still be resolved by a look
   */
  record Standing(
      String name,
      Optional<Entry> entry,
      boolean own,
      boolean sameContents,
      boolean sameObject,
      boolean fresh,
      boolean understood,
      Optional<Ahead> ahead,
      boolean abandoned,
      boolean startUnderWay,
      Duration claimAge,
      Duration refusalAge,
      boolean resting,
      Duration fence,
      Duration settle,
      boolean timedOut,
      boolean watched) {

    /** Null: no entry. */
    State state() {
      return entry.map(Entry::state).orElse(null);
    }

    /** The stop that the cloud answered, of the newest claim that held the server for one. */
    Optional<Stop> stop() {
      return entry.map(Entry::stop);
    }

    Optional<Start> start() {
      return entry.map(Entry::start);
    }

    boolean isAnswered() {
      return entry.filter(e -> Boolean.TRUE.equals(e.responseReceived())).isPresent();
    }

    boolean isRefusedBusy() {
      return entry.filter(Lifecycle::isRefusedBusy).isPresent();
    }
  }

  /**
   * @param open false: it is settled, but its newest call may still be under way
   * @param orphan whether its Reinstall is gone
   */
  record Ahead(String name, String namespace, boolean open, boolean orphan) {}

  /**
   * One of {@code seen} and {@code failure} is there.
   *
   * @param unfit what of the order contradicts what is installed
   * @param tokenTrusted whether the cloud surely still remembers the entry's token
   * @param settled whether the server surely rests as it is shown, after what was last switched
   */
  record Look(
      Optional<Observation> seen,
      Optional<Failure> failure,
      Optional<String> unfit,
      Sight sight,
      Sight.Trace trace,
      boolean tokenTrusted,
      boolean settled) {

    static Look failed(Failure failure) {
      return new Look(
          Optional.empty(),
          Optional.of(failure),
          Optional.empty(),
          Sight.NOTHING,
          Sight.Trace.NONE,
          false,
          false);
    }
  }

  /**
   * Why a look failed.
   *
   * @param pause how long the cloud asks to be left alone
   */
  record Failure(Reason reason, String message, Optional<Duration> pause) {}

  /**
   * @param problem what is missing or unusable, by name of Secret and key
   * @param unchanged whether they are the ones that the entry's claim was made from
   */
  record SecretsRead(Optional<String> problem, boolean unchanged) {}
}
