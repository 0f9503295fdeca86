package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.ServerLedger;
import dev.reinstall.api.ServerLedger.State;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RequestGaugesTest {
  private static final Instant NOW = Instant.parse("2026-11-01T13:00:00Z"); // an hour after

  private final List<Reinstall> reinstalls = new ArrayList<>();
  private final List<ServerLedger> ledgers = new ArrayList<>();

  @Test
  void requests_are_counted_by_cloud_phase_and_reason() {
    reinstalls.add(request("Pending", "AccessDenied"));
    reinstalls.add(request("Pending", "AccessDenied"));
    reinstalls.add(request("Installing", "Installing"));

    assertThat(scrape())
        .contains(
            requests("TencentCloud", "Pending", "AccessDenied", 2),
            requests("TencentCloud", "Installing", "Installing", 1));
  }

  @Test
  void one_without_a_phase_is_new() {
    reinstalls.add(StatusReinstalls.with(null));
    reinstalls.add(request(null, null)); // as the API server creates it

    assertThat(scrape())
        .contains(
            requests("TencentCloud", "New", "New", 2),
            "reinstall_oldest_pending_seconds{cloud=\"TencentCloud\",reason=\"New\"} 3600.0");
  }

  @Test
  void a_word_that_somebody_wrote_into_a_status_makes_no_series() {
    reinstalls.add(request("Pending", "word-1"));
    reinstalls.add(request("Pending", "word-2"));
    reinstalls.add(request("word-3", "Installing"));

    assertThat(scrape())
        .contains(
            requests("TencentCloud", "Pending", "Unrecognized", 2),
            requests("TencentCloud", "Unrecognized", "Installing", 1))
        .noneMatch(line -> line.contains("word-"));
  }

  @Test
  void the_oldest_pending_request_is_as_old_as_its_object() {
    reinstalls.add(request("Pending", "Queued"));
    Reinstall younger = request("Pending", "Queued");
    younger.getMetadata().setCreationTimestamp("2026-11-01T12:30:00Z");
    reinstalls.add(younger);
    reinstalls.add(request("Failed", "Rejected"));

    assertThat(scrape())
        .contains(
            "reinstall_oldest_pending_seconds{cloud=\"TencentCloud\",reason=\"Queued\"} 3600.0")
        .noneMatch(
            line ->
                line.startsWith("reinstall_oldest_pending_seconds{") && line.contains("Rejected"));
  }

  @Test
  void the_age_of_what_is_in_progress_is_counted_from_its_claim() {
    ledgers.add(
        ledger(
            Map.of(
                "a", entry(State.Installing, 600),
                "b", entry(State.Succeeded, 9000))));
    ledgers.add(ledger(Map.of("c", entry(State.Accepted, 900))));
    ledgers.add(ledger(Map.of("d", entry(State.Stopping, 30))));

    assertThat(scrape())
        .contains(inProgress("Installing", 900), inProgress("Stopping", 30))
        .noneMatch(line -> line.contains("9000"));
  }

  @Test
  void the_newest_request_that_became_unknown_is_shown_by_its_time() {
    reinstalls.add(unknown("2026-11-01T12:10:00Z"));
    reinstalls.add(unknown("2026-11-01T12:20:00Z"));

    assertThat(scrape())
        .contains(
            "reinstall_last_unknown_timestamp_seconds{cloud=\"TencentCloud\"} "
                + (double) Instant.parse("2026-11-01T12:20:00Z").getEpochSecond());
  }

  @Test
  void nothing_is_shown_as_unknown_where_nothing_is() {
    reinstalls.add(request("Succeeded", "Installed"));

    assertThat(scrape()).noneMatch(line -> line.startsWith("reinstall_last_unknown"));
  }

  @Test
  void the_fullest_ledger_is_shown_by_the_nearest_of_its_limits() {
    assertThat(scrape()).contains("reinstall_ledger_fill_ratio 0.0");

    ledgers.add(ledger(entries(250)));
    ledgers.add(ledger(entries(10)));
    assertThat(scrape()).contains("reinstall_ledger_fill_ratio 0.25");

    ServerLedger large = ledger(entries(10));
    large.getMetadata().setLabels(Map.of("large", "x".repeat(1 << 19)));
    ledgers.add(large);
    assertThat(scrape())
        .filteredOn(line -> line.startsWith("reinstall_ledger_fill_ratio "))
        .singleElement()
        .satisfies(
            line -> assertThat(Double.parseDouble(line.split(" ", 2)[1])).isBetween(0.5, 0.51));
  }

  @Test
  void an_object_that_lacks_its_spec_hides_no_other() {
    reinstalls.add(new Reinstall());
    reinstalls.get(0).setMetadata(request("Pending", "Queued").getMetadata());
    ledgers.add(new ServerLedger());
    ledgers.add(ledger(entries(250)));

    assertThat(scrape())
        .contains(requests("Unrecognized", "New", "New", 1), "reinstall_ledger_fill_ratio 0.25");
  }

  private List<String> scrape() {
    OperatorMetrics metrics = new OperatorMetrics("this-test");
    new RequestGauges(reinstalls::stream, ledgers::stream, () -> NOW).register(metrics.registry());
    return metrics.scrape().lines().toList();
  }

  private static String requests(String cloud, String phase, String reason, int number) {
    return "reinstall_requests{cloud=\"%s\",phase=\"%s\",reason=\"%s\"} %d.0"
        .formatted(cloud, phase, reason, number);
  }

  private static String inProgress(String phase, int seconds) {
    return "reinstall_oldest_in_progress_seconds{cloud=\"JDCloud\",phase=\"%s\"} %d.0"
        .formatted(phase, seconds);
  }

  private static Reinstall request(String phase, String reason) {
    return StatusReinstalls.with(StatusReinstalls.status(phase, reason, ""));
  }

  private static Reinstall unknown(String since) {
    return StatusReinstalls.with(
        new ReinstallStatus(
            1L,
            "Unknown",
            "OutcomeUnknown",
            "",
            null,
            null,
            null,
            null,
            null,
            Instant.parse(since),
            List.of()));
  }

  static ServerLedger ledger(Map<String, ServerLedger.Entry> orders) {
    ServerLedger ledger = new ServerLedger();
    ledger.setMetadata(new ObjectMetaBuilder().withName("a-ledger").build());
    ledger.setSpec(
        new ServerLedger.Spec(
            CloudName.JDCloud, "cn-east-tz1", "cps-abc123", null, 1L, orders, Map.of()));
    return ledger;
  }

  private static Map<String, ServerLedger.Entry> entries(int number) {
    Map<String, ServerLedger.Entry> entries = new TreeMap<>();
    for (int i = 0; i < number; i++) {
      entries.put("order-" + i, entry(State.Succeeded, 0));
    }
    return entries;
  }

  /** An entry whose claim is that old. */
  static ServerLedger.Entry entry(State state, int seconds) {
    return new KubernetesSerialization()
        .convertValue(
            Map.of("state", state.name(), "claimTime", NOW.minusSeconds(seconds).toString()),
            ServerLedger.Entry.class);
  }
}
