package dev.reinstall.reconcile;

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
 * @param desired what the Reinstall says
 * @param recorded what the ledger says
 * @param server the server, once it was looked at
 * @param secrets the Secrets that the order is made from, once they were read
 */
record ObservedState(
    DesiredState desired,
    RecordedState recorded,
    Optional<ServerObservation> server,
    Optional<SecretsRead> secrets,
    Timeouts timeouts) {

  /**
   * @param uncached whether the Reinstall was read uncached
   * @param supported false: a field or value that only a newer operator knows
   * @param validationError what the schema cannot say and is wrong
   * @param expired whether notAfter has passed
   * @param whenRunning what to do while the server is not stopped
   * @param startAfter whether the server is to run once the order is carried out
   * @param requiredInstallation what must be installed for the order to begin, in the words of
   *     {@link Observation#installed()}; empty: anything
   * @param reportedProgress what the status says has happened
   * @param reportedClaim when the claim was made that the status speaks of
   */
  record DesiredState(
      boolean uncached,
      boolean supported,
      Optional<String> validationError,
      boolean deleted,
      boolean suspended,
      boolean expired,
      Instant notAfter,
      WhenRunning whenRunning,
      boolean startAfter,
      Map<String, String> requiredInstallation,
      ReportedProgress reportedProgress,
      Optional<Instant> reportedClaim) {

    /** What an orphan wishes: nothing may be sent for it. */
    static DesiredState none() {
      return new DesiredState(
          true,
          true,
          Optional.empty(),
          true,
          false,
          false,
          Instant.MAX,
          WhenRunning.Wait,
          false,
          Map.of(),
          ReportedProgress.NONE,
          Optional.empty());
    }

    /**
     * A closed gate: nothing may be sent. A status that tells of more than the ledger closes it.
     */
    boolean isGateClosed() {
      return /* guard: unsupported-field-closes-the-gate */ !supported
          || /* guard: deletion-closes-the-gate */ deleted
          || /* guard: suspend-closes-the-gate */ suspended
          || /* guard: not-after-closes-the-gate */ expired
          || /* guard: reported-submit-closes-the-gate */ reportedProgress
              == ReportedProgress.ACCEPTED
          || /* guard: finished-status-closes-the-gate */ reportedProgress.isFinished();
    }

    /**
     * Whether the status tells of a send that the ledger does not know. A status that says Ordering
     * is as it should be beside an entry that was given back, as long as it speaks of no later
     * claim than the ledger knows of.
     *
     * @param known when the newest claim was made that may have led to a send; null: none was
     */
    boolean statusIsAheadOf(Instant known) {
      if (reportedProgress != ReportedProgress.SUBMITTING) {
        return reportedProgress == ReportedProgress.ACCEPTED;
      }
      return known == null
          || /* guard: reported-time-of-the-claim */ reportedClaim
              .filter(at -> !at.isAfter(known))
              .isEmpty();
    }

    /** Whether it tells of a send that is not this claim's, and that the ledger did not know. */
    boolean statusReportsOtherClaim(Entry claim) {
      boolean tellsOfThis =
          reportedClaim.equals(Optional.of(claim.claimTime())); // an answer was lost
      return !tellsOfThis && statusIsAheadOf(claim.previousClaimTime());
    }

    /** Whether it tells of this claim, or of a later one: then the ledger was put back to it. */
    boolean statusReportsClaimSince(Entry claim) {
      return reportedClaim.filter(at -> !at.isBefore(claim.claimTime())).isPresent();
    }
  }

  /** What a status tells, less first. It is not believed in order to act; it may forbid. */
  enum ReportedProgress {
    NONE,
    /** It was to be sent. */
    SUBMITTING,
    /** The cloud said yes. */
    ACCEPTED,
    /** It is over, and nobody knows how. */
    UNKNOWN,
    FINISHED;

    boolean isFinished() {
      return this == UNKNOWN || this == FINISHED;
    }
  }

  /**
   * @param name of the order in the book
   * @param isOwner false: an orphan that is followed for the sake of those behind it
   * @param sameSpec whether the entry is of an order with these contents
   * @param sameObject whether this very object made the newest claim
   * @param uncached whether the book was read uncached
   * @param supported false: the book holds what only a newer operator knows
   * @param blocking the order that has the server
   * @param unsent whether the claim, or that of the start, is one that this process will never send
   * @param startInFlight whether a start that nobody answered may still have an effect, or one that
   *     was refused for now is not to be tried again yet
   * @param claimAge how long this process has known the newest claim
   * @param rejectionAge how long this process has known the refusal that the entry holds
   * @param inBackoff whether the pause after that refusal is not over
   * @param fence how long the claim of another is left alone
   * @param settleTime how long what the cloud says may lag
   * @param timedOut whether the order time-out has passed since the order was claimed
   * @param resolvable whether an unknown outcome may still be resolved by a look
   */
  record RecordedState(
      String name,
      Optional<Entry> entry,
      boolean isOwner,
      boolean sameSpec,
      boolean sameObject,
      boolean uncached,
      boolean supported,
      Optional<BlockingEntry> blocking,
      boolean unsent,
      boolean startInFlight,
      Duration claimAge,
      Duration rejectionAge,
      boolean inBackoff,
      Duration fence,
      Duration settleTime,
      boolean timedOut,
      boolean resolvable) {

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

    boolean isResponseReceived() {
      return entry.filter(e -> Boolean.TRUE.equals(e.responseReceived())).isPresent();
    }

    boolean isRejectedBusy() {
      return entry.filter(DecisionTable::isRejectedBusy).isPresent();
    }
  }

  /**
   * @param open false: it is settled, but its newest call may still be under way
   * @param orphaned whether its Reinstall is gone
   */
  record BlockingEntry(String name, String namespace, boolean open, boolean orphaned) {}

  /**
   * One of {@code seen} and {@code failure} is there.
   *
   * @param mismatch what of the order contradicts what is installed
   * @param tokenTrusted whether the cloud surely still remembers the entry's token
   * @param powerChangeSettled whether the server surely rests as it is shown, after what was last
   *     switched
   */
  record ServerObservation(
      Optional<Observation> observation,
      Optional<DescribeFailure> failure,
      Optional<String> mismatch,
      Evidence evidence,
      Evidence.LostRequestEvidence lostRequest,
      boolean tokenTrusted,
      boolean powerChangeSettled) {

    static ServerObservation failed(DescribeFailure failure) {
      return new ServerObservation(
          Optional.empty(),
          Optional.of(failure),
          Optional.empty(),
          Evidence.NONE,
          Evidence.LostRequestEvidence.NONE,
          false,
          false);
    }
  }

  /**
   * Why a look failed.
   *
   * @param pause how long the cloud asks to be left alone
   */
  record DescribeFailure(Reason reason, String message, Optional<Duration> pause) {}

  /**
   * @param problem what is missing or unusable, by name of Secret and key
   * @param unchanged whether they are the ones that the entry's claim was made from
   */
  record SecretsRead(Optional<String> problem, boolean unchanged) {}
}
