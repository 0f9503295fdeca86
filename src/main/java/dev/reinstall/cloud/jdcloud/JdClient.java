package dev.reinstall.cloud.jdcloud;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.reinstall.api.Server;
import dev.reinstall.cloud.CatalogueEntry;
import dev.reinstall.cloud.CatalogueQuery;
import dev.reinstall.cloud.CloudClient;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudException.Kind;
import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.CloudResponse;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.DescribeResponseParser;
import dev.reinstall.cloud.Endpoint;
import dev.reinstall.cloud.Fields;
import dev.reinstall.cloud.HttpResult;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Details;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.cloud.PowerRequest;
import dev.reinstall.cloud.Redaction;
import dev.reinstall.cloud.ReinstallRequest;
import dev.reinstall.cloud.SignedRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes the calls of {@link JdCloud}. */
final class JdClient implements CloudClient {

  /** Optional key of the Secret: the code by which an account protects its operations. */
  static final String SECURITY_TOKEN = "securityToken";

  private static final String CODE_NEEDED =
      " (If the account has operation protection, write a fresh code as "
          + SECURITY_TOKEN
          + " into the Secret, or use a sub-user without it.)";

  private static final String SERVICE = "edcps";
  private static final String JSON = "application/json"; // signed byte for byte

  /** Words of this cloud and of ours for what is installed: they are the same. */
  private static final List<String> INSTALLED =
      List.of("osTypeId", "sysRaidTypeId", "dataRaidTypeId");

  private final CloudHttp http;
  private final Endpoint endpoint;
  private final InstantSource clock;
  private final Supplier<UUID> nonces;
  private final JdSignature signature;

  JdClient(
      CloudHttp http,
      Endpoint endpoint,
      InstantSource clock,
      Supplier<UUID> nonces,
      JdSignature signature) {
    this.http = http;
    this.endpoint = endpoint;
    this.clock = clock;
    this.nonces = nonces;
    this.signature = signature;
  }

  @Override
  public Observation describe(Credentials credentials, Server server) throws CloudException {
    Redaction redaction = Redaction.of(credentials.values().values());
    Request apiCall =
        new Request(
            "GET", path(server, ""), List.of(), "", false, /* named: jd-clock */ clock.instant());
    CloudResponse response = call(apiCall, credentials, server.region(), redaction);
    Fields instance =
        response
            .content()
            .object("instance")
            .orElseThrow(() -> response.ambiguous("The response contains no instance."));
    return observation(server, instance, response, redaction);
  }

  @Override
  public Map<Server, Observation> describeAll(Credentials credentials, List<Server> servers)
      throws CloudException {
    List<Map.Entry<String, String>> query = new ArrayList<>();
    query.add(Map.entry("filters.1.name", "instanceId"));
    query.add(Map.entry("filters.1.operator", "eq"));
    for (Server server : servers) {
      rejectInvalidIds(server);
      query.add(Map.entry("filters.1.values." + (query.size() - 1), server.instanceId()));
    }
    query.add(Map.entry("pageNumber", "1"));
    query.add(Map.entry("pageSize", Integer.toString(MAX_SERVERS_PER_CALL)));
    String region = servers.get(0).region();
    Request apiCall = new Request("GET", path(region), query, "", false, clock.instant());
    Redaction redaction = Redaction.of(credentials.values().values());
    CloudResponse response = call(apiCall, credentials, region, redaction);
    List<Fields> list =
        response
            .content()
            .objects("instances")
            .orElseThrow(() -> response.ambiguous("The response contains no instances."));
    return DescribeResponseParser.read(
        servers,
        list,
        "instanceId",
        (server, instance) -> observation(server, instance, response, redaction));
  }

  /** One device type a call. */
  @Override
  public Map<CatalogueQuery, List<CatalogueEntry>> catalogue(
      Credentials credentials, List<CatalogueQuery> queries) throws CloudException {
    CatalogueQuery query = queries.get(0);
    JdCatalogue catalogue = JdCatalogue.of(query);
    Request apiCall =
        new Request(
            "GET",
            catalogue.path(query),
            List.of(Map.entry("deviceType", query.key())),
            "",
            false,
            clock.instant());
    Redaction redaction = Redaction.of(credentials.values().values());
    CloudResponse response = call(apiCall, credentials, query.region(), redaction);
    return Map.of(query, catalogue.entries(response, redaction));
  }

