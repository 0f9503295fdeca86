package dev.reinstall.cloud;

import dev.reinstall.api.Reason;
import dev.reinstall.api.StoredText;
import java.time.Duration;
import java.util.Optional;

/** A call to a cloud failed. Its message never holds a secret. */
public final class CloudException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What a failure means for the request. */
  public enum Kind {
    /** Rejected now, may pass: another operation is in progress on the server. */
    BUSY(Reason.ServerBusy),
    /** Rejected now, may pass: too many calls. */
    THROTTLED(Reason.Throttled),
    /** Rejected until a person fixes credentials, permission, account or quota. */
    DENIED(Reason.AccessDenied),
    /** Rejected permanently: the request is invalid. */
    INVALID(Reason.Rejected),
    /** Rejected permanently: there is no such server. */
    NOT_FOUND(Reason.ServerNotFound),
    /** It certainly never reached the cloud: no name, no connection, no TLS. */
    NOT_SENT(Reason.CloudUnreachable),
    /**
     * No response, or none that can be trusted: a call that changes something may have been carried
     * out.
     */
    AMBIGUOUS(Reason.CloudUnreachable);

    private final Reason reason;

    Kind(Reason reason) {
      this.reason = reason;
    }

    public Reason reason() {
      return reason;
    }

    /** Whether the same request can never succeed. */
    public boolean isFinal() {
      return this == INVALID || this == NOT_FOUND;
    }
  }

  private final Kind kind;
  private final String requestId;
  private final Duration retryAfter;

  /**
   * @param message the cloud's code and text, without secrets
   * @param requestId the cloud's ID of the call; null if it gave none
   * @param retryAfter the pause that the cloud asks for; null if it asks for none
   */
  public CloudException(Kind kind, String message, String requestId, Duration retryAfter) {
    super(StoredText.shorten(message, StoredText.ERROR));
    this.kind = kind;
    this.requestId = StoredText.cut(requestId, StoredText.ID);
    this.retryAfter = retryAfter;
  }

  /** Without what a cloud said. */
  public CloudException(Kind kind, String message) {
    this(kind, message, null, null);
  }

  public static CloudException notSent(String message) {
    return new CloudException(Kind.NOT_SENT, message);
  }

  public Kind kind() {
    return kind;
  }

  public Optional<String> requestId() {
    return Optional.ofNullable(requestId);
  }

  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
