package dev.reinstall.kubernetes;

import dev.reinstall.api.Server;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Bounds the reconciliations that send calls to one region at the same time, so that a region that
 * responds slowly never holds all threads.
 */
final class SubmissionSlots {

  /** Until a slot may be free: the time of a call. */
  private static final Duration PAUSE = Duration.ofMillis(250);

  private final int ofRegion;
  private final int ofAccount;
  private final Map<String, Integer> taken = new HashMap<>();
  private final Map<String, Set<String>> waiting = new HashMap<>();

  /**
   * @param threads that reconcile
   */
  SubmissionSlots(int threads) {
    ofRegion = Math.max(1, threads - Math.max(1, threads / 4));
    ofAccount = Math.max(1, threads / 2);
  }

  /**
   * @param account by which the calls are made
   * @param who asks again after a {@link #pause} if no slot is free
   * @return releases the slot; empty: none is free
   */
  synchronized Optional<Runnable> take(Server server, String account, String who) {
    String region = region(server);
    String inRegion = region + " " + account;
    Set<String> inLine = waiting.computeIfAbsent(region, r -> new HashSet<>());
    if (taken.getOrDefault(region, 0) >= ofRegion || taken.getOrDefault(inRegion, 0) >= ofAccount) {
      inLine.add(who);
      return Optional.empty();
    }
    inLine.remove(who);
    List<String> both = List.of(region, inRegion);
    both.forEach(key -> taken.merge(key, 1, Integer::sum));
    return Optional.of(() -> release(both));
  }

  /**
   * The more are waiting, the longer: those that find no slot would hold up those that have one.
   */
  synchronized Duration pause(Server server) {
    int rounds = waiting.getOrDefault(region(server), Set.of()).size() / ofRegion;
    return PAUSE.multipliedBy(Math.max(1, Math.min(rounds, 20)));
  }

  private static String region(Server server) {
    return server.cloud() + " " + server.region();
  }

  private synchronized void release(List<String> both) {
    both.forEach(key -> taken.computeIfPresent(key, (k, n) -> n == 1 ? null : n - 1));
    String region = both.get(0);
    if (!taken.containsKey(region)) {
      waiting.remove(region); // all of them find one
    }
  }
}
