package dev.reinstall.cloud;

import dev.reinstall.api.Server;
import io.github.bucket4j.BlockingStrategy;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A cloud whose calls keep its rate limits, per account, and which honors {@code Retry-After}.
 *
 * <p>A call that changes a server does not wait for a permit: {@link #acquirePermit} did.
 */
public final class RateLimitedCloud extends ForwardingCloud {

  /** An account that was silent for so long has all its turns again: it need not be remembered. */
  private static final Duration IDLE = Duration.ofMinutes(2);

  private final RateLimits limits;
  private final TimeMeter meter;
  private final BlockingStrategy waiting;
  private final InstantSource clock;
  private final Consumer<Duration> throttled;
  private final Map<String, RateLimiter> accounts = new HashMap<>();

  /**
   * @param clock for messages; waits and pauses are measured by a monotonic clock
   * @param throttled receives each wait for a permit, and each pause that the cloud asks for
   */
  public RateLimitedCloud(
      Cloud cloud, RateLimits limits, InstantSource clock, Consumer<Duration> throttled) {
    this(cloud, limits, clock, throttled, TimeMeter.SYSTEM_NANOTIME, BlockingStrategy.PARKING);
  }

  RateLimitedCloud(
      Cloud cloud,
      RateLimits limits,
      InstantSource clock,
      Consumer<Duration> throttled,
      TimeMeter meter,
      BlockingStrategy waiting) {
    super(cloud);
    this.throttled = throttled;
    this.limits = limits;
    this.clock = clock;
    this.meter = meter;
    this.waiting = waiting;
  }

  @Override
  public void acquirePermit(Credentials credentials) throws CloudException {
    limiter(credentials).acquireChangePermit();
  }

  @Override
  public Observation describe(Credentials credentials, Server server) throws CloudException {
    RateLimiter limiter = limiter(credentials);
    limiter.acquireReadPermit();
    return call(limiter, () -> cloud.describe(credentials, server));
  }

  @Override
  public Map<Server, Observation> describeAll(Credentials credentials, List<Server> servers)
      throws CloudException {
    RateLimiter limiter = limiter(credentials);
    limiter.acquireReadPermit();
    return call(limiter, () -> cloud.describeAll(credentials, servers));
  }

  @Override
  public CloudResponse reinstall(Credentials credentials, ReinstallRequest request)
      throws CloudException {
    return change(credentials, () -> cloud.reinstall(credentials, request));
  }

  @Override
  public Optional<CloudResponse> stop(Credentials credentials, PowerRequest request)
      throws CloudException {
    return change(credentials, () -> cloud.stop(credentials, request));
  }

  @Override
  public CloudResponse start(Credentials credentials, PowerRequest request) throws CloudException {
    return change(credentials, () -> cloud.start(credentials, request));
  }

  /** Its permit was acquired, but a pause may have started since. */
  private <T> T change(Credentials credentials, Attempt<T> attempt) throws CloudException {
    RateLimiter limiter = limiter(credentials);
    limiter.failIfPaused();
    return call(limiter, attempt);
  }

  private static <T> T call(RateLimiter limiter, Attempt<T> attempt) throws CloudException {
    try {
      return attempt.make();
    } catch (CloudException e) {
      e.retryAfter().ifPresent(limiter::pauseFor);
      throw e;
    }
  }

  @FunctionalInterface
  private interface Attempt<T> {
    T make() throws CloudException;
  }

  /**
   * By all of the credentials: who knows the public half of another's, and invents the rest, must
   * not delay the other's calls.
   */
  private RateLimiter limiter(Credentials credentials) {
    String id = credentials.fingerprint();
    synchronized (accounts) {
      if (!accounts.containsKey(id)) {
        accounts.values().removeIf(limiter -> limiter.isIdleFor(IDLE));
      }
      return accounts.computeIfAbsent(
          id, any -> new RateLimiter(limits, meter, waiting, clock, throttled));
    }
  }

  int accountsRemembered() {
    synchronized (accounts) {
      return accounts.size();
    }
  }
}
