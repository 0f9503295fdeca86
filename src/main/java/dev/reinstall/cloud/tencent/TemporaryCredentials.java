package dev.reinstall.cloud.tencent;

import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.Credentials;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Temporary credentials of one source, kept until shortly before their end. One call renews them
 * for all that wait. A failure is not kept: who asks later makes another call.
 */
final class TemporaryCredentials {
  private static final Logger LOG = LoggerFactory.getLogger(TemporaryCredentials.class);

  /** They are renewed so long before their end; after half of their time if that is shorter. */
  static final Duration MARGIN = Duration.ofMinutes(5);

  /** While they are still valid, they are not renewed more often. */
  static final Duration PAUSE = Duration.ofSeconds(10);

  /** What a cloud denied is renewed if it is that old: it may have been revoked. */
  static final Duration SUSPECT = Duration.ofMinutes(1);

  /** Issues them, by calls that change nothing. */
  interface Issuer {
    /**
     * @throws CloudException denied, where a person must act; else not sent: the call that needs
     *     them cannot be sent
     */
    IssuedCredentials issue() throws CloudException;
  }

  /** Times in nanoseconds of the monotonic clock. */
  private record Held(Credentials credentials, long since, long renewAt, long end) {}

  private final Issuer issuer;
  private final LongSupplier nanos;
  private volatile Held held;
  private volatile int calls;
  private CloudException failure;
  private long pausedUntil;

  TemporaryCredentials(Issuer issuer, LongSupplier nanos) {
    this.issuer = issuer;
    this.nanos = nanos;
  }

  /** For a call that reads: renewed where they end soon. */
  Credentials renewed() throws CloudException {
    int before = calls;
    Held known = held;
    if (known != null && !isReached(known.renewAt())) {
      return known.credentials();
    }
    synchronized (this) {
      if (held != null && !isReached(held.renewAt())) {
        return held.credentials(); // renewed while this call waited
      }
      if (isValid(held) && !isReached(pausedUntil)) {
        return held.credentials();
      }
      if (calls != before && failure != null && !isValid(held)) {
        throw failure; // of the call that this one waited for
      }
      renew();
      return held.credentials();
    }
  }

  private void renew() throws CloudException {
    long from = nanos.getAsLong();
    try {
      IssuedCredentials issued = issuer.issue();
      Duration half = issued.validFor().dividedBy(2);
      Duration margin = half.compareTo(MARGIN) < 0 ? half : MARGIN;
      long end = from + issued.validFor().toNanos();
      held = new Held(issued.credentials(), from, end - margin.toNanos(), end);
      failure = null;
    } catch (CloudException e) {
      failure = e;
      if (!isValid(held)) {
        throw e;
      }
      LOG.warn("The temporary credentials could not be renewed: {}", e.getMessage());
    } finally {
      pausedUntil = nanos.getAsLong() + PAUSE.toNanos();
      calls++;
    }
  }

  /**
   * For a call that changes a server. Nothing is renewed: its claim leaves no time for that, and a
   * description, which renews them, came before.
   *
   * @throws CloudException not sent, if they have ended
   */
  Credentials valid() throws CloudException {
    Held known = held;
    if (!isValid(known)) {
      throw CloudException.notSent("The temporary credentials have ended.");
    }
    return known.credentials();
  }

  /** A cloud denied a call with them: the next call that reads renews them. */
  void denied() {
    synchronized (this) {
      Held known = held;
      if (known != null && isReached(known.since() + SUSPECT.toNanos())) {
        long now = nanos.getAsLong();
        held = new Held(known.credentials(), now, now, known.end());
        pausedUntil = now;
      }
    }
  }

  private boolean isValid(Held known) {
    return known != null && !isReached(known.end());
  }

  private boolean isReached(long time) {
    return nanos.getAsLong() - time >= 0;
  }

  @Override
  public String toString() {
    return "TemporaryCredentials[...]";
  }
}
