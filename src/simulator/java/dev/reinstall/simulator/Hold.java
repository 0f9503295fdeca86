package dev.reinstall.simulator;

import dev.reinstall.simulator.wire.Connection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Blocks the next call of an action inside the cloud until a test releases it. Killing the caller
 * meanwhile does not stop the call: its effect happens on release, as in a real cloud.
 */
public final class Hold implements AutoCloseable {

  /** Where the call is blocked. */
  public enum Moment {
    BEFORE_EFFECT,
    AFTER_EFFECT
  }

  private final String action;
  private final Moment moment;
  private final CountDownLatch arrived = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile Connection connection;

  Hold(String action, Moment moment) {
    this.action = action;
    this.moment = moment;
  }

  boolean isFor(String someAction, Moment someMoment) {
    return action.equals(someAction) && moment == someMoment;
  }

  void keep(Connection caller) throws InterruptedException {
    connection = caller;
    arrived.countDown();
    released.await();
  }

  /** Waits until the call arrives. */
  public Hold awaitCall(Duration atMost) {
    try {
      if (!arrived.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("no " + action + " within " + atMost);
      }
      return this;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public boolean hasCall() {
    return arrived.getCount() == 0;
  }

  /** Cuts the caller's connection; the call itself stays blocked. */
  public void cutCaller() {
    try {
      connection.cut();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void release() {
    released.countDown();
  }

  @Override
  public void close() {
    release();
  }
}
