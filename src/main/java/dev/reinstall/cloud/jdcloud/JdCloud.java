package dev.reinstall.cloud.jdcloud;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.Server;
import dev.reinstall.cloud.Account;
import dev.reinstall.cloud.Answer;
import dev.reinstall.cloud.Call;
import dev.reinstall.cloud.Cloud;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.Endpoint;
import dev.reinstall.cloud.Fields;
import dev.reinstall.cloud.ListedServers;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.cloud.Order;
import dev.reinstall.cloud.PowerOrder;
import dev.reinstall.cloud.RateLimits;
import dev.reinstall.cloud.Receipt;
import dev.reinstall.cloud.Redaction;
import dev.reinstall.cloud.Traits;
import dev.reinstall.cloud.Trouble;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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

/**
 * JD Cloud Distributed Cloud Physical Server (edcps): describeInstance, stopInstance,
 * reinstallInstance, startInstance.
 */
public final class JdCloud implements Cloud {

  /** One host for all regions. */
  public static final String DEFAULT_ENDPOINT = "https://edcps.jdcloud-api.com";

  /** How long a changed update time or OS may show before the work itself has begun. */
  public static final Duration DEFAULT_SETTLE_TIME = Duration.ofMinutes(10);

  /** Of the account, whatever it calls. */
  public static final RateLimits LIMITS =
      RateLimits.together("accessKey", new RateLimits.Rate(1000, Duration.ofMinutes(1)));

  private static final String SERVICE = "edcps";
  private static final String JSON = "application/json"; // signed byte for byte

  /** Optional key of the Secret: the code by which an account protects its operations. */
  private static final String SECURITY_TOKEN = "securityToken";

  /** Words of this cloud and of ours for what is installed: they are the same. */
  private static final List<String> INSTALLED =
      List.of("osTypeId", "sysRaidTypeId", "dataRaidTypeId");

  private final CloudHttp http;
  private final Endpoint endpoint;
  private final Traits traits;
  private final InstantSource clock;
  private final Supplier<UUID> nonces;

  /**
   * @param clock dates the looks; an order carries its own time
   * @param nonces a new one for every send, such as {@code UUID::randomUUID}
   */
  public JdCloud(
      CloudHttp http,
      Endpoint endpoint,
      Duration settleTime,
      InstantSource clock,
      Supplier<UUID> nonces) {
    this.http = http;
    this.endpoint = endpoint;
    this.traits = new Traits(true, false, settleTime);
    this.clock = clock;
    this.nonces = nonces;
  }

  @Override
  public Traits traits() {
    return traits;
  }

  @Override
  public List<String> credentialKeys() {
    return List.of("accessKey", "secretKey");
  }

  @Override
  public List<SecretKeyRef> secretKeys(ReinstallSpec spec) {
    return JdRules.secretKeys(spec.jdCloud());
  }

  @Override
  public Optional<String> unsound(ReinstallSpec spec) {
    return JdRules.unsound(spec);
  }

  @Override
  public Optional<String> unfit(ReinstallSpec spec, Observation observation) {
    return JdRules.unfit(spec.jdCloud(), observation);
  }

  @Override
  public Optional<String> unusable(ReinstallSpec spec, Map<SecretKeyRef, String> secrets) {
    return JdRules.unusable(spec.jdCloud(), secrets);
  }

  @Override
  public Map<String, String> ordered(ReinstallSpec spec) {
    return Map.of(
        "osTypeId", spec.jdCloud().osTypeId(),
        "sysRaidTypeId", spec.jdCloud().sysRaidTypeId(),
        "dataRaidTypeId", spec.jdCloud().dataRaidTypeId());
  }

  @Override
  public Observation look(Account account, Server server) throws CloudException {
    Redaction redaction = Redaction.of(account.credentials().values());
    Request request =
        new Request(
            "GET", path(server, ""), List.of(), "", false, /* named: jd-clock */ clock.instant());
    Reply reply = call(request, account, server.region(), redaction);
    Fields instance =
        reply
            .result()
            .object("instance")
            .orElseThrow(() -> reply.unclear("The answer holds no instance."));
    return observation(server, instance, reply, redaction);
  }

