package dev.reinstall.simulator.tencent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reinstall.simulator.CallTarget;
import dev.reinstall.simulator.SimClock;
import dev.reinstall.simulator.SimulatedCloud;
import dev.reinstall.simulator.wire.HttpRequest;
import dev.reinstall.simulator.wire.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Tencent Cloud's CVM on the loopback address. */
public final class TencentSimulator extends SimulatedCloud {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, TencentServer> servers = new ConcurrentHashMap<>();
  private final ImageShelf images = new ImageShelf();
  private final KeyShelf keys = new KeyShelf();
  private final Set<String> services = ConcurrentHashMap.newKeySet();
  private final TencentAccounts credentials = new TencentAccounts(this::signatureTime);
  private final Set<String> paths = ConcurrentHashMap.newKeySet();
  private final Tc3Dialect tc3 = new Tc3Dialect(credentials, services, paths);
  private final V1Dialect v1 = new V1Dialect(credentials, paths);
  private final TencentActions actions =
      new TencentActions(servers, images, keys, new ResetRules(images, keys));

  private TencentSimulator(int port, SimClock clock) {
    super(clock);
    services.add("cvm");
    paths.add("/");
    open(port);
  }

  /**
   * Starts one in which a minute takes 50 ms.
   *
   * @param port 0 for any free one
   */
  public static TencentSimulator start(int port) {
    return start(port, SimClock.faster(1200));
  }

  public static TencentSimulator start(int port, SimClock clock) {
    return new TencentSimulator(port, clock);
  }

  public TencentSimulator account(String secretId, String secretKey) {
    credentials.add(new TencentAccount(secretId, secretKey, Optional.empty()));
    return this;
  }

  /** Temporary credentials. */
  public TencentSimulator account(String secretId, String secretKey, String token) {
    credentials.add(new TencentAccount(secretId, secretKey, Optional.of(token)));
    return this;
  }

  /** The time of these temporary credentials is over. */
  public TencentSimulator expire(String secretId) {
    credentials.expire(secretId);
    return this;
  }

  public TencentSimulator closeAccount(String secretId) {
    credentials.remove(secretId);
    return this;
  }

  /** The account may not call these actions, such as {@code DescribeImages}. */
  public TencentSimulator deny(String secretId, String... names) {
    credentials.deny(secretId, Set.of(names));
    return this;
  }

  /** A new server in ap-guangzhou: stopped, img-pmqg1cw7, CLOUD_PREMIUM of 50 GiB. */
  public TencentServer newServer(String id) {
    TencentServer server = new TencentServer(id, clock(), images.get("img-pmqg1cw7"));
    servers.put(id, server);
    return server;
  }

  public TencentServer server(String id) {
    return Optional.ofNullable(servers.get(id)).orElseThrow();
  }

  /** It was returned to the cloud and no longer exists. */
  public void removeServer(String id) {
    servers.remove(id);
  }

  public ImageShelf images() {
    return images;
  }

  /** A key pair that exists, such as {@code skey-abcd1234}. */
  public TencentSimulator key(String keyId) {
    return key(keyId, "key_" + keyId.substring(keyId.indexOf('-') + 1));
  }

  public TencentSimulator key(String keyId, String name) {
    keys.add(keyId, name);
    return this;
  }

  public TencentSimulator removeKey(String keyId) {
    keys.remove(keyId);
    return this;
  }

  /** The vendor's SDK signs for the first label of the host it is pointed to. */
  public TencentSimulator alsoSignedFor(String service) {
    services.add(service);
    return this;
  }

  /** As behind a gateway that keeps the path, such as {@code /cvm/ap-guangzhou}. */
  public TencentSimulator alsoAt(String path) {
    paths.add(path);
    return this;
  }

  @Override
  public List<TencentServer> servers() {
    return servers.values().stream().toList();
  }

  @Override
  protected CallTarget identify(HttpRequest request) {
    try {
      if (V1Dialect.isSpokenBy(request)) {
        Map<String, String> form = V1Dialect.form(request.body());
        List<String> ids =
            form.entrySet().stream()
                .filter(one -> one.getKey().matches("InstanceIds?(\\.\\d+)?"))
                .map(Map.Entry::getValue)
                .toList();
        return new CallTarget(
            form.getOrDefault("Action", "?"), form.getOrDefault("Region", ""), ids);
      }
      JsonNode body = JSON.readTree(request.body());
      List<String> ids = new ArrayList<>();
      body.path("InstanceIds").forEach(id -> ids.add(id.asText()));
      if (body.has("InstanceId")) {
        ids.add(body.get("InstanceId").asText());
      }
      return new CallTarget(actionHeader(request), request.header("x-tc-region"), ids);
    } catch (JsonProcessingException | IllegalArgumentException | TencentRefusal e) {
      return new CallTarget(actionHeader(request), request.header("x-tc-region"), List.of());
    }
  }

  private static String actionHeader(HttpRequest request) {
    return request.headers().getOrDefault("x-tc-action", "?");
  }

  @Override
  protected Optional<HttpResponse> refuse(HttpRequest request) {
    try {
      read(request);
      return Optional.empty();
    } catch (TencentRefusal refusal) {
      return Optional.of(error(refusal.code(), refusal.getMessage()));
    }
  }

  @Override
  protected HttpResponse perform(HttpRequest request) {
    String requestId = UUID.randomUUID().toString();
    try {
      TencentCall call = read(request);
      credentials.checkRight(call);
      ObjectNode response = actions.perform(call, requestId);
      response.put("RequestId", requestId);
      return envelope(response, "");
    } catch (TencentRefusal refusal) {
      return error(refusal.code(), refusal.getMessage());
    }
  }

  private TencentCall read(HttpRequest request) {
    return V1Dialect.isSpokenBy(request) ? v1.read(request) : tc3.read(request);
  }

  @Override
  protected HttpResponse error(String code) {
    return error(code, "Simulated.");
  }

  @Override
  protected HttpResponse aboutAnother(HttpResponse result, CallTarget asked) {
    String body = result.body();
    for (String id : asked.servers()) {
      body = body.replace(id, "ins-stranger");
    }
    return result.withBody(body);
  }

  private static HttpResponse error(String code, String message) {
    ObjectNode response = JsonNodeFactory.instance.objectNode();
    response.putObject("Error").put("Code", code).put("Message", message);
    response.put("RequestId", UUID.randomUUID().toString());
    return envelope(response, code);
  }

  /** Errors also have HTTP status 200. */
  private static HttpResponse envelope(ObjectNode response, String code) {
    ObjectNode envelope = JsonNodeFactory.instance.objectNode();
    envelope.set("Response", response);
    return HttpResponse.json(200, envelope, code);
  }
}
