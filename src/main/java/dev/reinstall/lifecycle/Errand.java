package dev.reinstall.lifecycle;

import dev.reinstall.api.ServerLedger.Entry;
import java.time.Instant;

/** One call that changes a server: what is written before it, what is sent, what came of it. */
sealed interface Errand permits StopServer, GiveOrder, StartServer {

  /** The book with the claim under which the call is sent. */
  Ledger claimed(Ledger ledger, String claim, Instant at);

  /** The id of the claim that the entry holds for such a call; null: none. */
  String claimOf(Entry entry);

  /** Whether it begins something, so that a closed gate forbids it. */
  boolean isGated();

  /**
   * Sends it, once.
   *
   * @param entry as it was claimed
   * @param signedAt the time of the claim
   */
  Answer send(Entry entry, Instant signedAt);

  /** The book with the answer; this very one where the answer adds nothing. */
  Ledger answered(Ledger ledger, String claim, Answer result, Instant now);
}
