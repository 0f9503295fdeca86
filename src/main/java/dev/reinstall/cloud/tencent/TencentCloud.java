package dev.reinstall.cloud.tencent;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.Server;
import dev.reinstall.cloud.Account;
import dev.reinstall.cloud.Answer;
import dev.reinstall.cloud.Cloud;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.Endpoint;
import dev.reinstall.cloud.ErrorTable;
import dev.reinstall.cloud.Fields;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Order;
import dev.reinstall.cloud.RateLimits;
import dev.reinstall.cloud.Receipt;
import dev.reinstall.cloud.Redaction;
import dev.reinstall.cloud.Traits;
import dev.reinstall.cloud.Trouble;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tencent Cloud CVM: DescribeInstances and ResetInstance of API 2017-03-12. */
public final class TencentCloud implements Cloud {

  /**
   * Each region's own host: regions ending in -fsi answer nowhere else, and a look that went to
   * another front door than the order could see an older state.
   */
  public static final String DEFAULT_ENDPOINT = "https://cvm.{region}.tencentcloudapi.com";

  /** How long LatestOperation may still show the operation before ours. */
  public static final Duration DEFAULT_SETTLE_TIME = Duration.ofMinutes(2);

  /** Of DescribeInstances, and of ResetInstance for all that changes a server. */
  public static final RateLimits LIMITS =
      RateLimits.apart(
          "secretId",
          new RateLimits.Rate(10, Duration.ofSeconds(1)),
          new RateLimits.Rate(40, Duration.ofSeconds(1)));

  private static final ErrorTable ERRORS =
      ErrorTable.read(TencentCloud.class, "errors.csv", "code");

  private final CloudHttp http;
  private final Endpoint endpoint;
  private final Traits traits;
  private final InstantSource clock;
  private final Signature signature;

  /**
   * @param clock dates the looks; an order carries its own time
   */
  public TencentCloud(
      CloudHttp http,
      Endpoint endpoint,
      Duration settleTime,
      InstantSource clock,
      Signature signature) {
    this.http = http;
    this.endpoint = endpoint;
    this.traits = new Traits(false, true, settleTime);
    this.clock = clock;
    this.signature = signature;
  }

  @Override
  public Traits traits() {
    return traits;
  }

  @Override
  public List<String> credentialKeys() {
    return List.of("secretId", "secretKey");
  }

  @Override
  public List<SecretKeyRef> secretKeys(ReinstallSpec spec) {
    return TencentRules.secretKeys(spec.tencentCloud());
  }

  @Override
  public Optional<String> unsound(ReinstallSpec spec) {
    return TencentRules.unsound(spec);
  }

  /** Nothing that DescribeInstances shows contradicts an order. */
  @Override
  public Optional<String> unfit(ReinstallSpec spec, Observation observation) {
    return Optional.empty();
  }

  @Override
  public Optional<String> unusable(ReinstallSpec spec, Map<SecretKeyRef, String> secrets) {
    return TencentRules.unusable(spec, secrets);
  }

  @Override
  public Map<String, String> ordered(ReinstallSpec spec) {
    String image = spec.tencentCloud().imageId();
    return image == null ? Map.of() : Map.of("imageId", image);
  }

  @Override
  public Observation look(Account account, Server server) throws CloudException {
    Redaction redaction = Redaction.of(account.credentials().values());
    Reply reply = describe(account, List.of(server), redaction);
    return DescribedInstance.observation(server, reply, redaction);
  }

  @Override
  public Map<Server, Observation> lookAtAll(Account account, List<Server> servers)
      throws CloudException {
    Redaction redaction = Redaction.of(account.credentials().values());
    return DescribedInstance.observations(
        servers, describe(account, servers, redaction), redaction);
  }

  private Reply describe(Account account, List<Server> servers, Redaction redaction)
      throws CloudException {
    ObjectNode parameters = JsonNodeFactory.instance.objectNode();
    ArrayNode ids = parameters.putArray("InstanceIds");
    for (Server server : servers) {
      refuseMalformed(server);
      ids.add(server.instanceId());
    }
    if (servers.size() > 1) {
      parameters.put("Limit", MOST_AT_ONCE); // or it shows the first 20
    }
    String region = servers.get(0).region();
    return call(
        new Action("DescribeInstances", region, parameters, clock.instant()),
        false,
        account,
        redaction);
  }

  @Override
  public Receipt order(Account account, Order order) throws CloudException {
    Server server = order.spec().server();
    refuseMalformed(server);
    List<String> secrets = new ArrayList<>(account.credentials().values());
    secrets.addAll(order.secrets().values());
    secrets.add(order.spec().tencentCloud().userData());
    Reply reply =
        call(
            new Action(
                "ResetInstance",
                server.region(),
                ResetInstance.parameters(order),
                order.signedAt()),
            true,
            account,
            Redaction.of(secrets));
    return new Receipt(reply.requestId());
  }

  private static void refuseMalformed(Server server) throws CloudException {
    Optional<String> wrong = TencentRules.malformed(server.region(), server.instanceId());
    if (wrong.isPresent()) {
      throw CloudException.refused(Trouble.INVALID, "Not sent: " + wrong.get(), null, null);
    }
  }

  /** An answer that is no refusal. */
  record Reply(Fields response, String requestId, Answer answer) {
    CloudException unclear(String message) {
      return answer.unclear(message, requestId);
    }
  }

  /**
   * @param changes whether it changes a server: then a doubtful refusal is none
   */
  private Reply call(Action action, boolean changes, Account account, Redaction redaction)
      throws CloudException {
    URI uri = endpoint.resolve(action.region(), "");
    Answer answer = http.send(signature.signed(action, account, uri));
    if (answer.status() != 200) {
      throw notTheApi(changes, answer);
    }
    Fields response =
        answer
            .json()
            .object("Response")
            .orElseThrow(() -> answer.unclear("The answer holds no Response.", null));
    Optional<String> requestId = response.text("RequestId").flatMap(redaction::id);
    Optional<Fields> error = response.object("Error");
    if (error.isPresent()) {
      throw refusal(error.get(), requestId.orElse(null), answer, redaction);
    }
    return new Reply(
        response,
        requestId.orElseThrow(() -> answer.unclear("The answer holds no RequestId.", null)),
        answer);
  }

  /** This API says everything, errors too, with 200: another status is a gateway's. */
  private static CloudException notTheApi(boolean changes, Answer answer) {
    String message = "HTTP " + answer.status() + ", which is no answer of the API.";
    return answer.status() == 429 && !changes
        ? CloudException.refused(Trouble.THROTTLED, message, null, answer.retryAfter())
        : answer.unclear(message, null);
  }

  /** A code that no row names proves nothing: the work may have begun before it failed. */
  private static CloudException refusal(
      Fields error, String requestId, Answer answer, Redaction redaction) throws CloudException {
    String code = error.text("Code").orElse("");
    String message = redaction.clean(code + ": " + error.text("Message").orElse(""));
    Trouble trouble = ERRORS.find(code).orElse(Trouble.UNCLEAR);
    return trouble == Trouble.UNCLEAR
        ? answer.unclear(message, requestId)
        : CloudException.refused(trouble, message, requestId, answer.retryAfter());
  }
}
