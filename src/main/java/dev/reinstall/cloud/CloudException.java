package dev.reinstall.cloud;

import dev.reinstall.api.StoredText;
import java.time.Duration;
import java.util.Optional;

/** A call to a cloud failed. Its message never holds a secret. */
public final class CloudException extends Exception {
  private static final long serialVersionUID = 1L;

  private final CloudErrorKind kind;
  private final boolean notSent;
  private final String requestId;
  private final Duration retryAfter;

  private CloudException(
      CloudErrorKind kind,
      boolean neverSent,
      String message,
      String requestId,
      Duration retryAfter) {
    super(StoredText.shorten(message, StoredText.ERROR));
    this.kind = kind;
    this.notSent = neverSent;
    this.requestId = StoredText.cut(requestId, StoredText.ID);
    this.retryAfter = retryAfter;
  }

  /**
   * The cloud rejected the call.
   *
   * @param message the cloud's code and text, without secrets
   * @param requestId the cloud's ID of the call; null if it gave none
   * @param retryAfter the pause that the cloud asks for; null if it asks for none
   */
  public static CloudException rejected(
      CloudErrorKind kind, String message, String requestId, Duration retryAfter) {
    return new CloudException(kind, false, message, requestId, retryAfter);
  }

  /**
   * The request may have been carried out: it was sent, and no response that can be trusted was
   * received.
   */
  public static CloudException ambiguous(String message, String requestId, Duration retryAfter) {
    return new CloudException(CloudErrorKind.AMBIGUOUS, false, message, requestId, retryAfter);
  }

  /** The request certainly never reached the cloud: no name, no connection, no TLS. */
  public static CloudException notSent(String message) {
    return new CloudException(CloudErrorKind.AMBIGUOUS, true, message, null, null);
  }

  public CloudErrorKind kind() {
    return kind;
  }

  /** True: nothing left this machine, so nothing can have been done. */
  public boolean isNotSent() {
    return notSent;
  }

  public Optional<String> requestId() {
    return Optional.ofNullable(requestId);
  }

  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
