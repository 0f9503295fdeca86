package dev.reinstall.simulator.tencent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reinstall.simulator.wire.HttpRequest;
import dev.reinstall.simulator.wire.HttpResponse;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The one unsigned call of the service sts: AssumeRoleWithWebIdentity. */
public final class StsSimulator extends CredentialIssuer {
  public static final String PROVIDER = "cls-simulated";
  public static final String ROLE = "qcs::cam::uin/100000000001:roleName/reinstall";

  private final Set<String> tokens = ConcurrentHashMap.newKeySet();

  private StsSimulator(TencentSimulator cloud) {
    super(cloud);
  }

  public static StsSimulator start(TencentSimulator cloud) {
    return new StsSimulator(cloud);
  }

  /** Accepts this OIDC token, and no other one from now on. */
  public void accept(String token) {
    tokens.clear();
    tokens.add(token);
  }

  @Override
  HttpResponse response(HttpRequest request) {
    try {
      check(request);
      ObjectNode response = JsonNodeFactory.instance.objectNode();
      response.set("Credentials", issue());
      return envelope(response.put("ExpiredTime", expiredTime()));
    } catch (TencentRefusal refusal) {
      ObjectNode response = JsonNodeFactory.instance.objectNode();
      response.putObject("Error").put("Code", refusal.code()).put("Message", refusal.getMessage());
      return envelope(response);
    }
  }

  private void check(HttpRequest request) {
    if (!request.method().equals("POST") || !request.path().equals("/")) {
      throw new TencentRefusal("UnsupportedProtocol", "Only POST to /.");
    }
    if (!request.header("authorization").equals("SKIP")) {
      throw new TencentRefusal("AuthFailure.InvalidAuthorization", "Must be SKIP.");
    }
    if (!request.header("x-tc-action").equals("AssumeRoleWithWebIdentity")
        || !request.header("x-tc-version").equals("2018-08-13")
        || request.header("x-tc-region").isEmpty()
        || request.header("x-tc-timestamp").isEmpty()) {
      throw new TencentRefusal("InvalidParameter.ParamError", "A common parameter is wrong.");
    }
    JsonNode body = Tc3Dialect.parse(request.body());
    if (body.path("RoleSessionName").asText().isEmpty()
        || body.path("DurationSeconds").asInt() <= 0) {
      throw new TencentRefusal("InvalidParameter.ParamError", "A parameter is missing.");
    }
    if (!body.path("RoleArn").asText().equals(ROLE)) {
      throw new TencentRefusal("ResourceNotFound.RoleNotFound", "There is no such role.");
    }
    if (!body.path("ProviderId").asText().equals(PROVIDER)
        || !tokens.contains(body.path("WebIdentityToken").asText())) {
      throw new TencentRefusal("UnauthorizedOperation", "The token is not accepted.");
    }
  }

  private static HttpResponse envelope(ObjectNode response) {
    response.put("RequestId", UUID.randomUUID().toString());
    ObjectNode envelope = JsonNodeFactory.instance.objectNode();
    envelope.set("Response", response);
    return HttpResponse.json(200, envelope, "");
  }
}
