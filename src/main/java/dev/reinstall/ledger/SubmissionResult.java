package dev.reinstall.ledger;

import dev.reinstall.api.StoredText;
import dev.reinstall.cloud.CloudException;
import java.time.Duration;

/**
 * The result of sending a call.
 *
 * @param isAccepted without an error, and not accepted: there is no need, because a server whose
 *     install failed cannot be stopped
 * @param error null: none
 * @param requestId the cloud's ID of the call; null if it gave none
 * @param message what the cloud said and what to do next; empty if accepted
 * @param pause that the cloud asks for; zero if none
 */
public record SubmissionResult(
    boolean isAccepted,
    CloudException.Kind error,
    String requestId,
    String message,
    Duration pause) {

  public static final SubmissionResult NOT_NEEDED =
      new SubmissionResult(false, null, null, "", Duration.ZERO);

  public static SubmissionResult accepted(String requestId) {
    String stored = StoredText.cut(requestId, StoredText.ID);
    return new SubmissionResult(true, null, stored, "", Duration.ZERO);
  }

  /**
   * A call that failed.
   *
   * @param message what to say of it
   */
  public static SubmissionResult failed(CloudException e, String message) {
    return new SubmissionResult(
        false, e.kind(), e.requestId().orElse(null), message, e.retryAfter().orElse(Duration.ZERO));
  }

  public SubmissionResult withMessage(String text) {
    return new SubmissionResult(isAccepted, error, requestId, text, pause);
  }

  /** It may have been carried out. */
  public boolean isAmbiguous() {
    return error == CloudException.Kind.AMBIGUOUS;
  }

  /** It certainly was not carried out. */
  public boolean isRejected() {
    return error != null && !isAmbiguous();
  }
}
