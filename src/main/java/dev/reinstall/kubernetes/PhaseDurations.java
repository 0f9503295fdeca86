package dev.reinstall.kubernetes;

import dev.reinstall.api.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How long requests were in their phases, by what this process saw. Only of Pending, where every
 * request begins, the start is known otherwise: it is the creation. Bounded: a request that is
 * dropped, or whose phase began before this process, is not measured.
 */
final class PhaseDurations {
  private static final int MAX_REQUESTS = 20_000;

  private record Since(String phase, long nanos) {}

  private final LongSupplier nanoTime;
  private final Map<String, Since> entered =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Since> eldest) {
          return size() > MAX_REQUESTS;
        }
      };

  PhaseDurations(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * A request moves from one phase to another.
   *
   * @param from null: it had none
   * @param created when its Reinstall was created
   * @param now by the same clock
   * @return how long it was in the phase that it leaves; empty: that is not known
   */
  synchronized Optional<Duration> move(
      String uid, String from, Phase to, Instant created, Instant now) {
    long nanos = nanoTime.getAsLong();
    Since before = entered.remove(uid);
    if (!to.isFinished() && (from != null || to != Phase.Pending)) {
      entered.put(uid, new Since(to.name(), nanos));
    }
    if (before != null && before.phase().equals(from)) {
      return Optional.of(Duration.ofNanos(nanos - before.nanos()));
    }
    return Phase.Pending.name().equals(from)
        ? Optional.of(Duration.between(created, now))
        : Optional.empty();
  }
}
