package dev.reinstall.reconcile;

import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.ledger.EntryBuilder;
import dev.reinstall.ledger.Ledger;
import dev.reinstall.ledger.SubmissionResult;
import java.time.Instant;

/** Starts the server of a completed request that still has it. */
record StartAction(ReconcileContext ctx) implements PowerOnAction {

  /** The request's own claim stays: what is written is that a start may be in flight. */
  @Override
  public Ledger withClaim(Ledger ledger, String claim, Instant at) {
    Entry entry = ctx.entry(ctx.name).orElseThrow();
    return ledger.with(ctx.name, new EntryBuilder(entry).starting(claim).build());
  }

  @Override
  public String call() {
    return "start";
  }

  @Override
  public Ledger withResult(Ledger ledger, String claim, SubmissionResult result, Instant now) {
    return ledger.withStartResult(
        ctx.name,
        claim,
        ledger.entry(ctx.name).map(e -> result.withMessage(outcome(e, result))).orElse(result),
        now);
  }

  /** The reinstall is complete, whatever the cloud answers. */
  private static String outcome(Entry entry, SubmissionResult result) {
    return Sentences.join(Starting.result(entry), InstallingMessages.notStarted(result.message()));
  }
}
