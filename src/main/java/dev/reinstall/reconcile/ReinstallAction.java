package dev.reinstall.reconcile;

import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.ReinstallRequest;
import java.time.Instant;

/**
 * Sends the reinstall request: the call that wipes a disk.
 *
 * @param resending it may have been sent before, with the same token
 */
record ReinstallAction(ReconcileContext ctx, boolean resending) implements CloudAction {

  @Override
  public Ledger withClaim(Ledger ledger, String claim, Instant at) {
    LedgerEntryBuilder builder =
        resending ? Claims.resendEntry(ctx, claim, at) : Claims.newEntry(ctx, claim, at);
    builder.state = State.Submitting;
    if (resending) {
      // guard: resend-is-marked
      builder.resending = true;
    } else {
      builder.token = ctx.token(Integer.toString(builder.attempt));
      builder.secretVersions = ctx.secrets().resourceVersions();
      builder.expected = ctx.cloud.expectedInstallation(ctx.spec);
      // guard: baseline-is-from-after-the-stop
      builder.baseline = Claims.baseline(ctx.observation().orElseThrow());
    }
    return ledger.withClaim(ctx.name, builder, at);
  }

  @Override
  public SubmissionResult send(Entry entry, Instant signedAt) {
    ReinstallRequest request =
        new ReinstallRequest(ctx.spec, ctx.secrets().contents(), entry.token(), signedAt);
    try {
      return SubmissionResult.of(ctx.ports.reinstall(ctx.account(), request));
    } catch (CloudException e) {
      return SubmissionResult.of("reinstall request", e, ctx);
    }
  }

  @Override
  public Ledger withResult(Ledger ledger, String claim, SubmissionResult result, Instant now) {
    return ledger.withReinstallResult(ctx.name, claim, result, now);
  }
}
