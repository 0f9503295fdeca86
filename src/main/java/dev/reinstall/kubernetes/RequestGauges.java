package dev.reinstall.kubernetes;

import dev.reinstall.api.Phase;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.ServerLedger;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.ledger.Ledger;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The requests that there are, by what the watches know as the metrics are scraped: nothing is read
 * from the API server for them. Each replica knows all of them, also one that does not lead.
 */
final class RequestGauges {
  private final Supplier<Stream<Reinstall>> reinstalls;
  private final Supplier<Stream<ServerLedger>> ledgers;
  private final InstantSource clock;

  /**
   * @param reinstalls as the watch has them
   * @param ledgers as the watch has them
   */
  RequestGauges(
      Supplier<Stream<Reinstall>> reinstalls,
      Supplier<Stream<ServerLedger>> ledgers,
      InstantSource clock) {
    this.reinstalls = reinstalls;
    this.ledgers = () -> ledgers.get().filter(ledger -> ledger.getSpec() != null);
    this.clock = clock;
  }

  /** What is measured, one value for each combination of labels. */
  private static final class Series {
    private final Map<List<String>, Double> values = new HashMap<>();
    private final BinaryOperator<Double> merge;

    Series(BinaryOperator<Double> merge) {
      this.merge = merge;
    }

    void add(double value, String... labels) {
      values.merge(List.of(labels), value, merge);
    }
  }

  void register(PrometheusRegistry registry) {
    GaugeWithCallback.builder()
        .name("reinstall_requests")
        .help("Reinstalls in the cluster, by phase and reason of their status.")
        .labelNames("cloud", "phase", "reason")
        .callback(series(Double::sum, this::requests))
        .register(registry);
    GaugeWithCallback.builder()
        .name("reinstall_oldest_pending_seconds")
        .unit(Unit.SECONDS)
        .help("Time since the creation of the oldest Reinstall that is Pending for this reason.")
        .labelNames("cloud", "reason")
        .callback(series(Double::max, this::pending))
        .register(registry);
    GaugeWithCallback.builder()
        .name("reinstall_oldest_in_progress_seconds")
        .unit(Unit.SECONDS)
        .help(
            "Time since the claim of the oldest request that has its server and is in this phase.")
        .labelNames("cloud", "phase")
        .callback(series(Double::max, this::inProgress))
        .register(registry);
    GaugeWithCallback.builder()
        .name("reinstall_last_unknown_timestamp_seconds")
        .unit(Unit.SECONDS)
        .help("When the newest of the Reinstalls that are Unknown became so, as a Unix time.")
        .labelNames("cloud")
        .callback(series(Double::max, this::unknown))
        .register(registry);
    GaugeWithCallback.builder()
        .name("reinstall_ledger_fill_ratio")
        .unit(Unit.RATIO)
        .help("How full the fullest ledger is: at 1 it takes no other request.")
        .callback(series(Double::max, this::fill))
        .register(registry);
  }

  private static Consumer<GaugeWithCallback.Callback> series(
      BinaryOperator<Double> merge, Consumer<Series> source) {
    return gauge -> {
      Series series = new Series(merge);
      source.accept(series);
      series.values.forEach((labels, value) -> gauge.call(value, labels.toArray(String[]::new)));
    };
  }

  private void requests(Series series) {
    reinstalls.get().forEach(one -> series.add(1, cloud(one), phase(one), reason(one)));
  }

  private void pending(Series series) {
    reinstalls
        .get()
        .filter(one -> List.of(Phase.Pending.name(), KnownWords.NEW).contains(phase(one)))
        .forEach(
            one ->
                series.add(
                    secondsSince(
                        OffsetDateTime.parse(one.getMetadata().getCreationTimestamp()).toInstant()),
                    cloud(one),
                    reason(one)));
  }

  private void unknown(Series series) {
    reinstalls
        .get()
        .filter(one -> phase(one).equals(Phase.Unknown.name()))
        .filter(one -> one.getStatus().completionTime() != null)
        .forEach(one -> series.add(one.getStatus().completionTime().getEpochSecond(), cloud(one)));
  }

  private void inProgress(Series series) {
    ledgers
        .get()
        .map(Ledger::of)
        .forEach(
            ledger ->
                ledger.orders().values().stream()
                    .filter(entry -> entry.state() != null && entry.state().isOpen())
                    .filter(entry -> entry.claimTime() != null)
                    .forEach(
                        entry ->
                            series.add(
                                secondsSince(entry.claimTime()),
                                KnownWords.cloud(ledger.server().cloud()),
                                phase(entry).name())));
  }

  /** As the status shows it. */
  private static Phase phase(Entry entry) {
    return switch (entry.state()) {
      case Stopping, Restarting -> Phase.Stopping;
      case Submitting, RejectedBusy -> Phase.Submitting;
      case Starting -> Phase.Starting;
      default -> Phase.Installing;
    };
  }

  private void fill(Series series) {
    series.add(0);
    ledgers.get().forEach(ledger -> series.add(LedgerStore.fill(ledger)));
  }

  private double secondsSince(Instant time) {
    return Math.max(0, Duration.between(time, clock.instant()).toMillis() / 1000.0);
  }

  private static String cloud(Reinstall reinstall) {
    return KnownWords.cloud(reinstall.getSpec() == null ? null : reinstall.getSpec().cloud());
  }

  private static String phase(Reinstall reinstall) {
    return KnownWords.phase(status(reinstall).map(ReinstallStatus::phase).orElse(null));
  }

  private static String reason(Reinstall reinstall) {
    return KnownWords.reason(status(reinstall).map(ReinstallStatus::reason).orElse(null));
  }

  private static Optional<ReinstallStatus> status(Reinstall reinstall) {
    return Optional.ofNullable(reinstall.getStatus());
  }
}
