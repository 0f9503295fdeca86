package dev.reinstall.cloud;

import dev.reinstall.cloud.CloudException.Kind;
import io.github.bucket4j.BlockingStrategy;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** The calls of one account of one cloud: their turns, and the pause that the cloud asked for. */
final class RateLimiter {

  /** A description that waits longer would be late for the next poll as well. */
  private static final Duration MAX_WAIT_TO_READ = Duration.ofSeconds(30);

  /** A turn that is not taken for so long is given up. */
  private static final long MAX_LATENESS = Duration.ofMinutes(1).toNanos();

  private final TimeMeter meter;
  private final BlockingStrategy waiting;
  private final InstantSource clock;
  private final Consumer<Duration> throttled;

  /** Gives out the turns, as far ahead as there are requests. */
  private final Bucket line;

  /** Spaces the calls out again, where many turns are taken late and at once. */
  private final Bucket changes;

  private final Bucket reads;

  /** The turns of those in line, by who waits: the soonest first. */
  private final Map<String, Long> turns = new LinkedHashMap<>();

  private long usedAt;
  private long pausedUntil;
  private Instant pausedUntilTime = Instant.EPOCH;

  /**
   * @param throttled receives each wait for a turn, and each pause
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
    line = bucket(limits.changes());
    changes = bucket(limits.changes());
    reads = bucket(limits.reads());
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

  /**
   * Takes the turn of a call that changes a server, or reserves one.
   *
   * @param who has one turn at a time, and keeps it until it is taken
   * @return zero: the call may be sent; else how long to wait before asking again
   * @throws CloudException throttled: the cloud asked for a pause
   */
  synchronized Duration takeTurn(String who) throws CloudException {
    failIfPaused();
    long now = meter.currentTimeNanos();
    turns.values().removeIf(turn -> now - turn > MAX_LATENESS);
    Long turn = turns.get(who);
    if (turn == null) {
      turn = now + line.consumeIgnoringRateLimits(1);
      if (turn > now) {
        throttled.accept(Duration.ofNanos(turn - now));
      }
      turns.put(who, turn);
    }
    if (turn - now > 0) {
      return Duration.ofNanos(turn - now);
    }
    ConsumptionProbe sent = changes.tryConsumeAndReturnRemaining(1);
    if (!sent.isConsumed()) {
      return Duration.ofNanos(sent.getNanosToWaitForRefill());
    }
    turns.remove(who);
    return Duration.ZERO;
  }

  /** Waits for the turn of a call that changes nothing. */
  void awaitReadTurn() throws CloudException {
    failIfPaused();
    try {
      if (!reads.asBlocking().tryConsume(1, MAX_WAIT_TO_READ, waiting)) {
        throw new CloudException(
            Kind.THROTTLED,
            "Not sent: too many calls of this account are waiting for the rate limit.");
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
    throw new CloudException(
        Kind.THROTTLED,
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
    return now - usedAt > time.toNanos()
        && now - pausedUntil >= 0
        && turns.values().stream().allMatch(turn -> now - turn > MAX_LATENESS);
  }
}
