package dev.reinstall;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Prints the progress of a long test, at most every ten seconds. Thread-safe. */
public final class Progress {
  private static final long INTERVAL = TimeUnit.SECONDS.toNanos(10);

  private final AtomicLong next = new AtomicLong(System.nanoTime() + INTERVAL);

  /** Prints the line if the last one was printed long enough ago. */
  public void report(Supplier<String> line) {
    long due = next.get();
    long now = System.nanoTime();
    if (now - due >= 0 && next.compareAndSet(due, now + INTERVAL)) {
      System.out.println(line.get());
    }
  }
}
