package dev.reinstall.cloud;

import dev.reinstall.api.SecretKeyRef;
import java.util.Map;
import java.util.Optional;

/** What both clouds require of the Secrets that a block refers to; never shows contents. */
public final class SecretValidation {
  private SecretValidation() {}

  /**
   * Validates one reference.
   *
   * @param ref null is valid
   * @return empty: valid
   */
  public static Optional<String> validateReference(String field, SecretKeyRef ref) {
    boolean whole = ref == null || (filled(ref.name()) && filled(ref.key()));
    return whole ? Optional.empty() : Optional.of(field + " must have a name and a key");
  }

  private static boolean filled(String text) {
    return text != null && !text.isBlank();
  }

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
