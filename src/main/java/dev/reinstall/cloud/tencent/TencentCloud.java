package dev.reinstall.cloud.tencent;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import dev.reinstall.cloud.ErrorTable;
import dev.reinstall.cloud.Fields;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Order;
import dev.reinstall.cloud.Receipt;
import dev.reinstall.cloud.Redaction;
import dev.reinstall.cloud.Traits;
import dev.reinstall.cloud.Trouble;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Tencent Cloud CVM: DescribeInstances and ResetInstance of API 2017-03-12. */
public final class TencentCloud implements Cloud {

  /**
   * Each region's own host: regions ending in -fsi answer nowhere else, and a look that went to
   * another front door than the order could see an older state.
   */
  public static final String DEFAULT_ENDPOINT = "https://cvm.{region}.tencentcloudapi.com";

  /** How long LatestOperation may still show the operation before ours. */
  public static final Duration DEFAULT_SETTLE_TIME = Duration.ofMinutes(2);

  private static final String SERVICE = "cvm";
  private static final String VERSION = "2017-03-12";
  private static final String JSON = "application/json; charset=utf-8"; // signed byte for byte
  private static final ErrorTable ERRORS =
      ErrorTable.read(TencentCloud.class, "errors.csv", "code");

  private final CloudHttp http;
  private final Endpoint endpoint;
  private final Traits traits;
  private final InstantSource clock;

  /**
   * @param clock dates the looks; an order carries its own time
   */
  public TencentCloud(CloudHttp http, Endpoint endpoint, Duration settleTime, InstantSource clock) {
    this.http = http;
    this.endpoint = endpoint;
    this.traits = new Traits(false, true, settleTime);
    this.clock = clock;
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
    refuseMalformed(server);
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putArray("InstanceIds").add(server.instanceId());
    Redaction redaction = Redaction.of(account.credentials().values());
    Reply reply =
        call(
            new Request("DescribeInstances", body.toString(), clock.instant(), false),
            account,
            server,
            redaction);
    return DescribedInstance.observation(server, reply, redaction);
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
            new Request("ResetInstance", ResetInstance.body(order), order.signedAt(), true),
            account,
            server,
            Redaction.of(secrets));
    return new Receipt(reply.requestId());
  }

  private static void refuseMalformed(Server server) throws CloudException {
    Optional<String> wrong = TencentRules.malformed(server.region(), server.instanceId());
    if (wrong.isPresent()) {
      throw CloudException.refused(Trouble.INVALID, "Not sent: " + wrong.get(), null, null);
    }
  }

  /**
   * @param changes whether it changes a server: then a doubtful refusal is none
   */
  private record Request(String action, String body, Instant at, boolean changes) {
    @Override
    public String toString() {
      return "Request[" + action + "]";
    }
  }

  /** An answer that is no refusal. */
  record Reply(Fields response, String requestId, Answer answer) {
    CloudException unclear(String message) {
      return answer.unclear(message, requestId);
    }
  }

  private Reply call(Request request, Account account, Server server, Redaction redaction)
      throws CloudException {
    URI uri = endpoint.resolve(server.region(), "");
    Answer answer =
        http.send(new Call("POST", uri, headers(request, account, server, uri), request.body()));
    if (answer.status() != 200) {
      throw notTheApi(request, answer);
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

  private Map<String, String> headers(Request request, Account account, Server server, URI uri)
      throws CloudException {
    SortedMap<String, String> signed = new TreeMap<>();
    signed.put("content-type", JSON);
    signed.put("host", CloudHttp.hostHeader(uri));
    signed.put("x-tc-action", request.action());
    Tc3Signer signer =
        new Tc3Signer(account.credential("secretId"), account.credential("secretKey"), SERVICE);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", JSON);
    headers.put("X-TC-Action", request.action());
    headers.put("X-TC-Version", VERSION);
    headers.put("X-TC-Region", server.region());
    headers.put("X-TC-Language", "en-US");
    headers.put("X-TC-Timestamp", Long.toString(request.at().getEpochSecond()));
    account.optional("token").ifPresent(token -> headers.put("X-TC-Token", token));
    headers.put(
        "Authorization",
        signer.authorization(
            new Tc3Signer.Request("POST", uri.getRawPath(), "", signed, request.body()),
            request.at()));
    return headers;
  }

  /** This API says everything, errors too, with 200: another status is a gateway's. */
  private static CloudException notTheApi(Request request, Answer answer) {
    String message = "HTTP " + answer.status() + ", which is no answer of the API.";
    return answer.status() == 429 && !request.changes()
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
