package dev.reinstall.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** Finds the setting that was meant. */
final class NearestName {
  private static final String PREFIX =
      "REINSTALL_"; // in every setting, so it distinguishes nothing
  private static final int SHORTEST_BEGINNING = 3;
  private static final int MOST_SUGGESTIONS = 3;

  private NearestName() {}

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

  /**
   * By meaning first, then by letters: names that start with the unknown one, names with the same
   * words, names that differ by a few letters, names that differ in the last of as many words.
   *
   * @return the best ones, in the order of the names; empty: none is near enough
   */
  static List<String> meant(String written, Collection<String> names) {
    String text = bare(written);
    List<String> words = words(text);
    List<Predicate<String>> likeness =
        List.of(
            name -> text.length() >= SHORTEST_BEGINNING && name.startsWith(text),
            name -> words(name).containsAll(words),
            name -> words.containsAll(words(name)),
            name -> words.stream().allMatch(word -> beginsOneOf(words(name), word)));
    for (Predicate<String> alike : likeness) {
      List<String> found = names.stream().filter(name -> alike.test(bare(name))).toList();
      if (!found.isEmpty() && found.size() <= MOST_SUGGESTIONS) {
        return found;
      }
    }
    List<String> near = fewLettersAway(text, names);
    return near.isEmpty() ? withOtherLastWord(words, names) : near;
  }

  private static List<String> fewLettersAway(String text, Collection<String> names) {
    int nearest = names.stream().mapToInt(name -> distance(text, bare(name))).min().orElseThrow();
    if (nearest > Math.max(2, text.length() / 4)) {
      return List.of();
    }
    return names.stream()
        .filter(name -> distance(text, bare(name)) == nearest)
        .limit(MOST_SUGGESTIONS)
        .toList();
  }

  private static List<String> withOtherLastWord(List<String> words, Collection<String> names) {
    List<String> first = words.subList(0, words.size() - 1);
    List<String> found =
        names.stream()
            .filter(name -> !first.isEmpty() && words(bare(name)).size() == words.size())
            .filter(name -> words(bare(name)).subList(0, first.size()).equals(first))
            .toList();
    return found.size() <= MOST_SUGGESTIONS ? found : List.of();
  }

  private static boolean beginsOneOf(List<String> words, String beginning) {
    return beginning.length() > 1 && words.stream().anyMatch(word -> word.startsWith(beginning));
  }

  private static String bare(String name) {
    return name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
  }

  private static List<String> words(String text) {
    return List.of(text.split("_", -1));
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
