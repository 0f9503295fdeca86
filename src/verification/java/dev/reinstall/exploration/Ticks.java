package dev.reinstall.exploration;

import dev.reinstall.cloud.CloudCapabilities;
import dev.reinstall.reconcile.Timeouts;
import java.time.Duration;
import java.time.Instant;

/**
 * Time. Monotonic time is counted in ticks, and only differences matter: an age beyond every
 * deadline grows no further, so the number of states is finite although time is not. What matters
 * about a duration is how it compares with the others; the fewer ticks, the fewer states.
 *
 * <p>The wall clock is different: no safety property depends on it, so it may advance at any
 * moment, from one of its {@link Wall} times to the next.
 *
 * @param sendWithin how long after its claim a call may be submitted
 * @param validity how long the cloud accepts a signature, clock skew included
 * @param fence longer than validity
 * @param settle how long descriptions may lag
 * @param trust how long a token is trusted
 * @param retention how long the cloud remembers a token
 */
record Ticks(int sendWithin, int validity, int fence, int settle, int trust, int retention) {

  /** What the wall clock may show. */
  enum Wall {
    BEFORE_NOT_AFTER,
    AFTER_NOT_AFTER,
    AFTER_THE_ORDER_TIME_OUT,
    AFTER_THE_WATCH;

    boolean isLast() {
      return this == AFTER_THE_WATCH;
    }

    Wall next() {
      return values()[ordinal() + 1];
    }
  }

  static final Duration TICK = Duration.ofMinutes(1);
  static final Instant NOT_AFTER = Instant.parse("2026-11-01T12:00:00Z");
  private static final Instant BEGINNING = Instant.parse("2026-11-01T00:00:00Z");
  private static final Duration TIMEOUT = Duration.ofDays(1);

  /** A poll interval is a tenth of a tick, so that ten of them, the slowest pace, are one tick. */
  Timeouts timing() {
    return new Timeouts(TICK.dividedBy(10), of(sendWithin), of(fence), of(trust), TIMEOUT);
  }

  CloudCapabilities traits(boolean jd) {
    return new CloudCapabilities(jd, !jd, of(settle));
  }

  static Duration of(int ticks) {
    return TICK.multipliedBy(ticks);
  }

  static int in(Duration duration) {
    return (int) (duration.toSeconds() / TICK.toSeconds());
  }

  /**
   * @param since ticks since the reconciliation started, encoded as milliseconds, so that a time
   *     can be mapped back to its moment
   * @param putBack how often the ledger was restored: nobody does that within the second of a claim
   */
  static Instant at(Wall wall, int since, int putBack) {
    Instant from =
        switch (wall) {
          case BEFORE_NOT_AFTER -> BEGINNING;
          case AFTER_NOT_AFTER -> NOT_AFTER.plus(TICK);
          case AFTER_THE_ORDER_TIME_OUT -> NOT_AFTER.plus(TIMEOUT).plus(TIMEOUT.dividedBy(2));
          case AFTER_THE_WATCH -> NOT_AFTER.plus(TIMEOUT).plus(TIMEOUT).plus(TIMEOUT);
        };
    return from.plus(TICK.multipliedBy(putBack)).plusMillis(since);
  }

  /** The inverse: ticks since the reconciliation started. */
  static int since(Instant at) {
    return at.getNano() / 1_000_000;
  }

  /** The cloud's own clock. */
  static Instant cloudTime(int ticks) {
    return BEGINNING.plus(of(ticks));
  }

  static int cloudTicks(Instant cloudTime) {
    return in(Duration.between(BEGINNING, cloudTime));
  }

  /** Beyond this age claims are all equivalent. */
  int oldest() {
    return Math.max(Math.max(fence, settle), 2 * sendWithin);
  }

  /**
   * So are stops and rejections: descriptions are consistent by then, and the slowest pace is one
   * tick.
   */
  int settled() {
    return Math.max(settle, 1);
  }

  /** At this age the description of a reconciliation without a claim is too old for a claim. */
  int tooLateToClaim() {
    return 3 * sendWithin;
  }

  /**
   * At this age a claim is too old to be submitted, and a submitted call is too old to be accepted.
   */
  int tooLateToSend() {
    return Math.max(sendWithin, validity);
  }
}
