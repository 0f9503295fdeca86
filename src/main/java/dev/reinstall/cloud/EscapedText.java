package dev.reinstall.cloud;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A text of a cloud and what it says where it quotes: JSON and Go escapes, percent forms, HTML
 * entities, and all of these within each other.
 */
final class EscapedText {
  /** More layers are nobody's quotation. */
  private static final int MOST_LAYERS = 10;

  private static final int LONGEST_ENTITY = 10;
  private static final Map<String, String> ENTITIES =
      Map.of("lt", "<", "gt", ">", "amp", "&", "quot", "\"", "apos", "'", "nbsp", " ");

  private final String text;
  private final StringBuilder plain = new StringBuilder();
  private int at;

  private EscapedText(String text) {
    this.text = text;
  }

  /**
   * The text, then the text with one layer of escapes removed, and so on until none is left.
   *
   * @return empty: it has more layers than anybody would write
   */
  static Optional<List<String>> layers(String text) {
    List<String> layers = new ArrayList<>(List.of(text));
    while (true) {
      String last = layers.get(layers.size() - 1);
      String next = new EscapedText(last).withoutOneLayer();
      if (next.equals(last)) {
        return Optional.of(layers);
      }
      if (layers.size() > MOST_LAYERS) {
        return Optional.empty();
      }
      layers.add(next);
    }
  }

  private String withoutOneLayer() {
    while (at < text.length()) {
      boolean read =
          switch (text.charAt(at)) {
            case '\\' -> backslash();
            case '%' -> percent();
            case '&' -> entity();
            default -> false;
          };
      if (!read) {
        plain.append(text.charAt(at++));
      }
    }
    return plain.toString();
  }

  private boolean backslash() {
    if (at + 1 == text.length()) {
      return false;
    }
    char kind = text.charAt(at + 1);
    switch (kind) {
      case 'u':
        return code(at + 2, at + 6, 16, at + 6);
      case 'x':
        return code(at + 2, at + 4, 16, at + 4);
      case 'n', 'r', 't', 'b', 'f':
        return write("\n", at + 2); // which blank it is does not matter
      default:
        return !Character.isLetterOrDigit(kind) && write(String.valueOf(kind), at + 2);
    }
  }

  private boolean percent() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int next = at;
    while (isByte(next)) {
      bytes.write(Integer.parseInt(text, next + 1, next + 3, 16));
      next += 3;
    }
    return bytes.size() > 0 && write(bytes.toString(StandardCharsets.UTF_8), next);
  }

  private boolean isByte(int from) {
    return from + 2 < text.length()
        && text.charAt(from) == '%'
        && Character.digit(text.charAt(from + 1), 16) >= 0
        && Character.digit(text.charAt(from + 2), 16) >= 0;
  }

  private boolean entity() {
    int end = text.indexOf(';', at);
    if (end < 0 || end - at > LONGEST_ENTITY || end - at < 3) {
      return false;
    }
    if (text.charAt(at + 1) != '#') {
      String named = ENTITIES.get(text.substring(at + 1, end).toLowerCase(Locale.ROOT));
      return named != null && write(named, end + 1);
    }
    boolean hex = Character.toLowerCase(text.charAt(at + 2)) == 'x';
    return hex ? code(at + 3, end, 16, end + 1) : code(at + 2, end, 10, end + 1);
  }

  /**
   * @param end of the digits; behind them the text goes on at {@code next}
   */
  private boolean code(int from, int end, int radix, int next) {
    if (from >= end || end > text.length()) {
      return false;
    }
    int code = 0;
    for (int i = from; i < end; i++) {
      int digit = Character.digit(text.charAt(i), radix);
      if (digit < 0) {
        return false;
      }
      code = Math.min(code * radix + digit, Character.MAX_CODE_POINT + 1);
    }
    return Character.isValidCodePoint(code)
        && write(
            Character.isBmpCodePoint(code)
                ? String.valueOf((char) code) // half of a pair, too: the other half follows
                : Character.toString(code),
            next);
  }

  private boolean write(String meant, int next) {
    plain.append(meant);
    at = next;
    return true;
  }
}
