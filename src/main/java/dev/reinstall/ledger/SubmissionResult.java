package dev.reinstall.ledger;

import dev.reinstall.api.Reason;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudResponse;
import java.time.Duration;
import java.util.function.Function;

/**
 * The result of sending a call.
 *
 * @param requestId the cloud's ID of the call; null if it gave none
 * @param message what the cloud said and what to do next; empty if accepted
 * @param pause that the cloud asks for; zero if none
 */
public record SubmissionResult(Kind kind, String requestId, String message, Duration pause) {

  /** What a result means for the request. */
  public enum Kind {
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

    public Reason reason() {
      return reason;
    }

    public boolean isFinal() {
      return this == INVALID || this == NOT_FOUND;
    }
  }

  public static final SubmissionResult NOT_NEEDED =
      new SubmissionResult(Kind.NOT_NEEDED, null, "", Duration.ZERO);

  public static SubmissionResult of(CloudResponse response) {
    return new SubmissionResult(Kind.ACCEPTED, response.requestId(), "", Duration.ZERO);
  }

  /**
   * A call that failed.
   *
   * @param message what to say of it, by its kind
   */
  public static SubmissionResult of(CloudException e, Function<Kind, String> message) {
    Kind kind = kind(e);
    return new SubmissionResult(
        kind,
        e.requestId().orElse(null),
        message.apply(kind),
        e.retryAfter().orElse(Duration.ZERO));
  }

  public SubmissionResult withMessage(String text) {
    return new SubmissionResult(kind, requestId, text, pause);
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
