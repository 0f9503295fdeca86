package dev.reinstall.reconcile;

import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.ledger.EntryBuilder;
import dev.reinstall.ledger.Ledger;
import dev.reinstall.ledger.SubmissionResult;
import java.time.Instant;

/**
 * Starts the server again that was stopped for a request that has ended without being submitted.
 *
 * @param end the entry with the reason of that end
 */
record RestartAction(ReconcileContext ctx, Entry end) implements PowerOnAction {

  /** A Released entry does not have the server; one that has it keeps its claim. */
  @Override
  public Ledger withClaim(Ledger ledger, String claim, Instant at) {
    Entry last = ctx.entry(ctx.name).orElseThrow();
    return last.state() == State.Restarting
        ? ledger.with(
            ctx.name,
            new EntryBuilder(last).restarting(claim, last.reason(), last.message()).build())
        : ledger.withClaim(
            ctx.name,
            ctx.claim(claim, at)
                .restartEntry(last, end.reason(), end.message())
                .restartWith(ctx.spec.credentialsRef().name()),
            at);
  }

  @Override
  public String call() {
    return "restart";
  }

  @Override
  public Ledger withResult(Ledger ledger, String claim, SubmissionResult result, Instant now) {
    return ledger.withRestartResult(
        ctx.name,
        claim,
        ledger.entry(ctx.name).map(e -> result.withMessage(outcome(e, result))).orElse(result),
        now);
  }

  private static String outcome(Entry entry, SubmissionResult result) {
    return Sentences.join(
        entry.message() == null ? "" : entry.message(),
        Restarting.leftStopped(entry, RestartMessages.restartRejected(result.message())));
  }
}
