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

  /**
   * The entries that are kept beside a new claim of this name.
   *
   * @param namespace of the server; null: it belongs to none
   * @param claimant namespace of the claim
   */
  static Map<String, Entry> kept(
      Map<String, Entry> orders, String name, String namespace, String claimant, Instant now) {
    Map<String, Entry> next = new TreeMap<>(orders);
    next.entrySet()
        .removeIf(
            e ->
                !e.getKey().equals(name)
                    && !e.getValue().owner().namespace().equals(claimant)
                    && isRejectedElsewhere(e.getValue(), orders, namespace));
    List<String> past =
        orders.entrySet().stream()
            .filter(e -> !e.getKey().equals(name) && isPast(e.getValue(), now))
            .sorted(Comparator.comparing(e -> e.getValue().claimNumber()))
            .map(Map.Entry::getKey)
            .toList();
    past.stream().limit(Math.max(0, past.size() - KEPT)).forEach(next::remove);
    return next;
  }

  /**
   * It stops nothing: its namespace does not have the server. As long as nobody has it, the newest
   * one shows that its namespace was rejected, and lets others go first.
   */
  private static boolean isRejectedElsewhere(
      Entry entry, Map<String, Entry> orders, String namespace) {
    return entry.state() == State.Released
        && /* guard: owed-restart-is-kept */ entry.restartWith() == null
        && (namespace != null
            || /* guard: newest-rejection-is-kept */ orders.values().stream()
                .filter(other -> other.owner().namespace().equals(entry.owner().namespace()))
                .anyMatch(other -> other.claimNumber() > entry.claimNumber()));
  }

  private static boolean isPast(Entry entry, Instant now) {
    return /* guard: open-is-kept */ !entry.state().isOpen()
        && entry.state() != State.UNRECOGNIZED
        && entry.notAfter() != null
        // guard: kept-past-not-after
        && entry.notAfter().plus(KEPT_PAST_NOT_AFTER).isBefore(now);
  }
}
