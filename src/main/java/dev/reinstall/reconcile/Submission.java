package dev.reinstall.reconcile;

import dev.reinstall.api.Reason;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.ledger.EntryBuilder;
import dev.reinstall.ledger.Ledger;
import dev.reinstall.ledger.SubmissionResult;
import dev.reinstall.reconcile.Result.Act;
import java.time.Duration;
import java.time.Instant;

/**
 * Sends one call that changes a server. The sequence is what makes it safe: the claim is written
 * before the point of no return, that before the call, and the time to send counts from before the
 * claim.
 */
final class Submission {
  private static final int MAX_RECORD_ATTEMPTS = 20; // the result is worth more than anything else

  private final Ports ports;
  private final Timeouts timeouts;
  private final ReconcileContext ctx;
  private final Result result;
  private final CloudAction action;
  private final boolean resending;
  private String claimId;
  private Duration claimedFrom;
  private Instant signedAt;

  Submission(ReconcileContext ctx, Result result) {
    this.ctx = ctx;
    this.result = result;
    ports = ctx.ports;
    timeouts = ctx.timeouts;
    resending = /* named: is-resend */ result.act() == Act.RESEND;
    action =
        switch (result.act()) {
          case STOP -> new StopAction(ctx);
          case SUBMIT, RESEND -> new ReinstallAction(ctx, resending);
          case START -> new StartAction(ctx);
          case RESTART -> new RestartAction(ctx, result.entry());
          default -> throw new IllegalStateException("sends nothing: " + result.act());
        };
  }

  /**
   * @return the result; the ledger has it
   * @throws ConflictException nothing was sent, or the result must be read from the ledger
   * @throws ClaimRefusedException nothing was sent by this claim
   * @throws NotYetException nothing was sent, and nothing is claimed
   */
  SubmissionResult submit() throws ConflictException, ClaimRefusedException, NotYetException {
    if (ctx.ledger.isNearlyFull()) {
      ctx.ledger = ctx.ledger.withoutReleased(ctx.name, ports::isDeleted);
    }
    // guard: turn-before-claim
    takeTurn();
    claimId = ports.newClaimId();
    // guard: time-runs-from-before-the-claim
    claimedFrom = ports.monotonicTime();
    // named: signed-at-the-claim
    signedAt = ports.now();
    // guard: claim-needs-a-recent-description
    if (!ctx.isObservationFresh()) {
      throw new ConflictException("the description of the server is too old for a claim");
    }
    boolean sent = false;
    try {
      // guard: claim-before-send
      ctx.ledger =
          writeClaim(
              action.withClaim(
                  /* guard: claim-on-the-copy-that-was-decided-on */ ctx.ledger,
                  claimId,
                  signedAt));
      // guard: gates-before-send
      if (action.isGated() ? !commitStart() : isPaused() || !isInTime()) {
        releaseUnsentClaim();
        throw new ConflictException("a gate closed, or time ran out, before the call was sent");
      }
      sent = true;
      return record(
          action.send(
              ctx.entry(ctx.name).orElseThrow(),
              // guard: signed-with-the-time-of-the-claim
              signedAt));
    } finally {
      if (!sent) {
        // guard: unsent-claim-is-remembered
        ports.markUnsent(claimId);
      }
    }
  }

  /** First of all: a claim that waits in line is stale when its turn comes. */
  private void takeTurn() throws NotYetException {
    try {
      Duration wait = ports.takeTurn(ctx.credentials, ctx.spec.server());
      if (!wait.isZero()) {
        throw new NotYetException(wait, NotStartedMessages.awaitsTurn());
      }
    } catch (CloudException e) {
      throw new NotYetException(
          e.retryAfter().orElse(timeouts.pollInterval()),
          NotStartedMessages.pausedBeforeStart(CloudErrorMessages.throttled(e.getMessage())));
    }
  }

  // The claim.

