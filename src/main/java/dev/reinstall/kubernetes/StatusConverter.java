package dev.reinstall.kubernetes;

import dev.reinstall.api.Phase;
import dev.reinstall.api.Reason;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.ReinstallStatus.ServerStatus;
import dev.reinstall.api.StoredText;
import dev.reinstall.cloud.Observation;
import dev.reinstall.reconcile.ReportedStatus;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The one place where a status is made. Its words are cut to the schema's limits. */
final class StatusConverter {
  private static final String RECONCILING = "Reconciling";
  static final String RECONCILE_ERROR = "ReconcileError";
  private static final int MESSAGE = StoredText.MESSAGE;
  private static final int WORD = 64;
  private static final int INSTALLED_FIELDS = 16;

  private StatusConverter() {}

  static ReinstallStatus of(
      ReportedStatus reported, ReinstallStatus before, long generation, Instant now) {
    boolean samePhase = before != null && reported.phase().name().equals(before.phase());
    return new ReinstallStatus(
        generation,
        reported.phase().name(),
        StoredText.shorten(reported.reason(), WORD),
        StoredText.shorten(reported.message(), MESSAGE),
        reported.requestId().map(id -> StoredText.cut(id, StoredText.ID)).orElse(null),
        reported
            .observation()
            .map(StatusConverter::server)
            .orElse(before == null ? null : before.server()),
        reported
            .check()
            .map(check -> CheckConverter.plan(check, before == null ? null : before.plan()))
            .orElse(before == null ? null : before.plan()),
        reported.check().isPresent()
            ? CheckConverter.findings(reported.check().get())
            : before == null ? null : before.findings(),
        reported.submitTime().orElse(null),
        samePhase && before.completionTime() != null
            ? before.completionTime()
            : reported.completionTime().orElse(null),
        conditions(reported, before, generation, now));
  }

  /** The same status, speaking of another generation of the object. */
  static ReinstallStatus withGeneration(ReinstallStatus status, long generation) {
    List<Condition> conditions =
        status.conditions() == null
            ? null
            : status.conditions().stream()
                .map(c -> new ConditionBuilder(c).withObservedGeneration(generation).build())
                .toList();
    return with(status, generation, conditions);
  }

  private static ReinstallStatus with(
      ReinstallStatus status, Long generation, List<Condition> conditions) {
    return new ReinstallStatus(
        generation,
        status.phase(),
        status.reason(),
        status.message(),
        status.requestId(),
        status.server(),
        status.plan(),
        status.findings(),
        status.submitTime(),
        status.completionTime(),
        conditions);
  }

  /**
   * The same status with a failure of the operator in its Reconciling condition; one that has
   * finished stays as it is.
   */
  static ReinstallStatus withFailure(ReinstallStatus status, String message, Instant now) {
    if (status != null && isFinished(status)) {
      return status;
    }
    Condition failure =
        new ConditionBuilder()
            .withType(RECONCILING)
            .withStatus("True")
            .withReason(RECONCILE_ERROR)
            .withMessage(StoredText.shorten(message, MESSAGE))
            .withObservedGeneration(status == null ? null : status.observedGeneration())
            .build();
    failure.setLastTransitionTime(since(failure, status, now));
    List<Condition> conditions = new ArrayList<>();
    if (status != null && status.conditions() != null) {
      status.conditions().stream()
          .filter(c -> !c.getType().equals(RECONCILING))
          .forEach(conditions::add);
    }
    conditions.add(failure);
    return status == null
        ? new ReinstallStatus(-1L, null, null, null, null, null, null, null, null, null, conditions)
        : with(status, status.observedGeneration(), conditions);
  }

  /** Whether {@link #withFailure} made it. */
  static boolean isFailure(Condition condition) {
    return condition.getType().equals(RECONCILING) && RECONCILE_ERROR.equals(condition.getReason());
  }

  static boolean isFinished(ReinstallStatus status) {
    return Stream.of(Phase.values())
        .anyMatch(phase -> phase.isFinished() && phase.name().equals(status.phase()));
  }