  @Override
  public Map<Server, Observation> lookAtAll(Account account, List<Server> servers)
      throws CloudException {
    List<Map.Entry<String, String>> query = new ArrayList<>();
    query.add(Map.entry("filters.1.name", "instanceId"));
    query.add(Map.entry("filters.1.operator", "eq"));
    for (Server server : servers) {
      refuseMalformed(server);
      query.add(Map.entry("filters.1.values." + (query.size() - 1), server.instanceId()));
    }
    query.add(Map.entry("pageNumber", "1"));
    query.add(Map.entry("pageSize", Integer.toString(MOST_AT_ONCE)));
    String region = servers.get(0).region();
    Request request = new Request("GET", path(region), query, "", false, clock.instant());
    Redaction redaction = Redaction.of(account.credentials().values());
    Reply reply = call(request, account, region, redaction);
    List<Fields> list =
        reply
            .result()
            .objects("instances")
            .orElseThrow(() -> reply.unclear("The answer holds no instances."));
    return ListedServers.read(
        servers,
        list,
        "instanceId",
        (server, instance) -> observation(server, instance, reply, redaction));
  }

  @Override
  public Receipt order(Account account, Order order) throws CloudException {
    List<String> secrets = new ArrayList<>(account.credentials().values());
    secrets.addAll(order.secrets().values());
    secrets.add(order.spec().jdCloud().userData());
    Server server = order.spec().server();
    Request request =
        new Request(
            "PUT",
            path(server, ":reinstallInstance"),
            List.of(),
            ReinstallInstance.body(order),
            true,
            /* guard: jd-order-signed-at-claim */ order.signedAt());
    return receipt(call(request, account, server.region(), Redaction.of(secrets)));
  }

  /** There is only the soft way. */
  @Override
  public Optional<Receipt> stop(Account account, PowerOrder order) throws CloudException {
    return Optional.of(power(":stopInstance", true, account, order));
  }

  @Override
  public Receipt start(Account account, PowerOrder order) throws CloudException {
    return power(":startInstance", false, account, order);
  }

  private Receipt power(String action, boolean guarded, Account account, PowerOrder order)
      throws CloudException {
    String body =
        JsonNodeFactory.instance
            .objectNode()
            .put("clientToken", ReinstallInstance.sound(order.token()))
            .toString();
    String path = path(order.server(), action);
    Request request =
        new Request(
            "PUT",
            path,
            List.of(),
            body,
            guarded,
            // guard: jd-power-signed-at-claim
            order.signedAt());
    Redaction redaction = Redaction.of(account.credentials().values());
    return receipt(call(request, account, order.server().region(), redaction));
  }

  private static Receipt receipt(Reply reply) throws CloudException {
    if (!reply.result().flag("success").orElse(false)) {
      // The model allows it, nobody says what it means: it may have begun all the same.
      throw reply.unclear("The answer does not say success.");
    }
    return new Receipt(reply.requestId() == null ? "" : reply.requestId());
  }

  private static String path(String region) {
    return "/v1/regions/" + region + "/instances";
  }

  /**
   * @param action what is to be done with it; empty: it is read
   */
  private static String path(Server server, String action) throws CloudException {
    refuseMalformed(server);
    return path(server.region()) + "/" + server.instanceId() + action;
  }

  private static void refuseMalformed(Server server) throws CloudException {
    Optional<String> wrong = JdRules.malformed(server.region(), server.instanceId());
    if (wrong.isPresent()) {
      throw CloudException.refused(Trouble.INVALID, "Not sent: " + wrong.get(), null, null);
    }
  }

