package dev.reinstall.lifecycle;

import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Start;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.PowerRequest;
import java.time.Instant;
import java.util.Map;

/** Starts the server of an order that is carried out and still has it. */
record StartServer(Inquiry known) implements Errand {

  /** The order's own claim stands: what is written is that a start may be under way. */
  @Override
  public Ledger claimed(Ledger ledger, String claim, Instant at) {
    LedgerEntryBuilder builder = new LedgerEntryBuilder(known.entry(known.name).orElseThrow());
    builder.state = State.Installing;
    builder.start = new Start(claim, null, null, null, Map.of());
    return ledger.with(known.name, builder.build(), at);
  }

  @Override
  public String claimOf(Entry entry) {
    return entry.start() == null ? null : entry.start().claimId();
  }

  /** It ends what was begun. */
  @Override
  public boolean isGated() {
    return false;
  }

  @Override
  public Answer send(Entry entry, Instant signedAt) {
    String token = known.token("start/" + entry.start().claimId());
    try {
      return Answer.of(
          known.cloud.start(
              known.account(), new PowerRequest(known.spec.server(), token, signedAt)));
    } catch (CloudException e) {
      return Answer.of("start", e);
    }
  }

  @Override
  public Ledger answered(Ledger ledger, String claim, Answer result, Instant now) {
    return ledger.withStartResult(known.name, claim, result, now);
  }
}
