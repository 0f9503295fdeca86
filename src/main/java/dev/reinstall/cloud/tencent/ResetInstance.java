package dev.reinstall.cloud.tencent;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reinstall.api.TencentCloudSpec;
import dev.reinstall.api.TencentCloudSpec.EnhancedService;
import dev.reinstall.api.TencentCloudSpec.LoginSettings;
import dev.reinstall.api.TencentCloudSpec.Switch;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.Order;
import dev.reinstall.cloud.Secrets;
import dev.reinstall.cloud.UserData;

/**
 * The body of ResetInstance: the order's block in the cloud's spelling and order of fields. What
 * the order leaves out is left out: the cloud's own default then holds, and an empty object might
 * not.
 */
final class ResetInstance {
  private ResetInstance() {}

  /**
   * The JSON text.
   *
   * @throws CloudException never sent, where a Secret's contents were not handed over
   */
  static String body(Order order) throws CloudException {
    TencentCloudSpec block = order.spec().tencentCloud();
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("InstanceId", order.spec().instanceId());
    putText(body, "ImageId", block.imageId());
    if (block.systemDisk() != null && block.systemDisk().diskSize() != null) {
      body.putObject("SystemDisk").put("DiskSize", block.systemDisk().diskSize());
    }
    putFilled(body, "LoginSettings", login(block.loginSettings(), order));
    putFilled(body, "EnhancedService", services(block.enhancedService()));
    putText(body, "HostName", block.hostName());
    UserData.base64(block.userData(), block.userDataRef(), order.secrets())
        .ifPresent(text -> body.put("UserData", text));
    return body.toString();
  }

  private static ObjectNode login(LoginSettings settings, Order order) throws CloudException {
    ObjectNode login = JsonNodeFactory.instance.objectNode();
    if (settings == null) {
      return login;
    }
    if (settings.passwordRef() != null) {
      login.put("Password", Secrets.required(settings.passwordRef(), order.secrets()));
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
