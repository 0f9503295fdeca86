package dev.reinstall.simulator.tencent;

import dev.reinstall.simulator.wire.HttpRequest;
import dev.reinstall.simulator.wire.HttpResponse;
import java.util.Map;

/** The metadata service of a machine, as far as its role is concerned. */
public final class MetadataSimulator extends CredentialIssuer {
  private static final String PATH = "/latest/meta-data/cam/security-credentials/";

  private volatile String role = "simulated-role";

  private MetadataSimulator(TencentSimulator cloud) {
    super(cloud);
  }

  public static MetadataSimulator start(TencentSimulator cloud) {
    return new MetadataSimulator(cloud);
  }

  /** The role of the machine; empty: none. */
  public void role(String name) {
    role = name;
  }

  @Override
  HttpResponse response(HttpRequest request) {
    String asked = request.path().startsWith(PATH) ? request.path().substring(PATH.length()) : "?";
    if (!request.method().equals("GET") || role.isEmpty()) {
      return text(404, "Not Found");
    }
    if (asked.isEmpty()) {
      return text(200, role);
    }
    return asked.equals(role)
        ? HttpResponse.json(
            200, issue().put("ExpiredTime", expiredTime()).put("Code", "Success"), "")
        : text(404, "Not Found");
  }

  private static HttpResponse text(int status, String body) {
    return new HttpResponse(status, Map.of("Content-Type", "text/plain"), body, "");
  }
}
