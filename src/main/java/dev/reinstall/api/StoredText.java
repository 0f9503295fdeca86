package dev.reinstall.api;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;

/**
 * How much of what a cloud says is stored in a ServerLedger or a status. The API server refuses an
 * object with more, again and again, so it is cut where it enters: then all of its copies are
 * equal.
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

  /** The same, of each value. */
  public static Map<String, String> cutValues(Map<String, String> values, int most) {
    Map<String, String> cut = new HashMap<>(values);
    cut.replaceAll((key, value) -> cut(value, most));
    return Map.copyOf(cut);
  }

  /** Whether a time in RFC 3339 can express it: an HTTP date can be of the year 10000. */
  public static boolean isStorable(Instant time) {
    int year = time.atOffset(ZoneOffset.UTC).getYear();
    return year >= 1 && year <= 9999;
  }
}
