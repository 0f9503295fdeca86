package dev.reinstall.simulator.tencent;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a server is known by, and its data disks: no reset changes any of it.
 *
 * @param tags by key
 */
record TencentLabels(
    String name,
    String zone,
    List<String> privateIps,
    List<String> publicIps,
    List<DataDisk> dataDisks,
    Map<String, String> tags) {

  /**
   * A data disk.
   *
   * @param size in GiB
   */
  record DataDisk(String id, String type, long size) {}

  static TencentLabels usual() {
    return new TencentLabels("simulated", "", List.of("10.0.0.7"), List.of(), List.of(), Map.of());
  }

  TencentLabels named(String other) {
    return new TencentLabels(other, zone, privateIps, publicIps, dataDisks, tags);
  }

  TencentLabels in(String other) {
    return new TencentLabels(name, other, privateIps, publicIps, dataDisks, tags);
  }

  TencentLabels at(List<String> inside, List<String> outside) {
    return new TencentLabels(name, zone, inside, outside, dataDisks, tags);
  }

  TencentLabels with(DataDisk disk) {
    List<DataDisk> more = new ArrayList<>(dataDisks);
    more.add(disk);
    return new TencentLabels(name, zone, privateIps, publicIps, more, tags);
  }

  TencentLabels tagged(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(tags);
    more.put(key, value);
    return new TencentLabels(name, zone, privateIps, publicIps, dataDisks, more);
  }

  /**
   * Adds the fields of DescribeInstances.
   *
   * @param region the zone is its third, unless another was set
   */
  void showIn(ObjectNode shown, String region) {
    shown
        .putObject("Placement")
        .put("Zone", zone.isEmpty() ? region + "-3" : zone)
        .put("ProjectId", 0);
    shown.put("InstanceName", name);
    privateIps.forEach(shown.putArray("PrivateIpAddresses")::add);
    publicIps.forEach(shown.putArray("PublicIpAddresses")::add);
    ArrayNode disks = shown.putArray("DataDisks");
    for (DataDisk disk : dataDisks) {
      disks
          .addObject()
          .put("DiskSize", disk.size())
          .put("DiskType", disk.type())
          .put("DiskId", disk.id());
    }
    ArrayNode pairs = shown.putArray("Tags");
    tags.forEach((key, value) -> pairs.addObject().put("Key", key).put("Value", value));
  }
}
