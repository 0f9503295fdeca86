package dev.reinstall.kubernetes;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Phase;
import dev.reinstall.api.Reason;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The values that labels of metrics can have. A status may contain any word, of a newer operator or
 * of whom may write it: it must not make a new series.
 */
final class KnownWords {
  /** For everything else. */
  static final String OTHER = "Unrecognized";

  /** The phase and the reason of a Reinstall that has no status yet. */
  static final String NEW = "New";

  private static final Set<String> PHASES = names(Phase.values());
  private static final Set<String> REASONS = names(Reason.values());

  private KnownWords() {}

  private static Set<String> names(Enum<?>[] values) {
    return Stream.of(values).map(Enum::name).collect(Collectors.toUnmodifiableSet());
  }

  static String cloud(CloudName cloud) {
    return cloud == null || cloud == CloudName.UNRECOGNIZED ? OTHER : cloud.name();
  }

  static String phase(String word) {
    return of(PHASES, word);
  }

  static String reason(String word) {
    return of(REASONS, word);
  }

  private static String of(Set<String> known, String word) {
    if (word == null) {
      return NEW;
    }
    return known.contains(word) ? word : OTHER;
  }
}
