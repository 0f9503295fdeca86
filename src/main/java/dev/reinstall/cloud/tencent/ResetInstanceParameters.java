package dev.reinstall.cloud.tencent;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reinstall.api.GeneratedPassword;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.TencentCloudSpec;
import dev.reinstall.api.TencentCloudSpec.EnhancedService;
import dev.reinstall.api.TencentCloudSpec.LoginSettings;
import dev.reinstall.api.TencentCloudSpec.Switch;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.Password;
import dev.reinstall.cloud.ReinstallRequest;
import dev.reinstall.cloud.UserData;

/**
 * The parameters of ResetInstance: the block of the spec in the cloud's spelling and field order.
 * What the spec leaves out is left out: the cloud's own default then applies, and an empty object
 * might not have the same meaning.
 */
final class ResetInstanceParameters {
  private ResetInstanceParameters() {}

  /**
   * As an object; {@link Signature} decides how it is written.
   *
   * @throws CloudException never sent, where a Secret's contents, or the ID of the image, were not
   *     handed over
   */
  static ObjectNode parameters(ReinstallRequest request) throws CloudException {
    TencentCloudSpec block = request.spec().tencentCloud();
    ObjectNode parameters = JsonNodeFactory.instance.objectNode();
    parameters.put("InstanceId", request.spec().instanceId());
    putText(parameters, "ImageId", imageId(block));
    if (block.systemDisk() != null && block.systemDisk().diskSize() != null) {
      parameters.putObject("SystemDisk").put("DiskSize", block.systemDisk().diskSize());
    }
    putFilled(parameters, "LoginSettings", login(block.loginSettings(), request));
    putFilled(parameters, "EnhancedService", services(block.enhancedService()));
    putText(parameters, "HostName", block.hostName());
    UserData.base64(block.userData(), block.userDataRef(), request.secrets())
        .ifPresent(text -> parameters.put("UserData", text));
    return parameters;
  }

  /**
   * Null: the current image. A name without its ID must not be taken for that.
   *
   * @throws CloudException never sent, where a name was not resolved
   */
  private static String imageId(TencentCloudSpec block) throws CloudException {
    // guard: name-is-not-sent-without-its-id
    if (block.imageId() == null && block.image() != null) {
      throw CloudException.notSent("The ID of the image is not known.");
    }
    return block.imageId();
  }

  private static ObjectNode login(LoginSettings settings, ReinstallRequest request)
      throws CloudException {
    ObjectNode login = JsonNodeFactory.instance.objectNode();
    if (settings == null) {
      return login;
    }
    SecretKeyRef password =
        GeneratedPassword.ref(settings.passwordRef(), settings.generatePassword());
    if (password != null) {
      login.put("Password", Password.required(password, request.secrets()));
    }
    if (settings.keyIds() != null) {
      settings.keyIds().forEach(login.putArray("KeyIds")::add);
    }
    if (settings.keepImageLogin() != null) { // a string in this API, unlike Enabled below
      login.put("KeepImageLogin", settings.keepImageLogin() ? "TRUE" : "FALSE");
    }
    return login;
  }

  private static ObjectNode services(EnhancedService services) {
    ObjectNode switches = JsonNodeFactory.instance.objectNode();
    if (services != null) {
      putSwitch(switches, "SecurityService", services.securityService());
      putSwitch(switches, "MonitorService", services.monitorService());
      putSwitch(switches, "AutomationService", services.automationService());
    }
    return switches;
  }

  private static void putSwitch(ObjectNode into, String name, Switch service) {
    if (service != null && service.enabled() != null) {
      into.putObject(name).put("Enabled", service.enabled());
    }
  }

  private static void putText(ObjectNode into, String name, String text) {
    if (text != null) {
      into.put(name, text);
    }
  }

  private static void putFilled(ObjectNode into, String name, ObjectNode object) {
    if (!object.isEmpty()) {
      into.set(name, object);
    }
  }
}
