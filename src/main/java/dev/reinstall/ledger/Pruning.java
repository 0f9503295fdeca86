package dev.reinstall.ledger;

import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.api.ServerLedger.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Which entries a ledger lets go. */
final class Pruning {
  private static final int MOST_OWNERS_LOOKED_UP = 100;
  private static final int KEPT = 50;
  private static final Duration KEPT_PAST_NOT_AFTER = Duration.ofDays(1);

  private Pruning() {}

  /** As {@link Ledger#withoutReleased}. */
  static Map<String, Entry> withoutReleased(
      Map<String, Entry> orders, String name, Predicate<Owner> isDeleted) {
    Map<String, Entry> next = new TreeMap<>(orders);
    orders.entrySet().stream()
        .filter(e -> !e.getKey().equals(name) && e.getValue().state() == State.Released)
        .sorted(Comparator.comparing(e -> e.getValue().claimNumber()))
        .limit(MOST_OWNERS_LOOKED_UP)
        .filter(e -> isDeleted.test(e.getValue().owner()))
        .map(Map.Entry::getKey)
        .forEach(next::remove);
    return next;
  }

  /** The entries that are kept beside a new claim of this name. */
  static Map<String, Entry> kept(Map<String, Entry> orders, String name, Instant now) {
    Map<String, Entry> next = new TreeMap<>(orders);
    List<String> past =
        orders.entrySet().stream()
            .filter(e -> !e.getKey().equals(name) && isPast(e.getValue(), now))
            .sorted(Comparator.comparing(e -> e.getValue().claimNumber()))
            .map(Map.Entry::getKey)
            .toList();
    past.stream().limit(Math.max(0, past.size() - KEPT)).forEach(next::remove);
    return next;
  }

  private static boolean isPast(Entry entry, Instant now) {
    return /* guard: open-is-kept */ !entry.state().isOpen()
        && entry.state() != State.UNRECOGNIZED
        && entry.notAfter() != null
        // guard: kept-past-not-after
        && entry.notAfter().plus(KEPT_PAST_NOT_AFTER).isBefore(now);
  }
}
