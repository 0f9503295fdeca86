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
import dev.reinstall.cloud.PowerOrder;
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

/**
 * Tencent Cloud CVM, API 2017-03-12: DescribeInstances, StopInstances, ResetInstance,
 * StartInstances.
 */
public final class TencentCloud implements Cloud {

  /**
   * Each region's own host: regions ending in -fsi answer nowhere else, and a look that went to
   * another front door than the order could see an older state.
   */
  public static final String DEFAULT_ENDPOINT = "https://cvm.{region}.tencentcloudapi.com";

  /** How long LatestOperation may still show the operation before ours. */
  public static final Duration DEFAULT_SETTLE_TIME = Duration.ofMinutes(2);

  /** A server whose last install failed can be neither stopped nor started, only installed anew. */
  private static final String REINSTALL_FAILED = "UnsupportedOperation.InstanceReinstallFailed";

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

  private static ObjectNode instances(List<Server> servers) throws CloudException {
    ObjectNode parameters = JsonNodeFactory.instance.objectNode();
    ArrayNode ids = parameters.putArray("InstanceIds");
    for (Server server : servers) {
      refuseMalformed(server);
      ids.add(server.instanceId());
    }
    return parameters;
  }

  /** Stopped without charge, it would be refused to be reset. */
  @Override
  public Optional<Receipt> stop(Account account, PowerOrder order) throws CloudException {
    ObjectNode parameters = instances(List.of(order.server()));
    parameters.put("StopType", "SOFT_FIRST");
    parameters.put("StoppedMode", "KEEP_CHARGING");
    Reply reply = power("StopInstances", parameters, order, account);
    if (reply.refusedWith(REINSTALL_FAILED)) {
      return Optional.empty();
    }
    return Optional.of(new Receipt(reply.accepted().requestId()));
  }

  @Override
  public Receipt start(Account account, PowerOrder order) throws CloudException {
    Reply reply = power("StartInstances", instances(List.of(order.server())), order, account);
    return new Receipt(reply.accepted().requestId());
  }

  private Reply power(String action, ObjectNode parameters, PowerOrder order, Account account)
      throws CloudException {
    return call(
        new Action(
            action,
            order.server().region(),
            parameters,
            // guard: tencent-power-signed-at-claim
            order.signedAt()),
        true,
        account,
        Redaction.of(account.credentials().values()));
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
    ObjectNode parameters = instances(servers);
    if (servers.size() > 1) {
      parameters.put("Limit", MOST_AT_ONCE); // or it shows the first 20
    }
    String region = servers.get(0).region();
    return call(
            new Action(
                "DescribeInstances",
                region,
                parameters,
                // named: tencent-clock
                clock.instant()),
            false,
            account,
            redaction)
        .accepted();
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
                    /* guard: tencent-order-signed-at-claim */ order.signedAt()),
                true,
                account,
                Redaction.of(secrets))
            .accepted();
    return new Receipt(reply.requestId());
  }

  private static void refuseMalformed(Server server) throws CloudException {
    Optional<String> wrong = TencentRules.malformed(server.region(), server.instanceId());
    if (wrong.isPresent()) {
      throw CloudException.refused(Trouble.INVALID, "Not sent: " + wrong.get(), null, null);
    }
  }

  /**
   * An answer of the API.
   *
   * @param requestId null where the cloud gave none
   * @param code of the error; null: it is no refusal
   * @param message of the error, without secrets
   */
  record Reply(Fields response, String requestId, Answer answer, String code, String message) {
    CloudException unclear(String words) {
      return answer.unclear(words, requestId);
    }

    boolean refusedWith(String word) {
      return word.equals(code);
    }

    /** A code that no row names proves nothing: the work may have begun before it failed. */
    Reply accepted() throws CloudException {
      if (code == null) {
        if (requestId == null) {
          throw unclear("The answer holds no RequestId.");
        }
        return this;
      }
      Trouble trouble = ERRORS.find(code).orElse(Trouble.UNCLEAR);
      throw trouble == Trouble.UNCLEAR
          ? unclear(message)
          : CloudException.refused(trouble, message, requestId, answer.retryAfter());
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
    String requestId = response.text("RequestId").flatMap(redaction::id).orElse(null);
    Optional<Fields> error = response.object("Error");
    if (error.isEmpty()) {
      return new Reply(response, requestId, answer, null, null);
    }
    String code = error.get().text("Code").orElse("");
    String message = redaction.clean(code + ": " + error.get().text("Message").orElse(""));
    return new Reply(response, requestId, answer, code, message);
  }

  /** This API says everything, errors too, with 200: another status is a gateway's. */
  private static CloudException notTheApi(boolean changes, Answer answer) {
    String message = "HTTP " + answer.status() + ", which is no answer of the API.";
    return answer.status() == 429 && !changes
        ? CloudException.refused(Trouble.THROTTLED, message, null, answer.retryAfter())
        : answer.unclear(message, null);
  }
}
