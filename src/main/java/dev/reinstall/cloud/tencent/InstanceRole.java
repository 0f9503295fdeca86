package dev.reinstall.cloud.tencent;

import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudException.Kind;
import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.CloudSettings;
import dev.reinstall.cloud.Endpoint;
import dev.reinstall.cloud.Fields;
import dev.reinstall.cloud.HttpResult;
import dev.reinstall.cloud.Redaction;
import dev.reinstall.cloud.SignedRequest;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Temporary credentials of the CAM role of the machine, from its metadata service. */
final class InstanceRole implements TemporaryCredentials.Issuer {

  /** Has only plain http, and is reached from the machine alone. */
  static final Endpoint DEFAULT_ENDPOINT = Endpoint.ofMachine("http://metadata.tencentyun.com");

  static final String PATH = "/latest/meta-data/cam/security-credentials/";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_+=,.@-]{1,128}");
  private static final String SETTING = "REINSTALL_TENCENT_INSTANCE_ROLE";

  private final CloudHttp http;
  private final Endpoint endpoint;
  private final Optional<String> name;
  private final InstantSource clock;

  private InstanceRole(
      CloudHttp http, Endpoint endpoint, Optional<String> name, InstantSource clock) {
    this.http = http;
    this.endpoint = endpoint;
    this.name = name;
    this.clock = clock;
  }

  static InstanceRole from(CloudSettings settings, CloudHttp http, InstantSource clock) {
    return new InstanceRole(
        http,
        settings.endpoint("REINSTALL_TENCENT_METADATA_ENDPOINT", DEFAULT_ENDPOINT),
        settings.text(SETTING),
        clock);
  }

  @Override
  public IssuedCredentials issue() throws CloudException {
    try {
      HttpResult result = get(name.isPresent() ? name.get() : role());
      Fields response = result.json();
      String code = response.text("Code").orElse("no Code");
      if (!code.equals("Success")) {
        throw CloudException.notSent(
            "The response has " + Redaction.of(List.of()).id(code).orElse("another Code") + ".");
      }
      return IssuedCredentials.read(response, response, result, clock);
    } catch (CloudException e) {
      throw new CloudException(
          e.kind() == Kind.DENIED ? Kind.DENIED : Kind.NOT_SENT,
          "No temporary credentials from the metadata service of the machine: " + e.getMessage());
    }
  }

  /** The name of the one role that the machine has. */
  private String role() throws CloudException {
    String role = get("").body().strip();
    if (!NAME.matcher(role).matches()) {
      throw CloudException.notSent("The response is not the name of a role.");
    }
    return role;
  }

  private HttpResult get(String role) throws CloudException {
    if (!role.isEmpty() && !NAME.matcher(role).matches()) {
      throw new CloudException(
          Kind.DENIED, "The name of the role is malformed. Set " + SETTING + " to its name.");
    }
    HttpResult result =
        http.read(
            () -> new SignedRequest("GET", endpoint.resolve("machine", PATH + role), Map.of(), ""));
    if (result.status() == 404) {
      throw new CloudException(
          Kind.DENIED,
          "The machine has no such role (HTTP 404). Bind the role to the machine, or correct "
              + SETTING
              + ".");
    }
    if (result.status() != 200 || result.body().isBlank()) {
      throw CloudException.notSent(
          "HTTP " + result.status() + " without credentials (is this pod on a CVM of the cloud?).");
    }
    return result;
  }
}
