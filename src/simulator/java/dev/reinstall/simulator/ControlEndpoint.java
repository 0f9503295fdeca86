package dev.reinstall.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reinstall.simulator.wire.HttpRequest;
import dev.reinstall.simulator.wire.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;

/**
 * What a person with curl may do to a cloud that was started by hand; unsigned.
 *
 * <pre>
 * GET    /_simulator/servers             servers, how they are shown, and their wipes
 * GET    /_simulator/calls               a line for every call
 * POST   /_simulator/servers/{id}/stop   pull the plug (or start)
 * POST   /_simulator/faults              {"action": "ResetInstance", "fault": "cutAfterEffect"}
 * DELETE /_simulator/faults
 * POST   /_simulator/clock               {"advance": "PT15M"}
 * </pre>
 *
 * A fault strikes once, or with {@code "always": true} until it is deleted; {@link FaultByName} has
 * the names.
 */
final class ControlEndpoint {
  static final String PREFIX = "/_simulator/";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final SimulatedCloud cloud;

  ControlEndpoint(SimulatedCloud cloud) {
    this.cloud = cloud;
  }

  HttpResponse response(HttpRequest request) {
    try {
      return HttpResponse.json(200, reply(request), "");
    } catch (IllegalArgumentException | JsonProcessingException | DateTimeException e) {
      ObjectNode complaint = JsonNodeFactory.instance.objectNode();
      return HttpResponse.json(400, complaint.put("error", e.getMessage()), "");
    }
  }

  private JsonNode reply(HttpRequest request) throws JsonProcessingException {
    List<String> way = List.of(request.path().substring(PREFIX.length()).split("/", -1));
    String desired = request.method() + " " + way.get(0);
    switch (desired) {
      case "GET servers" -> {
        return servers();
      }
      case "GET calls" -> {
        ArrayNode lines = JsonNodeFactory.instance.arrayNode();
        cloud.callsLog().forEach(call -> lines.add(call.line()));
        return lines;
      }
      case "POST servers" -> power(way);
      case "POST faults" -> fault(JSON.readTree(request.body()));
      case "DELETE faults" -> cloud.clearFaults();
      case "POST clock" -> {
        JsonNode advance = JSON.readTree(request.body()).path("advance");
        cloud.clock().advance(Duration.parse(advance.asText()));
      }
      default -> throw new IllegalArgumentException("nothing is known of " + desired);
    }
    return JsonNodeFactory.instance.objectNode().put("done", true);
  }

  private JsonNode servers() {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (SimulatedServer server : cloud.servers()) {
      ObjectNode one =
          all.addObject().put("id", server.id()).put("wipes", cloud.wipes(server.id()));
      one.set("wipeHistory", wipes(server));
      one.set("shown", server.shown());
    }
    return all;
  }

  private static ArrayNode wipes(SimulatedServer server) {
    ArrayNode wipes = JsonNodeFactory.instance.arrayNode();
    for (Wipe wipe : server.wipeHistory()) {
      wipes
          .addObject()
          .put("at", wipe.at().toString())
          .put("requestId", wipe.requestId())
          .put("clientToken", wipe.clientToken())
          .put("image", wipe.image())
          .put("foreign", wipe.foreign());
    }
    return wipes;
  }

  private void power(List<String> way) {
    if (way.size() != 3) {
      throw new IllegalArgumentException("servers/{id}/stop or servers/{id}/start");
    }
    SimulatedServer server =
        cloud.servers().stream()
            .filter(one -> one.id().equals(way.get(1)))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no server " + way.get(1)));
    switch (way.get(2)) {
      case "stop" -> server.pullPlug();
      case "start" -> server.plugIn();
      default -> throw new IllegalArgumentException("stop or start, not " + way.get(2));
    }
  }

  private void fault(JsonNode desired) {
    String action = desired.path("action").asText();
    SimulatedFault fault = FaultByName.find(desired.path("fault").asText());
    if (desired.path("always").asBoolean()) {
      cloud.always(action, fault);
    } else {
      cloud.onNext(action, fault);
    }
  }
}
