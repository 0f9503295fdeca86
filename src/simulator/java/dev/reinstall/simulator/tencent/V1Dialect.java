package dev.reinstall.simulator.tencent;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reinstall.simulator.wire.Hashes;
import dev.reinstall.simulator.wire.HttpRequest;
import java.net.URLDecoder;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The older API: a form, common values among the parameters, signature v1. */
final class V1Dialect {
  private static final Set<String> ALGORITHMS = Set.of("HmacSHA1", "HmacSHA256");
  private static final String OLD_PATH = "/v2/index.php";
  private static final Set<String> COMMON =
      Set.of(
          "Action",
          "Version",
          "Region",
          "Timestamp",
          "Nonce",
          "SecretId",
          "SignatureMethod",
          "Signature",
          "Token",
          "Language",
          "RequestClient");

  private final TencentAccounts credentials;
  private final Set<String> paths;

  V1Dialect(TencentAccounts credentials, Set<String> paths) {
    this.credentials = credentials;
    this.paths = paths;
  }

  static boolean isSpokenBy(HttpRequest request) {
    return request.mediaType().equals("application/x-www-form-urlencoded");
  }

  TencentCall read(HttpRequest request) {
    // A GET would have the password in the URL, and every proxy would log it.
    boolean here = request.path().equals(OLD_PATH) || paths.contains(request.path());
    if (!request.method().equals("POST") || !here) {
      throw new TencentRefusal("UnsupportedProtocol", "Only POST is spoken here.");
    }
    SortedMap<String, String> form = form(request.body());
    for (String name :
        List.of("Action", "Version", "Timestamp", "Nonce", "SecretId", "Signature")) {
      if (form.getOrDefault(name, "").isEmpty()) {
        throw new TencentRefusal("MissingParameter", "The parameter " + name + " is missing.");
      }
    }
    verify(request, form);
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    form.forEach(
        (name, value) -> {
          if (!COMMON.contains(name)) {
            plant(tree, name, value);
          }
        });
    return new TencentCall(
        form.get("SecretId"),
        form.get("Action"),
        form.get("Version"),
        form.getOrDefault("Region", ""),
        listsWhereNumbered(tree),
        true);
  }

  private void verify(HttpRequest request, SortedMap<String, String> form) {
    TencentAccount account =
        credentials.of(form.get("SecretId"), form.getOrDefault("Token", ""), form.get("Timestamp"));
    String algorithm = form.getOrDefault("SignatureMethod", "HmacSHA1");
    if (!ALGORITHMS.contains(algorithm)) {
      throw new TencentRefusal("InvalidParameter", "The SignatureMethod is not known.");
    }
    SortedMap<String, String> signed = new TreeMap<>(form);
    String stated = signed.remove("Signature");
    String toSign =
        V1Signature.toSign(request.method(), request.header("host"), request.path(), signed);
    if (!Hashes.same(V1Signature.of(account.secretKey(), algorithm, toSign), stated)) {
      throw new TencentRefusal(
          "AuthFailure.SignatureFailure", "The signature is not that of this request.");
    }
  }

  static SortedMap<String, String> form(String body) {
    SortedMap<String, String> form = new TreeMap<>();
    if (body.isEmpty()) {
      return form;
    }
    for (String pair : body.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 0) {
        throw new TencentRefusal("InvalidParameter", "The body is not a form.");
      }
      form.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
    }
    return form;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      throw new TencentRefusal("InvalidParameter", "The form is not url-encoded.");
    }
  }

  /** {@code SystemDisk.DiskSize=60} becomes an object in an object. */
  private static void plant(ObjectNode tree, String name, String value) {
    List<String> way = List.of(name.split("\\.", -1));
    ObjectNode at = tree;
    for (String step : way.subList(0, way.size() - 1)) {
      JsonNode next = at.get(step);
      if (next != null && !next.isObject()) {
        throw new TencentRefusal("InvalidParameter", "`" + name + "` is two things at once.");
      }
      at = next == null ? at.putObject(step) : (ObjectNode) next;
    }
    at.put(way.get(way.size() - 1), value);
  }

  /** {@code InstanceIds.0} was parsed as an object with a field 0: it is a list. */
  private static JsonNode listsWhereNumbered(JsonNode node) {
    if (!node.isObject()) {
      return node;
    }
    Map<String, JsonNode> fields =
        node.properties().stream()
            .collect(
                Collectors.toMap(Map.Entry::getKey, one -> listsWhereNumbered(one.getValue())));
    boolean numbered =
        !fields.isEmpty() && fields.keySet().stream().allMatch(key -> key.matches("\\d{1,4}"));
    if (!numbered) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      object.setAll(fields);
      return object;
    }
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    fields.entrySet().stream()
        .sorted(Comparator.comparingInt(one -> Integer.parseInt(one.getKey())))
        .forEach(one -> list.add(one.getValue()));
    return list;
  }
}
