package dev.reinstall.lifecycle;

import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.ReinstallRequest;
import java.time.Instant;

/**
 * Gives the order to the cloud: the call that wipes a disk.
 *
 * @param recovering it may have been sent before, under the same token
 */
record GiveOrder(Inquiry known, boolean recovering) implements Errand {

  @Override
  public Ledger claimed(Ledger ledger, String claim, Instant at) {
    LedgerEntryBuilder builder =
        recovering ? Claims.resendEntry(known, claim, at) : Claims.newEntry(known, claim, at);
    builder.state = State.Submitting;
    if (recovering) {
      // guard: resend-is-marked
      builder.resending = true;
    } else {
      builder.token = known.token(Integer.toString(builder.attempt));
      builder.secretVersions = known.secrets().resourceVersions();
      builder.expected = known.cloud.expectedInstallation(known.spec);
      // guard: baseline-is-from-after-the-stop
      builder.baseline = Claims.baseline(known.observation().orElseThrow());
    }
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
    ReinstallRequest request =
        new ReinstallRequest(known.spec, known.secrets().contents(), entry.token(), signedAt);
    try {
      return Answer.of(known.cloud.reinstall(known.account(), request));
    } catch (CloudException e) {
      return Answer.of("order", e);
    }
  }

  @Override
  public Ledger answered(Ledger ledger, String claim, Answer result, Instant now) {
    return ledger.withReinstallResult(known.name, claim, result, now);
  }
}
