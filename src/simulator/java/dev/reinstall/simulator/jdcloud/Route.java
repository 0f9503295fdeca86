package dev.reinstall.simulator.jdcloud;

import dev.reinstall.simulator.wire.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The target of a request.
 *
 * @param region {@code jdcloud-api} for the one action that has none, as the signature has it
 * @param instanceId empty for catalogues and lists
 */
record Route(String action, String method, String region, String instanceId) {
  static final String NO_REGION = "jdcloud-api";

  private static final Map<String, String> LISTS =
      Map.of(
          "deviceTypes", "describeDeviceTypes",
          "os", "describeOS",
          "raids", "describeDeviceRaids",
          "instances", "describeInstances");
  private static final Map<String, String> METHODS =
      Map.of(
          "describeInstanceRaid", "GET",
          "startInstance", "PUT",
          "stopInstance", "PUT",
          "restartInstance", "PUT",
          "reinstallInstance", "PUT",
          "modifyInstance", "POST");

  /**
   * Empty for an unknown path.
   *
   * @param prefix the path of a gateway; signed, but not part of the route
   */
  static Optional<Route> of(HttpRequest request, String prefix) {
    if (!request.path().startsWith(prefix + "/")) {
      return Optional.empty();
    }
    List<String> way = UriText.segments(request.path().substring(prefix.length()));
    if (way.equals(List.of("v1", "edgeRegions"))) {
      return Optional.of(new Route("describeEdCPSRegions", "GET", NO_REGION, ""));
    }
    if (way.size() < 4 || !way.get(0).equals("v1") || !way.get(1).equals("regions")) {
      return Optional.empty();
    }
    String region = way.get(2);
    if (way.size() == 4) {
      return Optional.ofNullable(LISTS.get(way.get(3)))
          .map(action -> new Route(action, "GET", region, ""));
    }
    if (way.size() > 5 || !way.get(3).equals("instances")) {
      return Optional.empty();
    }
    int colon = way.get(4).indexOf(':');
    if (colon < 0) {
      return Optional.of(new Route("describeInstance", "GET", region, way.get(4)));
    }
    String action = way.get(4).substring(colon + 1);
    String instanceId = way.get(4).substring(0, colon);
    return Optional.ofNullable(METHODS.get(action))
        .map(method -> new Route(action, method, region, instanceId));
  }
}
