package dev.reinstall.reconcile;

import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Start;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.PowerRequest;
import dev.reinstall.ledger.EntryBuilder;
import dev.reinstall.ledger.Ledger;
import dev.reinstall.ledger.SubmissionResult;
import java.time.Instant;
import java.util.Map;

/** Starts the server of a completed request that still has it. */
record StartAction(ReconcileContext ctx) implements CloudAction {

  /** The request's own claim stays: what is written is that a start may be in flight. */
  @Override
  public Ledger withClaim(Ledger ledger, String claim, Instant at) {
    EntryBuilder builder = new EntryBuilder(ctx.entry(ctx.name).orElseThrow());
    builder.state = State.Starting;
    builder.start = new Start(claim, null, null, null, Map.of());
    return ledger.with(ctx.name, builder.build());
  }

  @Override
  public String claimIdOf(Entry entry) {
    return entry.start() == null ? null : entry.start().claimId();
  }

  /** It ends what was started. */
  @Override
  public boolean isGated() {
    return false;
  }

  @Override
  public SubmissionResult send(Entry entry, Instant signedAt) {
    String token = ctx.token("start/" + entry.start().claimId());
    try {
      return SubmissionResult.accepted(
          ctx.ports.start(ctx.account(), new PowerRequest(ctx.spec.server(), token, signedAt)));
    } catch (CloudException e) {
      return SubmissionResult.failed(e, e.getMessage());
    }
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
    return Messages.join(Starting.result(entry), Messages.notStarted(result.message()));
  }
}
