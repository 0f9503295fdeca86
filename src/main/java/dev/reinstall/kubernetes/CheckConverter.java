package dev.reinstall.kubernetes;

import dev.reinstall.api.PlannedInstallation;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.ReinstallStatus.Plan;
import dev.reinstall.api.StoredText;
import dev.reinstall.cloud.Finding;
import dev.reinstall.reconcile.Check;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the status says of the check of a request. Its words are cut to the schema's limits. */
final class CheckConverter {
  static final String CHECKED = "Checked";
  private static final int MAX_FINDINGS = 32;
  private static final int MAX_DISKS = 64;
  private static final int MAX_FIELDS = 16;
  private static final int FIELD = 128;
  private static final int FINDING = 512;
  private static final int LINE = 256;

  private CheckConverter() {}

  /** Null: none was found. */
  static List<ReinstallStatus.Finding> findings(Check check) {
    List<ReinstallStatus.Finding> findings =
        check.findings().stream().limit(MAX_FINDINGS).map(CheckConverter::finding).toList();
    return findings.isEmpty() ? null : findings;
  }

  private static ReinstallStatus.Finding finding(Finding finding) {
    return new ReinstallStatus.Finding(
        StoredText.shorten(finding.field(), FIELD),
        finding.isError() ? "Error" : "Warning",
        StoredText.shorten(finding.message(), FINDING));
  }

  /**
   * @param before the plan that is shown; null: none
   */
  static Plan plan(Check check, Plan before) {
    Plan plan =
        check.plan().orElse(before == null ? new Plan(null, null, null, null, null) : before);
    return new Plan(
        summary(check.findings().size()),
        shortened(plan.serverName(), FIELD),
        shortened(plan.addresses(), MAX_FIELDS, FIELD),
        shortened(plan.power(), LINE),
        installation(plan.installation()));
  }

  private static String summary(int findings) {
    return switch (findings) {
      case 0 -> "Ready";
      case 1 -> "1 finding";
      default -> findings + " findings";
    };
  }

  private static PlannedInstallation installation(PlannedInstallation now) {
    if (now == null) {
      return null;
    }
    return new PlannedInstallation(
        shortened(now.from(), FIELD),
        shortened(now.to(), LINE),
        shortened(now.wipedDisks(), MAX_DISKS, LINE),
        shortened(now.keptDisks(), MAX_DISKS, LINE),
        shortened(now.changes(), MAX_FIELDS, LINE),
        shortened(now.login(), LINE),
        shortened(now.hostname(), FIELD),
        shortened(now.userData(), FIELD));
  }

  private static String shortened(String text, int most) {
    return text == null ? null : StoredText.shorten(text, most);
  }

  private static List<String> shortened(List<String> texts, int mostTexts, int most) {
    return texts == null || texts.isEmpty()
        ? null
        : texts.stream().limit(mostTexts).map(text -> StoredText.shorten(text, most)).toList();
  }

  private static Map<String, String> shortened(Map<String, String> fields, int most) {
    if (fields == null) { // a plan that was stored has no empty ones
      return null;
    }
    Map<String, String> kept = new TreeMap<>();
    fields.entrySet().stream()
        .limit(MAX_FIELDS)
        .forEach(field -> kept.put(field.getKey(), StoredText.shorten(field.getValue(), most)));
    return kept.isEmpty() ? null : kept;
  }

  /** The condition; without a check, that of the last one; empty: it was never checked. */
  static Optional<Condition> condition(Optional<Check> check, ReinstallStatus before) {
    return check.map(CheckConverter::condition).or(() -> last(before));
  }

  private static Optional<Condition> last(ReinstallStatus before) {
    return Optional.ofNullable(before).map(ReinstallStatus::conditions).stream()
        .flatMap(List::stream)
        .filter(condition -> condition.getType().equals(CHECKED))
        .findFirst();
  }

  private static Condition condition(Check check) {
    if (Finding.haveError(check.findings())) {
      return condition("False", "ErrorsFound", messages(check));
    }
    return check.complete()
        ? condition("True", "Passed", messages(check))
        : condition("Unknown", "Incomplete", messages(check));
  }

  private static String messages(Check check) {
    Stream<String> errorsFirst =
        Stream.concat(
            check.findings().stream().filter(Finding::isError).map(Finding::message),
            check.findings().stream().filter(found -> !found.isError()).map(Finding::message));
    return StoredText.shorten(String.join(" ", errorsFirst.toList()), StoredText.MESSAGE);
  }

  private static Condition condition(String status, String reason, String message) {
    return new ConditionBuilder()
        .withType(CHECKED)
        .withStatus(status)
        .withReason(reason)
        .withMessage(message)
        .build();
  }
}
