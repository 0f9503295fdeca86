package dev.reinstall.cloud;

import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.UserDataRules;
import java.util.List;
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
   * Checks the user data in a Secret.
   *
   * @param field of the spec that refers to it
   * @param ref null: there is none, which is valid
   * @return all that is wrong, never a word of the user data; nothing if it could not be read
   */
  public static List<Finding> check(
      String field, SecretKeyRef ref, Map<SecretKeyRef, SecretBytes> secrets, Format format) {
    return Optional.ofNullable(ref).map(secrets::get).stream()
        .flatMap(data -> wrong(data, format).stream())
        .map(must -> SecretBytes.name(ref) + " " + must + ".")
        .map(message -> Finding.correctable(field, message))
        .toList();
  }

  private static List<String> wrong(SecretBytes data, Format format) {
    Optional<String> text = data.text();
    String size = "must have 1 to " + UserDataRules.MAX_BYTES + " bytes of user data";
    if (data.length() == 0) {
      return List.of(size);
    }
    return Validation.all(
        Validation.when(data.length() > UserDataRules.MAX_BYTES, size),
        Validation.first(
            () ->
                Validation.when(
                    text.filter(it -> BASE64.matcher(it).matches()).isPresent(),
                    UserDataRules.PLAIN_MESSAGE),
            () -> format == Format.SCRIPT ? wrongScript(text) : Optional.empty()));
  }

  /**
   * Size and SHA-256 of what is sent, such as {@code 120 bytes, SHA-256 9f86...}, for a plan.
   * Empty: there is none, or it is not known.
   */
  public static Optional<String> digest(
      String inline, SecretKeyRef ref, Map<SecretKeyRef, SecretBytes> secrets) {
    return Optional.ofNullable(ref)
        .map(secrets::get)
        .or(() -> Optional.ofNullable(inline).map(SecretBytes::ofText))
        .map(data -> data.length() + " bytes, SHA-256 " + data.sha256());
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
