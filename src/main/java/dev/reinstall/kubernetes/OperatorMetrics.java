package dev.reinstall.kubernetes;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Phase;
import dev.reinstall.api.Reason;
import dev.reinstall.cloud.CallMetrics;
import dev.reinstall.cloud.CloudException;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What this process did, counted, and all metrics in the Prometheus format. No label has a value
 * that a user chooses: there is a fixed number of series, whatever is requested. {@link
 * RequestGauges} adds what there is to do.
 */
public final class OperatorMetrics implements CallMetrics {
  private static final double[] CALL_SECONDS = {0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20};
  private static final double[] PHASE_SECONDS = {
    1, 5, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200
  };
  private static final String CLOUD = "cloud";

  private final PrometheusRegistry registry = new PrometheusRegistry();

  private final Counter finished =
      Counter.builder()
          .name("reinstall_requests_finished_total")
          .help("Requests that ended, by outcome (their final phase) and reason.")
          .labelNames(CLOUD, "outcome", "reason")
          .withoutExemplars()
          .register(registry);

  private final Histogram phases =
      Histogram.builder()
          .name("reinstall_phase_duration_seconds")
          .unit(Unit.SECONDS)
          .help("How long requests were in a phase, observed when they left it.")
          .labelNames(CLOUD, "phase")
          .classicOnly()
          .classicUpperBounds(PHASE_SECONDS)
          .withoutExemplars()
          .register(registry);

  private final Histogram calls =
      Histogram.builder()
          .name("reinstall_cloud_call_duration_seconds")
          .unit(Unit.SECONDS)
          .help("Calls to the cloud APIs, with their durations, by action and outcome.")
          .labelNames(CLOUD, "action", "outcome")
          .classicOnly()
          .classicUpperBounds(CALL_SECONDS)
          .withoutExemplars()
          .register(registry);

  private final Counter throttled =
      Counter.builder()
          .name("reinstall_throttled_seconds_total")
          .unit(Unit.SECONDS)
          .help(
              "Time that calls waited for the rate limit of their account, plus the pauses that the"
                  + " cloud asked for (Retry-After).")
          .labelNames(CLOUD)
          .withoutExemplars()
          .register(registry);

  private final Counter claims =
      Counter.builder()
          .name("reinstall_claims_total")
          .help("Claims of servers that were written to ledgers.")
          .labelNames(CLOUD)
          .withoutExemplars()
          .register(registry);

  private final Counter conflicts =
      Counter.builder()
          .name("reinstall_ledger_conflicts_total")
          .help(
              "Writes of ledgers that were lost to another writer, or whose result is not known;"
                  + " each is decided again.")
          .withoutExemplars()
          .register(registry);

  private final Counter errors =
      Counter.builder()
          .name("reinstall_reconcile_errors_total")
          .help("Reconciliations that failed (ReconcileError); each is retried.")
          .withoutExemplars()
          .register(registry);

  private final Gauge leader =
      Gauge.builder()
          .name("reinstall_leader")
          .help("1 if this replica is the leader, else 0. Always 1 without leader election.")
          .withoutExemplars()
          .register(registry);

  /**
   * Counters begin with 0, so that their first increase is seen as one.
   *
   * @param version of this operator
   */
  public OperatorMetrics(String version) {
    Info.builder()
        .name("reinstall_build_info")
        .help("The version of the operator; the value is always 1.")
        .labelNames("version")
        .register(registry)
        .setLabelValues(version);
    for (CloudName cloud : CloudName.known()) {
      throttled.initLabelValues(cloud.name());
      claims.initLabelValues(cloud.name());
      Stream.of(Phase.values())
          .filter(Phase::isFinished)
          .forEach(outcome -> countFrom0(cloud, outcome));
    }
    ProcessMetrics.builder().register(registry);
    JvmMemoryMetrics.builder().register(registry);
    JvmGarbageCollectorMetrics.builder().register(registry);
    JvmThreadsMetrics.builder().register(registry);
  }

  private void countFrom0(CloudName cloud, Phase outcome) {
    Stream.of(Reason.values())
        .filter(reason -> reason.phases().contains(outcome))
        .forEach(reason -> finished.initLabelValues(cloud.name(), outcome.name(), reason.name()));
  }

  /** For metrics that are read as they are scraped. */
  PrometheusRegistry registry() {
    return registry;
  }

  /** This replica leads from now on, until its process ends. */
  public void lead() {
    leader.set(1);
  }

  public boolean leads() {
    return leader.get() == 1;
  }

  /**
   * Adds what {@code /readyz} responds.
   *
   * @param problem empty: ready
   */
  public void readiness(Supplier<Optional<String>> problem) {
    GaugeWithCallback.builder()
        .name("reinstall_ready")
        .help("1 if /readyz of this replica responds that it is ready, else 0.")
        .callback(gauge -> gauge.call(problem.get().isEmpty() ? 1 : 0))
        .register(registry);
  }

  @Override
  public void throttled(CloudName cloud, Duration time) {
    throttled.labelValues(cloud.name()).inc(seconds(time));
  }

  @Override
  public void called(
      CloudName cloud, String action, Optional<CloudException> failure, Duration time) {
    String outcome = failure.map(e -> e.kind().name().toLowerCase(Locale.ROOT)).orElse("success");
    calls.labelValues(cloud.name(), action, outcome).observe(seconds(time));
  }

  void claimed(CloudName cloud) {
    claims.labelValues(cloud.name()).inc();
  }

  void ledgerConflict() {
    conflicts.inc();
  }

  void reconcileError() {
    errors.inc();
  }

  void leftPhase(CloudName cloud, String phase, Duration time) {
    phases.labelValues(KnownWords.cloud(cloud), KnownWords.phase(phase)).observe(seconds(time));
  }

  void finished(CloudName cloud, Phase outcome, String reason) {
    finished.labelValues(KnownWords.cloud(cloud), outcome.name(), KnownWords.reason(reason)).inc();
  }

  private static double seconds(Duration time) {
    return Math.max(0, time.toNanos() / 1e9);
  }

  /** All metrics, in the text format of Prometheus. */
  public String scrape() {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create().write(text, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // none to memory
    }
    return text.toString(StandardCharsets.UTF_8);
  }
}
