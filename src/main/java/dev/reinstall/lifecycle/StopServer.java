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
  public Book claimed(Book book, String claim, Instant at) {
    Draft draft = Claim.fresh(known, claim, at);
    draft.state = State.Stopping;
    // named: stop-is-made-anew
    draft.stop = null;
    draft.token =
        known.token("stop/" + /* guard: token-of-its-own-for-each-stop */ (book.claims() + 1));
    return book.claimed(known.name, draft, at);
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
  public Book answered(Book book, String claim, Answer result, Instant now) {
    return book.stopped(known.name, claim, result, now);
  }
}
