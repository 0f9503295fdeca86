package dev.reinstall.cloud.tencent;

import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudException.Kind;
import dev.reinstall.cloud.ErrorTable;
import dev.reinstall.cloud.Fields;
import dev.reinstall.cloud.HttpResult;

/**
 * A response of the API.
 *
 * @param requestId null if the cloud gave none
 * @param code of the error; null: no error
 * @param message of the error, without secrets
 */
record Reply(
    Fields response, String requestId, HttpResult httpResult, String code, String message) {
  CloudException ambiguous(String words) {
    return httpResult.ambiguous(words, requestId);
  }

  boolean isRejectedWith(String word) {
    return word.equals(code);
  }

  /**
   * A code that no row names proves nothing: the work may have started before it failed.
   *
   * @param errors what its codes mean
   */
  Reply accepted(ErrorTable errors) throws CloudException {
    if (code == null) {
      if (requestId == null) {
        throw ambiguous("The response contains no RequestId.");
      }
      return this;
    }
    Kind kind = errors.find(code).orElse(Kind.AMBIGUOUS);
    throw new CloudException(kind, message, requestId, httpResult.retryAfter());
  }
}
