package dev.reinstall.kubernetes;

import java.time.Duration;

/**
 * The times of a stop and of leader election. A call that is in flight at SIGTERM may still be
 * answered, and its response is recorded. The lease is not renewed meanwhile, so it is longer.
 *
 * @param grace for what is in flight
 * @param lease how long others wait for a leader that does not renew it
 * @param renewDeadline after which a leader that cannot renew it ends itself
 * @param retryPeriod between two renewals
 */
public record ShutdownTimes(
    Duration grace, Duration lease, Duration renewDeadline, Duration retryPeriod) {

  /** To finish a claim that is being written, to send its call, and to record the response. */
  public static final Duration MARGIN = Duration.ofSeconds(10);

  private static final Duration RETRY_PERIOD = Duration.ofSeconds(2);

  /**
   * The times that fit this setting.
   *
   * @param callTimeout of one call to a cloud
   */
  public static ShutdownTimes of(Duration callTimeout) {
    Duration grace = callTimeout.plus(MARGIN);
    Duration lease =
        grace.plus(RETRY_PERIOD.multipliedBy(3)); // it may not have been renewed so long
    return new ShutdownTimes(grace, lease, lease.minus(MARGIN), RETRY_PERIOD);
  }
}