  @Override
  public String reinstall(Credentials credentials, ReinstallRequest request) throws CloudException {
    Redaction redaction = request.redaction(credentials, request.spec().jdCloud().userData());
    Server server = request.spec().server();
    Request apiCall =
        new Request(
            "PUT",
            path(server, ":reinstallInstance"),
            List.of(),
            ReinstallInstanceBody.body(request),
            true,
            /* guard: jd-request-signed-at-claim */ request.signedAt());
    return accepted(call(apiCall, credentials, server.region(), redaction));
  }

  /** There is only the soft way. */
  @Override
  public Optional<String> stop(Credentials credentials, PowerRequest request)
      throws CloudException {
    return Optional.of(power(":stopInstance", true, credentials, request));
  }

  @Override
  public String start(Credentials credentials, PowerRequest request) throws CloudException {
    return power(":startInstance", false, credentials, request);
  }

  private String power(
      String action, boolean guarded, Credentials credentials, PowerRequest request)
      throws CloudException {
    String body =
        JsonNodeFactory.instance
            .objectNode()
            .put("clientToken", ReinstallInstanceBody.requireToken(request.token()))
            .toString();
    String path = path(request.server(), action);
    Request apiCall =
        new Request(
            "PUT",
            path,
            List.of(),
            body,
            guarded,
            // guard: jd-power-signed-at-claim
            request.signedAt());
    Redaction redaction = Redaction.of(credentials.values().values());
    return accepted(call(apiCall, credentials, request.server().region(), redaction));
  }

  private static String accepted(CloudResponse response) throws CloudException {
    if (!response.content().flag("success").orElse(false)) {
      // The model allows it and does not define it: the reinstall may have started anyway.
      throw response.ambiguous("The response does not report success.");
    }
    return response.requestId() == null ? "" : response.requestId();
  }

  private static String path(String region) {
    return "/v1/regions/" + region + "/instances";
  }

  /**
   * @param action what is to be done with it; empty: it is read
   */
  private static String path(Server server, String action) throws CloudException {
    rejectInvalidIds(server);
    return path(server.region()) + "/" + server.instanceId() + action;
  }

  private static void rejectInvalidIds(Server server) throws CloudException {
    Optional<String> error = JdSpecValidator.validateIds(server.region(), server.instanceId());
    if (error.isPresent()) {
      throw new CloudException(Kind.INVALID, "Not sent: " + error.get());
    }
  }

  /**
   * @param query of letters, digits, dots, dashes and underscores, which need no encoding
   * @param guarded whether an account may protect the action by a code
   */
  private record Request(
      String method,
      String path,
      List<Map.Entry<String, String>> query,
      String body,
      boolean guarded,
      Instant at) {

    boolean reads() {
      return method.equals("GET");
    }

    String target() {
      return query.stream()
          .map(pair -> pair.getKey() + "=" + pair.getValue())
          .collect(Collectors.joining("&", query.isEmpty() ? path : path + "?", ""));
    }

    @Override
    public String toString() {
      return "Request[" + method + " " + path + "]";
    }
  }

  private CloudResponse call(
      Request apiCall, Credentials credentials, String region, Redaction redaction)
      throws CloudException {
    URI uri = endpoint.resolve(region, apiCall.target());
    CloudHttp.Signed signed =
        () ->
            new SignedRequest(
                apiCall.method(), uri, headers(apiCall, credentials, region, uri), apiCall.body());
    HttpResult result = apiCall.reads() ? http.read(signed) : http.send(signed.sign());
    Fields envelope = result.json();
    String requestId =
        envelope
            .text("requestId")
            .or(() -> result.headers().firstValue("x-jdcloud-request-id"))
            .flatMap(redaction::id)
            .orElse(null);
    Optional<Fields> content = envelope.object("result");
    CloudResponse response = new CloudResponse(result, content.orElse(envelope), requestId);
    Optional<Fields> error = envelope.object("error");
    if (error.isPresent()) {
      boolean alsoYes = content.isPresent() && content.get().flag("success").orElse(false);
      throw rejection(apiCall, error.get(), alsoYes, response, redaction);
    }
    if (result.status() < 200 || result.status() > 299) {
      throw response.ambiguous(
          "HTTP " + result.status() + " without an error, which is not a response of the API.");
    }
    if (content.isEmpty()) {
      throw response.ambiguous("The response contains no result.");
    }
    return response;
  }

