package dev.reinstall.cloud;

import dev.reinstall.api.Server;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Descriptions that are shared by the requests of one account and region: a call for one server
 * describes up to 99 others that are due next. Their observations are cached, and each serves one
 * {@link #describeCached}, within a poll interval. A {@link #describe} starts when it is requested.
 *
 * <p>A caller learns nothing that its own credentials would not show: only requests with equal
 * credentials share.
 */
final class SharedDescriptions {

  /** Much longer than a call takes; a cloud that hangs delays nobody for longer. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(2);

  private final AccountDescriptions.DescribeCall call;
  private final long poll;
  private final LongSupplier nanos;
  private final Duration maxWait;
  private final Map<String, AccountDescriptions> accounts = new HashMap<>();
  private long tidiedAt;

  /**
   * @param poll interval at which an open request describes its server
   */
  SharedDescriptions(AccountDescriptions.DescribeCall call, Duration poll, LongSupplier nanos) {
    this(call, poll, nanos, MAX_WAIT);
  }

  SharedDescriptions(
      AccountDescriptions.DescribeCall call, Duration poll, LongSupplier nanos, Duration patience) {
    this.call = call;
    this.maxWait = patience;
    this.poll = poll.toNanos();
    this.nanos = nanos;
    tidiedAt = nanos.getAsLong();
  }

  Observation describe(Credentials credentials, Server server) throws CloudException {
    return descriptions(credentials, server.region())
        .describe(credentials, server, false)
        .observation();
  }

  CachedObservation describeCached(Credentials credentials, Server server) throws CloudException {
    return descriptions(credentials, server.region()).describe(credentials, server, true);
  }

  private AccountDescriptions descriptions(Credentials credentials, String region) {
    String key = region + " " + credentials.fingerprint();
    synchronized (accounts) {
      long now = nanos.getAsLong();
      if (now - tidiedAt > poll) {
        tidiedAt = now;
        accounts.values().removeIf(AccountDescriptions::isForgotten);
      }
      return accounts.computeIfAbsent(
          key, any -> new AccountDescriptions(call, poll, nanos, maxWait));
    }
  }

  int waiting(Credentials credentials, String region) {
    return descriptions(credentials, region).waiting();
  }

  int accountsRemembered() {
    synchronized (accounts) {
      return accounts.size();
    }
  }
}
