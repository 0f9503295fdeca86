package dev.reinstall.controller;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What this process knows and no other: since when it has known a fact, and which claims it let go.
 */
final class ProcessMemory {
  private static final int FACTS = 20_000; // forgetting one only makes somebody wait anew

  private final Map<String, Long> knownSince =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > FACTS;
        }
      };
  private final Set<String> abandoned = ConcurrentHashMap.newKeySet();

  synchronized Duration knownFor(String fact) {
    long now = System.nanoTime();
    return Duration.ofNanos(now - knownSince.computeIfAbsent(fact, f -> now));
  }

  void abandon(String claim) {
    abandoned.add(claim);
  }

  boolean isAbandoned(String claim) {
    return abandoned.contains(claim);
  }
}
