package dev.reinstall.cloud.tencent;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudException.Kind;
import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.CloudSettings;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.Endpoint;
import dev.reinstall.cloud.Fields;
import dev.reinstall.cloud.HttpResult;
import dev.reinstall.cloud.Redaction;
import dev.reinstall.cloud.SignedRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Exchanges the operator's OIDC token for temporary credentials of a role: the call
 * AssumeRoleWithWebIdentity of the service sts, which is not signed. The variables are those that
 * the vendor's SDKs use; TKE sets them for a service account with a role.
 */
final class WebIdentity implements TemporaryCredentials.Issuer {
  static final String DEFAULT_ENDPOINT = "https://sts.tencentcloudapi.com";
  static final String ACTION = "AssumeRoleWithWebIdentity";

  private static final String REGION = "TKE_REGION";
  private static final String PROVIDER = "TKE_PROVIDER_ID";
  private static final String FILE = "TKE_WEB_IDENTITY_TOKEN_FILE";
  private static final String ROLE = "TKE_ROLE_ARN";
  private static final List<String> VARIABLES = List.of(REGION, PROVIDER, FILE, ROLE);
  private static final int SECONDS = 7200; // as the vendor's SDKs ask for

  /** They pass by themselves, or by a person at the cloud; all others need a person here. */
  private static final List<String> PASSING =
      List.of("InternalError", "RequestLimitExceeded", "InvalidParameter.OverLimit");

  private final CloudHttp http;
  private final Endpoint endpoint;
  private final Map<String, String> variables;
  private final InstantSource clock;

  private WebIdentity(
      CloudHttp http, Endpoint endpoint, Map<String, String> variables, InstantSource clock) {
    this.http = http;
    this.endpoint = endpoint;
    this.variables = variables;
    this.clock = clock;
  }

  static WebIdentity from(CloudSettings settings, CloudHttp http, InstantSource clock) {
    Map<String, String> variables = new TreeMap<>();
    for (String name : VARIABLES) {
      settings.text(name).ifPresent(value -> variables.put(name, value));
    }
    return new WebIdentity(
        http,
        settings.endpoint("REINSTALL_TENCENT_STS_ENDPOINT", DEFAULT_ENDPOINT),
        variables,
        clock);
  }

  @Override
  public IssuedCredentials issue() throws CloudException {
    List<String> missing = VARIABLES.stream().filter(name -> !variables.containsKey(name)).toList();
    if (!missing.isEmpty()) {
      throw new CloudException(
          Kind.DENIED,
          "The operator has no web identity: set "
              + String.join(", ", missing)
              + " for its container.");
    }
    String token = token();
    Redaction redaction = Redaction.of(List.of(token));
    try {
      HttpResult result = http.read(() -> request(token));
      if (result.status() != 200) {
        throw CloudException.notSent(
            "HTTP " + result.status() + ", which is not a response of the API.");
      }
      Fields response =
          result
              .json()
              .object("Response")
              .orElseThrow(() -> CloudException.notSent("The response contains no Response."));
      if (response.object("Error").isPresent()) {
        throw rejection(response.object("Error").get(), redaction);
      }
      Fields triple =
          response
              .object("Credentials")
              .orElseThrow(() -> CloudException.notSent("The response contains no Credentials."));
      return IssuedCredentials.read(triple, response, result, clock);
    } catch (CloudException e) {
      throw new CloudException(
          e.kind() == Kind.DENIED ? Kind.DENIED : Kind.NOT_SENT,
          "No temporary credentials from " + ACTION + ": " + e.getMessage());
    }
  }

  private static CloudException rejection(Fields error, Redaction redaction) throws CloudException {
    String code = error.text("Code").orElse("");
    String shown = redaction.error(code, false, error.text("Message").orElse(""));
    return PASSING.stream().anyMatch(code::startsWith)
        ? CloudException.notSent(shown)
        : new CloudException(
            Kind.DENIED,
            shown
                + " (Check the role of TKE_ROLE_ARN, and that it trusts the identity provider and the"
                + " operator's service account.)");
  }

  /** Read each time: the kubelet replaces it before it expires. */
  private String token() throws CloudException {
    String token;
    try {
      token = Files.readString(Path.of(variables.get(FILE))).strip();
    } catch (IOException | InvalidPathException e) {
      throw noToken("cannot be read (" + e.getClass().getSimpleName() + ")");
    }
    if (!Credentials.isPrintable(token)) { // sent in a body, and so of any length
      throw noToken("contains no token");
    }
    return token;
  }

  private static CloudException noToken(String problem) {
    return new CloudException(
        Kind.DENIED, "The file that " + FILE + " names " + problem + ". Mount the token there.");
  }

  private SignedRequest request(String token) throws CloudException {
    if (!variables.get(REGION).matches("[a-z][a-z0-9]*(-[a-z0-9]+)*")) {
      throw new CloudException(Kind.DENIED, REGION + " must be a region such as ap-guangzhou.");
    }
    String body =
        JsonNodeFactory.instance
            .objectNode()
            .put("ProviderId", variables.get(PROVIDER))
            .put("WebIdentityToken", token)
            .put("RoleArn", variables.get(ROLE))
            .put("RoleSessionName", "reinstall-operator")
            .put("DurationSeconds", SECONDS)
            .toString();
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "application/json; charset=utf-8");
    headers.put("X-TC-Action", ACTION);
    headers.put("X-TC-Version", "2018-08-13");
    headers.put("X-TC-Region", variables.get(REGION));
    headers.put("X-TC-Language", "en-US");
    headers.put("X-TC-Timestamp", Long.toString(clock.instant().getEpochSecond()));
    headers.put("Authorization", "SKIP"); // the token in the body is what is verified
    return new SignedRequest("POST", endpoint.resolve(variables.get(REGION), ""), headers, body);
  }
}
