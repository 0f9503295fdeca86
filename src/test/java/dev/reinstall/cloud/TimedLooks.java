package dev.reinstall.cloud;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Shared looks by a clock of the test's own. */
public final class TimedLooks {
  private TimedLooks() {}

  public static Cloud over(Cloud cloud, Duration poll, LongSupplier nanos) {
    return new SharedLooks(cloud, poll, nanos, Duration.ofMinutes(1));
  }
}
