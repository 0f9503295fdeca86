package dev.reinstall.lifecycle;

import dev.reinstall.api.Reason;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.CloudException;
import java.time.Duration;
import java.time.Instant;

/**
 * Sends one call that changes a server. The order of things is the promise: the claim is written
 * before the point of no return, that before the send, and the time to send runs from before the
 * claim.
 */
final class Delivery {
  private static final int RECEIPT_TRIES = 20; // a receipt is worth more than anything else

  private final World world;
  private final Timing timing;
  private final Inquiry known;
  private final Decision decision;
  private final Errand errand;
  private final boolean recovering;
  private String claim;
  private Duration claimedFrom;
  private Instant signedAt;

  Delivery(Inquiry known, Decision decision) {
    this.known = known;
    this.decision = decision;
    world = known.world;
    timing = known.timing;
    recovering = /* named: is-resend */ decision.step() == Step.RECOVER;
    errand =
        switch (decision.step()) {
          case HOLD -> new StopServer(known);
          case CLAIM, RECOVER -> new GiveOrder(known, recovering);
          case START -> new StartServer(known);
          default -> throw new IllegalStateException("sends nothing: " + decision.step());
        };
  }

  /**
   * @return what came back; the ledger holds it
   * @throws Conflict nothing was sent, or what was sent must be read anew from the ledger
   * @throws ClaimRefused nothing was sent by this claim
   */
  Answer give() throws Conflict, ClaimRefused {
    // guard: turn-before-claim
    awaitTurn();
    claim = world.newClaim();
    // guard: time-runs-from-before-the-claim
    claimedFrom = world.uptime();
    // named: signed-at-the-claim
    signedAt = world.now();
    // guard: claim-rests-on-a-new-look
    if (!known.looksHold()) {
      throw new Conflict("the look at the server is too old to rest a claim on it");
    }
    boolean sent = false;
    try {
      // guard: claim-before-send
      known.ledger =
          writeClaim(
              errand.claimed(
                  /* guard: claim-on-the-copy-that-was-decided-on */ known.ledger,
                  claim,
                  signedAt));
      // guard: gates-before-send
      if (errand.isGated() ? !closeGates() : !isInTime()) {
        giveBack();
        throw new Conflict("a gate closed, or time ran out, before the call was sent");
      }
      sent = true;
      return record(
          errand.send(
              known.entry(known.name).orElseThrow(),
              // guard: signed-with-the-time-of-the-claim
              signedAt));
    } finally {
      if (!sent) {
        // guard: unsent-claim-is-remembered
        world.abandon(claim);
      }
    }
  }

  /** First of all: a claim that waits in line is stale when its turn comes. */
  private void awaitTurn() throws Conflict {
    try {
      known.cloud.acquirePermit(known.account());
    } catch (CloudException e) {
      // Nothing was claimed. A pause that the cloud asked for meets the next look, which tells it.
      throw new Conflict("no turn for the call: " + e.getMessage());
    }
  }

  // The claim.

  /**
   * After a conflict, or an answer that was lost: only who finds its own id in the book goes on.
   */
  private Ledger writeClaim(Ledger claimed) throws Conflict, ClaimRefused {
    try {
      return /* guard: resend-by-compare-and-swap */ world.claim(claimed);
    } catch (Conflict lostOrUnclear) {
      Ledger now = /* named: newest-ledger */ world.bookNow(known.spec.server());
      if (now.entry(known.name)
          .filter(/* guard: claim-is-own */ e -> claim.equals(errand.claimOf(e)))
          .isEmpty()) {
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
      // guard: gates-after-claim
      if (known.wish(known.reinstall).isGateClosed()
          || /* guard: no-other-send-is-told-of */ tellsOfAnotherSend()) {
        return false;
      }
      try {
        Telling telling = new Telling(known);
        // guard: point-of-no-return-is-written
        known.reinstall =
            world.declare(known.reinstall, telling.of(decision, known.entry(known.name)));
        return isInTime();
      } catch (Conflict e) {
        // guard: status-by-compare-and-swap
        if (!isThereStill()) {
          return false;
        }
      }
    }
    return false;
  }

  private boolean isThereStill() {
    try {
      known.readOrderAnew();
      return true;
    } catch (Conflict gone) {
      return false;
    }
  }

  private boolean isInTime() {
    // guard: sent-in-time
    return world.uptime().minus(claimedFrom).compareTo(timing.sendWithin()) < 0;
  }

  /** The cached status may have hidden that this order was sent and the ledger put back since. */
  private boolean tellsOfAnotherSend() {
    // guard: resend-beside-no-other-send
    return known.wish(known.reinstall).tellsOfAnotherThan(known.entry(known.name).orElseThrow());
  }

  /** Never sent. But where the status knows of an earlier send, it must not be forgotten again. */
  private void giveBack() throws Conflict {
    // guard: resend-is-not-given-back
    if (recovering || !errand.isGated()) {
      return; // the first send may live; an order that is carried out keeps its server
    }
    Instant now = world.now();
    LedgerEntryBuilder builder = new LedgerEntryBuilder(known.entry(known.name).orElseThrow());
    // guard: given-back-not-beside-another-send
    if (isThereStill() && tellsOfAnotherSend()) {
      builder.finish(State.Unknown, Reason.LedgerOutdated.name(), Lifecycle.LEDGER_REGRESSED, now);
    } else {
      builder.responseReceived = true;
      builder.finish(State.Released, null, null, now);
    }
    known.ledger = world.write(known.ledger.with(known.name, builder.build(), now));
  }

  // The receipt.

  private Answer record(Answer result) throws Conflict {
    for (int tries = 1; ; tries++) {
      Ledger answered = errand.answered(known.ledger, claim, result, world.now());
      try {
        known.ledger = answered.equals(known.ledger) ? known.ledger : world.write(answered);
        known.hear();
        return result;
      } catch (Conflict e) {
        // guard: receipt-is-written-again
        if (tries == RECEIPT_TRIES) {
          throw e;
        }
        known.ledger = world.bookNow(known.spec.server());
      }
    }
  }
}
