package dev.reinstall.kubernetes;

import dev.reinstall.api.ServerLedger;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.reconcile.ClusterMessages;
import dev.reinstall.reconcile.OrphanRestart;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds servers that were stopped for a Reinstall that was deleted before its reinstall request was
 * sent. They are started again, or, with {@code onUnsubmitted: LeaveStopped}, reported: no
 * Reinstall is left to show it.
 */
final class AbandonedStops {
  private final EventRecorder events;
  private final Predicate<Owner> isDeleted;
  private final BiConsumer<ServerLedger, Entry> restart;
  private final Set<String> reported = new HashSet<>();

  /**
   * @param isDeleted whether the Reinstall certainly exists no more
   * @param restart starts the server of such an entry
   */
  AbandonedStops(
      EventRecorder events, Predicate<Owner> isDeleted, BiConsumer<ServerLedger, Entry> restart) {
    this.events = events;
    this.isDeleted = isDeleted;
    this.restart = restart;
  }

  /**
   * @param namespaces those of this operator; empty: all
   */
  void report(Stream<ServerLedger> ledgers, Set<String> namespaces) {
    Set<String> abandoned = new HashSet<>();
    ledgers
        .filter(ledger -> ledger.getSpec() != null && ledger.getSpec().orders() != null)
        .forEach(
            ledger ->
                ledger.getSpec().orders().values().stream()
                    .filter(entry -> isOwn(entry, namespaces))
                    .forEach(
                        entry -> {
                          if (OrphanRestart.isOwed(entry)) {
                            if (isDeleted.test(entry.owner())) {
                              restart.accept(ledger, entry);
                            }
                          } else if (isLeftStopped(ledger, entry)) {
                            report(ledger, entry, abandoned);
                          }
                        }));
    reported.retainAll(abandoned);
  }

  private static boolean isOwn(Entry entry, Set<String> namespaces) {
    return namespaces.isEmpty() || namespaces.contains(entry.owner().namespace());
  }

  /** Also where the request only waited, unless another one has claimed the server since. */
  private static boolean isLeftStopped(ServerLedger ledger, Entry entry) {
    boolean waits =
        entry.state() == State.Released
            && entry.completionTime() == null
            && Objects.equals(entry.claimNumber(), ledger.getSpec().claims());
    return entry.firstStopTime() != null && (entry.state() == State.Stopping || waits);
  }

  private void report(ServerLedger ledger, Entry entry, Set<String> abandoned) {
    String claim = ledger.getMetadata().getUid() + " " + entry.claimNumber();
    boolean known = reported.contains(claim);
    if (!known && !isDeleted.test(entry.owner())) {
      return;
    }
    abandoned.add(claim);
    if (reported.add(claim)) {
      events.recordLeftStopped(
          ledger,
          Objects.requireNonNull(entry.claimNumber()),
          ClusterMessages.leftStopped(entry.owner().path(), entry.firstStopTime()));
    }
  }
}