  /**
   * @param query of letters, digits, dots, dashes and underscores, which nobody encodes
   * @param guarded whether an account may protect the action by a code
   */
  private record Request(
      String method,
      String path,
      List<Map.Entry<String, String>> query,
      String body,
      boolean guarded,
      Instant at) {

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

  /**
   * @param requestId null where the cloud gave none
   */
  private record Reply(Fields result, String requestId, Answer answer) {
    CloudException unclear(String message) {
      return answer.unclear(message, requestId);
    }
  }

  private Reply call(Request request, Account account, String region, Redaction redaction)
      throws CloudException {
    URI uri = endpoint.resolve(region, request.target());
    Map<String, String> headers = headers(request, account, region, uri);
    Answer answer = http.send(new Call(request.method(), uri, headers, request.body()));
    Fields envelope = answer.json();
    String requestId =
        envelope
            .text("requestId")
            .or(() -> answer.headers().firstValue("x-jdcloud-request-id"))
            .flatMap(redaction::id)
            .orElse(null);
    Optional<Fields> error = envelope.object("error");
    if (error.isPresent()) {
      boolean alsoYes =
          envelope.object("result").isPresent()
              && envelope.object("result").get().flag("success").orElse(false);
      throw refusal(error.get(), alsoYes, requestId, answer, redaction);
    }
    if (answer.status() < 200 || answer.status() > 299) {
      throw answer.unclear(
          "HTTP " + answer.status() + " without an error, which is no answer of the API.",
          requestId);
    }
    Fields result =
        envelope
            .object("result")
            .orElseThrow(() -> answer.unclear("The answer holds no result.", requestId));
    return new Reply(result, requestId, answer);
  }

  private Map<String, String> headers(Request request, Account account, String region, URI uri)
      throws CloudException {
    SortedMap<String, String> signed = new TreeMap<>();
    signed.put("content-type", JSON);
    signed.put("x-jdcloud-date", Jdcloud2Signer.date(request.at()));
    signed.put("x-jdcloud-nonce", nonces.get().toString());
    if (request.guarded()) {
      account
          .optional(SECURITY_TOKEN)
          .map(code -> code.getBytes(StandardCharsets.UTF_8))
          .ifPresent(
              code ->
                  signed.put("x-jdcloud-security-token", Base64.getEncoder().encodeToString(code)));
    }
    Map<String, String> headers = new LinkedHashMap<>(signed);
    signed.put("host", CloudHttp.hostHeader(uri));
    Jdcloud2Signer signer =
        new Jdcloud2Signer(
            account.credential("accessKey"), account.credential("secretKey"), region, SERVICE);
    headers.put(
        "authorization",
        signer.authorization(
            new Jdcloud2Signer.Request(
                request.method(), uri.getPath(), request.query(), signed, request.body()),
            request.at()));
    return headers;
  }

  /**
   * @param alsoYes whether the same answer says success
   */
  private static CloudException refusal(
      Fields error, boolean alsoYes, String requestId, Answer answer, Redaction redaction)
      throws CloudException {
    String word = error.text("status").orElse("");
    int code = error.number("code").orElse(answer.status());
    String message =
        redaction.clean(
            "HTTP " + answer.status() + " " + word + ": " + error.text("message").orElse(""));
    // The code is of the HTTP status's class, or somebody on the way changed one of them.
    Trouble trouble =
        code / 100 == answer.status() / 100 && !alsoYes
            ? JdErrors.meaning(answer.status(), word)
            : Trouble.UNCLEAR;
    return trouble == Trouble.UNCLEAR
        ? answer.unclear(message, requestId)
        : CloudException.refused(trouble, message, requestId, answer.retryAfter());
  }

  private static Observation observation(
      Server server, Fields instance, Reply reply, Redaction redaction) throws CloudException {
    boolean asked =
        instance.text("instanceId").equals(Optional.of(server.instanceId()))
            && instance.text("region").orElse(server.region()).equals(server.region());
    if (!asked) {
      throw reply.unclear("The answer is not about " + server.instanceId() + ".");
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
        reply.answer().date());
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
