package dev.reinstall.reconcile;

import dev.reinstall.cloud.CloudCapabilities;
import java.time.Duration;

/**
 * The durations of the protocol.
 *
 * @param pollInterval how often an open request describes its server
 * @param sendWithin how long after its claim a request may be sent, by the claimant's own clock
 * @param fence how long a call may still take effect: validity of a signature, clock skew and a
 *     margin
 * @param tokenTrust how long a cloud is trusted to remember an idempotency token, by its own clock
 * @param orderTimeout how long a submitted request is followed before its outcome is unknown
 */
public record Timeouts(
    Duration pollInterval,
    Duration sendWithin,
    Duration fence,
    Duration tokenTrust,
    Duration orderTimeout) {

  private static final Duration MAX_SLOW_INTERVAL = Duration.ofMinutes(5);

  /** Between attempts at what a person must fix: ten poll intervals, at most 5 minutes. */
  public Duration slowInterval() {
    Duration ten = pollInterval.multipliedBy(10);
    return ten.compareTo(MAX_SLOW_INTERVAL) < 0 ? ten : MAX_SLOW_INTERVAL;
  }

  /**
   * How long a claim may be based on an observation, from before its call: an older one may be of a
   * server that is running by now, or trust a token that is forgotten by now.
   */
  Duration observationValidity() {
    return sendWithin.multipliedBy(3);
  }

  /** How long a decision may be based on an observation: a claim still has to follow in time. */
  public Duration observationUse() {
    return observationValidity().dividedBy(2);
  }

  /** How long others leave a claim alone: a token makes a second copy harmless, time alone not. */
  Duration fenceOf(CloudCapabilities capabilities, Duration claimantSendsWithin) {
    return capabilities.idempotentToken()
        ? /* guard: fence-is-twice-the-time-to-send */ claimantSendsWithin.multipliedBy(2)
        : fence;
  }
}
