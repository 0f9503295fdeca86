package dev.reinstall.lifecycle;

import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.PowerRequest;
import java.time.Instant;

/** Holds the server for an order, and stops it. */
record StopServer(Inquiry known) implements Errand {

  /** What was stopped before is past: this stop is the one that is told of. */
  @Override
  public Ledger claimed(Ledger ledger, String claim, Instant at) {
    LedgerEntryBuilder builder = Claims.newEntry(known, claim, at);
    builder.state = State.Stopping;
    // named: stop-is-made-anew
    builder.stop = null;
    builder.token =
        known.token("stop/" + /* guard: token-of-its-own-for-each-stop */ (ledger.claims() + 1));
    return ledger.withClaim(known.name, builder, at);
  }

  @Override
  public String claimOf(Entry entry) {
    return entry.claimId();
  }

  @Override
  public boolean isGated() {
    return true;
  }

  @Override
  public Answer send(Entry entry, Instant signedAt) {
    try {
      return known
          .cloud
          .stop(known.account(), new PowerRequest(known.spec.server(), entry.token(), signedAt))
          .map(Answer::of)
          .orElse(Answer.NEEDLESS);
    } catch (CloudException e) {
      return Answer.of("stop", e);
    }
  }

  @Override
  public Ledger answered(Ledger ledger, String claim, Answer result, Instant now) {
    return ledger.withStopResult(known.name, claim, result, now);
  }
}
