package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.PlannedInstallation;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.ReinstallStatus.Plan;
import dev.reinstall.cloud.Finding;
import dev.reinstall.reconcile.Check;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckConverterTest {
  private static final Finding WARNING = Finding.warning("spec.a", "a warning.");
  private static final Finding WEAK = Finding.correctable("spec.b", "too weak.");
  private static final Finding UNFIT = Finding.invalid("spec.c", "unfit.");

  @Test
  void every_finding_is_an_error_or_a_warning() {
    assertThat(CheckConverter.findings(check(List.of(WARNING, WEAK, UNFIT), true)))
        .containsExactly(
            new ReinstallStatus.Finding("spec.a", "Warning", "a warning."),
            new ReinstallStatus.Finding("spec.b", "Error", "too weak."),
            new ReinstallStatus.Finding("spec.c", "Error", "unfit."));
    assertThat(CheckConverter.findings(check(List.of(), true))).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "0, false, true,  True,    Passed,      ''",
    "1, false, true,  True,    Passed,      'a warning.'",
    "1, true,  true,  False,   ErrorsFound, 'too weak. a warning.'",
    "1, true,  false, False,   ErrorsFound, 'too weak. a warning.'",
    "1, false, false, Unknown, Incomplete,  'a warning.'"
  })
  void the_condition_is_true_if_all_was_checked_and_nothing_is_wrong(
      int warnings, boolean error, boolean complete, String status, String reason, String message) {
    List<Finding> findings =
        error ? List.of(WARNING, WEAK) : Collections.nCopies(warnings, WARNING);

    Condition condition =
        CheckConverter.condition(Optional.of(check(findings, complete)), null).orElseThrow();

    assertThat(condition.getType()).isEqualTo("Checked");
    assertThat(condition.getStatus()).isEqualTo(status);
    assertThat(condition.getReason()).isEqualTo(reason);
    assertThat(condition.getMessage()).isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource({"0, Ready", "1, 1 finding", "3, 3 findings"})
  void a_plan_is_ready_or_has_findings(int findings, String summary) {
    Check check = check(Collections.nCopies(findings, WARNING), true);

    assertThat(CheckConverter.plan(check, null).summary()).isEqualTo(summary);
  }

  @Test
  void what_a_plan_cannot_show_now_is_as_it_was() {
    Plan before = CheckConverter.plan(check(List.of(), true), null);
    Check undescribed = new Check(List.of(WARNING), false, Optional.empty());
    Plan bare =
        new Plan(
            "Ready",
            "web-1",
            null,
            null,
            new PlannedInstallation(null, null, null, null, null, null, null, null));

    assertThat(CheckConverter.plan(undescribed, null).summary()).isEqualTo("1 finding");
    assertThat(CheckConverter.plan(undescribed, before).serverName()).isEqualTo("web-1");
    assertThat(CheckConverter.plan(undescribed, bare).serverName()).isEqualTo("web-1");
  }

  @Test
  void no_word_is_longer_than_the_schema_allows() {
    String endless = "\u957f".repeat(5000);
    List<String> many = Collections.nCopies(200, endless);
    Plan plan =
        new Plan(
            null,
            endless,
            many,
            endless,
            new PlannedInstallation(
                Map.of("imageId", endless), Map.of(), many, many, many, endless, endless, endless));
    Check check =
        new Check(
            Collections.nCopies(200, Finding.invalid(endless, endless)), true, Optional.of(plan));

    Plan shown = CheckConverter.plan(check, null);
    List<ReinstallStatus.Finding> findings = CheckConverter.findings(check);

    assertThat(shown.serverName()).hasSize(128);
    assertThat(shown.addresses()).hasSize(16).allMatch(text -> text.length() == 128);
    assertThat(shown.power()).hasSize(256);
    assertThat(shown.installation().from().get("imageId")).hasSize(128);
    assertThat(shown.installation().to()).isNull();
    assertThat(shown.installation().wipedDisks()).hasSize(64).allMatch(t -> t.length() == 256);
    assertThat(shown.installation().changes()).hasSize(16);
    assertThat(shown.installation().userData()).hasSize(128);
    assertThat(findings).hasSize(32);
    assertThat(findings.get(0).field()).hasSize(128);
    assertThat(findings.get(0).message()).hasSize(512);
    assertThat(CheckConverter.condition(Optional.of(check), null).orElseThrow().getMessage())
        .hasSize(1024);
  }

  private static Check check(List<Finding> findings, boolean complete) {
    return new Check(findings, complete, Optional.of(plan("2 bytes")));
  }

  private static Plan plan(String userData) {
    return new Plan(
        null,
        "web-1",
        List.of("10.0.0.7"),
        "No stop is needed.",
        new PlannedInstallation(
            Map.of("imageId", "img-old"),
            Map.of("imageId", "img-new"),
            List.of("system disk"),
            List.of(),
            List.of(),
            "a password",
            null,
            userData));
  }
}
