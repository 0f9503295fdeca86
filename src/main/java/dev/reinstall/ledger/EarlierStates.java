package dev.reinstall.ledger;

import dev.reinstall.api.Reason;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Entries of earlier operators, for which a rejection because of a busy server, and a start, were
 * no states of their own but fields of an entry in another state.
 */
final class EarlierStates {
  private EarlierStates() {}

  /** The entries in the states of today. */
  static Map<String, Entry> read(Map<String, Entry> orders) {
    return orders.values().stream().allMatch(entry -> state(entry) == entry.state())
        ? Map.copyOf(orders)
        : orders.entrySet().stream()
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, e -> read(e.getValue())));
  }

  private static Entry read(Entry entry) {
    EntryBuilder builder = new EntryBuilder(entry);
    builder.state = state(entry);
    return builder.build();
  }

  private static State state(Entry entry) {
    // guard: earlier-busy-rejection
    if (entry.state() == State.Submitting && Reason.ServerBusy.name().equals(entry.reason())) {
      return State.RejectedBusy;
    }
    boolean installed = entry.state() == State.Accepted || entry.state() == State.Installing;
    // guard: earlier-start
    return installed && entry.start() != null ? State.Starting : entry.state();
  }
}