  private Map<String, String> headers(
      Request apiCall, Credentials credentials, String region, URI uri) throws CloudException {
    SortedMap<String, String> signed = new TreeMap<>();
    signed.put("content-type", JSON);
    signed.put("x-jdcloud-date", JdSigner.date(apiCall.at()));
    signed.put("x-jdcloud-nonce", nonces.get().toString());
    if (apiCall.guarded()) {
      credentials
          .optional(SECURITY_TOKEN)
          .map(code -> code.getBytes(StandardCharsets.UTF_8))
          .ifPresent(
              code ->
                  signed.put("x-jdcloud-security-token", Base64.getEncoder().encodeToString(code)));
    }
    Map<String, String> headers = new LinkedHashMap<>(signed);
    headers.putAll(signature.unsignedHeaders(apiCall.body()));
    signed.put("host", CloudHttp.hostHeader(uri));
    JdSigner signer =
        new JdSigner(
            signature,
            credentials.credential("accessKey"),
            credentials.credential("secretKey"),
            region,
            SERVICE);
    headers.put(
        "authorization",
        signer.authorization(
            new JdSigner.Request(
                apiCall.method(), uri.getPath(), apiCall.query(), signed, apiCall.body()),
            apiCall.at()));
    return headers;
  }

  /**
   * @param alsoYes whether the same response reports success
   */
  private CloudException rejection(
      Request apiCall, Fields error, boolean alsoYes, CloudResponse response, Redaction redaction)
      throws CloudException {
    int status = response.http().status();
    String word = error.text("status").orElse("");
    int code = error.number("code").orElse(status);
    String message =
        "HTTP "
            + status
            + " "
            + redaction.error(word, JdErrors.isKnown(word), error.text("message").orElse(""))
            + (status == 401 ? " " + signature.whenRefused() : "")
            + (status == 403 && apiCall.guarded() ? CODE_NEEDED : "");
    // The code is of the class of the HTTP status, or something in between changed one of them.
    return response.failure(
        code / 100 == status / 100 && !alsoYes ? JdErrors.meaning(status, word) : Kind.AMBIGUOUS,
        message);
  }

  private static Observation observation(
      Server server, Fields instance, CloudResponse response, Redaction redaction)
      throws CloudException {
    boolean asked =
        instance.text("instanceId").equals(Optional.of(server.instanceId()))
            && instance.text("region").orElse(server.region()).equals(server.region());
    if (!asked) {
      throw response.ambiguous("The response is not about " + server.instanceId() + ".");
    }
    String word = instance.text("status").orElse("none");
    Map<String, String> installed = new LinkedHashMap<>();
    for (String field : INSTALLED) {
      instance.text(field).flatMap(redaction::id).ifPresent(id -> installed.put(field, id));
    }
    return new Observation(
        power(word),
        redaction.clean(word),
        Map.copyOf(installed),
        Optional.empty(),
        instance.text("updateTime").map(redaction::clean),
        response.http().date(),
        details(instance, redaction));
  }

  private static Details details(Fields instance, Redaction redaction) throws CloudException {
    return new Details(
        instance.shownText("name").map(redaction::clean),
        Stream.of("privateIp", "publicIp")
            .flatMap(field -> instance.shownText(field).stream())
            .flatMap(address -> redaction.id(address).stream())
            .toList(),
        instance.shownText("osName").map(redaction::clean),
        instance.text("az").flatMap(redaction::id),
        instance.shownText("deviceType").flatMap(redaction::id),
        Optional.empty(),
        List.of(),
        instance
            .shownObject("charge")
            .shownText("chargeStatus")
            .filter(word -> !word.equals("normal"))
            .map(redaction::clean),
        false,
        instance
            .shownText("name")
            .map(name -> Map.of("name", redaction.clean(name)))
            .orElse(Map.of()));
  }

  /**
   * The words are an open set, and none is known for "reinstalling": all others mean in transit.
   */
  private static Power power(String word) {
    return switch (word) {
      case "running" -> Power.RUNNING;
      case "stopped" -> Power.STOPPED;
      case "error" -> Power.BROKEN;
      default -> Power.CHANGING;
    };
  }
}
