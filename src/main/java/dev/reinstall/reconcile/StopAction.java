package dev.reinstall.reconcile;

import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.PowerRequest;
import dev.reinstall.ledger.EntryBuilder;
import dev.reinstall.ledger.Ledger;
import dev.reinstall.ledger.SubmissionResult;
import java.time.Instant;

/** Claims the server for a request, and stops it. */
record StopAction(ReconcileContext ctx) implements CloudAction {

  @Override
  public Ledger withClaim(Ledger ledger, String claim, Instant at) {
    EntryBuilder builder = ctx.claim(claim, at).newEntry(ctx.entry(ctx.name));
    // named: stop-is-reset
    builder.stopping(
        ctx.token("stop/" + /* guard: token-of-its-own-for-each-stop */ (ledger.claims() + 1)),
        ctx.restartWith());
    return ledger.withClaim(ctx.name, builder, at);
  }

  @Override
  public SubmissionResult send(Entry entry, Instant signedAt) {
    try {
      return ctx.ports
          .stop(ctx.credentials, new PowerRequest(ctx.spec.server(), entry.token(), signedAt))
          .map(SubmissionResult::accepted)
          .orElse(SubmissionResult.NOT_NEEDED);
    } catch (CloudException e) {
      return CloudAction.failed("stop request", e, ctx);
    }
  }

  @Override
  public Ledger withResult(Ledger ledger, String claim, SubmissionResult result, Instant now) {
    return ledger.withStopResult(ctx.name, claim, result, now);
  }
}
