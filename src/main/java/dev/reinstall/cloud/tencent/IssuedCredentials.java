package dev.reinstall.cloud.tencent;

import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.Fields;
import dev.reinstall.cloud.HttpResult;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * Temporary credentials as they were issued: one triple, used and replaced together; never printed.
 *
 * @param validFor from the time they were issued
 */
record IssuedCredentials(Credentials credentials, Duration validFor) {

  /**
   * Reads them from a response.
   *
   * @param triple the object with TmpSecretId, TmpSecretKey and Token
   * @param holder the object with ExpiredTime
   * @param clock for a response without the time of the service that issued them
   * @throws CloudException not sent: there are none, or they cannot be used
   */
  static IssuedCredentials read(
      Fields triple, Fields holder, HttpResult result, InstantSource clock) throws CloudException {
    Instant now = result.date().orElseGet(clock::instant);
    Instant end =
        holder
            .time("ExpiredTime")
            .orElseThrow(() -> CloudException.notSent("The response contains no ExpiredTime."));
    Duration validFor = Duration.between(now, end);
    if (validFor.isNegative() || validFor.isZero()) {
      throw CloudException.notSent("The credentials in the response have expired.");
    }
    return new IssuedCredentials(
        new Credentials(
            Map.of(
                "secretId", value(triple, "TmpSecretId"),
                "secretKey", value(triple, "TmpSecretKey"),
                "token", value(triple, "Token"))),
        validFor);
  }

  private static String value(Fields triple, String field) throws CloudException {
    Optional<String> value = triple.text(field).filter(Credentials::isSendable);
    return value.orElseThrow(
        () -> CloudException.notSent("The response contains no usable " + field + "."));
  }

  @Override
  public String toString() {
    return "IssuedCredentials[valid for " + validFor + "]";
  }
}
