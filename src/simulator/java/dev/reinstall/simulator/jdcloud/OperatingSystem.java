package dev.reinstall.simulator.jdcloud;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** An operating system that can be installed on a device type. */
public record OperatingSystem(
    String osTypeId, String osName, String osType, String osVersion, String deviceType) {

  ObjectNode shown() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("osTypeId", osTypeId)
        .put("osName", osName)
        .put("osType", osType)
        .put("osVersion", osVersion)
        .put("deviceType", deviceType);
  }
}
