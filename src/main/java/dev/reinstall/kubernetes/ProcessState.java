package dev.reinstall.kubernetes;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What only this process knows: when it first saw a fact, which of its claims it did not submit,
 * and whether it is about to end. Bounded: an entry that is dropped only makes somebody wait longer
 * than necessary.
 */
final class ProcessState {
  private static final int MAX_ENTRIES = 20_000;

  private final Map<String, Long> firstSeen = bounded();
  private final Map<String, Boolean> unsent = bounded();
  private final Map<String, Long> backoffs = bounded();
  private final Map<String, Long> rejections = bounded();
  private volatile boolean stopping;

  void stopClaiming() {
    stopping = true;
  }

  /**
   * @throws StoppingException nothing may be claimed any more
   */
  void requireClaiming() {
    if (stopping) {
      throw new StoppingException();
    }
  }

  synchronized Duration durationSinceFirstSeen(String fact) {
    long now = System.nanoTime();
    return Duration.ofNanos(now - firstSeen.computeIfAbsent(fact, f -> now));
  }

  synchronized void forget(String fact) {
    firstSeen.remove(fact);
  }

  synchronized void markUnsent(String claim) {
    unsent.put(claim, true);
  }

  synchronized boolean isMarkedUnsent(String claim) {
    return unsent.containsKey(claim);
  }

  /** A claim of this Reinstall was made for nothing. */
  synchronized void backOff(String uid) {
    backoffs.put(uid, System.nanoTime());
  }

  /**
   * How long to wait after a claim for nothing: another one would be as slow, and cost a slow API
   * server again.
   *
   * @param pause after such a claim
   */
  synchronized Duration backoff(String uid, Duration pause) {
    Long since = backoffs.get(uid);
    Duration remaining =
        since == null ? Duration.ZERO : pause.minusNanos(System.nanoTime() - since);
    return remaining.isNegative() ? Duration.ZERO : remaining;
  }

  synchronized void rememberRejection(String who) {
    rejections.put(who, System.nanoTime());
  }

  synchronized Optional<Duration> sinceRejection(String who) {
    return Optional.ofNullable(rejections.get(who))
        .map(since -> Duration.ofNanos(System.nanoTime() - since));
  }

  /** Lets go what was asked for least recently. */
  private static <V> Map<String, V> bounded() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > MAX_ENTRIES;
      }
    };
  }
}
