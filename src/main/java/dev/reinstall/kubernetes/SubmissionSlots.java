package dev.reinstall.kubernetes;

import dev.reinstall.api.Server;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Bounds the reconciliations that wait for calls to one region, so that a region that responds
 * slowly never holds all threads.
 */
final class SubmissionSlots {
  private final int ofRegion;
  private final int ofAccount;
  private final Map<String, Integer> taken = new HashMap<>();

  /**
   * @param threads that reconcile
   */
  SubmissionSlots(int threads) {
    ofRegion = Math.max(1, threads / 3);
    ofAccount = Math.max(1, threads / 4);
  }

  /**
   * @param account by which the calls are made
   * @return gives the slot back; empty: none is free
   */
  synchronized Optional<Runnable> take(Server server, String account) {
    String region = server.cloud() + " " + server.region();
    String inRegion = region + " " + account;
    if (taken.getOrDefault(region, 0) >= ofRegion || taken.getOrDefault(inRegion, 0) >= ofAccount) {
      return Optional.empty();
    }
    List<String> both = List.of(region, inRegion);
    both.forEach(key -> taken.merge(key, 1, Integer::sum));
    return Optional.of(() -> giveBack(both));
  }

  private synchronized void giveBack(List<String> both) {
    both.forEach(key -> taken.computeIfPresent(key, (k, n) -> n == 1 ? null : n - 1));
  }
}
