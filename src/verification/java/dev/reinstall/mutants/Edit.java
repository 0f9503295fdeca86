package dev.reinstall.mutants;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** A range of characters in a source, and its replacement. */
record Edit(Path file, int from, int to, String text) {

  /** The source with all of these edits, which must not overlap. */
  static String all(String source, List<Edit> edits) {
    StringBuilder edited = new StringBuilder(source);
    int last = source.length();
    for (Edit edit : edits.stream().sorted(Comparator.comparing(Edit::from).reversed()).toList()) {
      if (edit.to() > last) {
        throw new AssertionError("two changes of the same code: " + edit);
      }
      edited.replace(edit.from(), edit.to(), edit.text());
      last = edit.from();
    }
    return edited.toString();
  }
}
