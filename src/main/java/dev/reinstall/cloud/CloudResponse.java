package dev.reinstall.cloud;

import dev.reinstall.api.StoredText;
import dev.reinstall.cloud.CloudException.Kind;

/**
 * A response of the API of a cloud.
 *
 * @param content the JSON object with what was asked for
 * @param requestId the cloud's ID of the call; null if it gave none
 */
public record CloudResponse(HttpResult http, Fields content, String requestId) {

  public CloudResponse {
    requestId = StoredText.cut(requestId, StoredText.ID);
  }

  public CloudException failure(Kind kind, String message) {
    return new CloudException(kind, message, requestId, http.retryAfter());
  }

  public CloudException ambiguous(String message) {
    return failure(Kind.AMBIGUOUS, message);
  }
}
