package dev.reinstall.cloud;

import dev.reinstall.api.StoredText;

/**
 * The cloud accepted the call.
 *
 * @param requestId the cloud's ID of the call; empty if it gave none
 */
public record CloudResponse(String requestId) {

  public CloudResponse {
    requestId = StoredText.cut(requestId, StoredText.ID);
  }
}
