package dev.reinstall.reconcile;

import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.ReinstallRequest;
import dev.reinstall.ledger.Claim;
import dev.reinstall.ledger.EntryBuilder;
import dev.reinstall.ledger.Ledger;
import dev.reinstall.ledger.SubmissionResult;
import java.time.Instant;
import java.util.Optional;

/**
 * Sends the reinstall request: the call that wipes a disk.
 *
 * @param resending it may have been sent before, with the same token
 */
record ReinstallAction(ReconcileContext ctx, boolean resending) implements CloudAction {

  @Override
  public Ledger withClaim(Ledger ledger, String claim, Instant at) {
    Optional<Entry> last = ctx.entry(ctx.name);
    Claim made = ctx.claim(claim, at);
    EntryBuilder builder = resending ? made.resendEntry(last) : made.newEntry(last);
    builder.submitting();
    if (resending) {
      // guard: resend-is-marked
      builder.resending();
    } else {
      builder.restartWith(ctx.restartWith());
      builder.contents(
          ctx.token(Integer.toString(builder.attempt())),
          ctx.secrets.resourceVersions(),
          ctx.cloud.expectedInstallation(ctx.resolvedSpec()),
          // named: resolved-now
          ctx.resolvedIds());
      // guard: baseline-is-from-after-the-stop
      builder.baseline(ctx.baseline());
    }
    return ledger.withClaim(ctx.name, builder, at);
  }

  @Override
  public SubmissionResult send(Entry entry, Instant signedAt) {
    // What a name stands for may have changed since the claim: only what was recorded is sent.
    ReinstallSpec spec =
        ctx.cloud.withIds(
            ctx.spec, /* guard: resend-never-resolves-again */ RecordedState.resolvedIds(entry));
    ReinstallRequest request =
        new ReinstallRequest(spec, ctx.secrets.contents(), entry.token(), signedAt);
    try {
      return SubmissionResult.accepted(ctx.ports.reinstall(ctx.credentials, request));
    } catch (CloudException e) {
      return CloudAction.failed("reinstall request", e, ctx);
    }
  }

  @Override
  public Ledger withResult(Ledger ledger, String claim, SubmissionResult result, Instant now) {
    return ledger.withReinstallResult(ctx.name, claim, result, now);
  }
}