  /** Whether they are the same, apart from the observed server: that alone is not worth a write. */
  static boolean isSame(ReinstallStatus a, ReinstallStatus b) {
    return a != null
        && Objects.equals(a.observedGeneration(), b.observedGeneration())
        && Objects.equals(a.phase(), b.phase())
        && Objects.equals(a.reason(), b.reason())
        && Objects.equals(a.message(), b.message())
        && Objects.equals(a.requestId(), b.requestId())
        && Objects.equals(a.plan(), b.plan())
        && Objects.equals(a.findings(), b.findings())
        && Objects.equals(a.submitTime(), b.submitTime())
        && Objects.equals(a.completionTime(), b.completionTime())
        && Objects.equals(a.conditions(), b.conditions());
  }

  private static ServerStatus server(Observation observation) {
    Map<String, String> installed = new TreeMap<>();
    observation.installed().entrySet().stream()
        .limit(INSTALLED_FIELDS)
        .forEach(e -> installed.put(e.getKey(), e.getValue()));
    return new ServerStatus(observation.rawState(), installed.isEmpty() ? null : installed);
  }

  private static List<Condition> conditions(
      ReportedStatus reported, ReinstallStatus before, long generation, Instant now) {
    Phase phase = reported.phase();
    List<Condition> conditions = new ArrayList<>();
    CheckConverter.condition(reported.check(), before).ifPresent(conditions::add);
    conditions.add(condition("Accepted", accepted(reported), reported, ""));
    conditions.add(condition("Succeeded", succeeded(phase), reported, ""));
    conditions.add(condition("Finished", bool(phase.isFinished()), reported, ""));
    conditions.add(
        condition("Ready", bool(phase == Phase.Succeeded), reported, reported.message()));
    if (!phase.isFinished()) {
      conditions.add(condition(RECONCILING, "True", reported, reported.message()));
    } else if (phase != Phase.Succeeded) {
      conditions.add(condition("Stalled", "True", reported, reported.message()));
    }
    return conditions.stream()
        .map(
            c ->
                new ConditionBuilder(c)
                    .withObservedGeneration(generation)
                    .withLastTransitionTime(since(c, before, now))
                    .build())
        .toList();
  }

  private static Condition condition(
      String type, String status, ReportedStatus reported, String message) {
    return new ConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason(StoredText.shorten(reported.reason(), WORD))
        .withMessage(StoredText.shorten(message, MESSAGE))
        .build();
  }

  private static String accepted(ReportedStatus reported) {
    boolean unknown =
        Reason.AwaitingConfirmation.name().equals(reported.reason())
            || reported.phase() == Phase.Unknown;
    return reported.accepted() ? "True" : unknown ? "Unknown" : "False";
  }

  private static String succeeded(Phase phase) {
    return switch (phase) {
      case Succeeded -> "True";
      case Failed -> "False";
      default -> "Unknown";
    };
  }

  private static String bool(boolean value) {
    return value ? "True" : "False";
  }

  private static String since(Condition condition, ReinstallStatus before, Instant now) {
    return Optional.ofNullable(before).map(ReinstallStatus::conditions).stream()
        .flatMap(List::stream)
        .filter(c -> c.getType().equals(condition.getType()))
        .filter(c -> c.getStatus().equals(condition.getStatus()))
        .map(Condition::getLastTransitionTime)
        .findFirst()
        .orElse(now.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /** The copy with another status, and with the resourceVersion that the write is compared by. */
  static Reinstall copyWith(Reinstall copy, ReinstallStatus status) {
    Reinstall next = new Reinstall();
    next.setMetadata(
        /* guard: status-with-its-resource-version */ new ObjectMetaBuilder(copy.getMetadata())
            .build());
    next.setSpec(copy.getSpec());
    next.setStatus(status);
    next.becomePartOf(copy.completeSpecHash().orElse(null));
    return next;
  }
}
