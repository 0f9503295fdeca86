package dev.reinstall.cloud;

import io.github.bucket4j.BlockingStrategy;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;

/** A monotonic clock that advances only on request; sleeping advances it. */
public final class FakeClock implements TimeMeter, BlockingStrategy {
  private long nanos = -5_000_000_000L; // a monotonic clock may start anywhere

  public synchronized void pass(Duration time) {
    nanos += time.toNanos();
  }

  @Override
  public synchronized long currentTimeNanos() {
    return nanos;
  }

  @Override
  public boolean isWallClockBased() {
    return false;
  }

  @Override
  public synchronized void park(long nanosToPark) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    nanos += nanosToPark;
  }
}
