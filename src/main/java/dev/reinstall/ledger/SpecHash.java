package dev.reinstall.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reinstall.api.CloudBlock;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What a request installs, in 64 hex digits: SHA-256 of the canonical JSON of server and block
 * (keys sorted; references, not contents; defaults and empty objects left out), without what only
 * says when it may start. Version {@value #VERSION}; a change here would make no open request match
 * its entry, so golden tests protect it.
 */
public final class SpecHash {
  static final int VERSION = 1;

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_EMPTY, JsonInclude.Include.NON_EMPTY))
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  private SpecHash() {}

  /** Of its complete spec, even if the object holds only a part of it. */
  public static String of(Reinstall reinstall) {
    return reinstall.completeSpecHash().orElseGet(() -> of(reinstall.getSpec()));
  }

  public static String of(ReinstallSpec spec) {
    return Sha256.hex(canonical(spec));
  }

  /**
   * The idempotency token of a call: the same in every process, 36 characters.
   *
   * @param call of a reinstall: its attempt; of a stop or a start: that word and what distinguishes
   *     it
   */
  public static String token(ReinstallSpec spec, String name, String call) {
    String identity = "reinstall.dev/" + spec.server() + "/" + name + "/" + call;
    return UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8)).toString();
  }

  static String canonical(ReinstallSpec spec) {
    Map<String, Object> what = new TreeMap<>();
    what.put("cloud", spec.cloud());
    what.put("region", /* guard: credentials-are-no-part-of-the-spec-hash */ spec.region());
    what.put("instanceId", spec.instanceId());
    spec.blocks().forEach((field, block) -> what.put(field, canonical(block)));
    try {
      return JSON.writeValueAsString(what);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of strings is always JSON", e);
    }
  }

  private static Object canonical(CloudBlock block) {
    ObjectNode fields = JSON.valueToTree(block);
    block
        .defaults()
        .forEach(
            (field, usual) -> {
              if (usual.equals(fields.path(field).asText())) {
                fields.remove(field);
              }
            });
    return sorted(fields);
  }

  /** Objects as sorted maps, empty ones left out; lists stay in sequence. */
  private static Object sorted(JsonNode node) {
    if (node.isObject()) {
      Map<String, Object> fields = new TreeMap<>();
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        Object value = sorted(field.getValue());
        if (!(value instanceof Map<?, ?> map && map.isEmpty())) {
          fields.put(field.getKey(), value);
        }
      }
      return fields;
    }
    if (node.isArray()) {
      List<Object> items = new ArrayList<>();
      node.forEach(item -> items.add(sorted(item)));
      return items;
    }
    return node;
  }
}
