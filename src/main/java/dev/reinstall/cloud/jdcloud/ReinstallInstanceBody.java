package dev.reinstall.cloud.jdcloud;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reinstall.api.JdCloudSpec;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.Password;
import dev.reinstall.cloud.ReinstallRequest;
import dev.reinstall.cloud.UserData;
import java.util.Optional;

/** The body of reinstallInstance: the block of the spec in the cloud's spelling and field order. */
final class ReinstallInstanceBody {
  private ReinstallInstanceBody() {}

  private static final int LONGEST_TOKEN = 36;

  /**
   * The JSON text.
   *
   * @throws CloudException never sent, where the token, an ID or a Secret's contents were not
   *     handed over
   */
  static String body(ReinstallRequest request) throws CloudException {
    JdCloudSpec block = request.spec().jdCloud();
    Optional<String> userData =
        UserData.base64(block.userData(), block.userDataRef(), request.secrets());
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("clientToken", requireToken(request.token()));
    ObjectNode spec = body.putObject("instanceSpec");
    spec.put("az", block.az());
    spec.put("imageType", "standard"); // the only one there is
    spec.put("osTypeId", requireId("osTypeId", block.osTypeId()));
    spec.put("sysRaidTypeId", requireId("sysRaidTypeId", block.sysRaidTypeId()));
    spec.put("keepData", block.keepData() ? "yes" : "no");
    spec.put("dataRaidTypeId", requireId("dataRaidTypeId", block.dataRaidTypeId()));
    spec.put("password", Password.required(JdSpecValidator.passwordRef(block), request.secrets()));
    if (block.hostname() != null) {
      spec.put("hostname", block.hostname());
    }
    userData.ifPresent(text -> spec.put("userData", text));
    if (block.keypairId() != null) {
      spec.put("keypairId", block.keypairId());
    }
    return body.toString();
  }

  /** A name, without the ID that it stands for, is not sent. */
  private static String requireId(String field, String id) throws CloudException {
    if (id == null) {
      throw CloudException.notSent("The request has no " + field + ".");
    }
    return id;
  }

  /** Without it a second copy of a request would be carried out a second time. */
  static String requireToken(String token) throws CloudException {
    if (token == null || token.isEmpty() || token.length() > LONGEST_TOKEN) {
      throw CloudException.notSent("The request has no idempotency token of 1 to 36 characters.");
    }
    return token;
  }
}
