package dev.reinstall.cloud;

import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** A cloud of made-up servers that keeps what it was asked, and refuses on command. */
final class CountedCloud implements Cloud {

  /** One call: when, with which credentials, about which servers. */
  record Asked(String action, long at, Account account, List<Server> servers) {}

  /** What becomes of a call; null: it is answered. */
  @FunctionalInterface
  interface Fate {
    CloudException of(Asked asked);
  }

  final List<Asked> calls = Collections.synchronizedList(new ArrayList<>());
  volatile Fate fate = asked -> null;

  /** What {@link #lookAtAll} leaves out. */
  volatile List<Server> unlisted = List.of();

  private final LongSupplier nanos;

  CountedCloud(LongSupplier nanos) {
    this.nanos = nanos;
  }

  private void meet(String action, Account account, List<Server> servers) throws CloudException {
    Asked asked = new Asked(action, nanos.getAsLong(), account, List.copyOf(servers));
    calls.add(asked);
    CloudException failure = fate.of(asked);
    if (failure != null) {
      throw failure;
    }
  }

  /** It says which call saw the server: the number of calls so far. */
  private Observation seen(Server server) {
    return new Observation(
        Observation.Power.RUNNING,
        server.instanceId() + " by call " + calls.size(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Override
  public Observation look(Account account, Server server) throws CloudException {
    meet("look", account, List.of(server));
    return seen(server);
  }

  @Override
  public Map<Server, Observation> lookAtAll(Account account, List<Server> servers)
      throws CloudException {
    meet("lookAtAll", account, servers);
    Map<Server, Observation> seen = new HashMap<>();
    servers.stream().filter(s -> !unlisted.contains(s)).forEach(s -> seen.put(s, seen(s)));
    return seen;
  }

  @Override
  public Receipt order(Account account, Order order) throws CloudException {
    meet("order", account, List.of());
    return new Receipt("r");
  }

  @Override
  public Optional<Receipt> stop(Account account, PowerOrder order) throws CloudException {
    meet("stop", account, List.of(order.server()));
    return Optional.of(new Receipt("r"));
  }

  @Override
  public Receipt start(Account account, PowerOrder order) throws CloudException {
    meet("start", account, List.of(order.server()));
    return new Receipt("r");
  }

  @Override
  public Traits traits() {
    return new Traits(false, true, Duration.ZERO);
  }

  @Override
  public List<String> credentialKeys() {
    return List.of("id", "key");
  }

  @Override
  public List<SecretKeyRef> secretKeys(ReinstallSpec spec) {
    return List.of();
  }

  @Override
  public Optional<String> unsound(ReinstallSpec spec) {
    return Optional.empty();
  }

  @Override
  public Optional<String> unfit(ReinstallSpec spec, Observation observation) {
    return Optional.empty();
  }

  @Override
  public Optional<String> unusable(ReinstallSpec spec, Map<SecretKeyRef, String> secrets) {
    return Optional.empty();
  }

  @Override
  public Map<String, String> ordered(ReinstallSpec spec) {
    return Map.of();
  }
}
