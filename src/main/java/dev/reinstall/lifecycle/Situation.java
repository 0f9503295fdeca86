package dev.reinstall.lifecycle;

import dev.reinstall.api.Reason;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;
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
   * @param understood false: a field or value that only a newer operator knows
   * @param unsound what the schema cannot say and is wrong
   * @param expired whether notAfter has passed
   * @param asked what must be installed for the order to begin, in the words of {@link
   *     Observation#installed()}; empty: anything
   * @param told what the status says has happened
   * @param toldOf when the claim was made that the status speaks of
   */
  record Wish(
      boolean understood,
      Optional<String> unsound,
      boolean deleted,
      boolean suspended,
      boolean expired,
      boolean failIfRunning,
      Map<String, String> asked,
      Told told,
      Optional<Instant> toldOf) {

    /** What an orphan wishes: nothing may be sent for it. */
    static Wish none() {
      return new Wish(
          true,
          Optional.empty(),
          true,
          false,
          false,
          false,
          Map.of(),
          Told.NOTHING,
          Optional.empty());
    }

    /**
     * A closed gate: nothing may be sent. A status that tells of more than the ledger closes it.
     */
    boolean isGateClosed() {
      return !understood || deleted || suspended || expired || told == Told.GIVEN || told.isOver();
    }

    /**
     * Whether the status tells of a send that this entry, before it is claimed anew, does not know.
     * A status that says Ordering is as it should be beside an entry that was given back, as long
     * as it speaks of no later claim than the entry does.
     */
    boolean tellsOfMoreThan(Optional<Entry> entry) {
      if (told != Told.ORDERING) {
        return told == Told.GIVEN;
      }
      return entry
          .map(Entry::claimedAt)
          .filter(known -> toldOf.filter(at -> !at.isAfter(known)).isPresent())
          .isEmpty();
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
   * @param abandoned whether the claim is one that this process will never send
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
   */
  record Look(
      Optional<Observation> seen,
      Optional<Failure> failure,
      Optional<String> unfit,
      Sight sight,
      Sight.Trace trace,
      boolean tokenTrusted) {

    static Look failed(Failure failure) {
      return new Look(
          Optional.empty(),
          Optional.of(failure),
          Optional.empty(),
          Sight.NOTHING,
          Sight.Trace.NONE,
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
