package dev.reinstall.reconcile;

import dev.reinstall.api.Reason;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudResponse;
import java.time.Duration;

/**
 * The result of sending a call.
 *
 * @param requestId the cloud's ID of the call; null if it gave none
 * @param message what the cloud said and what to do next; empty if accepted
 * @param pause that the cloud asks for; zero if none
 */
record SubmissionResult(Kind kind, String requestId, String message, Duration pause) {

  /** What a result means for the request. */
  enum Kind {
    /** Accepted. */
    ACCEPTED(null),
    /** No, and there is no need: a server whose install failed cannot be stopped. */
    NOT_NEEDED(null),
    /** No, the server is busy: with what may be a double of our own request. */
    BUSY(Reason.ServerBusy),
    /** No, for now. */
    THROTTLED(Reason.Throttled),
    /** No, until a person acts. */
    DENIED(Reason.AccessDenied),
    /** Rejected permanently: the request is invalid. */
    INVALID(Reason.Rejected),
    /** Rejected permanently: there is no such server. */
    NOT_FOUND(Reason.ServerNotFound),
    /** It certainly never reached the cloud. */
    NOT_SENT(Reason.CloudUnreachable),
    /** It may have been carried out. */
    AMBIGUOUS(null);

    private final Reason reason;

    Kind(Reason reason) {
      this.reason = reason;
    }

    Reason reason() {
      return reason;
    }

    boolean isFinal() {
      return this == INVALID || this == NOT_FOUND;
    }
  }

  static final SubmissionResult NOT_NEEDED =
      new SubmissionResult(Kind.NOT_NEEDED, null, "", Duration.ZERO);

  static SubmissionResult of(CloudResponse response) {
    return new SubmissionResult(Kind.ACCEPTED, response.requestId(), "", Duration.ZERO);
  }

  /**
   * @param call such as {@code reinstall request}
   */
  static SubmissionResult of(String call, CloudException e, ReconcileContext ctx) {
    Kind kind = kind(e);
    return of(kind, e, message(call, kind, e.getMessage(), ctx));
  }

  /** Of a start: the reinstall is complete, whatever the cloud answers. */
  static SubmissionResult ofStart(CloudException e) {
    return of(kind(e), e, e.getMessage());
  }

  private static SubmissionResult of(Kind kind, CloudException e, String message) {
    return new SubmissionResult(
        kind, e.requestId().orElse(null), message, e.retryAfter().orElse(Duration.ZERO));
  }

  private static String message(String call, Kind kind, String cause, ReconcileContext ctx) {
    return switch (kind) {
      case BUSY -> Messages.rejectedBusy(call, cause);
      case THROTTLED -> Messages.rejectedThrottled(call, cause);
      case DENIED ->
          Messages.rejectedDenied(
              call, ctx.spec.credentialsRef().name(), cause, ctx.timeouts.slowInterval());
      case INVALID -> Messages.rejected(call, cause);
      case NOT_FOUND ->
          Messages.rejectedNotFound(
              call,
              ctx.spec.instanceId(),
              ctx.spec.region(),
              ctx.spec.credentialsRef().name(),
              cause);
      case NOT_SENT -> Messages.notSent(call, cause);
      case ACCEPTED, NOT_NEEDED, AMBIGUOUS -> cause;
    };
  }

  private static Kind kind(CloudException e) {
    if (e.isNotSent()) {
      return Kind.NOT_SENT;
    }
    return switch (e.kind()) {
      case BUSY -> Kind.BUSY;
      case THROTTLED -> Kind.THROTTLED;
      case DENIED -> Kind.DENIED;
      case INVALID -> Kind.INVALID;
      case NOT_FOUND -> Kind.NOT_FOUND;
      case AMBIGUOUS -> Kind.AMBIGUOUS;
    };
  }
}
