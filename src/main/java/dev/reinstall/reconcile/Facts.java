package dev.reinstall.reconcile;

import dev.reinstall.api.Reason;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Start;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.api.ServerLedger.Stop;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.cloud.Observation.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All that a decision depends on. The server and the Secrets are read when they are used first. */
interface Facts {

  /** What the Reinstall says. */
  DesiredState desired();

  /** What the ledger contains. */
  RecordedState recorded();

  ServerObservation server();

  SecretsRead secrets();

  /** For the messages. */
  Timeouts timeouts();

  /**
   * @param uncached whether the Reinstall was fetched
   * @param unknownFields fields and values that this operator does not know
   * @param validationError what is wrong that the schema cannot express
   * @param expired whether notAfter has passed
   * @param whenRunning what to do if the server is running
   * @param startAfter whether the server must run after the reinstall
   * @param requiredInstallation what must be installed for the request to start, by the field names
   *     of {@link Observation#installed()}; empty: anything
   * @param reportedProgress the progress that the status reports
   * @param reportedClaim the time of the claim that the status reports
   */
  record DesiredState(
      boolean uncached,
      List<String> unknownFields,
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

    /** The spec of an orphaned entry: nothing may be sent for it. */
    static DesiredState none() {
      return new DesiredState(
          true,
          List.of(),
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

    boolean supported() {
      return unknownFields.isEmpty();
    }

    /** A closed gate: nothing may be sent. A status that is ahead of the ledger closes it. */
    boolean isGateClosed() {
      return /* guard: unsupported-field-closes-the-gate */ !supported()
          || /* guard: deletion-closes-the-gate */ deleted
          || /* guard: suspend-closes-the-gate */ suspended
          || /* guard: not-after-closes-the-gate */ expired
          || /* guard: reported-submit-closes-the-gate */ reportedProgress
              == ReportedProgress.ACCEPTED
          || /* guard: finished-status-closes-the-gate */ reportedProgress.isFinished();
    }

    /**
     * Whether the status reports a submit that the ledger does not contain. A status in phase
     * Submitting is as expected beside a released entry, as long as it reports no later claim than
     * the ledger contains.
     *
     * @param claimTime time of the newest claim that may have been submitted; null: none
     */
    boolean statusIsAheadOf(Instant claimTime) {
      if (reportedProgress != ReportedProgress.SUBMITTING) {
        return reportedProgress == ReportedProgress.ACCEPTED;
      }
      return claimTime == null
          || /* guard: reported-time-of-the-claim */ reportedClaim
              .filter(at -> !at.isAfter(claimTime))
              .isEmpty();
    }

    /** Whether it reports the submit of another claim, which the ledger did not contain. */
    boolean statusReportsOtherClaim(Entry claim) {
      boolean tellsOfThis =
          reportedClaim.equals(Optional.of(claim.claimTime())); // a response was lost
      return !tellsOfThis && statusIsAheadOf(claim.previousClaimTime());
    }

    /** Whether it reports this claim, or a later one: then the ledger was restored to it. */
    boolean statusReportsClaimSince(Entry claim) {
      return reportedClaim.filter(at -> !at.isBefore(claim.claimTime())).isPresent();
    }
  }

  /**
   * The progress that a status reports, least first. It is not the reason to act; it may forbid.
   */
  enum ReportedProgress {
    NONE,
    /** It was to be sent. */
    SUBMITTING,
    /** The cloud accepted the request. */
    ACCEPTED,
    /** It has finished, and the outcome is unknown. */
    UNKNOWN,
    FINISHED;

    boolean isFinished() {
      return this == UNKNOWN || this == FINISHED;
    }
  }

  /**
   * @param name of the request in the ledger
   * @param isOwner false: an orphaned entry that is followed for those behind it
   * @param sameSpec whether the entry is of a request with this spec
   * @param sameObject whether this very object made the newest claim
   * @param uncached whether the ledger was fetched
   * @param supported false: the ledger has something that only a newer operator supports
   * @param hold why nothing may be claimed or sent for this server
   * @param blocking the request that has the server
   * @param unsent whether the claim, or that of the start, is one that this process never submits
   * @param startInFlight whether a start without a response may still take effect, or one that was
   *     rejected for now must not be retried yet
   * @param claimAge how long this process has known the newest claim
   * @param rejectionAge how long this process has known the rejection in the entry
   * @param inBackoff whether the backoff after that rejection is not over
   * @param fence how long others leave the claim alone
   * @param settleTime how long what the cloud reports may lag
   * @param timedOut whether the order time-out has passed since the claim
   * @param resolvable whether evidence may still resolve an unknown outcome
   * @param now when this was found
   */
  record RecordedState(
      String name,
      Optional<Entry> entry,
      boolean isOwner,
      boolean sameSpec,
      boolean sameObject,
      boolean uncached,
      boolean supported,
      Optional<String> hold,
      Optional<BlockingEntry> blocking,
      boolean unsent,
      boolean startInFlight,
      Duration claimAge,
      Duration rejectionAge,
      boolean inBackoff,
      Duration fence,
      Duration settleTime,
      boolean timedOut,
      boolean resolvable,
      Instant now) {

    /** Null: no entry. */
    State state() {
      return entry.map(Entry::state).orElse(null);
    }

    /** The stop that the cloud answered, of the newest claim that stopped the server. */
    Optional<Stop> stop() {
      return entry.map(Entry::stop);
    }

    Optional<Start> start() {
      return entry.map(Entry::start);
    }

    boolean isResponseReceived() {
      return entry.filter(e -> Boolean.TRUE.equals(e.responseReceived())).isPresent();
    }

    boolean isWithinFence() {
      return claimAge.compareTo(fence) < 0;
    }

    /** A server whose installation failed cannot be stopped, and need not be. */
    boolean isStopNotNeeded() {
      return stop().map(Stop::notNeeded).isPresent();
    }

    boolean isFinalForThisObject() {
      return sameObject && entry.filter(e -> e.completionTime() != null).isPresent();
    }

    /** Whether the name is used: a call was or may have been sent, at least a stop. */
    boolean isClaimed() {
      return entry.isPresent() && state() != State.Released && state() != State.UNRECOGNIZED;
    }

    /** What the status of an entry in this state reports. */
    ReportedProgress progress() {
      return switch (state()) {
        case Submitting, RejectedBusy -> ReportedProgress.SUBMITTING;
        case Accepted, Installing, Starting -> ReportedProgress.ACCEPTED;
        case Unknown -> ReportedProgress.UNKNOWN;
        case Succeeded, Failed -> ReportedProgress.FINISHED;
        case Stopping, Released, UNRECOGNIZED -> ReportedProgress.NONE;
      };
    }
  }

  /**
   * @param owner namespace and name of its Reinstall
   * @param open false: it is final, but its newest call may still be in flight
   * @param orphaned whether its Reinstall is gone
   */
  record BlockingEntry(String owner, boolean open, boolean orphaned) {}

  /**
   * Exactly one of {@code observation} and {@code failure} is present.
   *
   * @param mismatch how the spec contradicts what is installed
   * @param changedAsRequested whether the record of the server has changed since the entry's
   *     request was to be sent, and the requested system is installed
   * @param tokenTrusted whether the cloud certainly still remembers the entry's token
   * @param powerChangeSettled whether the latest stop or start has certainly taken effect
   */
  record ServerObservation(
      Optional<Observation> observation,
      Optional<DescribeFailure> failure,
      Optional<String> mismatch,
      Evidence evidence,
      Evidence.LostRequestEvidence lostRequest,
      boolean changedAsRequested,
      boolean tokenTrusted,
      boolean powerChangeSettled) {

    /** What the cloud reports, if the description did not fail. */
    Observation described() {
      return observation.orElseThrow();
    }

    String failureMessage() {
      return failure.orElseThrow().message();
    }

    boolean isBusy() {
      return described().power() == Power.CHANGING
          || described().operation().filter(o -> o.progress() == Progress.IN_PROGRESS).isPresent();
    }

    boolean isOperationDone() {
      return described().operation().filter(o -> o.progress() == Progress.DONE).isPresent();
    }

    boolean isRunning() {
      // guard: running-server-is-waited-for
      return described().power() == Power.RUNNING;
    }

    static ServerObservation failed(DescribeFailure failure) {
      return new ServerObservation(
          Optional.empty(),
          Optional.of(failure),
          Optional.empty(),
          Evidence.NONE,
          Evidence.LostRequestEvidence.NONE,
          false,
          false,
          false);
    }
  }

  /**
   * Why a description failed.
   *
   * @param pause that the cloud asks for
   * @param lasting whether the cloud will give the same answer again
   */
  record DescribeFailure(
      Reason reason, String message, Optional<Duration> pause, boolean lasting) {}

  /**
   * @param problem what is missing or unusable, by name of Secret and key
   * @param unchanged whether they are the ones that the entry's claim was made from
   */
  record SecretsRead(Optional<String> problem, boolean unchanged) {}
}
