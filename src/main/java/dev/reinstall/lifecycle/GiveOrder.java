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
  public Book claimed(Book book, String claim, Instant at) {
    Draft draft = recovering ? Claim.again(known, claim, at) : Claim.fresh(known, claim, at);
    draft.state = State.Submitting;
    if (recovering) {
      // guard: resend-is-marked
      draft.recovering = true;
    } else {
      draft.token = known.token(Integer.toString(draft.attempt));
      draft.secrets = known.secrets().resourceVersions();
      draft.ordered = known.cloud.expectedInstallation(known.spec);
      // guard: baseline-is-from-after-the-stop
      draft.baseline = Claim.baseline(known.observation().orElseThrow());
    }
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
    ReinstallRequest request =
        new ReinstallRequest(known.spec, known.secrets().contents(), entry.token(), signedAt);
    try {
      return Answer.of(known.cloud.reinstall(known.account(), request));
    } catch (CloudException e) {
      return Answer.of("order", e);
    }
  }

  @Override
  public Book answered(Book book, String claim, Answer result, Instant now) {
    return book.answered(known.name, claim, result, now);
  }
}
