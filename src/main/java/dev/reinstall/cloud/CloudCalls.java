package dev.reinstall.cloud;

import dev.reinstall.api.Server;
import io.github.bucket4j.BlockingStrategy;
import io.github.bucket4j.TimeMeter;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls to one cloud, as the operator makes them: each keeps the rate limits of its account,
 * honors {@code Retry-After}, and is measured. The result of each call that changes a server is
 * logged, and why a description failed, with the request IDs.
 */
public final class CloudCalls {
  private static final Logger LOG = LoggerFactory.getLogger(CloudCalls.class);

  /** An account that was silent for so long has all its turns again: it need not be remembered. */
  private static final Duration IDLE = Duration.ofMinutes(2);

  private final CloudProvider provider;
  private final CloudClient client;
  private final CallMetrics metrics;
  private final InstantSource clock;
  private final TimeMeter meter;
  private final BlockingStrategy waiting;
  private final Map<String, RateLimiter> accounts = new HashMap<>();

  public CloudCalls(CloudProvider provider, CallMetrics metrics) {
    this(provider, metrics, Clock.systemUTC(), TimeMeter.SYSTEM_NANOTIME, BlockingStrategy.PARKING);
  }

  /**
   * @param clock for messages; waits and pauses are measured by the monotonic meter
   */
  CloudCalls(
      CloudProvider provider,
      CallMetrics metrics,
      InstantSource clock,
      TimeMeter meter,
      BlockingStrategy waiting) {
    this.provider = provider;
    this.client = provider.client();
    this.metrics = metrics;
    this.clock = clock;
    this.meter = meter;
    this.waiting = waiting;
  }

  public CloudProvider provider() {
    return provider;
  }

  /**
   * Takes the turn of this account's next call that changes a server, or reserves one. To be asked
   * before each such call, and before its claim: the call itself does not wait.
   *
   * @param who reserves one turn at a time
   * @return zero: the call may be sent; else how long to wait before asking again
   * @throws CloudException throttled: the cloud asked for a pause
   */
  public Duration takeTurn(Credentials credentials, String who) throws CloudException {
    return limiter(credentials).takeTurn(who);
  }

  /**
   * Describes servers of one region by one call, in its turn.
   *
   * @param servers as many as {@link CloudClient#describeAll} takes
   * @return as {@link CloudClient#describeAll}; of one server alone, it is there
   */
  public Map<Server, Observation> describe(Credentials credentials, List<Server> servers)
      throws CloudException {
    RateLimiter limiter = limiter(credentials);
    Server first = servers.get(0);
    try {
      limiter.awaitReadTurn();
      return call(
          "describe",
          limiter,
          () ->
              servers.size() == 1
                  ? Map.of(first, client.describe(credentials, first))
                  : client.describeAll(credentials, servers));
    } catch (CloudException e) {
      LOG.debug(
          "describe {}{}: {} {} {}",
          first,
          servers.size() == 1 ? "" : " and " + (servers.size() - 1) + " others",
          e.kind(),
          e.getMessage(),
          id(e));
      throw e;
    }
  }

  /**
   * As {@link CloudClient#catalogue}, in its turn. A {@code Retry-After} does not pause the
   * account: a catalogue is not needed to send a request. Who asks is to ask again later.
   */
  public Map<CatalogueQuery, List<CatalogueEntry>> catalogue(
      Credentials credentials, List<CatalogueQuery> queries) throws CloudException {
    RateLimiter limiter = limiter(credentials);
    CatalogueQuery first = queries.get(0);
    try {
      limiter.awaitReadTurn();
      return measured("catalogue", () -> client.catalogue(credentials, queries));
    } catch (CloudException e) {
      LOG.debug(
          "{} of {} in {}: {} {} {}",
          first.action(),
          first.key(),
          first.region(),
          e.kind(),
          e.getMessage(),
          id(e));
      throw e;
    }
  }

  /** As {@link CloudClient#stop}; its turn was taken. */
  public Optional<String> stop(Credentials credentials, PowerRequest request)
      throws CloudException {
    return change("stop", request.server(), credentials, () -> client.stop(credentials, request));
  }

  /** As {@link CloudClient#reinstall}; its turn was taken. */
  public String reinstall(Credentials credentials, ReinstallRequest request) throws CloudException {
    return change(
            "reinstall",
            request.spec().server(),
            credentials,
            () -> Optional.of(client.reinstall(credentials, request)))
        .orElseThrow();
  }

  /** As {@link CloudClient#start}; its turn was taken. */
  public String start(Credentials credentials, PowerRequest request) throws CloudException {
    return change(
            "start",
            request.server(),
            credentials,
            () -> Optional.of(client.start(credentials, request)))
        .orElseThrow();
  }

  private Optional<String> change(
      String action, Server server, Credentials credentials, Call<Optional<String>> call)
      throws CloudException {
    try {
      RateLimiter limiter = limiter(credentials);
      limiter.failIfPaused(); // it had its turn, but a pause may have started since
      Optional<String> response = call(action, limiter, call);
      response.ifPresentOrElse(
          r -> LOG.info("{} of {}: accepted (request ID {})", action, server, r),
          () ->
              LOG.info(
                  "{} of {}: not needed, an installation has failed on the server",
                  action,
                  server));
      return response;
    } catch (CloudException e) {
      LOG.warn("{} of {}: {}: {} {}", action, server, e.kind(), e.getMessage(), id(e));
      throw e;
    }
  }

  private <T> T call(String action, RateLimiter limiter, Call<T> call) throws CloudException {
    try {
      return measured(action, call);
    } catch (CloudException e) {
      e.retryAfter().ifPresent(limiter::pauseFor);
      throw e;
    }
  }

  private <T> T measured(String action, Call<T> call) throws CloudException {
    long from = meter.currentTimeNanos();
    try {
      T result = call.make();
      measured(action, Optional.empty(), from);
      return result;
    } catch (CloudException e) {
      measured(action, Optional.of(e), from);
      throw e;
    }
  }

  private void measured(String action, Optional<CloudException> failure, long from) {
    Duration time = Duration.ofNanos(meter.currentTimeNanos() - from);
    metrics.called(provider.name(), action, failure, time);
  }

  @FunctionalInterface
  private interface Call<T> {
    T make() throws CloudException;
  }

  private static String id(CloudException e) {
    return e.requestId().map(id -> "(request ID " + id + ")").orElse("");
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
          id,
          any ->
              new RateLimiter(
                  provider.rateLimits(),
                  meter,
                  waiting,
                  clock,
                  time -> metrics.throttled(provider.name(), time)));
    }
  }

  int accountsRemembered() {
    synchronized (accounts) {
      return accounts.size();
    }
  }
}
