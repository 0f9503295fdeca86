package dev.reinstall.reconcile;

import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.ledger.Ledger;
import dev.reinstall.ledger.SubmissionResult;
import java.time.Instant;

/** One call that changes a server: what is written before it, what is sent, what came of it. */
interface CloudAction {

  /** The ledger with the claim under which the call is sent. */
  Ledger withClaim(Ledger ledger, String claim, Instant at);

  /** The id of the claim that the entry holds for such a call; null: none. */
  default String claimIdOf(Entry entry) {
    return entry.claimId();
  }

  /** Whether it starts something, so that a closed gate forbids it. */
  default boolean isGated() {
    return true;
  }

  /**
   * Sends it, once.
   *
   * @param entry as it was claimed
   * @param signedAt the time of the claim
   */
  SubmissionResult send(Entry entry, Instant signedAt);

  /** The ledger with the result; this very one if the result adds nothing. */
  Ledger withResult(Ledger ledger, String claim, SubmissionResult result, Instant now);

  /**
   * The result of a call that failed.
   *
   * @param call such as {@code reinstall request}
   */
  static SubmissionResult failed(String call, CloudException e, ReconcileContext ctx) {
    return SubmissionResult.failed(e, message(call, e, ctx));
  }

  private static String message(String call, CloudException e, ReconcileContext ctx) {
    String cause = e.getMessage();
    return switch (e.kind()) {
      case BUSY -> CloudErrorMessages.rejectedBusy(call, cause);
      case THROTTLED -> CloudErrorMessages.rejectedThrottled(call, cause);
      case DENIED ->
          CloudErrorMessages.rejectedDenied(
              call,
              ctx.spec.credentialsRef().name(),
              cause,
              ctx.timeouts.slowInterval(),
              ctx.ledger.namespace() != null);
      case INVALID -> CloudErrorMessages.rejected(call, cause);
      case NOT_FOUND ->
          CloudErrorMessages.rejectedNotFound(
              call,
              ctx.spec.instanceId(),
              ctx.spec.region(),
              ctx.spec.credentialsRef().name(),
              cause);
      case NOT_SENT -> CloudErrorMessages.notSent(call, cause);
      case AMBIGUOUS -> cause;
    };
  }
}
