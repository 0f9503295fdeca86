package dev.reinstall.reconcile;

import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;
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
    builder.state = State.Submitting;
    if (resending) {
      // guard: resend-is-marked
      builder.resending = true;
    } else {
      builder.token = ctx.token(Integer.toString(builder.attempt));
      builder.secretVersions = ctx.secrets().resourceVersions();
      builder.expected = ctx.cloud.expectedInstallation(ctx.spec);
      // guard: baseline-is-from-after-the-stop
      builder.baseline = ctx.baseline();
    }
    return ledger.withClaim(ctx.name, builder, at);
  }

  @Override
  public SubmissionResult send(Entry entry, Instant signedAt) {
    ReinstallRequest request =
        new ReinstallRequest(ctx.spec, ctx.secrets().contents(), entry.token(), signedAt);
    try {
      return SubmissionResult.accepted(ctx.ports.reinstall(ctx.account(), request));
    } catch (CloudException e) {
      return CloudAction.failed("reinstall request", e, ctx);
    }
  }

  @Override
  public Ledger withResult(Ledger ledger, String claim, SubmissionResult result, Instant now) {
    return ledger.withReinstallResult(ctx.name, claim, result, now);
  }
}
