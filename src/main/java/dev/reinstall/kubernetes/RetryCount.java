package dev.reinstall.kubernetes;

import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.processing.retry.Retry;
import io.javaoperatorsdk.operator.processing.retry.RetryExecution;
import java.time.Duration;
import java.util.Optional;

/**
 * Counts the failures of a Reinstall in a row, without end. The framework keeps the count and
 * schedules nothing: its timer runs by the wall clock. {@link RequeueTimer} does.
 */
final class RetryCount implements Retry {
  static final Duration FIRST = Duration.ofSeconds(1);
  static final Duration LONGEST = Duration.ofMinutes(1);

  /** 1s, 2s, 4s ... 1m. */
  static Duration backoff(Optional<RetryInfo> failures) {
    int doublings = Math.min(failures.map(RetryInfo::getAttemptCount).orElse(0), 6);
    Duration next = FIRST.multipliedBy(1L << doublings);
    return next.compareTo(LONGEST) < 0 ? next : LONGEST;
  }

  @Override
  public RetryExecution initExecution() {
    return new RetryExecution() {
      private int failures;

      @Override
      public Optional<Long> nextDelay() {
        failures++;
        return Optional.empty();
      }

      @Override
      public int getAttemptCount() {
        return failures;
      }

      @Override
      public boolean isLastAttempt() {
        return false;
      }
    };
  }
}
