package dev.reinstall.cloud;

import dev.reinstall.api.Server;
import dev.reinstall.api.Sha256;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * A cloud whose looks are shared by the orders of one account and region: a call for one server
 * carries up to 99 others that are due next. What it brings of another is kept, and serves one
 * {@link #glance} at that one, within a poll interval. A {@link #look} begins when it is asked for.
 *
 * <p>Who asks learns nothing that his own credentials would not show him: only orders with the very
 * same ones share.
 */
public final class SharedLooks extends ForwardingCloud {

  /** A good deal longer than a call takes; a cloud that hangs holds nobody up for longer. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final long poll;
  private final LongSupplier nanos;
  private final Duration patience;
  private final Map<String, AccountLooks> accounts = new HashMap<>();
  private long tidiedAt;

  /**
   * @param poll how often an open order looks at its server
   */
  public SharedLooks(Cloud cloud, Duration poll) {
    this(cloud, poll, System::nanoTime, PATIENCE);
  }

  SharedLooks(Cloud cloud, Duration poll, LongSupplier nanos, Duration patience) {
    super(cloud);
    this.patience = patience;
    this.poll = poll.toNanos();
    this.nanos = nanos;
    tidiedAt = nanos.getAsLong();
  }

  @Override
  public Observation look(Account account, Server server) throws CloudException {
    return looks(account, server.region()).look(account, server, false).seen();
  }

  @Override
  public Glance glance(Account account, Server server) throws CloudException {
    return looks(account, server.region()).look(account, server, true);
  }

  @Override
  public Map<Server, Observation> lookAtAll(Account account, List<Server> servers)
      throws CloudException {
    return cloud.lookAtAll(account, servers);
  }

  @Override
  public void reserve(Account account) throws CloudException {
    cloud.reserve(account);
  }

  @Override
  public Receipt order(Account account, Order order) throws CloudException {
    return cloud.order(account, order);
  }

  @Override
  public Optional<Receipt> stop(Account account, PowerOrder order) throws CloudException {
    return cloud.stop(account, order);
  }

  @Override
  public Receipt start(Account account, PowerOrder order) throws CloudException {
    return cloud.start(account, order);
  }

  private AccountLooks looks(Account account, String region) {
    String key = region + " " + digest(account.credentials());
    synchronized (accounts) {
      long now = nanos.getAsLong();
      if (now - tidiedAt > poll) {
        tidiedAt = now;
        accounts.values().removeIf(AccountLooks::isForgotten);
      }
      return accounts.computeIfAbsent(key, any -> new AccountLooks(cloud, poll, nanos, patience));
    }
  }

  /** All of the credentials, the secret ones too, and nothing to read them from. */
  private static String digest(Map<String, String> credentials) {
    StringBuilder exact = new StringBuilder();
    new TreeMap<>(credentials)
        .forEach(
            (key, value) ->
                exact
                    .append(key.length())
                    .append(':')
                    .append(key)
                    .append(value.length())
                    .append(':')
                    .append(value));
    return Sha256.hex(exact.toString());
  }

  int waiting(Account account, String region) {
    return looks(account, region).waiting();
  }

  int accountsRemembered() {
    synchronized (accounts) {
      return accounts.size();
    }
  }
}
