package dev.reinstall;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Tells how far a long test is, at most once in ten seconds. Any thread may use it. */
public final class Progress {
  private static final long INTERVAL = TimeUnit.SECONDS.toNanos(10);

  private final AtomicLong next = new AtomicLong(System.nanoTime() + INTERVAL);

  /** Prints the line if the last one was printed long enough ago. */
  public void tell(Supplier<String> line) {
    long due = next.get();
    long now = System.nanoTime();
    if (now - due >= 0 && next.compareAndSet(due, now + INTERVAL)) {
      System.out.println(line.get());
    }
  }
}
