package dev.reinstall.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The demo must not report success because it checked nothing. */
class VerdictTest {
  private final SimulatedClouds clouds = new SimulatedClouds();

  @AfterEach
  void close() {
    clouds.close();
  }

  @Test
  void a_request_that_is_not_there_is_named() {
    assertThat(new Verdict(List.of(), clouds).differences())
        .hasSize(Samples.OUTCOMES.size())
        .contains("web-refused does not exist.");
  }

  @Test
  void a_request_that_ended_otherwise_is_named_with_its_message() {
    List<TableRow> rows = List.of(row("web-refused", "Unknown", "OutcomeUnknown", "req-1"));

    assertThat(new Verdict(rows, clouds).differences())
        .contains("web-refused must be Failed/Rejected, but is Unknown/OutcomeUnknown: said");
  }

  @Test
  void a_request_without_a_request_id_is_named() {
    List<TableRow> rows = List.of(row("web-refused", "Failed", "Rejected", ""));

    assertThat(new Verdict(rows, clouds).differences()).contains("web-refused has no request ID.");
  }

  @Test
  void a_success_that_the_cloud_knows_nothing_of_is_named() {
    List<TableRow> rows = List.of(row("web-stopped", "Succeeded", "Installed", "req-1"));

    assertThat(new Verdict(rows, clouds).differences())
        .contains(
            "ins-stopped1 was reinstalled by the requests [], but the Reinstalls name [req-1].");
  }

  @Test
  void a_wipe_that_no_request_names_is_named() {
    String wipe =
        clouds
            .tencent
            .server("ins-stopped1")
            .foreignReset(clouds.tencent.images().get("img-ubuntu22"));
    List<TableRow> rows = List.of(row("web-stopped", "Failed", "Rejected", "req-1"));

    assertThat(new Verdict(rows, clouds).differences())
        .contains(
            "ins-stopped1 was reinstalled by the requests ["
                + wipe
                + "], but the Reinstalls name [].");
  }

  @Test
  void the_summary_names_each_request_id_in_full_and_fits_80_columns() {
    String id = "8a4b1c9e-0f5d-4a37-9d2e-7c1b6f3e5d80";
    List<TableRow> rows = List.of(row("web-replayed", "Succeeded", "AlreadyCompleted", id));

    assertThat(new Verdict(rows, clouds).summary())
        .contains("web-replayed  Succeeded/AlreadyCompleted   " + id)
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
  }

  private static TableRow row(String name, String phase, String reason, String requestId) {
    return new TableRow(name, "ins-stopped1", phase, reason, requestId, "said");
  }
}
