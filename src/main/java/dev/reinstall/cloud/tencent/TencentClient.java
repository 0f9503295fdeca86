package dev.reinstall.cloud.tencent;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reinstall.api.Server;
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
    Reply reply = describe(credentials, List.of(server), redaction);
    return InstanceMapper.observation(server, reply, redaction);
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
  public Optional<CloudResponse> stop(Credentials credentials, PowerRequest request)
      throws CloudException {
    ObjectNode parameters = instances(List.of(request.server()));
    parameters.put("StopType", "SOFT_FIRST");
    parameters.put("StoppedMode", "KEEP_CHARGING");
    Reply reply = power("StopInstances", parameters, request, credentials);
    if (reply.isRejectedWith(REINSTALL_FAILED)) {
      return Optional.empty();
    }
    return Optional.of(new CloudResponse(reply.accepted(ERRORS).requestId()));
  }

  @Override
  public CloudResponse start(Credentials credentials, PowerRequest request) throws CloudException {
    Reply reply =
        power("StartInstances", instances(List.of(request.server())), request, credentials);
    return new CloudResponse(reply.accepted(ERRORS).requestId());
  }

  private Reply power(
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

  private Reply describe(Credentials credentials, List<Server> servers, Redaction redaction)
      throws CloudException {
    ObjectNode parameters = instances(servers);
    if (servers.size() > 1) {
      parameters.put("Limit", MAX_SERVERS_PER_CALL); // or it shows the first 20
    }
    String region = servers.get(0).region();
    return call(
            new ApiRequest(
                "DescribeInstances",
                region,
                parameters,
                // named: tencent-clock
                clock.instant()),
            false,
            credentials,
            redaction)
        .accepted(ERRORS);
  }

  @Override
  public CloudResponse reinstall(Credentials credentials, ReinstallRequest request)
      throws CloudException {
    Server server = request.spec().server();
    rejectInvalidIds(server);
    Reply reply =
        call(
                new ApiRequest(
                    "ResetInstance",
                    server.region(),
                    ResetInstanceParameters.parameters(request),
                    /* guard: tencent-request-signed-at-claim */ request.signedAt()),
                true,
                credentials,
                request.redaction(credentials, request.spec().tencentCloud().userData()))
            .accepted(ERRORS);
    return new CloudResponse(reply.requestId());
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
  private Reply call(
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
            .orElseThrow(() -> result.ambiguous("The response contains no Response.", null));
    String requestId = response.text("RequestId").flatMap(redaction::id).orElse(null);
    Optional<Fields> error = response.object("Error");
    if (error.isEmpty()) {
      return new Reply(response, requestId, result, null, null);
    }
    String code = error.get().text("Code").orElse("");
    String message =
        redaction.error(
            code, ERRORS.find(code).isPresent(), error.get().text("Message").orElse(""));
    return new Reply(response, requestId, result, code, message);
  }

  /**
   * This API answers everything, errors too, with status 200: another status comes from a gateway.
   */
  private static CloudException notFromApi(boolean changes, HttpResult result) {
    String message = "HTTP " + result.status() + ", which is not a response of the API.";
    return result.status() == 429 && !changes
        ? new CloudException(Kind.THROTTLED, message, null, result.retryAfter())
        : result.ambiguous(message, null);
  }
}
