package dev.reinstall.cloud;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.PlannedInstallation;
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

/** A cloud of generated servers that records its calls, and rejects them on request. */
public final class CountingCloud implements CloudProvider, CloudClient {

  /** One call: when, with which credentials, about which servers or parts of a catalogue. */
  public record RecordedCall(
      String action,
      long at,
      Credentials credentials,
      List<Server> servers,
      List<CatalogueQuery> catalogue) {

    RecordedCall(String action, long at, Credentials credentials, List<Server> servers) {
      this(action, at, credentials, servers, List.of());
    }
  }

  /** The outcome of a call; null: a normal response. */
  @FunctionalInterface
  public interface CallOutcome {
    CloudException of(RecordedCall asked);
  }

  public final List<RecordedCall> calls = Collections.synchronizedList(new ArrayList<>());
  public volatile CallOutcome outcome = asked -> null;

  /** The queries of each call to a catalogue. */
  public final List<List<CatalogueQuery>> asked = Collections.synchronizedList(new ArrayList<>());

  /** What its catalogues contain: properties by ID. */
  public final Map<String, Map<String, String>> entries = new HashMap<>();

  /** False: an installation has failed on each server. */
  boolean stopNeeded = true;

  /** The servers that {@link #describeAll} leaves out. */
  public volatile List<Server> unlisted = List.of();

  private final LongSupplier nanos;
  private final RateLimits limits;

  CountingCloud(LongSupplier nanos) {
    this(nanos, null);
  }

  public CountingCloud(LongSupplier nanos, RateLimits limits) {
    this.nanos = nanos;
    this.limits = limits;
  }

  private void meet(String action, Credentials credentials, List<Server> servers)
      throws CloudException {
    meet(new RecordedCall(action, nanos.getAsLong(), credentials, List.copyOf(servers)));
  }

  private void meet(RecordedCall call) throws CloudException {
    calls.add(call);
    CloudException failure = outcome.of(call);
    if (failure != null) {
      throw failure;
    }
  }

  /** It identifies the call that observed the server: the number of calls so far. */
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
  public Observation describe(Credentials credentials, Server server) throws CloudException {
    meet("look", credentials, List.of(server));
    return seen(server);
  }

  @Override
  public Map<Server, Observation> describeAll(Credentials credentials, List<Server> servers)
      throws CloudException {
    meet("lookAtAll", credentials, servers);
    Map<Server, Observation> observations = new HashMap<>();
    servers.stream().filter(s -> !unlisted.contains(s)).forEach(s -> observations.put(s, seen(s)));
    return observations;
  }

  @Override
  public Map<CatalogueQuery, List<CatalogueEntry>> catalogue(
      Credentials credentials, List<CatalogueQuery> queries) throws CloudException {
    asked.add(List.copyOf(queries));
    meet(
        new RecordedCall(
            "catalogue", nanos.getAsLong(), credentials, List.of(), List.copyOf(queries)));
    Map<CatalogueQuery, List<CatalogueEntry>> found = new HashMap<>();
    for (CatalogueQuery query : queries) {
      if (entries.containsKey(query.key())) {
        found.put(query, List.of(new CatalogueEntry(query.key(), entries.get(query.key()))));
      }
    }
    return found;
  }

  @Override
  public int cataloguePerCall() {
    return 100;
  }

  @Override
  public String reinstall(Credentials credentials, ReinstallRequest request) throws CloudException {
    meet("order", credentials, List.of());
    return "r";
  }

  @Override
  public Optional<String> stop(Credentials credentials, PowerRequest request)
      throws CloudException {
    meet("stop", credentials, List.of(request.server()));
    return stopNeeded ? Optional.of("r") : Optional.empty();
  }

  @Override
  public String start(Credentials credentials, PowerRequest request) throws CloudException {
    meet("start", credentials, List.of(request.server()));
    return "r";
  }

  @Override
  public CloudName name() {
    return CloudName.TencentCloud;
  }

  @Override
  public RateLimits rateLimits() {
    return limits;
  }

  @Override
  public CloudClient client() {
    return this;
  }

  @Override
  public CloudCapabilities capabilities() {
    return new CloudCapabilities(false, true, Duration.ZERO);
  }

  @Override
  public CredentialKeys credentialKeys() {
    return new CredentialKeys(List.of("id", "key"), List.of());
  }

  @Override
  public List<SecretKeyRef> secretKeys(ReinstallSpec spec) {
    return List.of();
  }

  @Override
  public Optional<String> validateSpec(ReinstallSpec spec) {
    return Optional.empty();
  }

  @Override
  public List<Finding> checkServer(ReinstallSpec spec, Observation observation) {
    return List.of();
  }

  @Override
  public List<Finding> checkSecrets(ReinstallSpec spec, Map<SecretKeyRef, SecretBytes> secrets) {
    return List.of();
  }

  @Override
  public PlannedInstallation plan(
      ReinstallSpec spec, Observation observation, Map<SecretKeyRef, SecretBytes> secrets) {
    return new PlannedInstallation(
        observation.installed(),
        expectedInstallation(spec),
        List.of("system disk"),
        List.of(),
        List.of(),
        null,
        null,
        null);
  }

  @Override
  public Map<String, String> expectedInstallation(ReinstallSpec spec) {
    return Map.of();
  }
}
