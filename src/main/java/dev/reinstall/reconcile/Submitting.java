package dev.reinstall.reconcile;

import dev.reinstall.api.Reason;
import dev.reinstall.cloud.Observation;
import dev.reinstall.reconcile.Evidence.LostRequestEvidence;
import dev.reinstall.reconcile.Result.Requeue;
import dev.reinstall.reconcile.ServerObservation.DescribeFailure;

/**
 * A request may have been sent, and its response is not known: find evidence, send it again where
 * the token makes that safe, or give up.
 */
final class Submitting implements StateHandler {
  @Override
  public Result handle(Facts s) {
    if (s.recorded().unsent()) {
      return unsent(s);
    }
    // guard: claim-has-a-fence
    if (s.recorded().isWithinFence()) {
      return Result.stay(
          Reason.AwaitingConfirmation,
          SubmittingMessages.maybeSent(s.recorded().fence()),
          Requeue.AFTER_FENCE);
    }
    return byEvidence(s);
  }

  /** By this process, which never will. */
  static Result unsent(Facts s) {
    return isBesideAnotherSubmit(s) ? Result.ledgerOutdated(s) : Result.release(s);
  }

  /** The status reports a submit that the ledger does not contain, and a release would hide it. */
  static boolean isBesideAnotherSubmit(Facts s) {
    // guard: unsent-beside-another-submit
    return s.desired().statusReportsOtherClaim(s.recorded().entry().orElseThrow());
  }

  /** No call can take effect any more that has not taken effect yet. */
  static Result byEvidence(Facts s) {
    ServerObservation server = s.server();
    if (server.lostRequest() == LostRequestEvidence.MATCHES) {
      return Result.adopt(s, adopted(server.described()));
    }
    if (s.recorded().timedOut()) {
      return lost(s);
    }
    if (server.failure().isPresent()) {
      DescribeFailure failure = server.failure().get();
      return /* guard: failed-description-ends-only-the-unsent */ stay(
          SubmittingMessages.cannotCheck(failure.message()));
    }
    if (server.lostRequest() == LostRequestEvidence.UNDECIDED) {
      return stay(SubmittingMessages.reinstallInProgress());
    }
    // guard: more-than-this-submit
    if (s.desired().reportedProgress().compareTo(ReportedProgress.SUBMITTING) > 0
        && s.desired().statusReportsClaimSince(s.recorded().entry().orElseThrow())) {
      return Result.ledgerOutdated(s);
    }
    return mayResend(s) ? resend(s) : lost(s);
  }

  private static Result stay(String message) {
    return Result.stay(Reason.AwaitingConfirmation, message);
  }

  private static Result lost(Facts s) {
    return Result.outcomeUnknown(s, SubmittingMessages.noEvidence());
  }

  static String adopted(Observation observation) {
    return observation
        .operation()
        .map(operation -> SubmittingMessages.adopted(operation.id()))
        .orElseGet(SubmittingMessages::adoptedSystem);
  }

  // The same request again, with the same token: the cloud carries it out once.

  /** An orphaned entry is only observed. */
  private static boolean mayResend(Facts s) {
    return /* guard: orphan-is-not-sent-again */ s.recorded().isOwner()
        && /* guard: resend-needs-a-token */ s.server().tokenTrusted();
  }

  private static Result resend(Facts s) {
    if (forbidsResend(s)) {
      return stay(SubmittingMessages.resendBlocked(blockedBy(s)));
    }
    boolean sameContents =
        s.secrets().areUsable()
            && /* guard: resend-needs-its-resolution */ s.recorded().resolved()
            // guard: resend-from-the-same-secrets
            && s.secrets().unchanged();
    return sameContents ? Result.resend() : lost(s);
  }

  /**
   * A resend is the same request, whose preconditions were met when it reached its point of no
   * return. If what it installs is installed by now, that may be its own work, and only the token
   * would prevent a second one. If a third thing is installed, the request could not start. And if
   * the status reports a submit that the ledger does not contain, the token may be older than it is
   * trusted for.
   */
  private static boolean forbidsResend(Facts s) {
    return /* guard: resend-through-no-closed-gate */ s.desired().isGateClosed()
        || /* guard: paused-operator-sends-nothing-again */ s.pause().isPresent()
        || /* guard: held-request-is-not-sent-again */ s.recorded().hold().isPresent()
        || /* guard: moved-request-is-not-sent-again */ s.recorded().notGranted().isPresent()
        || /* guard: resend-to-no-own-node */ OwnNode.isFound(s.server())
        // guard: resend-where-nothing-changed
        || s.server().changedAsRequested()
        // guard: resend-beside-no-lost-submit
        || s.desired().statusReportsOtherClaim(s.recorded().entry().orElseThrow())
        || /* guard: resend-preconditions */ InstalledPreconditions.areUnmet(s);
  }

  /** What forbids a resend, in the order in which a person would look for it. */
  private static String blockedBy(Facts s) {
    if (s.desired().suspended()) {
      return "spec.suspend is true";
    }
    if (s.desired().expired()) {
      return "spec.notAfter (" + s.desired().notAfter() + ") has passed";
    }
    if (s.desired().deleted()) {
      return "the Reinstall is being deleted";
    }
    if (s.pause().isPresent()) {
      return "the operator is paused: " + s.pause().orElseThrow();
    }
    if (s.recorded().hold().isPresent()) {
      return "the server is held: " + s.recorded().hold().orElseThrow();
    }
    if (s.recorded().notGranted().isPresent()) {
      return "the server is not granted to this namespace";
    }
    if (OwnNode.isFound(s.server())) {
      return "the server is a Node of the operator's own cluster, and spec.allowOwnNode is not true";
    }
    if (s.server().changedAsRequested()) {
      return "the requested system is installed, and the record of the server has changed since, so"
          + " it may have been carried out";
    }
    return InstalledPreconditions.areUnmet(s)
        ? InstalledPreconditions.unmet(s)
        : "the status or the spec of the Reinstall does not allow it";
  }
}
