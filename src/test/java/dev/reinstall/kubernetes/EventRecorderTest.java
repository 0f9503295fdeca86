package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.controlplane.CrudMock;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventRecorderTest {
  private final CrudMock cluster = CrudMock.start();
  private final EventRecorder recorder = new EventRecorder(cluster.client(), "replica-1");

  @AfterEach
  void close() {
    cluster.close();
  }

  @ParameterizedTest
  @CsvSource({
    "Installing, Installing,     Normal",
    "Succeeded,  Installed,      Normal",
    "Failed,     Rejected,       Warning",
    "Unknown,    OutcomeUnknown, Warning"
  })
  void the_clouds_yes_and_the_outcome_are_reported_with_the_request_id(
      String phase, String reason, String type) {
    recorder.record(
        StatusReinstalls.with(StatusReinstalls.status(phase, reason, "said")),
        StatusReinstalls.status("Pending", "Queued", ""));

    assertThat(events())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getType()).isEqualTo(type);
              assertThat(event.getReason()).isEqualTo(reason);
              assertThat(event.getNote()).isEqualTo("said (request ID req-1)");
              assertThat(event.getRegarding().getName()).isEqualTo("web-1");
              assertThat(event.getReportingInstance()).isEqualTo("replica-1");
            });
  }

  /** Of any other number of digits, the API server rejects the Event. */
  @ParameterizedTest
  @CsvSource({
    "2026-11-29T20:15:57.536Z,       2026-11-29T20:15:57.536000Z",
    "2026-11-29T20:15:57Z,           2026-11-29T20:15:57.000000Z",
    "2026-11-29T20:15:57.123456789Z, 2026-11-29T20:15:57.123456Z"
  })
  void the_time_of_an_event_has_six_digits(Instant now, String written) {
    assertThat(EventRecorder.time(now).getTime()).isEqualTo(written);
  }

  @Test
  void waiting_and_a_phase_that_did_not_move_are_not_reported() {
    ReinstallStatus waiting = StatusReinstalls.status("Pending", "Queued", "behind");
    ReinstallStatus installing = StatusReinstalls.status("Installing", "Installing", "at work");

    recorder.record(StatusReinstalls.with(waiting), null);
    recorder.record(
        StatusReinstalls.with(StatusReinstalls.status("Submitting", "Submitting", "now")), waiting);
    recorder.record(StatusReinstalls.with(installing), installing);

    assertThat(events()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"AccessDenied", "CheckFailed", "SecretNotReady"})
  void what_a_person_must_fix_is_reported_once_while_it_lasts(String reason) {
    ReinstallStatus fixMe = StatusReinstalls.status("Pending", reason, "fix it");

    recorder.record(
        StatusReinstalls.with(fixMe), StatusReinstalls.status("Pending", "ServerRunning", ""));
    assertThat(events())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getType()).isEqualTo("Warning");
              assertThat(event.getReason()).isEqualTo(reason);
              assertThat(event.getAction()).isEqualTo("Wait");
              assertThat(event.getNote()).isEqualTo("fix it (request ID req-1)");
            });

    cluster.client().resource(events().get(0)).delete();
    recorder.record(StatusReinstalls.with(fixMe), fixMe);
    assertThat(events()).as("unchanged").isEmpty();

    recorder.record(StatusReinstalls.with(fixMe), null);
    assertThat(events()).as("the first status of all").hasSize(1);
  }

  @Test
  void a_stop_that_was_released_is_reported_because_the_server_stays_stopped() {
    recorder.record(
        StatusReinstalls.with(StatusReinstalls.status("Pending", "Suspended", "was stopped")),
        StatusReinstalls.status("Stopping", "Stopping", ""));

    assertThat(events())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getType()).isEqualTo("Warning");
              assertThat(event.getReason()).isEqualTo("Suspended");
              assertThat(event.getAction()).isEqualTo("Wait");
              assertThat(event.getNote()).isEqualTo("was stopped (request ID req-1)");
            });
  }

  @Test
  void what_two_replicas_report_is_one_event() {
    Reinstall reinstall =
        StatusReinstalls.with(StatusReinstalls.status("Succeeded", "Installed", "done"));

    recorder.record(reinstall, null);
    new EventRecorder(cluster.client(), "replica-2").record(reinstall, null);

    assertThat(events()).hasSize(1);
  }

  @Test
  void an_event_that_is_refused_is_dropped_and_nothing_else_happens() {
    cluster.refuseNext("POST", "/apis/events.k8s.io/v1/namespaces/team-a/events", 403);

    recorder.record(
        StatusReinstalls.with(StatusReinstalls.status("Failed", "Rejected", "no")), null);

    assertThat(events()).isEmpty();
  }

  @Test
  void the_request_id_stays_behind_a_message_of_any_length_in_any_script() {
    recorder.record(
        StatusReinstalls.with(StatusReinstalls.status("Failed", "Rejected", "拒".repeat(1024))),
        null);

    String note = events().get(0).getNote();
    assertThat(note).startsWith("拒拒").endsWith("拒… (request ID req-1)");
    assertThat(note.getBytes(StandardCharsets.UTF_8).length).isBetween(1020, 1024);
  }

  private List<Event> events() {
    return cluster.client().resources(Event.class).inNamespace("team-a").list().getItems();
  }
}
