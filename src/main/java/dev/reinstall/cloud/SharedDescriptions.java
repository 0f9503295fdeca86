package dev.reinstall.cloud;

import dev.reinstall.api.Server;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A cloud whose descriptions are shared by the requests of one account and region: a call for one
 * server describes up to 99 others that are due next. Their observations are cached, and each
 * serves one {@link #describeCached}, within a poll interval. A {@link #describe} starts when it is
 * requested.
 *
 * <p>A caller learns nothing that its own credentials would not show: only requests with equal
 * credentials share.
 */
public final class SharedDescriptions extends ForwardingCloud {

  /** Much longer than a call takes; a cloud that hangs delays nobody for longer. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(2);

  private final long poll;
  private final LongSupplier nanos;
  private final Duration maxWait;
  private final Map<String, AccountDescriptions> accounts = new HashMap<>();
  private long tidiedAt;

  /**
   * @param poll interval at which an open request describes its server
   */
  public SharedDescriptions(Cloud cloud, Duration poll) {
    this(cloud, poll, System::nanoTime, MAX_WAIT);
  }

  SharedDescriptions(Cloud cloud, Duration poll, LongSupplier nanos, Duration patience) {
    super(cloud);
    this.maxWait = patience;
    this.poll = poll.toNanos();
    this.nanos = nanos;
    tidiedAt = nanos.getAsLong();
  }

  @Override
  public Observation describe(Credentials credentials, Server server) throws CloudException {
    return descriptions(credentials, server.region())
        .describe(credentials, server, false)
        .observation();
  }

  @Override
  public CachedObservation describeCached(Credentials credentials, Server server)
      throws CloudException {
    return descriptions(credentials, server.region()).describe(credentials, server, true);
  }

  @Override
  public Map<Server, Observation> describeAll(Credentials credentials, List<Server> servers)
      throws CloudException {
    return cloud.describeAll(credentials, servers);
  }

  @Override
  public void acquirePermit(Credentials credentials) throws CloudException {
    cloud.acquirePermit(credentials);
  }

  @Override
  public CloudResponse reinstall(Credentials credentials, ReinstallRequest request)
      throws CloudException {
    return cloud.reinstall(credentials, request);
  }

  @Override
  public Optional<CloudResponse> stop(Credentials credentials, PowerRequest request)
      throws CloudException {
    return cloud.stop(credentials, request);
  }

  @Override
  public CloudResponse start(Credentials credentials, PowerRequest request) throws CloudException {
    return cloud.start(credentials, request);
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
          key, any -> new AccountDescriptions(cloud, poll, nanos, maxWait));
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
