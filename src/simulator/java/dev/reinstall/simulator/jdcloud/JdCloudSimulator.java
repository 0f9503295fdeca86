package dev.reinstall.simulator.jdcloud;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reinstall.simulator.CallTarget;
import dev.reinstall.simulator.SimClock;
import dev.reinstall.simulator.SimulatedCloud;
import dev.reinstall.simulator.wire.HttpRequest;
import dev.reinstall.simulator.wire.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** JD Cloud's edcps on the loopback address. */
public final class JdCloudSimulator extends SimulatedCloud {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final Set<String> TAKES_TOKEN =
      Set.of("startInstance", "stopInstance", "restartInstance", "reinstallInstance");
  private static final Map<String, Integer> STATUS_OF_WORD =
      Map.ofEntries(
          Map.entry("INVALID_ARGUMENT", 400),
          Map.entry("OUT_OF_RANGE", 400),
          Map.entry("FAILED_PRECONDITION", 400),
          Map.entry("UNAUTHENTICATED", 401),
          Map.entry("ACCESS_ERROR", 401),
          Map.entry("HTTP_FORBIDDEN", 403),
          Map.entry("PERMISSION_DENIED", 403),
          Map.entry("NOT_FOUND", 404),
          Map.entry("ABORTED", 409),
          Map.entry("ALREADY_EXISTS", 409),
          Map.entry("RATE_LIMIT", 429),
          Map.entry("QUOTA_EXCEEDED", 429),
          Map.entry("CANCELLED", 499),
          Map.entry("UNKNOWN", 500),
          Map.entry("INTERNAL", 500),
          Map.entry("NOT_IMPLEMENTED", 501),
          Map.entry("SOURCE_UNAVAILABLE", 502),
          Map.entry("UNAVAILABLE", 503));

  private final Map<String, JdServer> servers = new ConcurrentHashMap<>();
  private final Catalogue catalogue = new Catalogue();
  private final Set<String> keypairs = ConcurrentHashMap.newKeySet();
  private final JdGate gate = new JdGate(this::signatureTime);
  private final TokenMemory tokens;
  private final JdActions actions =
      new JdActions(servers, catalogue, new ReinstallRules(catalogue, keypairs));
  private volatile boolean sameRequestIdOnReplay;
  private volatile String prefix = "";

  private JdCloudSimulator(int port, SimClock clock) {
    super(clock);
    tokens = new TokenMemory(clock);
    open(port);
  }

  /**
   * Starts one in which a minute takes 50 ms.
   *
   * @param port 0 for any free one
   */
  public static JdCloudSimulator start(int port) {
    return start(port, SimClock.faster(1200));
  }

  public static JdCloudSimulator start(int port, SimClock clock) {
    return new JdCloudSimulator(port, clock);
  }

  public JdCloudSimulator account(String accessKey, String secretKey) {
    gate.add(new JdAccount(accessKey, secretKey, Optional.empty()));
    return this;
  }

  /** Operation protection: stops, restarts and reinstalls need the code. */
  public JdCloudSimulator protectedAccount(String accessKey, String secretKey, String mfaCode) {
    gate.add(new JdAccount(accessKey, secretKey, Optional.of(mfaCode)));
    return this;
  }

  public JdCloudSimulator closeAccount(String accessKey) {
    gate.remove(accessKey);
    return this;
  }

  /** The account may not call these actions, such as {@code describeOS}. */
  public JdCloudSimulator deny(String accessKey, String... names) {
    gate.deny(accessKey, Set.of(names));
    return this;
  }

  /** A new server in cn-east-tz1: stopped, os-1, system raid-1, data raid-2. */
  public JdServer newServer(String id) {
    JdInstallation usual =
        new JdInstallation(
            catalogue.system(Catalogue.DEVICE_TYPE, "os-1").orElseThrow(),
            catalogue.raid(Catalogue.DEVICE_TYPE, "system", "raid-1").orElseThrow(),
            catalogue.raid(Catalogue.DEVICE_TYPE, "data", "raid-2").orElseThrow(),
            "");
    JdServer server = new JdServer(id, clock(), usual);
    servers.put(id, server);
    return server;
  }

  public JdServer server(String id) {
    return Optional.ofNullable(servers.get(id)).orElseThrow();
  }

  /** It was returned to the cloud and no longer exists. */
  public void removeServer(String id) {
    servers.remove(id);
  }

  public Catalogue catalogue() {
    return catalogue;
  }

  public JdCloudSimulator keypair(String keypairId) {
    keypairs.add(keypairId);
    return this;
  }

  /** How long a clientToken is remembered, in simulated time. */
  public JdCloudSimulator keepTokensFor(Duration retention) {
    tokens.keepFor(retention);
    return this;
  }

  /** Whether a rejected first call is replayed as well. */
  public JdCloudSimulator replayRefusals(boolean yes) {
    tokens.rememberRefusals(yes);
    return this;
  }

  /** Whether a replay carries the first call's requestId, or its own. */
  public JdCloudSimulator sameRequestIdOnReplay(boolean yes) {
    sameRequestIdOnReplay = yes;
    return this;
  }

  /** Forgets the tokens of the calls about this server. */
  public void forgetTokens(String instanceId) {
    tokens.forget(instanceId);
  }

  /** Refuses every other form of the signature: {@code JDCLOUD2} or {@code JDCLOUD3}. */
  public JdCloudSimulator takeOnly(String form) {
    gate.takeOnly(form);
    return this;
  }

