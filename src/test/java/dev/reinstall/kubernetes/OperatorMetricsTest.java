package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Phase;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class OperatorMetricsTest {
  private final OperatorMetrics metrics = new OperatorMetrics("1.2.3");

  @Test
  void the_version_is_a_label() {
    assertThat(metrics.scrape().lines()).contains("reinstall_build_info{version=\"1.2.3\"} 1");
  }

  @Test
  void counters_begin_with_0_so_that_an_alert_sees_their_first_increase() {
    assertThat(metrics.scrape().lines())
        .contains(
            finished("JDCloud", "Unknown", "OutcomeUnknown", 0),
            finished("TencentCloud", "Succeeded", "AlreadyCompleted", 0),
            "reinstall_claims_total{cloud=\"JDCloud\"} 0.0",
            "reinstall_throttled_seconds_total{cloud=\"TencentCloud\"} 0.0",
            "reinstall_ledger_conflicts_total 0.0",
            "reinstall_reconcile_errors_total 0.0",
            "reinstall_leader 0.0");
  }

  @Test
  void what_happens_is_counted() {
    metrics.lead();
    metrics.claimed(CloudName.JDCloud);
    metrics.ledgerConflict();
    metrics.throttled(CloudName.TencentCloud, Duration.ofMillis(1500));
    metrics.finished(CloudName.JDCloud, Phase.Unknown, "OutcomeUnknown");
    metrics.leftPhase(CloudName.JDCloud, "Installing", Duration.ofMinutes(10));

    assertThat(metrics.scrape().lines())
        .contains(
            "reinstall_leader 1.0",
            "reinstall_claims_total{cloud=\"JDCloud\"} 1.0",
            "reinstall_ledger_conflicts_total 1.0",
            "reinstall_throttled_seconds_total{cloud=\"TencentCloud\"} 1.5",
            finished("JDCloud", "Unknown", "OutcomeUnknown", 1),
            "reinstall_phase_duration_seconds_sum{cloud=\"JDCloud\",phase=\"Installing\"} 600.0");
  }

  @Test
  void readiness_is_what_it_is_at_the_scrape() {
    AtomicReference<String> problem = new AtomicReference<>("no watch");
    metrics.readiness(() -> Optional.ofNullable(problem.get()));

    assertThat(metrics.scrape().lines()).contains("reinstall_ready 0.0");
    problem.set(null);
    assertThat(metrics.scrape().lines()).contains("reinstall_ready 1.0");
  }

  @Test
  void a_call_is_counted_by_its_action_and_outcome() {
    for (Optional<CloudException> failure :
        List.of(
            Optional.<CloudException>empty(),
            Optional.of(new CloudException(Kind.NOT_FOUND, "none")),
            Optional.of(new CloudException(Kind.AMBIGUOUS, "no response")),
            Optional.of(CloudException.notSent("no connection")))) {
      metrics.called(CloudName.JDCloud, "stop", failure, Duration.ofMillis(1));
    }

    assertThat(metrics.scrape().lines())
        .contains(stops("success"), stops("not_found"), stops("ambiguous"), stops("not_sent"));
  }

  @Test
  void no_word_of_a_newer_operator_makes_a_series() {
    metrics.finished(CloudName.UNRECOGNIZED, Phase.Failed, "reason-of-team-a");
    metrics.leftPhase(null, "phase-of-team-a", Duration.ZERO);

    assertThat(metrics.scrape())
        .contains("{cloud=\"Unrecognized\",outcome=\"Failed\",reason=\"Unrecognized\"} 1.0")
        .contains("_count{cloud=\"Unrecognized\",phase=\"Unrecognized\"} 1")
        .doesNotContain("team-a");
  }

  @Test
  void a_clock_that_steps_back_is_no_negative_time() {
    metrics.leftPhase(CloudName.JDCloud, "Pending", Duration.ofSeconds(-5));

    assertThat(metrics.scrape()).contains("_sum{cloud=\"JDCloud\",phase=\"Pending\"} 0.0");
  }

  private static String finished(String cloud, String outcome, String reason, int times) {
    return "reinstall_requests_finished_total{cloud=\"%s\",outcome=\"%s\",reason=\"%s\"} %d.0"
        .formatted(cloud, outcome, reason, times);
  }

  private static String stops(String outcome) {
    return "reinstall_cloud_call_duration_seconds_count"
        + "{action=\"stop\",cloud=\"JDCloud\",outcome=\""
        + outcome
        + "\"} 1";
  }
}
