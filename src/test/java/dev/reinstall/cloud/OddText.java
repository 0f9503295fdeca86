package dev.reinstall.cloud;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Text made of characters that are hard for encodings, escapes and signatures; the same for the
 * same seed.
 */
public final class OddText {
  private static final String PLAIN =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final String VISIBLE = PLAIN + "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
  private static final List<String> ODD =
      List.of(
          " ",
          "  ",
          "\t",
          "\n",
          "\r\n",
          "\u0000",
          "\u001f",
          "\u007f",
          "\u00a0",
          "\u00e9",
          "e\u0301",
          "\u00df",
          "\u4e2d\u6587",
          "\ud83d\ude00",
          "\u2028",
          "\ufeff",
          "%41",
          "%",
          "+",
          "&",
          "=",
          "&Signature=x",
          "\\u0041",
          "\\",
          "\"",
          "'",
          "</script>",
          "~",
          "*",
          "${x}");

  private OddText() {}

  /** Any characters. */
  public static String any(Random chance, int mostPieces) {
    return pieces(
        chance.nextInt(mostPieces + 1),
        () -> chance.nextBoolean() ? one(VISIBLE, chance) : ODD.get(chance.nextInt(ODD.size())));
  }

  /** What a header can carry: visible ASCII. */
  public static String visible(Random chance, int length) {
    return pieces(length, () -> one(VISIBLE, chance));
  }

  /** Lower-case letters and digits, as in ids. */
  public static String id(Random chance, int length) {
    return pieces(length, () -> one(PLAIN.substring(26), chance));
  }

  private static String pieces(int count, Supplier<String> next) {
    return IntStream.range(0, count).mapToObj(i -> next.get()).collect(Collectors.joining());
  }

  private static String one(String letters, Random chance) {
    return String.valueOf(letters.charAt(chance.nextInt(letters.length())));
  }
}
