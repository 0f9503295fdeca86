package dev.reinstall.process;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/** Does something again and again until it is closed. */
final class Repeated implements AutoCloseable {
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final AtomicInteger times = new AtomicInteger();
  private final AtomicReference<RuntimeException> failure = new AtomicReference<>();

  private Repeated() {}

  /**
   * @param action receives how often it was done before
   */
  static Repeated every(Duration interval, IntConsumer action) {
    Repeated repeated = new Repeated();
    repeated.thread.scheduleAtFixedRate(
        () -> repeated.once(action), 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    return repeated;
  }

  private void once(IntConsumer action) {
    try {
      action.accept(times.get());
      times.incrementAndGet();
    } catch (RuntimeException e) {
      failure.compareAndSet(null, e);
    }
  }

  int times() {
    return times.get();
  }

  /** Fails if it failed once. */
  @Override
  public void close() {
    thread.shutdown(); // an action that runs is not interrupted
    try {
      thread.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (failure.get() != null) {
      throw new AssertionError("what was repeated failed", failure.get());
    }
  }
}
