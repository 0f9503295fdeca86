package dev.reinstall.reconcile;

import dev.reinstall.api.Reason;
import dev.reinstall.cloud.Finding;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.cloud.Observation.Progress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a description of the server shows. Exactly one of {@code observation} and {@code failure} is
 * present.
 *
 * @param findings what contradicts the spec
 * @param changedAsRequested whether the record of the server has changed since the entry's request
 *     was to be sent, and the requested system is installed
 * @param tokenTrusted whether the cloud certainly still remembers the entry's token
 * @param powerChangeSettled whether the latest stop or start has certainly taken effect
 */
record ServerObservation(
    Optional<Observation> observation,
    Optional<DescribeFailure> failure,
    List<Finding> findings,
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
        List.of(),
        Evidence.NONE,
        Evidence.LostRequestEvidence.NONE,
        false,
        false,
        false);
  }

  /**
   * Why a description failed.
   *
   * @param pause that the cloud asks for
   * @param lasting whether the cloud will give the same answer again
   */
  record DescribeFailure(Reason reason, String message, Optional<Duration> pause, boolean lasting) {

    /** Nobody has to do anything about it. */
    boolean passes() {
      return reason == Reason.Throttled || reason == Reason.CloudUnreachable;
    }
  }
}
