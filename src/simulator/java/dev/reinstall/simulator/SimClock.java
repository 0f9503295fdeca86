package dev.reinstall.simulator;

import java.time.Duration;
import java.time.Instant;

/** The time in a simulated cloud: runs at any speed, and can be advanced. */
public final class SimClock {
  private final Instant origin = Instant.now();
  private final long started = System.nanoTime();
  private final double factor;
  private Duration jumped = Duration.ZERO;

  private SimClock(double factor) {
    this.factor = factor;
  }

  /** A minute takes {@code 60 s / factor}; 1200 makes it 50 ms. */
  public static SimClock faster(double factor) {
    return new SimClock(factor);
  }

  /** Does not move until {@link #advance}. */
  public static SimClock manual() {
    return new SimClock(0);
  }

  public synchronized Instant now() {
    long ran = (long) ((System.nanoTime() - started) * factor);
    return origin.plusNanos(ran).plus(jumped);
  }

  public synchronized void advance(Duration by) {
    jumped = jumped.plus(by);
  }
}
