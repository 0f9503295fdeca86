package dev.reinstall.cloud;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/** What is wrong with an order, in words that say what to write instead; empty: nothing. */
public final class Complaint {
  private Complaint() {}

  public static Optional<String> when(boolean wrong, String what) {
    return wrong ? Optional.of(what) : Optional.empty();
  }

  /** The first that finds something; the later ones may rely on the earlier ones. */
  @SafeVarargs
  public static Optional<String> first(Supplier<Optional<String>>... rules) {
    return Arrays.stream(rules).map(Supplier::get).flatMap(Optional::stream).findFirst();
  }
}
