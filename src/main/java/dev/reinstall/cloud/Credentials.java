package dev.reinstall.cloud;

import dev.reinstall.api.Sha256;
import dev.reinstall.cloud.CloudException.Kind;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The credentials of one request, as its Secret has them; never printed.
 *
 * @param values by key of the Secret, such as {@code secretId}
 */
public record Credentials(Map<String, String> values) {

  /**
   * Characters of one value. No cloud gives out longer ones; a gateway could refuse the headers of
   * a call (HTTP 431), and then it is not certain that the call had no effect.
   */
  public static final int LONGEST = 4096;

  private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e]+");

  /**
   * One credential, fit for an HTTP header.
   *
   * @throws CloudException denied, where the Secret has no such key, or a value that no cloud gave
   *     out: too long, or, most often, with a line end
   */
  public String credential(String key) throws CloudException {
    return optional(key)
        .orElseThrow(() -> denied("The credentials Secret has no key " + key + ": add it."));
  }

  /** Whether a cloud can have given it out, and an HTTP header can carry it. */
  public static boolean isSendable(String value) {
    return isPrintable(value) && /* guard: sent-credential-is-bounded */ !isTooLong(value);
  }

  /** Not empty, and nothing but printable ASCII without blanks. */
  public static boolean isPrintable(String value) {
    return PRINTABLE.matcher(value).matches();
  }

  public static boolean isTooLong(String value) {
    return value.length() > LONGEST;
  }

  /** Like {@link #credential}, but absent or empty is allowed. */
  public Optional<String> optional(String key) throws CloudException {
    String value = values.get(key);
    if (value == null || value.isEmpty()) {
      return Optional.empty();
    }
    if (!isSendable(value)) {
      throw denied(
          "The credentials Secret's key "
              + key
              + " must have at most "
              + LONGEST
              + " characters, and no blanks, line breaks or other characters that are not printable"
              + " ASCII.");
    }
    return Optional.of(value);
  }

  /** Equal for equal credentials, the secret parts too; and nothing to read them from. */
  public String fingerprint() {
    StringBuilder exact = new StringBuilder();
    new TreeMap<>(values)
        .forEach(
            (key, value) -> exact.append(key.length() + ":" + key + value.length() + ":" + value));
    return Sha256.hex(exact.toString());
  }

  private static CloudException denied(String message) {
    return new CloudException(Kind.DENIED, message);
  }

  @Override
  public String toString() {
    return "Account[...]";
  }
}
