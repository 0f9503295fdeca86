package dev.reinstall.reconcile;

import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.RecordedEvidence;
import dev.reinstall.cloud.CloudCapabilities;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Operation;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.cloud.Observation.Progress;
import dev.reinstall.ledger.Ledger;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What an observation shows of a request that was, or may have been, submitted. */
enum Evidence {
  /** Nothing of this request. */
  NONE,
  /** Something to be written down, or a crash forgets it: the server was seen at work. */
  TRANSITION,
  /** Something to be written down: the cloud's record of the server changed. */
  CHANGED,
  /** The install is done. */
  DONE,
  /** The install failed. */
  FAILED;

  /**
   * The evidence of a request that the cloud accepted.
   *
   * @param settled whether the server has not changed for the settling time of the cloud
   */
  static Evidence of(
      Entry entry, Observation observation, CloudCapabilities capabilities, boolean settled) {
    return capabilities.namesOperations()
        ? byOperation(entry, observation)
        : byStatus(entry, observation, settled);
  }

  private static Evidence byOperation(Entry entry, Observation observation) {
    Operation operation = observation.operation().orElse(null);
    if (operation == null
        || /* guard: end-of-a-reinstall */ !operation.reinstall()
        || /* guard: end-of-the-own-request */ !operation.id().equals(entry.requestId())
        || operation.progress() == Progress.IN_PROGRESS) {
      return NONE;
    }
    return operation.progress() == Progress.DONE ? DONE : FAILED;
  }

  /**
   * Without an operation: in transition, then not. A record that changed while the server was not
   * seen in transition counts only when it has settled, because it may change before the
   * installation starts.
   */
  private static Evidence byStatus(Entry entry, Observation observation, boolean settled) {
    RecordedEvidence.Kind before = entry.evidence() == null ? null : entry.evidence().kind();
    if (observation.power() == Power.CHANGING) {
      return before == RecordedEvidence.Kind.Transition ? NONE : TRANSITION;
    }
    if (before == null) {
      return hasChanged(entry, observation) ? CHANGED : NONE;
    }
    // guard: changed-record-must-settle
    if (before == RecordedEvidence.Kind.Changed && !settled) {
      return NONE;
    }
    if (observation.power() == Power.BROKEN) {
      return FAILED;
    }
    // guard: done-with-the-requested-system
    return isInstalled(entry.expected(), observation.installed()) ? DONE : NONE;
  }

  private static boolean hasChanged(Entry entry, Observation observation) {
    Optional<String> before =
        Optional.ofNullable(entry.baseline()).map(baseline -> baseline.updateTime());
    boolean updated =
        before.isPresent()
            && observation.updateTime().isPresent()
            && !before.equals(observation.updateTime());
    return updated || isNewlyInstalled(entry, observation);
  }

  /** Whether the requested system is installed, and was not before the request. */
  private static boolean isNewlyInstalled(Entry entry, Observation observation) {
    Map<String, String> installedBefore =
        entry.baseline() == null || entry.baseline().installed() == null
            ? Map.of()
            : entry.baseline().installed();
    return hasRequestedSystem(entry, observation)
        && !installedBefore.isEmpty()
        && !installedBefore.entrySet().containsAll(entry.expected().entrySet());
  }

  private static boolean hasRequestedSystem(Entry entry, Observation observation) {
    return entry.expected() != null
        && observation.installed().entrySet().containsAll(entry.expected().entrySet());
  }

  /**
   * Whether a cloud without operations shows what the request would have left: a changed record,
   * and the requested system. It may be its own work, so the token must not be relied on.
   */
  static boolean isChangedAsRequested(
      Entry entry, Observation observation, CloudCapabilities capabilities) {
    return !capabilities.namesOperations()
        && hasChanged(entry, observation)
        && hasRequestedSystem(entry, observation);
  }

  /** Whether what is installed, as far as the cloud reports it, is what was requested. */
  static boolean isInstalled(Map<String, String> ordered, Map<String, String> installed) {
    return ordered == null
        || ordered.entrySet().stream()
            .allMatch(e -> installed.getOrDefault(e.getKey(), e.getValue()).equals(e.getValue()));
  }

  /**
   * Whether an observation shows what may be the operation of a request whose response was lost.
   */
  enum LostRequestEvidence {
    /** No reinstall that was not there before. */
    NONE,
    /**
     * Another operation that was not there before; a reinstall may have come and gone before it.
     * What is installed proves nothing: a failed one may leave what was there.
     */
    HIDDEN,
    /** A reinstall that is in progress, or that cannot be distinguished yet: describe again. */
    UNDECIDED,
    /** A reinstall, or a newly installed system, that nothing distinguishes from this request. */
    MATCHES,
    /** A reinstall of somebody else. */
    FOREIGN;

    static LostRequestEvidence of(
        String name,
        Entry entry,
        Ledger ledger,
        Observation observation,
        CloudCapabilities capabilities) {
      return capabilities.namesOperations()
          ? byOperation(name, entry, ledger, observation)
          : bySystem(entry, ledger, observation);
    }

    /** Without operations: the requested system is there, and was not before. */
    private static LostRequestEvidence bySystem(
        Entry entry, Ledger ledger, Observation observation) {
      boolean atRest = observation.power() == Power.STOPPED || observation.power() == Power.RUNNING;
      if (!atRest || !isNewlyInstalled(entry, observation)) {
        return NONE;
      }
      return ledger.hasLaterClaimThan(entry) ? FOREIGN : MATCHES;
    }

    private static LostRequestEvidence byOperation(
        String name, Entry entry, Ledger ledger, Observation observation) {
      Operation operation = observation.operation().orElse(null);
      String before = entry.baseline() == null ? null : entry.baseline().operationId();
      String now = operation == null ? null : operation.id();
      // guard: evidence-needs-a-baseline
      if (entry.baseline() == null
          || /* guard: evidence-was-not-there-before */ Objects.equals(now, before)) {
        // named: no-evidence
        return NONE;
      }
      if (operation == null || /* guard: evidence-is-a-reinstall */ !operation.reinstall()) {
        // guard: start-or-stop-hides-a-evidence
        return HIDDEN;
      }
      // guard: evidence-before-a-later-claim
      if (ledger.hasLaterClaimThan(entry)
          || /* guard: evidence-of-no-other-request */ ledger.isOwnedByAnother(
              operation.id(), name)) {
        return FOREIGN;
      }
      // guard: evidence-installed-what-was-requested
      if (isInstalled(entry.expected(), observation.installed())) {
        return MATCHES;
      }
      return operation.progress() == Progress.IN_PROGRESS ? UNDECIDED : FOREIGN;
    }
  }
}
