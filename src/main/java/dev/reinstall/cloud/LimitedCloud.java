package dev.reinstall.cloud;

import dev.reinstall.api.Server;
import dev.reinstall.api.Sha256;
import io.github.bucket4j.BlockingStrategy;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A cloud whose calls keep its limits, account by account, whichever order they are for; and which
 * is left alone for as long as it asks for by {@code Retry-After}.
 *
 * <p>A call that changes a server does not wait for its turn: {@link #reserve} did.
 */
public final class LimitedCloud extends ForwardingCloud {

  /** An account that was silent for so long has all its turns again: it need not be remembered. */
  private static final Duration IDLE = Duration.ofMinutes(2);

  private final RateLimits limits;
  private final TimeMeter meter;
  private final BlockingStrategy waiting;
  private final InstantSource clock;
  private final Map<String, AccountLimiter> accounts = new HashMap<>();

  /**
   * @param clock for what people are told; turns and pauses are measured by a monotonic one
   */
  public LimitedCloud(Cloud cloud, RateLimits limits, InstantSource clock) {
    this(cloud, limits, clock, TimeMeter.SYSTEM_NANOTIME, BlockingStrategy.PARKING);
  }

  LimitedCloud(
      Cloud cloud,
      RateLimits limits,
      InstantSource clock,
      TimeMeter meter,
      BlockingStrategy waiting) {
    super(cloud);
    this.limits = limits;
    this.clock = clock;
    this.meter = meter;
    this.waiting = waiting;
  }

  @Override
  public void reserve(Account account) throws CloudException {
    limiter(account).awaitChange();
  }

  @Override
  public Observation look(Account account, Server server) throws CloudException {
    AccountLimiter limiter = limiter(account);
    limiter.awaitRead();
    return call(limiter, () -> cloud.look(account, server));
  }

  @Override
  public Map<Server, Observation> lookAtAll(Account account, List<Server> servers)
      throws CloudException {
    AccountLimiter limiter = limiter(account);
    limiter.awaitRead();
    return call(limiter, () -> cloud.lookAtAll(account, servers));
  }

  @Override
  public Receipt order(Account account, Order order) throws CloudException {
    return change(account, () -> cloud.order(account, order));
  }

  @Override
  public Optional<Receipt> stop(Account account, PowerOrder order) throws CloudException {
    return change(account, () -> cloud.stop(account, order));
  }

  @Override
  public Receipt start(Account account, PowerOrder order) throws CloudException {
    return change(account, () -> cloud.start(account, order));
  }

  /** Its turn was reserved; but a pause may have begun since. */
  private <T> T change(Account account, Attempt<T> attempt) throws CloudException {
    AccountLimiter limiter = limiter(account);
    limiter.refuseWhileQuiet();
    return call(limiter, attempt);
  }

  private static <T> T call(AccountLimiter limiter, Attempt<T> attempt) throws CloudException {
    try {
      return attempt.make();
    } catch (CloudException e) {
      e.retryAfter().ifPresent(limiter::keepQuiet);
      throw e;
    }
  }

  @FunctionalInterface
  private interface Attempt<T> {
    T make() throws CloudException;
  }

  /** Known by the id alone, which a cloud counts by: never by what is secret. */
  private AccountLimiter limiter(Account account) throws CloudException {
    String id = Sha256.hex(account.credential(limits.accountKey()));
    synchronized (accounts) {
      if (!accounts.containsKey(id)) {
        accounts.values().removeIf(limiter -> limiter.isIdleFor(IDLE));
      }
      return accounts.computeIfAbsent(id, any -> new AccountLimiter(limits, meter, waiting, clock));
    }
  }

  int accountsRemembered() {
    synchronized (accounts) {
      return accounts.size();
    }
  }
}
