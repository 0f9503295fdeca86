package dev.reinstall.reconcile;

import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.PowerRequest;
import dev.reinstall.ledger.SubmissionResult;
import java.time.Instant;

/** Starts a server: what its two reasons have in common. */
interface PowerOnAction extends CloudAction {

  ReconcileContext ctx();

  /** Distinguishes the tokens of the two. */
  String call();

  @Override
  default String claimIdOf(Entry entry) {
    return entry.start() == null ? null : entry.start().claimId();
  }

  /** It ends what was started, or undoes what was done. */
  @Override
  default boolean isGated() {
    return false;
  }

  @Override
  default SubmissionResult send(Entry entry, Instant signedAt) {
    String token = ctx().token(call() + "/" + entry.start().claimId());
    PowerRequest request = new PowerRequest(ctx().spec.server(), token, signedAt);
    try {
      return SubmissionResult.accepted(ctx().ports.start(ctx().credentials, request));
    } catch (CloudException e) {
      return SubmissionResult.failed(e, e.getMessage());
    }
  }
}
