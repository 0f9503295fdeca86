package dev.reinstall.cloud;

import dev.reinstall.api.SecretKeyRef;
import java.util.Map;

/** The Secrets that a block refers to; never shows contents. */
final class SecretValidation {
  private SecretValidation() {}

  /**
   * The value that a request sends. A claim was made, so a missing value must not look like a
   * response of the cloud.
   *
   * @throws CloudException not sent, if the contents were not passed
   */
  static SecretBytes required(SecretKeyRef ref, Map<SecretKeyRef, SecretBytes> secrets)
      throws CloudException {
    SecretBytes value = secrets.get(ref);
    if (value == null || value.length() == 0) {
      throw CloudException.notSent(name(ref) + " is missing or empty.");
    }
    return value;
  }

  /** How a Secret key is named to people. */
  static String name(SecretKeyRef ref) {
    return "Secret " + ref.name() + ", key " + ref.key() + ",";
  }
}
