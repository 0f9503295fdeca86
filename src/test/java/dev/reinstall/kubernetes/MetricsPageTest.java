package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Phase;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.ServerLedger;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.controlplane.Command;
import dev.reinstall.controlplane.CommandResult;
import dev.reinstall.controlplane.NeedsPrograms;
import dev.reinstall.controlplane.Programs;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Label;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * All metrics, each with a value, and the page that lists them. {@code mvn test
 * -Dtest=MetricsPageTest -Dregenerate} writes the table again.
 */
class MetricsPageTest {
  private static final Path PAGE = Path.of("docs", "monitoring.md");
  private static final String BEGIN = "<!-- metrics: made from the code by MetricsPageTest -->\n";
  private static final String END = "<!-- /metrics -->";

  private final OperatorMetrics metrics = withEveryMetric();

  private static OperatorMetrics withEveryMetric() {
    OperatorMetrics metrics = new OperatorMetrics("1.2.3");
    metrics.readiness(Optional::empty);
    metrics.called(CloudName.JDCloud, "describe", Optional.empty(), Duration.ofMillis(80));
    metrics.leftPhase(CloudName.JDCloud, "Installing", Duration.ofMinutes(9));
    ReinstallStatus unknown =
        new ReinstallStatus(
            1L,
            Phase.Unknown.name(),
            "OutcomeUnknown",
            "",
            null,
            null,
            null,
            null,
            null,
            Instant.EPOCH,
            null);
    ServerLedger ledger =
        RequestGaugesTest.ledger(Map.of("a", RequestGaugesTest.entry(State.Installing, 600)));
    new RequestGauges(
            () -> Stream.of(StatusReinstalls.with(null), StatusReinstalls.with(unknown)),
            () -> Stream.of(ledger),
            Instant::now)
        .register(metrics.registry());
    return metrics;
  }

  @Test
  void the_page_has_every_metric_of_the_operator() throws IOException {
    String text = Files.readString(PAGE);
    int from = text.indexOf(BEGIN) + BEGIN.length();
    int to = text.indexOf(END);
    if (System.getProperty("regenerate") != null) {
      Files.writeString(PAGE, text.substring(0, from) + table() + text.substring(to));
      return;
    }
    assertThat(text.substring(from, to))
        .as("run: mvn test -Dtest=MetricsPageTest -Dregenerate")
        .isEqualTo(table());
  }

  @Test
  void no_label_has_a_value_that_a_user_chooses() {
    Set<String> labels =
        ours()
            .flatMap(metric -> metric.getDataPoints().stream())
            .flatMap(point -> point.getLabels().stream())
            .map(Label::getName)
            .collect(Collectors.toSet());

    assertThat(labels)
        .containsExactlyInAnyOrder("cloud", "phase", "reason", "action", "outcome", "version");
  }

  @Test
  @NeedsPrograms("promtool")
  void promtool_finds_nothing_to_complain_about() {
    CommandResult check =
        Command.run(
            Programs.path("promtool"),
            List.of("check", "metrics"),
            Map.of(),
            metrics.scrape(),
            Duration.ofSeconds(30));

    assertThat(check.exitCode()).as(check::toString).isZero();
    assertThat(check.out() + check.err()).isEmpty();
  }

  private Stream<? extends MetricSnapshot> ours() {
    return metrics.registry().scrape().stream()
        .filter(metric -> metric.getMetadata().getName().startsWith("reinstall_"));
  }

  private String table() {
    return "| metric | type | labels | meaning |\n|---|---|---|---|\n"
        + ours().map(MetricsPageTest::row).sorted().collect(Collectors.joining());
  }

  private static String row(MetricSnapshot metric) {
    DataPointSnapshot first = metric.getDataPoints().get(0);
    return "| `%s` | %s | %s | %s |\n"
        .formatted(
            metric.getMetadata().getName() + suffix(metric),
            metric instanceof InfoSnapshot
                ? "gauge"
                : metric
                    .getClass()
                    .getSimpleName()
                    .replace("Snapshot", "")
                    .toLowerCase(Locale.ROOT),
            first.getLabels().stream()
                .map(label -> "`" + label.getName() + "`")
                .collect(Collectors.joining(", ")),
            metric.getMetadata().getHelp());
  }

  private static String suffix(MetricSnapshot metric) {
    if (metric instanceof CounterSnapshot) {
      return "_total";
    }
    return metric instanceof InfoSnapshot ? "_info" : "";
  }
}
