package dev.reinstall.cloud.tencent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Parameters as the older form has them: {@code SystemDisk.DiskSize}, {@code InstanceIds.0}, and
 * {@code TRUE} for true.
 */
final class FlatParameters {
  private FlatParameters() {}

  /** The leaves by their path; what is empty is left out. */
  static SortedMap<String, String> of(ObjectNode parameters) {
    SortedMap<String, String> flat = new TreeMap<>();
    add("", parameters, flat);
    return flat;
  }

  private static void add(String path, JsonNode node, SortedMap<String, String> into) {
    String step = path.isEmpty() ? "" : path + ".";
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        add(step + field.getKey(), field.getValue(), into);
      }
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        add(step + i, node.get(i), into);
      }
    } else if (node.isBoolean()) {
      into.put(path, node.booleanValue() ? "TRUE" : "FALSE");
    } else {
      into.put(path, node.asText());
    }
  }
}
