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
  public static String required(SecretKeyRef ref, Map<SecretKeyRef, String> secrets)
      throws CloudException {
    String text = secrets.get(ref);
    if (text == null || text.isEmpty()) {
      throw CloudException.notSent(name(ref) + " is missing or empty.");
    }
    return text;
  }

  /**
   * What is wrong with a password, as far as its length goes.
   *
   * @return empty: good
   */
  public static Optional<String> validatePassword(
      SecretKeyRef ref, Map<SecretKeyRef, String> secrets, int fewest, int most) {
    String text = secrets.get(ref);
    if (text == null || text.isEmpty()) {
      return Optional.of(name(ref) + " must contain the password; it is missing or empty.");
    }
    int length = text.codePointCount(0, text.length());
    return length >= fewest && length <= most
        ? Optional.empty()
        : Optional.of(
            name(ref) + " must contain a password of " + fewest + " to " + most + " characters.");
  }

  /**
   * What is wrong with user data, as far as its length goes.
   *
   * @return empty: good
   */
  public static Optional<String> validateUserData(
      SecretKeyRef ref, Map<SecretKeyRef, String> secrets) {
    String text = secrets.get(ref);
    if (text == null || text.isEmpty()) {
      return Optional.of(name(ref) + " must contain the user data; it is missing or empty.");
    }
    return UserData.tooLong(text)
        ? Optional.of(
            name(ref) + " must contain at most " + UserData.MAX_BYTES + " bytes of user data.")
        : Optional.empty();
  }

  /** How a Secret key is named to people. */
  public static String name(SecretKeyRef ref) {
    return "Secret " + ref.name() + ", key " + ref.key() + ",";
  }
}
