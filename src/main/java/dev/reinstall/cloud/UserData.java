package dev.reinstall.cloud;

import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.UserDataRules;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * User data, in the spec or in a Secret. It is sent byte for byte, in Base64. The same rules hold
 * wherever it stands: the schema has those of the spec.
 */
public final class UserData {
  private static final Pattern BASE64 = Pattern.compile(UserDataRules.BASE64);
  private static final Pattern MARK = Pattern.compile(UserDataRules.MARK);
  private static final Pattern CARRIAGE_RETURN = Pattern.compile(UserDataRules.CARRIAGE_RETURN);
  private static final Pattern SCRIPT = Pattern.compile(UserDataRules.SCRIPT + "([\r\n]|\\z)");

  /** What a cloud runs. */
  public enum Format {
    /** Any bytes, such as a script in gzip. */
    BYTES,
    /** Only scripts for bash and python. */
    SCRIPT
  }

  private UserData() {}

  /**
   * Validates the user data in a Secret.
   *
   * @param ref null is valid
   * @return empty: valid
   */
  public static Optional<String> validateSecret(
      SecretKeyRef ref, Map<SecretKeyRef, SecretBytes> secrets, Format format) {
    if (ref == null) {
      return Optional.empty();
    }
    SecretBytes data = secrets.get(ref);
    return (data == null
            ? Optional.of("must contain the user data; it is missing")
            : wrong(data, format))
        .map(must -> SecretBytes.name(ref) + " " + must + ".");
  }

  private static Optional<String> wrong(SecretBytes data, Format format) {
    Optional<String> text = data.text();
    return Validation.first(
        () ->
            Validation.when(
                data.length() == 0 || data.length() > UserDataRules.MAX_BYTES,
                "must have 1 to " + UserDataRules.MAX_BYTES + " bytes of user data"),
        () ->
            Validation.when(
                text.filter(it -> BASE64.matcher(it).matches()).isPresent(),
                UserDataRules.PLAIN_MESSAGE),
        () -> format == Format.SCRIPT ? wrongScript(text) : Optional.empty());
  }

  private static Optional<String> wrongScript(Optional<String> text) {
    String script = text.orElse("");
    return Validation.first(
        () -> Validation.when(text.isEmpty(), UserDataRules.TEXT_MESSAGE),
        () -> Validation.when(MARK.matcher(script).lookingAt(), UserDataRules.MARK_MESSAGE),
        () ->
            Validation.when(
                CARRIAGE_RETURN.matcher(script).lookingAt(), UserDataRules.LINE_FEED_MESSAGE),
        () -> Validation.when(!SCRIPT.matcher(script).lookingAt(), UserDataRules.SCRIPT_MESSAGE));
  }

  /**
   * What is sent.
   *
   * @param inline text in the spec; null: none
   * @param ref the Secret key with the data; null: none
   * @throws CloudException not sent, if the contents of the Secret were not passed
   */
  public static Optional<String> base64(
      String inline, SecretKeyRef ref, Map<SecretKeyRef, SecretBytes> secrets)
      throws CloudException {
    if (ref != null) {
      return Optional.of(SecretBytes.required(ref, secrets).base64());
    }
    return Optional.ofNullable(inline).map(text -> SecretBytes.ofText(text).base64());
  }
}
