package dev.reinstall.cloud.tencent;

import dev.reinstall.api.Server;
import dev.reinstall.cloud.CatalogueEntry;
import dev.reinstall.cloud.CatalogueQuery;
import dev.reinstall.cloud.CloudClient;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudException.Kind;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.PowerRequest;
import dev.reinstall.cloud.ReinstallRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes each call with the credentials of its Secret, or with those that its Secret stands for.
 * They are put in at the call, so that no request, and nothing that is cached by credentials, keeps
 * those that were replaced.
 */
final class IdentityClient implements CloudClient {
  private final CloudClient client;
  private final TencentIdentity identity;

  IdentityClient(CloudClient client, TencentIdentity identity) {
    this.client = client;
    this.identity = identity;
  }

  /** A call with the credentials that are sent. */
  private interface Call<T> {
    T with(Credentials sent) throws CloudException;
  }

  @Override
  public Observation describe(Credentials given, Server server) throws CloudException {
    return read(given, sent -> client.describe(sent, server));
  }

  @Override
  public Map<Server, Observation> describeAll(Credentials given, List<Server> servers)
      throws CloudException {
    return read(given, sent -> client.describeAll(sent, servers));
  }

  @Override
  public Map<CatalogueQuery, List<CatalogueEntry>> catalogue(
      Credentials given, List<CatalogueQuery> queries) throws CloudException {
    return read(given, sent -> client.catalogue(sent, queries));
  }

  @Override
  public Optional<String> stop(Credentials given, PowerRequest request) throws CloudException {
    return change(given, sent -> client.stop(sent, request));
  }

  @Override
  public String reinstall(Credentials given, ReinstallRequest request) throws CloudException {
    return change(given, sent -> client.reinstall(sent, request));
  }

  @Override
  public String start(Credentials given, PowerRequest request) throws CloudException {
    return change(given, sent -> client.start(sent, request));
  }

  private <T> T read(Credentials given, Call<T> call) throws CloudException {
    return made(given, identity.forRead(given), call);
  }

  private <T> T change(Credentials given, Call<T> call) throws CloudException {
    return made(given, identity.forChange(given), call);
  }

  private <T> T made(Credentials given, Credentials sent, Call<T> call) throws CloudException {
    try {
      return call.with(sent);
    } catch (CloudException e) {
      if (e.kind() == Kind.DENIED) {
        identity.denied(given);
      }
      throw e;
    }
  }
}
