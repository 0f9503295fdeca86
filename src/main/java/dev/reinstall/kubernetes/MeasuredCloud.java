package dev.reinstall.kubernetes;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Server;
import dev.reinstall.cloud.Cloud;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudResponse;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.ForwardingCloud;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.PowerRequest;
import dev.reinstall.cloud.ReinstallRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Measures each call of an adapter: directly around it, a wait for the rate limit is no part. */
public final class MeasuredCloud extends ForwardingCloud {
  private final CloudName name;
  private final OperatorMetrics metrics;

  public MeasuredCloud(Cloud cloud, CloudName name, OperatorMetrics metrics) {
    super(cloud);
    this.name = name;
    this.metrics = metrics;
  }

  @Override
  public Observation describe(Credentials credentials, Server server) throws CloudException {
    return measured("describe", () -> cloud.describe(credentials, server));
  }

  @Override
  public Map<Server, Observation> describeAll(Credentials credentials, List<Server> servers)
      throws CloudException {
    return measured("describe", () -> cloud.describeAll(credentials, servers));
  }

  @Override
  public Optional<CloudResponse> stop(Credentials credentials, PowerRequest request)
      throws CloudException {
    return measured("stop", () -> cloud.stop(credentials, request));
  }

  @Override
  public CloudResponse reinstall(Credentials credentials, ReinstallRequest request)
      throws CloudException {
    return measured("reinstall", () -> cloud.reinstall(credentials, request));
  }

  @Override
  public CloudResponse start(Credentials credentials, PowerRequest request) throws CloudException {
    return measured("start", () -> cloud.start(credentials, request));
  }

  private interface Call<T> {
    T make() throws CloudException;
  }

  private <T> T measured(String action, Call<T> call) throws CloudException {
    long from = System.nanoTime();
    try {
      T result = call.make();
      metrics.called(name, action, Optional.empty(), since(from));
      return result;
    } catch (CloudException e) {
      metrics.called(name, action, Optional.of(e), since(from));
      throw e;
    }
  }

  private static Duration since(long from) {
    return Duration.ofNanos(System.nanoTime() - from);
  }
}
