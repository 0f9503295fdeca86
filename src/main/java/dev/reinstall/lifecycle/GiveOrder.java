package dev.reinstall.lifecycle;

import dev.reinstall.api.ServerLedger.Baseline;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Order;
import java.time.Instant;
import java.util.Map;

/**
 * Gives the order to the cloud: the call that wipes a disk.
 *
 * @param recovering it may have been sent before, under the same token
 */
record GiveOrder(Inquiry known, boolean recovering) implements Errand {

  @Override
  public Book claimed(Book book, String claim, Instant at) {
    Draft draft = recovering ? Claim.again(known, claim, at) : Claim.fresh(known, claim, at);
    draft.state = State.Sending;
    if (recovering) {
      draft.recovering = true;
    } else {
      draft.token = known.token(Integer.toString(draft.attempt));
      draft.secrets = known.secrets().resourceVersions();
      draft.ordered = known.cloud.ordered(known.spec);
      draft.baseline = baseline(known.observation().orElseThrow());
    }
    return book.claimed(known.name, draft, at);
  }

  private static Baseline baseline(Observation seen) {
    return new Baseline(
        seen.operation().map(Observation.Operation::id).orElse(null),
        seen.updateTime().orElse(null),
        seen.installed(),
        seen.cloudTime().map(Draft::seconds).orElse(null),
        Map.of());
  }

  @Override
  public String claimOf(Entry entry) {
    return entry.claimedBy();
  }

  @Override
  public boolean isGated() {
    return true;
  }

  @Override
  public Answer send(Entry entry, Instant signedAt) {
    Order order = new Order(known.spec, known.secrets().contents(), entry.token(), signedAt);
    try {
      return Answer.of(known.cloud.order(known.account(), order));
    } catch (CloudException e) {
      return Answer.of("order", e);
    }
  }

  @Override
  public Book answered(Book book, String claim, Answer answer, Instant now) {
    return book.answered(known.name, claim, answer, now);
  }
}
