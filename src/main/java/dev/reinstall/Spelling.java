package dev.reinstall;

import java.util.Collection;
import java.util.Comparator;

/** Finds the word that somebody meant. */
final class Spelling {
  private Spelling() {}

  /**
   * @param distance letters to insert, drop or replace (Levenshtein)
   */
  record Nearest(String word, int distance) {}

  static Nearest nearest(String written, Collection<String> words) {
    return words.stream()
        .map(word -> new Nearest(word, distance(written, word)))
        .min(Comparator.comparingInt(Nearest::distance))
        .orElseThrow();
  }

  /** Row by row of the table whose cell (i, j) is the distance of the first i and j letters. */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
