package dev.reinstall.cloud;

import dev.reinstall.api.SecretKeyRef;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** User data: plain text in the spec or in a Secret, Base64 of its UTF-8 on the wire. */
public final class UserData {

  /** Both clouds count bytes before Base64. */
  public static final int MAX_BYTES = 16 * 1024;

  private UserData() {}

  public static boolean tooLong(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES;
  }

  /**
   * Validates the user data of a spec.
   *
   * @return empty: valid
   */
  public static Optional<String> validate(String inline, SecretKeyRef ref) {
    if (inline != null && ref != null) {
      return Optional.of("userData and userDataRef are mutually exclusive");
    }
    if (inline != null && (inline.isEmpty() || tooLong(inline))) {
      return Optional.of("userData must have 1 to " + MAX_BYTES + " bytes of UTF-8");
    }
    return SecretValidation.validateReference("userDataRef", ref);
  }

  /**
   * What is sent.
   *
   * @param inline text in the spec; null: none
   * @param ref the Secret key with the text; null: none
   * @throws CloudException not sent, if the contents of the Secret were not passed
   */
  public static Optional<String> base64(
      String inline, SecretKeyRef ref, Map<SecretKeyRef, String> secrets) throws CloudException {
    String text = ref == null ? inline : SecretValidation.required(ref, secrets);
    return Optional.ofNullable(text)
        .map(it -> Base64.getEncoder().encodeToString(it.getBytes(StandardCharsets.UTF_8)));
  }
}
