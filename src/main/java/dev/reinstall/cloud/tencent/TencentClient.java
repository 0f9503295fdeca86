package dev.reinstall.cloud.tencent;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reinstall.api.Server;
import dev.reinstall.cloud.CatalogueEntry;
import dev.reinstall.cloud.CatalogueQuery;
import dev.reinstall.cloud.CloudClient;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudException.Kind;
import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.CloudResponse;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.Endpoint;
import dev.reinstall.cloud.ErrorTable;
import dev.reinstall.cloud.Fields;
import dev.reinstall.cloud.HttpResult;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.PowerRequest;
import dev.reinstall.cloud.Redaction;
import dev.reinstall.cloud.ReinstallRequest;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the calls of {@link TencentCloud}. */
final class TencentClient implements CloudClient {

  /**
   * A server whose last installation failed can be neither stopped nor started, only reinstalled.
   */
  private static final String REINSTALL_FAILED = "UnsupportedOperation.InstanceReinstallFailed";

  private static final ErrorTable ERRORS =
      ErrorTable.read(TencentClient.class, "errors.csv", "code");

  private final CloudHttp http;
  private final Endpoint endpoint;
  private final InstantSource clock;
  private final Signature signature;

  TencentClient(CloudHttp http, Endpoint endpoint, InstantSource clock, Signature signature) {
    this.http = http;
    this.endpoint = endpoint;
    this.clock = clock;
    this.signature = signature;
  }

  @Override
  public Observation describe(Credentials credentials, Server server) throws CloudException {
    Redaction redaction = Redaction.of(credentials.values().values());
    CloudResponse response = describe(credentials, List.of(server), redaction);
    return InstanceMapper.observation(server, response, redaction);
  }

  private static ObjectNode instances(List<Server> servers) throws CloudException {
    ObjectNode parameters = JsonNodeFactory.instance.objectNode();
    ArrayNode ids = parameters.putArray("InstanceIds");
    for (Server server : servers) {
      rejectInvalidIds(server);
      ids.add(server.instanceId());
    }
    return parameters;
  }

  /** If it were stopped without charge, the cloud would reject the reset. */
  @Override
  public Optional<String> stop(Credentials credentials, PowerRequest request)
      throws CloudException {
    ObjectNode parameters = instances(List.of(request.server()));
    parameters.put("StopType", "SOFT_FIRST");
    parameters.put("StoppedMode", "KEEP_CHARGING");
    CloudResponse response = power("StopInstances", parameters, request, credentials);
    Optional<Fields> error = response.content().object("Error");
    return error.isPresent()
            && error.get().text("Code").equals(Optional.of(REINSTALL_FAILED))
            && error.get().text("Message").isPresent()
        ? Optional.empty()
        : Optional.of(accepted(response, Redaction.of(credentials.values().values())).requestId());
  }

  @Override
  public String start(Credentials credentials, PowerRequest request) throws CloudException {
    ObjectNode parameters = instances(List.of(request.server()));
    CloudResponse response = power("StartInstances", parameters, request, credentials);
    return accepted(response, Redaction.of(credentials.values().values())).requestId();
  }

  private CloudResponse power(
      String action, ObjectNode parameters, PowerRequest request, Credentials credentials)
      throws CloudException {
    return call(
        new ApiRequest(
            action,
            request.server().region(),
            parameters,
            // guard: tencent-power-signed-at-claim
            request.signedAt()),
        true,
        credentials,
        Redaction.of(credentials.values().values()));
  }

  @Override
  public Map<Server, Observation> describeAll(Credentials credentials, List<Server> servers)
      throws CloudException {
    Redaction redaction = Redaction.of(credentials.values().values());
    return InstanceMapper.observations(
        servers, describe(credentials, servers, redaction), redaction);
  }

