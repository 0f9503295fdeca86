package dev.reinstall.reconcile;

import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ReinstallSpec.PowerAfter;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.cloud.Observation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a Reinstall says.
 *
 * @param uncached whether the Reinstall was fetched
 * @param unknownFields fields and values that this operator does not know
 * @param validationError what is wrong that the schema cannot express
 * @param expired whether notAfter has passed
 * @param whenRunning what to do if the server is running
 * @param startAfter whether the server must run after the reinstall
 * @param requiredInstallation what must be installed for the request to start, by the field names
 *     of {@link Observation#installed()}; empty: anything
 * @param requiredLabels what the server must be called, by the names of its labels in {@link
 *     Observation.Details}; empty: anything
 * @param reportedProgress the progress that the status reports
 * @param reportedClaim the time of the claim that the status reports
 * @param checkedReason the reason that the status reports, if it has the plan of the request
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
    Map<String, String> requiredLabels,
    ReportedProgress reportedProgress,
    Optional<Instant> reportedClaim,
    Optional<String> checkedReason) {

  static DesiredState of(ReconcileContext ctx) {
    ReinstallSpec wishedSpec = ctx.reinstall.getSpec();
    return new DesiredState(
        ctx.isReinstallUncached(),
        UnknownFields.of(ctx.reinstall),
        RequestValidation.validate(ctx.reinstall, ctx.cloud, ctx.ports.now()),
        ctx.reinstall.getMetadata().getDeletionTimestamp() != null,
        wishedSpec.suspended(),
        ctx.isExpired(),
        wishedSpec.notAfter(),
        wishedSpec.whenRunning() == null ? WhenRunning.Wait : wishedSpec.whenRunning(),
        wishedSpec.powerAfter() == PowerAfter.Running,
        wishedSpec.requiredInstallation(),
        wishedSpec.requiredLabels(),
        ReportedProgress.of(ctx.reinstall.getStatus()),
        Optional.ofNullable(ctx.reinstall.getStatus()).map(ReinstallStatus::submitTime),
        Optional.ofNullable(ctx.reinstall.getStatus())
            .filter(status -> status.plan() != null)
            .map(ReinstallStatus::reason));
  }

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
        Map.of(),
        ReportedProgress.NONE,
        Optional.empty(),
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
