package dev.reinstall.cloud;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Shared descriptions with a clock of the test. */
public final class TimedDescriptions {
  private TimedDescriptions() {}

  public static Cloud over(Cloud cloud, Duration poll, LongSupplier nanos) {
    return new SharedDescriptions(cloud, poll, nanos, Duration.ofMinutes(1));
  }
}
