package dev.reinstall.simulator.jdcloud;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A RAID configuration of a device type.
 *
 * @param volumeType system or data
 * @param raidType NORAID, RAID0, RAID1, ...
 */
public record Raid(String raidTypeId, String raidType, String volumeType, String deviceType) {

  ObjectNode shown() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("volumeType", volumeType)
        .put("volumeDetail", "2*480G SSD")
        .put("raidTypeId", raidTypeId)
        .put("raidType", raidType)
        .put("deviceType", deviceType)
        .put("description", "");
  }
}
