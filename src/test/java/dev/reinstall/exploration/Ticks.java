package dev.reinstall.exploration;

import dev.reinstall.cloud.CloudCapabilities;
import dev.reinstall.reconcile.Timeouts;
import java.time.Duration;
import java.time.Instant;

/**
 * Time. What runs on a clock that only runs forward goes in ticks, and only how many of them lie
 * between two things is known: an age that is beyond every deadline grows no further, and so there
 * is an end to the states though there is none to time. What matters of a duration is its order
 * among the others; the fewer ticks, the fewer states.
 *
 * <p>The wall clock is another matter: nothing that is safe rests on it, so it goes on whenever it
 * likes, from one of its {@link Wall} times to the next.
 *
 * @param sendWithin how long after its claim a call may be sent
 * @param validity how long a signature is taken by the cloud, clocks that disagree included
 * @param fence longer than validity
 * @param settle how long what the cloud shows may lag
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

  /** A poll interval is a tenth of a tick, so that ten of them, the slowest pace, are one. */
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
   * @param since ticks since the pass began, told in milliseconds: so it can be seen of which of
   *     its moments a time is
   * @param putBack how often the ledger was put back: nobody does that within the second of a claim
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

  /** The other way round: ticks since the pass began. */
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

  /** Claims of this age are all the same. */
  int oldest() {
    return Math.max(Math.max(fence, settle), 2 * sendWithin);
  }

  /** So are rests and refusals: all has settled then, and the slowest pace is but one tick. */
  int settled() {
    return Math.max(settle, 1);
  }

  /** Of this age a pass without a claim has looked too long ago to make one. */
  int tooLateToClaim() {
    return 3 * sendWithin;
  }

  /** Of this age a claim is too old to be sent, and what is sent is too old to be taken. */
  int tooLateToSend() {
    return Math.max(sendWithin, validity);
  }
}
