package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.Phase;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.reconcile.ReportedStatus;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusConverterTest {
  private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");
  private static final Instant LATER = NOON.plusSeconds(60);

  /** The conditions in each state, and the resulting kstatus. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # phase,    reason,         given, Ordered, Succeeded, Finished, Ready, Reconciling, Stalled
          Pending,    Queued,         false, False,   Unknown,   False,    False, True,        -
          Submitting,   Submitting,       false, False,   Unknown,   False,    False, True,        -
          Submitting,   AwaitingConfirmation,  false, Unknown, Unknown,   False,    False, True,        -
          Installing, Installing,     true,  True,    Unknown,   False,    False, True,        -
          Succeeded,  Installed,      true,  True,    True,      True,     True,  -,           -
          Succeeded,  AlreadyCompleted,    true,  True,    True,      True,     True,  -,           -
          Failed,     Rejected,       false, False,   False,     True,     False, -,           True
          Failed,     InstallFailed,  true,  True,    False,     True,     False, -,           True
          Unknown,    OutcomeUnknown, false, Unknown, Unknown,   True,     False, -,           True
          Unknown,    OutcomeUnknown, true,  True,    Unknown,   True,     False, -,           True
          """)
  void conditions_say_what_the_design_says(
      Phase phase,
      String reason,
      boolean given,
      String ordered,
      String succeeded,
      String finished,
      String ready,
      String reconciling,
      String stalled) {
    Map<String, String> wanted = new LinkedHashMap<>();
    wanted.put("Accepted", ordered);
    wanted.put("Succeeded", succeeded);
    wanted.put("Finished", finished);
    wanted.put("Ready", ready);
    wanted.put("Reconciling", reconciling);
    wanted.put("Stalled", stalled);
    wanted.values().removeIf("-"::equals);

    ReinstallStatus status =
        StatusConverter.of(view(phase, reason, "why", given, Optional.empty()), null, 1, NOON);

    assertThat(
            status.conditions().stream()
                .collect(Collectors.toMap(Condition::getType, Condition::getStatus)))
        .isEqualTo(wanted);
    assertThat(status.conditions())
        .allSatisfy(c -> assertThat(c.getReason()).isEqualTo(reason))
        .allSatisfy(c -> assertThat(c.getObservedGeneration()).isEqualTo(1));
  }

  @Test
  void no_word_of_a_cloud_is_longer_than_the_schema_allows() {
    String endless = "\ud83d\ude80长".repeat(2000);
    Map<String, String> installed = new TreeMap<>();
    for (int i = 0; i < 20; i++) {
      installed.put("field" + i, endless);
    }
    Observation observation =
        new Observation(
            Power.STOPPED,
            endless,
            installed,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    ReportedStatus reported =
        new ReportedStatus(
            Phase.Failed,
            endless,
            endless,
            false,
            Optional.of(endless),
            Optional.of(observation),
            Optional.empty(),
            Optional.empty(),
            Optional.of(NOON),
            Optional.empty());

    ReinstallStatus status = StatusConverter.of(reported, null, 1, NOON);

    assertThat(length(status.message())).isEqualTo(1024);
    assertThat(status.message()).startsWith("\ud83d\ude80长").endsWith("…");
    assertThat(length(status.reason())).isEqualTo(64);
    assertThat(length(status.requestId())).isEqualTo(256);
    assertThat(length(status.server().power())).isEqualTo(64);
    assertThat(status.server().installed()).hasSize(16);
    assertThat(status.server().installed().values())
        .allSatisfy(value -> assertThat(length(value)).isEqualTo(128));
    assertThat(status.conditions())
        .allSatisfy(c -> assertThat(length(c.getReason())).isEqualTo(64))
        .allSatisfy(c -> assertThat(length(c.getMessage())).isLessThanOrEqualTo(1024));
  }

  @Test
  void what_fits_is_not_cut() {
    String message = "x".repeat(1024);

    ReinstallStatus status = StatusConverter.of(waiting("Queued", message), null, 1, NOON);

    assertThat(status.message()).isEqualTo(message);
  }

  @Test
  void
      a_condition_that_says_the_same_keeps_its_transition_time_and_one_that_turns_gets_a_new_one() {
    ReinstallStatus before = StatusConverter.of(waiting("Queued", "behind web-1"), null, 1, NOON);

    ReinstallStatus after = StatusConverter.of(installing(), before, 1, LATER);

    assertThat(since(after, "Accepted")).isEqualTo(LATER.toString());
    assertThat(since(after, "Finished")).isEqualTo(NOON.toString());
    assertThat(since(after, "Reconciling")).isEqualTo(NOON.toString());
  }

  @Test
  void a_status_that_was_written_and_read_back_says_the_same() {
    ReinstallStatus status = StatusConverter.of(installing(), null, 1, NOON);
    ReinstallStatus read =
        Serialization.unmarshal(Serialization.asJson(status), ReinstallStatus.class);

    assertThat(StatusConverter.isSame(read, StatusConverter.of(installing(), read, 1, LATER)))
        .isTrue();
  }

  @Test
  void what_is_seen_of_the_server_alone_is_not_worth_a_write() {
    ReportedStatus other =
        view(Phase.Pending, "Queued", "why", false, Optional.of(seen("STOPPED")));
    ReinstallStatus before =
        StatusConverter.of(
            view(Phase.Pending, "Queued", "why", false, Optional.of(seen("RUNNING"))),
            null,
            1,
            NOON);

    assertThat(StatusConverter.isSame(before, StatusConverter.of(other, before, 1, LATER)))
        .isTrue();
  }

  @Test
  void another_message_reason_generation_or_request_id_is() {
    ReinstallStatus before = StatusConverter.of(waiting("Queued", "behind web-1"), null, 1, NOON);

    assertThat(same(before, waiting("Queued", "behind web-2"), 1)).isFalse();
    assertThat(same(before, waiting("Suspended", "behind web-1"), 1)).isFalse();
    assertThat(same(before, waiting("Queued", "behind web-1"), 2)).isFalse();
    assertThat(same(before, installing(), 1)).isFalse();
    assertThat(StatusConverter.isSame(null, before)).isFalse();
  }

  @Test
  void without_a_new_description_the_server_stays_as_it_was_last_seen() {
    ReinstallStatus before =
        StatusConverter.of(
            view(Phase.Pending, "ServerRunning", "why", false, Optional.of(seen("RUNNING"))),
            null,
            1,
            NOON);

    ReinstallStatus after = StatusConverter.of(waiting("Queued", "why"), before, 1, LATER);

    assertThat(after.server().power()).isEqualTo("RUNNING");
  }

  @Test
  void a_finished_request_keeps_the_time_of_its_end() {
    ReinstallStatus before = StatusConverter.of(failedAt(NOON), null, 1, NOON);

    ReinstallStatus after = StatusConverter.of(failedAt(LATER), before, 1, LATER);

    assertThat(after.completionTime()).isEqualTo(NOON);
  }

  @Test
  void acknowledging_changes_the_generation_everywhere_and_nothing_else() {
    ReinstallStatus before = StatusConverter.of(failedAt(NOON), null, 1, NOON);

    ReinstallStatus after = StatusConverter.withGeneration(before, 2);

    assertThat(after.observedGeneration()).isEqualTo(2);
    assertThat(after.conditions())
        .allSatisfy(c -> assertThat(c.getObservedGeneration()).isEqualTo(2));
    assertThat(StatusConverter.withGeneration(after, 1)).isEqualTo(before);
  }

  private static boolean same(ReinstallStatus before, ReportedStatus reported, long generation) {
    return StatusConverter.isSame(before, StatusConverter.of(reported, before, generation, LATER));
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String since(ReinstallStatus status, String type) {
    return status.conditions().stream()
        .filter(c -> c.getType().equals(type))
        .findFirst()
        .orElseThrow()
        .getLastTransitionTime();
  }

  private static ReportedStatus waiting(String reason, String message) {
    return view(Phase.Pending, reason, message, false, Optional.empty());
  }

  private static ReportedStatus installing() {
    return view(Phase.Installing, "Installing", "the cloud is at work", true, Optional.empty());
  }

  private static ReportedStatus failedAt(Instant when) {
    return new ReportedStatus(
        Phase.Failed,
        "DeadlineExceeded",
        "notAfter passed",
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(when),
        Optional.empty());
  }

  private static ReportedStatus view(
      Phase phase, String reason, String message, boolean given, Optional<Observation> seen) {
    return new ReportedStatus(
        phase,
        reason,
        message,
        given,
        given ? Optional.of("req-1") : Optional.empty(),
        seen,
        Optional.empty(),
        given ? Optional.of(NOON) : Optional.empty(),
        Optional.empty(),
        Optional.of(1L));
  }

  private static Observation seen(String word) {
    return new Observation(
        Power.RUNNING,
        word,
        Map.of("imageId", "img-1"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
