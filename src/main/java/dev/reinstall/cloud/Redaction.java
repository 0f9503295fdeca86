package dev.reinstall.cloud;

import dev.reinstall.api.StoredText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The one home of the rule that no text of a cloud brings a secret into a status, an event or a
 * log: a cloud may echo what it was sent, quote it in any way, and cut it anywhere.
 *
 * <p>Secrets are the credentials, the passwords and the user data of the call. A text is withheld,
 * all of it, if it contains any six characters in a row of a secret, or the whole of a shorter one;
 * also in Base64, and after any number of JSON, percent and HTML escapes were removed. Blanks and
 * line ends do not count. User data that uses the words of an error message therefore hides the
 * message, which costs an explanation; the other mistake would show a secret.
 *
 * <p>Error codes and IDs are not words that a cloud makes up, and requests are followed by them:
 * they are withheld only if they contain eight characters in a row.
 */
public final class Redaction {

  static final int LONGEST = 500;
  static final String WITHHELD =
      "(the text of the cloud is not shown: it contains a part of a secret or of the user data)";
  private static final int SEARCHED = 1 << 16;

  private static final int TELLING = 6;
  private static final int TELLING_IN_ID = 8;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  private final List<String> secrets;

  private Redaction(List<String> secrets) {
    this.secrets = secrets;
  }

  /**
   * Of these secrets.
   *
   * @param secrets empty ones and null are ignored
   */
  public static Redaction of(Collection<String> secrets) {
    return new Redaction(
        secrets.stream().filter(secret -> secret != null && !secret.isEmpty()).distinct().toList());
  }

  /**
   * Text of a cloud, fit to be shown: withheld if it contains a part of a secret; what cannot be
   * printed is a blank, and it has at most 500 characters.
   *
   * @param text null is empty
   */
  public String clean(String text) {
    if (text == null) {
      return "";
    }
    if (text.length() > SEARCHED) {
      return "(a text of " + text.length() + " characters)";
    }
    return contains(text, TELLING)
        ? WITHHELD
        : StoredText.shorten(StoredText.printable(text), LONGEST);
  }

  /**
   * An error, fit to be shown: its code stays where its text is withheld.
   *
   * @param known whether the code is one of ours, so that it cannot repeat a secret
   * @param text null is empty
   */
  public String error(String code, boolean known, String text) {
    return (known ? code : id(code).orElse("(no code)")) + ": " + clean(text);
  }

  /**
   * The cloud's id of a call, or a code; empty where the text is none: they are short, plain and
   * hold no secret.
   */
  public Optional<String> id(String text) {
    return !ID.matcher(text).matches() || contains(text, TELLING_IN_ID)
        ? Optional.empty()
        : Optional.of(text);
  }

  /**
   * Linear in the text and in the secrets: the parts of the text are sorted hashes, and those of
   * the secrets are looked up.
   */
  private boolean contains(String text, int telling) {
    if (secrets.isEmpty()) {
      return false;
    }
    Optional<List<String>> layers = EscapedText.layers(text);
    if (layers.isEmpty()) {
      return true;
    }
    List<String> said = layers.get().stream().map(Redaction::bare).toList();
    long[] parts =
        said.stream()
            .flatMapToLong(layer -> Arrays.stream(hashes(layer, telling)))
            .sorted()
            .toArray();
    return secrets.stream().anyMatch(secret -> contains(said, parts, secret, telling));
  }

  private static boolean contains(List<String> said, long[] parts, String secret, int telling) {
    String bare = bare(secret);
    if (bare.length() >= telling) {
      return containsAny(parts, bare, telling) || containsBase64(parts, secret, telling);
    }
    if (bare.isEmpty()) {
      return false;
    }
    boolean byChance = bare.length() < TELLING && telling == TELLING_IN_ID; // an id may hold "1"
    return said.stream().anyMatch(layer -> byChance ? layer.equals(bare) : layer.contains(bare));
  }

  private static boolean containsAny(long[] parts, String secret, int telling) {
    return Arrays.stream(hashes(secret, telling))
        .anyMatch(hash -> Arrays.binarySearch(parts, hash) >= 0);
  }

  /**
   * Whatever stands before the secret in what was encoded. The characters at both ends that depend
   * on the neighbours are left out.
   */
  private static boolean containsBase64(long[] parts, String secret, int telling) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    for (int before = 0; before < 3; before++) {
      byte[] shifted = new byte[before + bytes.length];
      System.arraycopy(bytes, 0, shifted, before, bytes.length);
      String base64 = Base64.getEncoder().withoutPadding().encodeToString(shifted);
      int first = (before * Byte.SIZE + 5) / 6;
      int last = shifted.length * Byte.SIZE / 6;
      if (first < last && containsAny(parts, bare(base64.substring(first, last)), telling)) {
        return true;
      }
    }
    return false;
  }

  /** The same for all ways to write blanks and Base64. */
  private static String bare(String text) {
    StringBuilder bare = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char next = text.charAt(i);
      int type = Character.getType(next);
      boolean blank =
          Character.isWhitespace(next)
              || Character.isSpaceChar(next)
              || type == Character.CONTROL
              || type == Character.FORMAT;
      if (!blank && next != '+' && next != '-') {
        bare.append(next == '_' ? '/' : next);
      }
    }
    return bare.toString();
  }

  /** Of every so many characters in a row. */
  private static long[] hashes(String text, int length) {
    long[] hashes = new long[Math.max(0, text.length() - length + 1)];
    for (int from = 0; from < hashes.length; from++) {
      long hash = 1;
      for (int i = from; i < from + length; i++) {
        hash = hash * 0x9E3779B97F4A7C15L + text.charAt(i) + 1;
      }
      hashes[from] = hash;
    }
    return hashes;
  }

  @Override
  public String toString() {
    return "Redaction[...]";
  }
}
