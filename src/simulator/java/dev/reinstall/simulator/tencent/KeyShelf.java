package dev.reinstall.simulator.tencent;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The key pairs of the account, by id; each has a name. */
final class KeyShelf {
  private final Map<String, String> names = new ConcurrentHashMap<>();

  void add(String id, String name) {
    names.put(id, name);
  }

  void remove(String id) {
    names.remove(id);
  }

  boolean has(String id) {
    return names.containsKey(id);
  }

  /** The id, or the cloud's rejection. */
  static String checkId(String id) {
    if (!id.matches("skey-[a-z0-9]{8}")) {
      throw new TencentRefusal("InvalidKeyPairId.Malformed", id + " is no key id.");
    }
    return id;
  }

  /** How the key pairs are shown, sorted by id. */
  Stream<ObjectNode> shown(Collection<TencentServer> servers) {
    return names.entrySet().stream()
        .sorted(Comparator.comparing(Map.Entry::getKey))
        .map(key -> shown(key.getKey(), key.getValue(), servers));
  }

  private static ObjectNode shown(String id, String name, Collection<TencentServer> servers) {
    ObjectNode shown =
        JsonNodeFactory.instance
            .objectNode()
            .put("KeyId", id)
            .put("KeyName", name)
            .put("ProjectId", "0")
            .put("Description", "");
    ArrayNode bound = shown.putArray("AssociatedInstanceIds");
    servers.stream()
        .filter(server -> server.keyIds().contains(id))
        .map(TencentServer::id)
        .sorted()
        .forEach(bound::add);
    return shown;
  }
}
