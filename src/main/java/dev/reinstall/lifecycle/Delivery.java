package dev.reinstall.lifecycle;

import dev.reinstall.api.Reason;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ServerLedger.Baseline;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Order;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Gives one order to the cloud. The order of things is the promise: the claim is written before the
 * point of no return, that before the send, and the time to send runs from before the claim.
 */
final class Delivery {
  private static final int RECEIPT_TRIES = 20; // a receipt is worth more than anything else

  private final World world;
  private final Timing timing;
  private final Inquiry known;
  private final Decision decision;
  private final boolean recovering;
  private final Optional<Entry> before;
  private String claim;
  private Duration claimedFrom;
  private Instant signedAt;

  Delivery(Inquiry known, Decision decision) {
    this.known = known;
    this.decision = decision;
    world = known.world;
    timing = known.timing;
    recovering = decision.step() == Step.RECOVER;
    before = known.entry(known.name);
  }

  /**
   * @return what came back; the ledger holds it
   * @throws Conflict nothing was sent, or what was sent must be read anew from the ledger
   * @throws ClaimRefused nothing was written or sent by this claim
   */
  Answer give() throws Conflict, ClaimRefused {
    claim = world.newClaim();
    claimedFrom = world.uptime();
    signedAt = world.now();
    if (!known.looksHold()) {
      throw new Conflict("the look at the server is too old to rest a claim on it");
    }
    boolean sent = false;
    try {
      known.book = writeClaim(known.book.claimed(known.name, claimed(), signedAt));
      if (!closeGates()) {
        giveBack();
        throw new Conflict("a gate closed, or time ran out, before the order was sent");
      }
      sent = true;
      return record(send());
    } finally {
      if (!sent) {
        world.abandon(claim);
      }
    }
  }

  // The claim.

  private Draft claimed() {
    Observation seen = known.observation().orElseThrow();
    Reinstall order = known.order;
    Draft draft = before.map(Draft::new).orElseGet(Draft::new);
    draft.owner =
        new Owner(
            order.getMetadata().getNamespace(),
            order.getMetadata().getName(),
            order.getMetadata().getUid());
    draft.state = State.Sending;
    draft.claimedBy = claim;
    draft.sendWithin = timing.sendWithin().toString();
    draft.answered = null;
    draft.claimedAt = before.map(this::laterThan).orElse(Draft.seconds(signedAt));
    draft.notAfter = Draft.seconds(known.spec.notAfter());
    draft.reason = null;
    draft.message = null;
    if (recovering) {
      draft.recovering = true;
      return draft; // the same attempt, token, Secrets and baseline: it is the same order
    }
    draft.recovering = null;
    draft.digest = known.digest();
    draft.attempt = before.map(this::nextAttempt).orElse(1);
    draft.token =
        known.cloud.traits().idempotentToken()
            ? Digest.token(known.spec, known.name, draft.attempt)
            : null;
    draft.secrets = known.secrets().resourceVersions();
    draft.ordered = known.cloud.ordered(known.spec);
    draft.baseline = baseline(seen);
    draft.requestId = null;
    draft.endedAt = null;
    return draft;
  }

  /**
   * The claims of an order are told apart by their times, whatever the clocks say: a status that
   * speaks of a later one than the ledger knows shows that the ledger was put back.
   */
  private Instant laterThan(Entry last) {
    Instant now = Draft.seconds(signedAt);
    Instant next = last.claimedAt().plusSeconds(1);
    return now.isAfter(next) ? now : next;
  }

  /**
   * A token that was surely refused may be remembered as refused, and one that stands for other
   * contents must not stand for these: then the next attempt takes another.
   */
  private int nextAttempt(Entry last) {
    boolean refused =
        Reason.Denied.name().equals(last.reason())
            || Reason.Rejected.name().equals(last.reason())
            || Reason.ServerMissing.name().equals(last.reason());
    return refused || !last.digest().equals(known.digest()) ? last.attempt() + 1 : last.attempt();
  }

  private static Baseline baseline(Observation seen) {
    return new Baseline(
        seen.operation().map(Observation.Operation::id).orElse(null),
        seen.updateTime().orElse(null),
        seen.installed(),
        seen.cloudTime().map(Draft::seconds).orElse(null),
        Map.of());
  }

  /**
   * After a conflict, or an answer that was lost: only who finds its own id in the book goes on.
   */
  private Book writeClaim(Book claimed) throws Conflict, ClaimRefused {
    try {
      return world.claim(claimed);
    } catch (Conflict lostOrUnclear) {
      Book now = world.bookNow(known.spec.server());
      if (now.entry(known.name).filter(e -> claim.equals(e.claimedBy())).isEmpty()) {
        throw lostOrUnclear;
      }
      return now;
    }
  }

  // The gates.

  /**
   * Writes the status, by compare-and-swap with the copy that the decision rests on: an edit that
   * was made before is seen here, an edit that comes later is too late.
   *
   * @return false: a gate closed, or the time to send has run out
   */
  private boolean closeGates() {
    while (isInTime()) {
      if (known.wish(known.order).isGateClosed() || tellsOfAnotherSend()) {
        return false;
      }
      try {
        Telling telling = new Telling(known);
        known.order = world.declare(known.order, telling.of(decision, known.entry(known.name)));
        return isInTime();
      } catch (Conflict e) {
        Optional<Reinstall> now = world.orderNow();
        String uid = known.order.getMetadata().getUid();
        if (now.filter(o -> o.getMetadata().getUid().equals(uid)).isEmpty()) {
          return false;
        }
        known.order = now.get();
      }
    }
    return false;
  }

  private boolean isInTime() {
    return world.uptime().minus(claimedFrom).compareTo(timing.sendWithin()) < 0;
  }

  /** The cached status may have hidden that this order was sent and the ledger put back since. */
  private boolean tellsOfAnotherSend() {
    Situation.Wish wish = known.wish(known.order);
    boolean tellsOfThis =
        wish.toldOf().equals(known.entry(known.name).map(Entry::claimedAt)); // an answer was lost
    return !recovering && !tellsOfThis && wish.tellsOfMoreThan(before);
  }

  /** Never sent. But where the status knows of an earlier send, it must not be forgotten again. */
  private void giveBack() throws Conflict {
    if (recovering) {
      return; // the first send may live
    }
    Instant now = world.now();
    Draft draft = new Draft(known.entry(known.name).orElseThrow());
    if (tellsOfAnotherSend()) {
      draft.settle(State.Unknown, Reason.LedgerRegressed.name(), Lifecycle.LEDGER_REGRESSED, now);
    } else {
      draft.answered = true;
      draft.settle(State.Released, null, null, now);
    }
    known.book = world.write(known.book.with(known.name, draft.entry(), now));
  }

  // The send.

  private Answer send() {
    String token = known.entry(known.name).map(Entry::token).orElse(null);
    Order order = new Order(known.spec, known.secrets().contents(), token, signedAt);
    try {
      return Answer.of(known.cloud.order(known.account(), order));
    } catch (CloudException e) {
      return Answer.of(e);
    }
  }

  private Answer record(Answer answer) throws Conflict {
    for (int tries = 1; ; tries++) {
      Book answered = known.book.answered(known.name, claim, answer, world.now());
      try {
        known.book = answered.equals(known.book) ? known.book : world.write(answered);
        known.hear();
        return answer;
      } catch (Conflict e) {
        if (tries == RECEIPT_TRIES) {
          throw e;
        }
        known.book = world.bookNow(known.spec.server());
      }
    }
  }
}
