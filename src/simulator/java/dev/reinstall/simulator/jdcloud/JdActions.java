package dev.reinstall.simulator.jdcloud;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the cloud does for each action. */
final class JdActions {
  /** The vendor's SDKs repeat the path parameters in the body and add cookies. */
  private static final Set<String> ALWAYS_IN_BODY = Set.of("regionId", "instanceId", "cookies");

  private static final Set<String> QUERY_OF_LIST =
      Set.of("pageNumber", "pageSize", "az", "name", "deviceType");

  private final Map<String, JdServer> servers;
  private final Catalogue catalogue;
  private final ReinstallRules rules;

  JdActions(Map<String, JdServer> servers, Catalogue catalogue, ReinstallRules rules) {
    this.servers = servers;
    this.catalogue = catalogue;
    this.rules = rules;
  }

  /**
   * Executes it, and returns the content of {@code result}.
   *
   * @param body an object, empty for GET
   */
  ObjectNode perform(Route route, List<UriText.Pair> query, JsonNode body, String requestId) {
    return switch (route.action()) {
      case "describeEdCPSRegions" -> regions();
      case "describeDeviceTypes" -> deviceTypes(route.region());
      case "describeOS" -> systems(query);
      case "describeDeviceRaids" -> raids(query);
      case "describeInstances" -> instances(route.region(), query);
      case "describeInstance" -> under("instance", server(route).shown());
      case "describeInstanceRaid" -> server(route).shownRaids();
      case "modifyInstance" -> modify(route, body);
      default -> change(route, body, requestId);
    };
  }

  private ObjectNode change(Route route, JsonNode body, String requestId) {
    JdServer server = server(route);
    boolean reinstall = route.action().equals("reinstallInstance");
    checkBody(
        route, body, reinstall ? Set.of("clientToken", "instanceSpec") : Set.of("clientToken"));
    String token = body.path("clientToken").asText("");
    switch (route.action()) {
      case "startInstance" -> server.start();
      case "stopInstance" -> server.stop();
      case "restartInstance" -> server.restart();
      default -> server.reinstall(rules.check(server, body.path("instanceSpec")), requestId, token);
    }
    return JsonNodeFactory.instance.objectNode().put("success", true);
  }

  private ObjectNode modify(Route route, JsonNode body) {
    JdServer server = server(route);
    checkBody(route, body, Set.of("name", "description"));
    server.modify(
        Optional.ofNullable(body.get("name")).map(JsonNode::asText),
        Optional.ofNullable(body.get("description")).map(JsonNode::asText));
    return JsonNodeFactory.instance.objectNode().put("success", true);
  }

  private static void checkBody(Route route, JsonNode body, Set<String> known) {
    body.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name) && !ALWAYS_IN_BODY.contains(name)) {
                throw JdRefusal.invalid(name + " is not known.");
              }
            });
    boolean contradicts =
        !body.path("regionId").asText(route.region()).equals(route.region())
            || !body.path("instanceId").asText(route.instanceId()).equals(route.instanceId());
    if (contradicts) {
      throw JdRefusal.invalid("The body contradicts the address.");
    }
  }

  private JdServer server(Route route) {
    return Optional.ofNullable(servers.get(route.instanceId()))
        .filter(one -> one.region().equals(route.region()))
        .orElseThrow(() -> JdRefusal.notFound("There is no such instance."));
  }

  private ObjectNode regions() {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    ArrayNode regions = result.putArray("regions");
    servers.values().stream()
        .map(JdServer::region)
        .distinct()
        .sorted()
        .forEach(
            region -> {
              ObjectNode one = regions.addObject().put("region", region).put("regionName", region);
              ArrayNode zones = one.putArray("azs");
              servers.values().stream()
                  .filter(server -> server.region().equals(region))
                  .map(JdServer::az)
                  .distinct()
                  .sorted()
                  .forEach(
                      az ->
                          zones.addObject().put("region", region).put("az", az).put("azName", az));
            });
    return result;
  }

  private ObjectNode deviceTypes(String region) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    ArrayNode types = result.putArray("deviceTypes");
    servers.values().stream()
        .filter(server -> server.region().equals(region))
        .map(server -> server.installed().system().deviceType())
        .distinct()
        .forEach(type -> types.addObject().put("deviceType", type).put("region", region));
    return result;
  }

  private ObjectNode systems(List<UriText.Pair> query) {
    Query asked = new Query(query, Set.of("deviceType", "osType"));
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    ArrayNode systems = result.putArray("oss");
    catalogue.systems(asked.needed("deviceType")).stream()
        .filter(one -> asked.value("osType").map(one.osType()::equals).orElse(true))
        .forEach(one -> systems.add(one.shown()));
    return result;
  }

  private ObjectNode raids(List<UriText.Pair> query) {
    Query asked = new Query(query, Set.of("deviceType", "volumeType"));
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    ArrayNode raids = result.putArray("raids");
    catalogue.raids(asked.needed("deviceType")).stream()
        .filter(one -> asked.value("volumeType").map(one.volumeType()::equals).orElse(true))
        .forEach(one -> raids.add(one.shown()));
    return result;
  }

  private ObjectNode instances(String region, List<UriText.Pair> query) {
    Query asked = new Query(query, QUERY_OF_LIST);
    int number = asked.number("pageNumber", 1, 1, Integer.MAX_VALUE);
    int size = asked.number("pageSize", 20, 20, 100);
    List<ObjectNode> found =
        servers.values().stream()
            .filter(server -> server.region().equals(region))
            .sorted(Comparator.comparing(JdServer::id))
            .map(JdServer::shown)
            .filter(asked::matches)
            .toList();
    ObjectNode result = JsonNodeFactory.instance.objectNode().put("totalCount", found.size());
    ArrayNode page = result.putArray("instances");
    found.stream().skip((number - 1L) * size).limit(size).forEach(page::add);
    return result;
  }

  private static ObjectNode under(String name, ObjectNode value) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.set(name, value);
    return result;
  }
}
