package dev.reinstall.kubernetes;

import dev.reinstall.api.Durations;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Notices a reconciliation that never ends: its Reinstall is not reconciled again, and only a
 * restart helps. It asks nobody, so that it does not depend on the API server or a cloud.
 */
final class RunningReconciliations {
  /**
   * What one reconciliation may take at the very most, without its call to a cloud: it decides at
   * most four times, and a call that the API server does not answer is given up after 130 seconds.
   */
  private static final Duration WITHOUT_CALLS = Duration.ofMinutes(15);

  private static final int CALLS = 12;

  private final long limit; // in nanoseconds
  private final LongSupplier nanoTime;
  private final Map<ResourceID, Long> started = new ConcurrentHashMap<>();

  /**
   * @param callTimeout of one call to a cloud
   */
  RunningReconciliations(Duration callTimeout, LongSupplier nanoTime) {
    this.limit = WITHOUT_CALLS.plus(callTimeout.multipliedBy(CALLS)).toNanos();
    this.nanoTime = nanoTime;
  }

  Duration limit() {
    return Duration.ofNanos(limit);
  }

  void begin(ResourceID id) {
    started.put(id, nanoTime.getAsLong());
  }

  void end(ResourceID id) {
    started.remove(id);
  }

  /** Which one does not end; empty: none. */
  Optional<String> problem() {
    long now = nanoTime.getAsLong();
    return started.entrySet().stream()
        .max(Comparator.comparingLong(one -> now - one.getValue()))
        .filter(oldest -> now - oldest.getValue() > limit)
        .map(Map.Entry::getKey)
        .map(
            id ->
                "the reconciliation of "
                    + id.getNamespace().orElse("")
                    + "/"
                    + id.getName()
                    + " has not ended for "
                    + Durations.text(limit()));
  }
}