  public JdCloudSimulator allowSkew(Duration most) {
    gate.allowSkew(most);
    return this;
  }

  /** As behind a gateway that keeps its path before {@code /v1}, such as {@code /edcps}. */
  public JdCloudSimulator under(String path) {
    prefix = path;
    return this;
  }

  @Override
  public List<JdServer> servers() {
    return servers.values().stream().toList();
  }

  @Override
  protected CallTarget identify(HttpRequest request) {
    try {
      Optional<Route> route = Route.of(request, prefix);
      List<String> named =
          UriText.pairs(request.query()).stream()
              .filter(one -> one.name().contains(".values."))
              .map(UriText.Pair::value)
              .toList();
      return route
          .map(
              one ->
                  new CallTarget(
                      one.action(),
                      one.region(),
                      one.instanceId().isEmpty() ? named : List.of(one.instanceId())))
          .orElse(new CallTarget("?", "", List.of()));
    } catch (JdRefusal e) {
      return new CallTarget("?", "", List.of());
    }
  }

  @Override
  protected Optional<HttpResponse> refuse(HttpRequest request) {
    try {
      checked(request);
      return Optional.empty();
    } catch (JdRefusal rejection) {
      return Optional.of(rejection(rejection, newRequestId()));
    }
  }

  private JdAccount checked(HttpRequest request) {
    Route route =
        Route.of(request, prefix).orElseThrow(() -> JdRefusal.notFound("Nothing is here."));
    return gate.check(request, route);
  }

  @Override
  protected HttpResponse perform(HttpRequest request) {
    String requestId = newRequestId();
    try {
      JdAccount account = checked(request);
      Route route = Route.of(request, prefix).orElseThrow();
      gate.checkRight(account, route);
      if (!request.method().equals(route.method())) {
        throw new JdRefusal(501, "NOT_IMPLEMENTED", "The method is " + route.method() + ".");
      }
      JsonNode body = body(request);
      return once(
          account,
          route,
          body,
          requestId,
          () -> {
            try {
              return success(
                  actions.perform(route, UriText.pairs(request.query()), body, requestId),
                  requestId);
            } catch (JdRefusal rejection) {
              return rejection(rejection, requestId);
            }
          });
    } catch (JdRefusal rejection) {
      return rejection(rejection, requestId);
    }
  }

  /** The first call with a token is executed; later ones get its response. */
  private HttpResponse once(
      JdAccount account,
      Route route,
      JsonNode body,
      String requestId,
      Supplier<HttpResponse> execute) {
    String token = body.path("clientToken").asText("");
    if (token.isEmpty() || !TAKES_TOKEN.contains(route.action())) {
      return execute.get();
    }
    if (token.length() > 36) {
      throw JdRefusal.invalid("clientToken is longer than 36 characters.");
    }
    Optional<HttpResponse> first = tokens.first(account.accessKey(), route.action(), token);
    if (first.isPresent()) {
      return sameRequestIdOnReplay ? first.get() : underNewId(first.get(), requestId);
    }
    HttpResponse result = execute.get();
    tokens.remember(account.accessKey(), route.action(), token, route.instanceId(), result);
    return result;
  }

  private static HttpResponse underNewId(HttpResponse first, String requestId) {
    String old = first.headers().get("x-jdcloud-request-id");
    return first
        .withBody(first.body().replace(old, requestId))
        .with("x-jdcloud-request-id", requestId);
  }

  private static JsonNode body(HttpRequest request) {
    if (request.method().equals("GET")) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (!request.mediaType().equals("application/json")) {
      throw JdRefusal.invalid("The Content-Type is not application/json.");
    }
    try {
      JsonNode body = JSON.readTree(request.body());
      if (body.isObject()) {
        return body;
      }
    } catch (JsonProcessingException e) {
      // Falls through to the common rejection.
    }
    throw JdRefusal.invalid("The body is not a JSON object.");
  }

  @Override
  protected HttpResponse error(String word) {
    int status =
        Optional.ofNullable(STATUS_OF_WORD.get(word))
            .orElseThrow(() -> new IllegalArgumentException("no status word: " + word));
    return rejection(new JdRefusal(status, word, "Simulated."), newRequestId());
  }

  @Override
  protected HttpResponse aboutAnother(HttpResponse result, CallTarget asked) {
    String body = result.body();
    for (String id : asked.servers()) {
      body = body.replace(id, "cps-stranger");
    }
    return result.withBody(body);
  }

  private static HttpResponse success(ObjectNode result, String requestId) {
    ObjectNode envelope = JsonNodeFactory.instance.objectNode().put("requestId", requestId);
    envelope.set("result", result);
    return HttpResponse.json(200, envelope, "").with("x-jdcloud-request-id", requestId);
  }

  private static HttpResponse rejection(JdRefusal rejection, String requestId) {
    ObjectNode envelope = JsonNodeFactory.instance.objectNode().put("requestId", requestId);
    envelope
        .putObject("error")
        .put("code", rejection.status())
        .put("status", rejection.word())
        .put("message", rejection.getMessage())
        .putArray("details");
    return HttpResponse.json(rejection.status(), envelope, rejection.word())
        .with("x-jdcloud-request-id", requestId);
  }

  private static String newRequestId() {
    return UUID.randomUUID().toString();
  }
}
