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

  private static final Pattern SENDABLE = Pattern.compile("[\\x21-\\x7e]+");

  /**
   * One credential, fit for an HTTP header.
   *
   * @throws CloudException denied, where the Secret has no such key, or a value that no cloud gave
   *     out: most often one with a line end
   */
  public String credential(String key) throws CloudException {
    return optional(key)
        .orElseThrow(() -> denied("The credentials Secret has no key " + key + ": add it."));
  }

  /** Whether a cloud can have given it out, and an HTTP header can carry it. */
  public static boolean isSendable(String value) {
    return SENDABLE.matcher(value).matches();
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
              + " must not contain blanks, line breaks or other characters that are not printable"
              + " ASCII.");
    }
    return Optional.of(value);
  }

  /** Equal for equal credentials, the secret parts too; and nothing to read them from. */
  public String fingerprint() {
    StringBuilder exact = new StringBuilder();
    new TreeMap<>(values)
        .forEach(
            (key, value) ->
                exact
                    .append(key.length())
                    .append(':')
                    .append(key)
                    .append(value.length())
                    .append(':')
                    .append(value));
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
