package dev.reinstall.kubernetes;

import dev.reinstall.api.Server;
import dev.reinstall.cloud.CachedObservation;
import dev.reinstall.cloud.Cloud;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudResponse;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.ForwardingCloud;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.PowerRequest;
import dev.reinstall.cloud.ReinstallRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the result of each call that changes a server, and why a description failed, with the
 * request IDs.
 */
final class LoggingCloud extends ForwardingCloud {
  private static final Logger LOG = LoggerFactory.getLogger(Cloud.class);

  LoggingCloud(Cloud cloud) {
    super(cloud);
  }

  @Override
  public void acquirePermit(Credentials credentials) throws CloudException {
    cloud.acquirePermit(credentials);
  }

  @Override
  public Observation describe(Credentials credentials, Server server) throws CloudException {
    try {
      return cloud.describe(credentials, server);
    } catch (CloudException e) {
      failed(server, e);
      throw e;
    }
  }

  @Override
  public CachedObservation describeCached(Credentials credentials, Server server)
      throws CloudException {
    try {
      return cloud.describeCached(credentials, server);
    } catch (CloudException e) {
      failed(server, e);
      throw e;
    }
  }

  private static void failed(Server server, CloudException e) {
    LOG.debug("describe {}: {} {} {}", server, e.kind(), e.getMessage(), id(e));
  }

  @Override
  public Map<Server, Observation> describeAll(Credentials credentials, List<Server> servers)
      throws CloudException {
    return cloud.describeAll(credentials, servers);
  }

  @Override
  public CloudResponse reinstall(Credentials credentials, ReinstallRequest request)
      throws CloudException {
    return logged(
        "reinstall", request.spec().server(), () -> cloud.reinstall(credentials, request));
  }

  @Override
  public Optional<CloudResponse> stop(Credentials credentials, PowerRequest request)
      throws CloudException {
    return Optional.ofNullable(
        logged("stop", request.server(), () -> cloud.stop(credentials, request).orElse(null)));
  }

  @Override
  public CloudResponse start(Credentials credentials, PowerRequest request) throws CloudException {
    return logged("start", request.server(), () -> cloud.start(credentials, request));
  }

  private interface Sending {
    CloudResponse send() throws CloudException;
  }

  private static CloudResponse logged(String what, Server server, Sending sending)
      throws CloudException {
    try {
      CloudResponse response = sending.send();
      if (response == null) {
        LOG.info("{} of {}: not needed, an installation has failed on the server", what, server);
      } else {
        LOG.info("{} of {}: accepted (request ID {})", what, server, response.requestId());
      }
      return response;
    } catch (CloudException e) {
      LOG.warn(
          "{} of {}: {}{}: {} {}",
          what,
          server,
          e.kind(),
          e.isNotSent() ? " (not sent)" : "",
          e.getMessage(),
          id(e));
      throw e;
    }
  }

  private static String id(CloudException e) {
    return e.requestId().map(id -> "(request ID " + id + ")").orElse("");
  }
}
