package dev.reinstall.cloud;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;

/**
 * Makes a password that satisfies the rules of every cloud and platform: 20 printable ASCII
 * characters, a letter first, and at least one of each class. Characters that look alike, and those
 * that mean something to a shell, are left out.
 */
public final class NewPassword {
  static final int LENGTH = 20;

  private static final String LOWER = "abcdefghijkmnopqrstuvwxyz";
  private static final String UPPER = "ABCDEFGHJKLMNPQRSTUVWXYZ";
  private static final String DIGITS = "23456789";
  private static final String SPECIAL = "+-.@";
  private static final String LETTERS = LOWER + UPPER;
  private static final String ALL = LETTERS + DIGITS + SPECIAL;

  private NewPassword() {}

  /**
   * A new one, of more than 100 random bits.
   *
   * @param random gives a number from 0 to one less than its argument, each as likely and none to
   *     be foreseen
   */
  public static String of(IntUnaryOperator random) {
    List<Character> behind = new ArrayList<>();
    for (String one : List.of(LOWER, UPPER, DIGITS, SPECIAL)) {
      behind.add(pick(one, random));
    }
    while (behind.size() < LENGTH - 1) {
      behind.add(pick(ALL, random));
    }
    for (int last = behind.size() - 1; last > 0; last--) { // so that no class has its place
      int other = random.applyAsInt(last + 1);
      behind.set(last, behind.set(other, behind.get(last)));
    }
    return pick(LETTERS, random)
        + behind.stream().map(String::valueOf).collect(Collectors.joining());
  }

  private static char pick(String from, IntUnaryOperator random) {
    return from.charAt(random.applyAsInt(from.length()));
  }
}