  /**
   * After a conflict, or a lost response: only the process that finds its own ID in the ledger
   * continues.
   */
  private Ledger writeClaim(Ledger claimed) throws ConflictException, ClaimRefusedException {
    try {
      return /* guard: resend-by-compare-and-swap */ ports.writeClaim(claimed);
    } catch (ConflictException lostOrUnclear) {
      Ledger now = /* named: newest-ledger */ ports.fetchLedger(ctx.spec.server());
      if (now.entry(ctx.name)
          .filter(/* guard: claim-is-own */ e -> claimId.equals(action.claimIdOf(e)))
          .isEmpty()) {
        throw lostOrUnclear;
      }
      return now;
    }
  }

  // The gates.

  /**
   * Writes the status, by compare-and-swap with the copy that the result is based on: an edit made
   * before is seen here, an edit made later is too late.
   *
   * @return false: a gate closed, or the time to send has run out
   */
  private boolean commitStart() {
    while (isInTime()) {
      // guard: gates-after-claim
      if (DesiredState.of(ctx).isGateClosed()
          || /* guard: no-other-submit-is-reported */ statusReportsOtherClaim()) {
        return false;
      }
      try {
        StatusBuilder status = new StatusBuilder(ctx);
        // guard: point-of-no-return-is-written
        ctx.reinstall = ports.commitStart(ctx.reinstall, status.of(result, ctx.entry(ctx.name)));
        return !isPaused()
            && isInTime()
            // guard: not-after-is-checked-after-the-write
            && !ctx.isExpired(); // the write may have taken long
      } catch (ConflictException e) {
        // guard: status-by-compare-and-swap
        if (!stillExists()) {
          return false;
        }
      }
    }
    return false;
  }

  /** Uncached, and right before the call: the watch may be behind. */
  private boolean isPaused() {
    // guard: pause-before-send
    return ports.fetchPause().isPresent();
  }

  private boolean stillExists() {
    try {
      ctx.fetchReinstall();
      return true;
    } catch (ConflictException gone) {
      return false;
    }
  }

  private boolean isInTime() {
    // guard: sent-in-time
    return ports.monotonicTime().minus(claimedFrom).compareTo(timeouts.sendWithin()) < 0;
  }

  /**
   * The cached status may have hidden that this request was submitted and the ledger restored
   * since.
   */
  private boolean statusReportsOtherClaim() {
    // guard: resend-beside-no-other-submit
    return DesiredState.of(ctx).statusReportsOtherClaim(ctx.entry(ctx.name).orElseThrow());
  }

  /** Never sent. But where the status knows of an earlier send, it must not be forgotten again. */
  private void releaseUnsentClaim() throws ConflictException {
    // guard: resend-is-not-released
    if (resending || !action.isGated()) {
      return; // the first request may be in flight; a completed request keeps its server
    }
    Instant now = ports.now();
    EntryBuilder builder = new EntryBuilder(ctx.entry(ctx.name).orElseThrow());
    // guard: not-released-beside-another-submit
    if (stillExists() && statusReportsOtherClaim()) {
      builder.finish(
          State.Unknown, Reason.LedgerOutdated.name(), NotStartedMessages.ledgerOutdated(), now);
    } else {
      if (result.act() == Act.STOP) {
        builder.stopRejected();
      }
      builder.release(now);
    }
    ctx.ledger = ports.writeLedger(ctx.ledger.with(ctx.name, builder.build()));
  }

  // The result.

  private SubmissionResult record(SubmissionResult result) throws ConflictException {
    for (int tries = 1; ; tries++) {
      Ledger answered = action.withResult(ctx.ledger, claimId, result, ports.now());
      try {
        ctx.ledger = answered.equals(ctx.ledger) ? ctx.ledger : ports.writeLedger(answered);
        ctx.recordFirstSeen();
        Fairness.remember(ctx, result);
        reportRejectedRestart(result);
        return result;
      } catch (ConflictException e) {
        // guard: result-is-written-again
        if (tries == MAX_RECORD_ATTEMPTS) {
          throw e;
        }
        ctx.ledger = ports.fetchLedger(ctx.spec.server());
      }
    }
  }

  private void reportRejectedRestart(SubmissionResult result) {
    ctx.entry(ctx.name)
        .filter(e -> this.result.act() == Act.RESTART && e.state() == State.Released)
        .ifPresent(
            e ->
                ports.reportUnsubmittedEnd(
                    ctx.spec.server(), e, RestartMessages.restartRejected(result.message())));
  }
}
