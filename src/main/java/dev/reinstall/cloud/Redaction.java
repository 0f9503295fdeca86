package dev.reinstall.cloud;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The one home of the rule that no word of a cloud brings a secret into a status, an event or a
 * log: a cloud may echo what it was sent.
 */
public final class Redaction {

  static final int LONGEST = 500;
  private static final int SEARCHED = 1 << 16;

  // An echoed piece of this length can hardly be chance; shorter ones can: an id may hold "1".
  private static final int TELLING = 8;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");
  private static final Pattern UNPRINTABLE =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

  private final List<String> secrets;

  private Redaction(List<String> secrets) {
    this.secrets = secrets;
  }

  /**
   * Of these secrets: raw, in Base64, as JSON and URLs write them, and line by line.
   *
   * @param secrets empty ones and null are ignored
   */
  public static Redaction of(Collection<String> secrets) {
    return new Redaction(
        secrets.stream()
            .filter(secret -> secret != null && !secret.isEmpty())
            .flatMap(Redaction::forms)
            .filter(form -> !form.isEmpty())
            .distinct()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList());
  }

  /**
   * Text of a cloud, fit to be shown: secrets are {@code ***}, what cannot be printed is a blank,
   * and it has at most 500 characters.
   *
   * @param text null is empty
   */
  public String clean(String text) {
    if (text == null) {
      return "";
    }
    if (text.length() > SEARCHED) { // cutting it first could leave half a secret at the cut
      return "(a text of " + text.length() + " characters)";
    }
    // Twice: a secret whose line end came back as a blank shows only then.
    return cut(masked(printable(masked(text))));
  }

  private String masked(String text) {
    String masked = text;
    for (String secret : secrets) {
      masked = masked.replace(secret, "***");
    }
    return masked;
  }

  private static String printable(String text) {
    return UNPRINTABLE.matcher(text).replaceAll(" ");
  }

  private static String cut(String text) {
    if (text.length() <= LONGEST) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
    return text.substring(0, end);
  }

  /**
   * The cloud's id of a call; empty where the text is none: ids are short, plain and not secrets.
   */
  public Optional<String> id(String text) {
    boolean secret =
        secrets.stream()
            .anyMatch(s -> text.equals(s) || (s.length() >= TELLING && text.contains(s)));
    return secret || !ID.matcher(text).matches() ? Optional.empty() : Optional.of(text);
  }

  private static Stream<String> forms(String secret) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    Stream<String> whole =
        Stream.of(
            secret,
            secret.strip(),
            printable(secret),
            Base64.getEncoder().encodeToString(bytes),
            Base64.getEncoder().withoutPadding().encodeToString(bytes),
            Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
            URLEncoder.encode(secret, StandardCharsets.UTF_8),
            escaped(secret));
    Stream<String> lines =
        secret.lines().map(String::strip).filter(line -> line.length() >= TELLING);
    return Stream.concat(whole, lines);
  }

  private static String escaped(String secret) {
    return new String(JsonStringEncoder.getInstance().quoteAsString(secret));
  }

  @Override
  public String toString() {
    return "Redaction[...]";
  }
}
