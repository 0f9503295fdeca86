package dev.reinstall.cloud;

import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The value of one Secret key: bytes, as a Secret holds them; never printed. */
public final class SecretBytes {
  private final byte[] bytes;

  private SecretBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  /** As it stands in {@code data} of a Secret. */
  public static SecretBytes ofBase64(String base64) {
    return new SecretBytes(Base64.getDecoder().decode(base64));
  }

  public static SecretBytes ofText(String text) {
    return new SecretBytes(text.getBytes(StandardCharsets.UTF_8));
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

  public int length() {
    return bytes.length;
  }

  /** Empty if it is not UTF-8: a value with replaced bytes would be another one. */
  public Optional<String> text() {
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** In 64 lower-case hex digits. */
  String sha256() {
    return Sha256.hex(bytes);
  }

  public String base64() {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** What a cloud that echoes it could send, for {@link Redaction}. */
  public List<String> forms() {
    return text()
        .map(List::of)
        .orElseGet(() -> List.of(base64(), new String(bytes, StandardCharsets.UTF_8)));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SecretBytes && Arrays.equals(bytes, ((SecretBytes) other).bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "SecretBytes[...]";
  }
}
