package dev.reinstall.reconcile;

import dev.reinstall.api.Phase;
import dev.reinstall.api.ReinstallStatus;

/** The progress that a status reports, least first. It is not the reason to act; it may forbid. */
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

  /**
   * A phase that this operator does not know may be that of a submitted request of a newer one; and
   * what is Pending because the cloud is busy was submitted, and reports it by the time of its
   * claim.
   */
  static ReportedProgress of(ReinstallStatus status) {
    String phase = status == null ? null : status.phase();
    if (phase == null) {
      return NONE;
    }
    if (phase.equals(Phase.Pending.name())) {
      // guard: waiting-after-a-submit-reports-it
      return status.submitTime() == null ? NONE : SUBMITTING;
    }
    if (phase.equals(Phase.Stopping.name())) {
      return NONE; // a stop is not a submit
    }
    if (phase.equals(Phase.Submitting.name())) {
      return SUBMITTING;
    }
    if (phase.equals(Phase.Unknown.name())) {
      return UNKNOWN;
    }
    boolean over = phase.equals(Phase.Succeeded.name()) || phase.equals(Phase.Failed.name());
    return over ? FINISHED : ACCEPTED;
  }
}