  private CloudResponse describe(Credentials credentials, List<Server> servers, Redaction redaction)
      throws CloudException {
    ObjectNode parameters = instances(servers);
    if (servers.size() > 1) {
      parameters.put("Limit", MAX_SERVERS_PER_CALL); // or it shows the first 20
    }
    ApiRequest action =
        new ApiRequest(
            "DescribeInstances",
            servers.get(0).region(),
            parameters,
            // named: tencent-clock
            clock.instant());
    return accepted(call(action, false, credentials, redaction), redaction);
  }

  @Override
  public Map<CatalogueQuery, List<CatalogueEntry>> catalogue(
      Credentials credentials, List<CatalogueQuery> queries) throws CloudException {
    CatalogueQuery first = queries.get(0);
    TencentCatalogue catalogue = TencentCatalogue.of(first);
    Redaction redaction = Redaction.of(credentials.values().values());
    ApiRequest action =
        new ApiRequest(
            first.action(), first.region(), catalogue.parameters(queries), clock.instant());
    CloudResponse response = call(action, false, credentials, redaction);
    return TencentCatalogue.isMissing(queries, response)
        ? Map.of()
        : catalogue.entries(queries, accepted(response, redaction), redaction);
  }

  @Override
  public String reinstall(Credentials credentials, ReinstallRequest request) throws CloudException {
    Server server = request.spec().server();
    rejectInvalidIds(server);
    Redaction redaction = request.redaction(credentials, request.spec().tencentCloud().userData());
    ApiRequest action =
        new ApiRequest(
            "ResetInstance",
            server.region(),
            ResetInstanceParameters.parameters(request),
            /* guard: tencent-request-signed-at-claim */ request.signedAt());
    return accepted(call(action, true, credentials, redaction), redaction).requestId();
  }

  private static void rejectInvalidIds(Server server) throws CloudException {
    Optional<String> error = TencentSpecValidator.validateIds(server.region(), server.instanceId());
    if (error.isPresent()) {
      throw new CloudException(Kind.INVALID, "Not sent: " + error.get());
    }
  }

  /**
   * @param changes whether it changes a server: then a doubtful rejection is not taken for one
   */
  private CloudResponse call(
      ApiRequest action, boolean changes, Credentials credentials, Redaction redaction)
      throws CloudException {
    URI uri = endpoint.resolve(action.region(), "");
    HttpResult result = http.send(signature.signed(action, credentials, uri));
    if (result.status() != 200) {
      throw notFromApi(changes, result);
    }
    Fields response =
        result
            .json()
            .object("Response")
            .orElseThrow(() -> result.ambiguous("The response contains no Response."));
    String requestId = response.text("RequestId").flatMap(redaction::id).orElse(null);
    return new CloudResponse(result, response, requestId);
  }

  /** A code that no row names proves nothing: the work may have started before it failed. */
  private static CloudResponse accepted(CloudResponse response, Redaction redaction)
      throws CloudException {
    Optional<Fields> error = response.content().object("Error");
    if (error.isPresent()) {
      String code = error.get().text("Code").orElse("");
      Optional<Kind> kind = ERRORS.find(code);
      String message = error.get().text("Message").orElse("");
      throw response.failure(
          kind.orElse(Kind.AMBIGUOUS),
          redaction.error(code, kind.isPresent(), message) + advice(code));
    }
    if (response.requestId() == null) {
      throw response.ambiguous("The response contains no RequestId.");
    }
    return response;
  }

  /** What a person can do about temporary credentials; the cloud's own text does not say it. */
  private static String advice(String code) {
    return code.equals("AuthFailure.TokenFailure")
        ? " (Temporary credentials are valid for a limited time, and only together. Replace secretId,"
            + " secretKey and token in the Secret by new ones. For permanent credentials, remove"
            + " token.)"
        : "";
  }

  /**
   * This API answers everything, errors too, with status 200: another status comes from a gateway.
   */
  private static CloudException notFromApi(boolean changes, HttpResult result) {
    String message = "HTTP " + result.status() + ", which is not a response of the API.";
    return result.status() == 429 && !changes
        ? new CloudException(Kind.THROTTLED, message, null, result.retryAfter())
        : result.ambiguous(message);
  }
}
