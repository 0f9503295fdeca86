package dev.reinstall.controller;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What this process knows and no other: since when it has known a fact, and which claims it let go.
 * Bounded: forgetting either only makes somebody wait longer than needed.
 */
final class ProcessMemory {
  private static final int MOST = 20_000;

  private final Map<String, Long> knownSince = bounded();
  private final Map<String, Boolean> abandoned = bounded();

  synchronized Duration knownFor(String fact) {
    long now = System.nanoTime();
    return Duration.ofNanos(now - knownSince.computeIfAbsent(fact, f -> now));
  }

  synchronized void abandon(String claim) {
    abandoned.put(claim, true);
  }

  synchronized boolean isAbandoned(String claim) {
    return abandoned.containsKey(claim);
  }

  /** Lets go what was asked for least recently. */
  private static <V> Map<String, V> bounded() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > MOST;
      }
    };
  }
}
