package dev.reinstall.api;

import java.time.Duration;

/** Durations as people write them: {@code 2m30s}. */
public final class Durations {
  private Durations() {}

  public static String text(Duration duration) {
    StringBuilder text = new StringBuilder();
    add(text, duration.toHours(), "h");
    add(text, duration.toMinutesPart(), "m");
    add(text, duration.toSecondsPart(), "s");
    add(text, duration.toMillisPart(), "ms");
    return text.isEmpty() ? "0s" : text.toString();
  }

  private static void add(StringBuilder text, long amount, String unit) {
    if (amount > 0) {
      text.append(amount).append(unit);
    }
  }
}
