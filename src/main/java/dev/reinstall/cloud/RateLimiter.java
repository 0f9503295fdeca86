package dev.reinstall.cloud;

import io.github.bucket4j.BlockingStrategy;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;

/** The calls of one account of one cloud: their turns, and the pause that the cloud asked for. */
final class RateLimiter {

  /** As many threads as there may be are through sooner: a longer line is not worth waiting in. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(30);

  private final TimeMeter meter;
  private final BlockingStrategy waiting;
  private final InstantSource clock;
  private final Consumer<Duration> throttled;
  private final Bucket changes;
  private final Bucket reads;
  private long usedAt;
  private long pausedUntil;
  private Instant pausedUntilTime = Instant.EPOCH;

  /**
   * @param throttled receives each wait for a permit, and each pause
   */
  RateLimiter(
      RateLimits limits,
      TimeMeter meter,
      BlockingStrategy waiting,
      InstantSource clock,
      Consumer<Duration> throttled) {
    this.meter = meter;
    this.waiting =
        nanos -> {
          waiting.park(nanos);
          throttled.accept(Duration.ofNanos(nanos));
        };
    this.clock = clock;
    this.throttled = throttled;
    changes = bucket(limits.changes());
    reads = limits.reads().map(this::bucket).orElse(changes);
    usedAt = meter.currentTimeNanos();
    pausedUntil = usedAt;
  }

  /** Of one turn: a saved-up burst would break the limit of the span that it falls into. */
  private Bucket bucket(RateLimits.Rate rate) {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(1).refillGreedy(rate.calls(), rate.in()))
        .withCustomTimePrecision(meter)
        .build();
  }

  void acquireChangePermit() throws CloudException {
    acquire(changes);
  }

  void acquireReadPermit() throws CloudException {
    acquire(reads);
  }

  private void acquire(Bucket bucket) throws CloudException {
    failIfPaused();
    try {
      if (!bucket.asBlocking().tryConsume(1, MAX_WAIT, waiting)) {
        throw CloudException.rejected(
            CloudErrorKind.THROTTLED,
            "Not sent: too many calls of this account are waiting for the rate limit.",
            null,
            null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CloudException.notSent("Interrupted while a call was waiting for the rate limit.");
    }
    failIfPaused(); // another call may have started a pause in the meantime
  }

  /**
   * Fails a call before it is sent.
   *
   * @throws CloudException throttled, with what remains of the pause
   */
  synchronized void failIfPaused() throws CloudException {
    usedAt = meter.currentTimeNanos();
    Duration remaining = Duration.ofNanos(pausedUntil - usedAt);
    if (remaining.isNegative() || remaining.isZero()) {
      return;
    }
    // A time, not the remaining duration: the same message on every attempt causes no status write.
    throw CloudException.rejected(
        CloudErrorKind.THROTTLED,
        "Not sent: the cloud asked for a pause of this account until "
            + pausedUntilTime
            + " (Retry-After).",
        null,
        remaining);
  }

  /** The cloud asked to be left alone; a longer pause that it asked for before stays. */
  synchronized void pauseFor(Duration pause) {
    long now = meter.currentTimeNanos();
    long until = now + pause.toNanos();
    if (until - pausedUntil > 0) {
      long before = pausedUntil - now > 0 ? pausedUntil : now;
      throttled.accept(Duration.ofNanos(until - before));
      pausedUntil = until;
      pausedUntilTime = clock.instant().plus(pause).plusMillis(999).truncatedTo(ChronoUnit.SECONDS);
    }
  }

  /** Whether nothing would be lost with it. */
  synchronized boolean isIdleFor(Duration time) {
    long now = meter.currentTimeNanos();
    return now - usedAt > time.toNanos() && now - pausedUntil >= 0;
  }
}
