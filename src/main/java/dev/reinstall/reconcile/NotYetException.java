package dev.reinstall.reconcile;

import java.time.Duration;

/** Nothing was sent, and nothing may be before a while has passed. */
final class NotYetException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Duration pause;

  /**
   * @param message for the status, should the pause be long
   */
  NotYetException(Duration pause, String message) {
    super(message, null, false, false);
    this.pause = pause;
  }

  Duration pause() {
    return pause;
  }
}
