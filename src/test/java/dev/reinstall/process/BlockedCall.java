package dev.reinstall.process;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Blocks the n-th matching call and every later one (a client retries after a timeout), until it is
 * released.
 */
final class BlockedCall {
  private final Predicate<ApiCall> which;
  private final int nth;
  private final boolean beforeEffect;
  private final AtomicInteger seen = new AtomicInteger();
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch letGo = new CountDownLatch(1);

  /**
   * @param nth counted from 1
   * @param beforeEffect whether it blocks before the effect; otherwise before the response
   */
  BlockedCall(Predicate<ApiCall> which, int nth, boolean beforeEffect) {
    this.which = which;
    this.nth = nth;
    this.beforeEffect = beforeEffect;
  }

  boolean beforeEffect() {
    return beforeEffect;
  }

  boolean catches(ApiCall call) {
    return letGo.getCount() > 0 && which.test(call) && seen.incrementAndGet() >= nth;
  }

  void keep() {
    reached.countDown();
    try {
      letGo.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  boolean isReached(long seconds) throws InterruptedException {
    return reached.await(seconds, TimeUnit.SECONDS);
  }

  void letGo() {
    letGo.countDown();
  }
}
