package dev.reinstall.api;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What of the text of a cloud, or of a person, is stored in a ServerLedger or a status. The API
 * server refuses an object with more, again and again, so it is cut where it enters: then all of
 * its copies are equal.
 */
public final class StoredText {

  /** Characters of the ID of a call. */
  public static final int ID = 256;

  /** Characters of an update time. */
  public static final int TIME = 128;

  /** Characters of what is installed. */
  public static final int INSTALLED = 128;

  /** Characters of the state of a server. */
  public static final int STATE = 64;

  /** Characters of the text of an error; a message adds sentences to it. */
  public static final int ERROR = 500;

  /** Characters of a message. */
  public static final int MESSAGE = 1024;

  /** Characters of the reason that a person gives for a hold or a pause. */
  private static final int REASON = 200;

  private static final Pattern UNPRINTABLE =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

  private StoredText() {}

  /**
   * The first characters, as the API server counts them.
   *
   * @param text null stays null
   */
  public static String cut(String text, int most) {
    return text == null || text.codePointCount(0, text.length()) <= most
        ? text
        : text.substring(0, text.offsetByCodePoints(0, most));
  }

  /**
   * The same, for people: the last character shows that more followed. Only of what is never
   * compared with what a cloud says.
   *
   * @param text null stays null
   */
  public static String shorten(String text, int most) {
    String cut = cut(text, most);
    return Objects.equals(cut, text) ? text : cut(text, most - 1) + "…";
  }

  /**
   * Text of anybody, in one line: each character that cannot be printed is a blank, and nothing in
   * it changes how a terminal shows it.
   */
  public static String printable(String text) {
    return UNPRINTABLE.matcher(text).replaceAll(" ");
  }

  /** The same, of each value. */
  public static Map<String, String> cutValues(Map<String, String> values, int most) {
    Map<String, String> cut = new HashMap<>(values);
    cut.replaceAll((key, value) -> cut(value, most));
    return Map.copyOf(cut);
  }

  /** The reason that a person gave for a hold or a pause, in one line. */
  public static String reason(String text) {
    String given = printable(text).strip();
    return shorten(given.isEmpty() ? "no reason is given" : given, REASON);
  }

  /** Whether a time in RFC 3339 can express it: an HTTP date can be of the year 10000. */
  public static boolean isStorable(Instant time) {
    int year = time.atOffset(ZoneOffset.UTC).getYear();
    return year >= 1 && year <= 9999;
  }
}
