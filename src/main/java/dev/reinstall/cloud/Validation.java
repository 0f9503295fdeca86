package dev.reinstall.cloud;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Validation errors, in words that say what the value must be; empty: valid. */
public final class Validation {
  private Validation() {}

  public static Optional<String> when(boolean wrong, String what) {
    return wrong ? Optional.of(what) : Optional.empty();
  }

  /** All that are found. */
  @SafeVarargs
  public static List<String> all(Optional<String>... rules) {
    return Stream.of(rules).flatMap(Optional::stream).toList();
  }

  /** The first that finds something; the later ones may rely on the earlier ones. */
  @SafeVarargs
  public static Optional<String> first(Supplier<Optional<String>>... rules) {
    for (Supplier<Optional<String>> rule : rules) {
      Optional<String> found = rule.get();
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }
}
