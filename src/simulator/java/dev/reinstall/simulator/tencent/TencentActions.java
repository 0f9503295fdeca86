package dev.reinstall.simulator.tencent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** What the cloud does for each action. */
final class TencentActions {
  private static final int MOST = 100;
  private static final Shape PAGE_FILTERS =
      Shape.listOf(
          Shape.fields().needing("Name", Shape.TEXT).needing("Values", Shape.listOf(Shape.TEXT)));

  private final Map<String, TencentServer> servers;
  private final ImageShelf images;
  private final KeyShelf keys;
  private final ResetRules rules;

  TencentActions(
      Map<String, TencentServer> servers, ImageShelf images, KeyShelf keys, ResetRules rules) {
    this.servers = servers;
    this.images = images;
    this.keys = keys;
    this.rules = rules;
  }

  ObjectNode perform(TencentCall call, String requestId) {
    if (!call.version().equals("2017-03-12")) {
      throw new TencentRefusal("NoSuchVersion", "The version is 2017-03-12.");
    }
    if (call.region().isEmpty()) {
      throw new TencentRefusal("MissingParameter", "The region is missing.");
    }
    if (!call.region().matches("[a-z]{2}-[a-z]+(-[a-z0-9]+)*")) {
      throw new TencentRefusal("UnsupportedRegion", "There is no such region.");
    }
    return switch (call.action()) {
      case "DescribeInstances" -> describeInstances(call);
      case "DescribeImages" -> describeImages(call);
      case "DescribeKeyPairs" -> describeKeyPairs(call);
      case "InquiryPriceResetInstance" -> inquiryPrice(call);
      case "ResetInstance" -> resetInstance(call, requestId);
      case "StopInstances" -> stopInstances(call, requestId);
      case "StartInstances" -> startInstances(call, requestId);
      default -> throw new TencentRefusal("InvalidAction", "There is no such action.");
    };
  }

  private ObjectNode describeInstances(TencentCall call) {
    ObjectNode asked =
        accept(
            call,
            Shape.fields()
                .with("InstanceIds", Shape.listOf(Shape.TEXT))
                .with("Filters", PAGE_FILTERS)
                .with("Offset", Shape.WHOLE)
                .with("Limit", Shape.WHOLE));
    List<ObjectNode> found = new ArrayList<>();
    Set<String> ids = Set.copyOf(instanceIds(asked));
    servers.values().stream()
        .filter(server -> server.region().equals(call.region()))
        .filter(server -> ids.isEmpty() || ids.contains(server.id()))
        .sorted(Comparator.comparing(TencentServer::id))
        .map(TencentServer::shown)
        .filter(
            matching(
                asked,
                Map.of(
                    "instance-id", "InstanceId",
                    "instance-name", "InstanceName",
                    "instance-state", "InstanceState",
                    "image-id", "ImageId")))
        .forEach(found::add);
    return page(asked, found, "InstanceSet");
  }

  private ObjectNode describeImages(TencentCall call) {
    ObjectNode asked =
        accept(
            call,
            Shape.fields()
                .with("ImageIds", Shape.listOf(Shape.TEXT))
                .with("Filters", PAGE_FILTERS)
                .with("Offset", Shape.WHOLE)
                .with("Limit", Shape.WHOLE)
                .with("InstanceType", Shape.TEXT));
    List<String> ids = ids(asked, "ImageIds");
    ids.forEach(ImageShelf::checkId);
    List<ObjectNode> found = new ArrayList<>();
    images.all().stream()
        .filter(image -> ids.isEmpty() || ids.contains(image.id()))
        .sorted(Comparator.comparing(TencentImage::id))
        .map(TencentImage::shown)
        .filter(
            matching(
                asked,
                Map.of(
                    "image-id", "ImageId",
                    "image-name", "ImageName",
                    "image-type", "ImageType",
                    "platform", "Platform")))
        .forEach(found::add);
    return page(asked, found, "ImageSet");
  }

  private ObjectNode describeKeyPairs(TencentCall call) {
    ObjectNode asked =
        accept(
            call,
            Shape.fields()
                .with("KeyIds", Shape.listOf(Shape.TEXT))
                .with("Filters", PAGE_FILTERS)
                .with("Offset", Shape.WHOLE)
                .with("Limit", Shape.WHOLE));
    List<String> ids = ids(asked, "KeyIds");
    ids.forEach(KeyShelf::checkId);
    List<ObjectNode> found = new ArrayList<>();
    keys.shown(servers.values())
        .filter(key -> ids.isEmpty() || ids.contains(key.get("KeyId").asText()))
        .filter(matching(asked, Map.of("key-name", "KeyName", "project-id", "ProjectId")))
        .forEach(found::add);
    return page(asked, found, "KeyPairSet");
  }

  private ObjectNode inquiryPrice(TencentCall call) {
    ObjectNode asked = accept(call, ResetRules.INQUIRY_SHAPE);
    rules.check(one(call.region(), asked.get("InstanceId").asText()), asked);
    ObjectNode response = JsonNodeFactory.instance.objectNode();
    response
        .putObject("Price")
        .putObject("InstancePrice")
        .put("UnitPrice", 0.0)
        .put("ChargeUnit", "HOUR");
    return response;
  }

  private ObjectNode resetInstance(TencentCall call, String requestId) {
    ObjectNode asked = accept(call, ResetRules.RESET_SHAPE);
    TencentServer server = one(call.region(), asked.get("InstanceId").asText());
    server.reset(rules.check(server, asked), requestId);
    return JsonNodeFactory.instance.objectNode();
  }

  private ObjectNode stopInstances(TencentCall call, String requestId) {
    ObjectNode asked =
        accept(
            call,
            Shape.fields()
                .needing("InstanceIds", Shape.listOf(Shape.TEXT))
                .with("StopType", Shape.TEXT)
                .with("StoppedMode", Shape.TEXT));
    checkOneOf(asked, "StopType", Set.of("SOFT", "SOFT_FIRST", "HARD"));
    checkOneOf(asked, "StoppedMode", Set.of("KEEP_CHARGING", "STOP_CHARGING"));
    boolean withoutCharge = asked.path("StoppedMode").asText().equals("STOP_CHARGING");
    List<TencentServer> all = several(call.region(), asked);
    all.forEach(TencentServer::mayStop);
    all.forEach(server -> server.stop(requestId, withoutCharge));
    return JsonNodeFactory.instance.objectNode();
  }

  private ObjectNode startInstances(TencentCall call, String requestId) {
    ObjectNode asked =
        accept(call, Shape.fields().needing("InstanceIds", Shape.listOf(Shape.TEXT)));
    List<TencentServer> all = several(call.region(), asked);
    all.forEach(TencentServer::mayStart);
    all.forEach(server -> server.start(requestId));
    return JsonNodeFactory.instance.objectNode();
  }

  private static ObjectNode accept(TencentCall call, Shape.Fields shape) {
    return shape.accept("", call.parameters(), call.flat());
  }

  private static void checkOneOf(ObjectNode asked, String name, Set<String> values) {
    if (asked.has(name) && !values.contains(asked.get(name).asText())) {
      throw new TencentRefusal("InvalidParameterValue", name + " is one of " + values + ".");
    }
  }

  private TencentServer one(String region, String id) {
    checkId(id);
    return Optional.ofNullable(servers.get(id))
        .filter(server -> server.region().equals(region))
        .orElseThrow(
            () -> new TencentRefusal("InvalidInstanceId.NotFound", "There is no " + id + "."));
  }

  private List<TencentServer> several(String region, ObjectNode asked) {
    List<String> ids = instanceIds(asked);
    if (ids.isEmpty()) {
      throw new TencentRefusal("MissingParameter", "InstanceIds is empty.");
    }
    return ids.stream().map(id -> one(region, id)).toList();
  }

  private static List<String> instanceIds(ObjectNode asked) {
    List<String> ids = ids(asked, "InstanceIds");
    ids.forEach(TencentActions::checkId);
    return ids;
  }

  /** What is asked for is named by ids or by filters, not by both; at most a hundred of them. */
  private static List<String> ids(ObjectNode asked, String name) {
    List<String> ids = texts(asked.path(name));
    if (!ids.isEmpty() && asked.has("Filters")) {
      throw new TencentRefusal("InvalidParameter", "Either " + name + " or Filters.");
    }
    if (ids.size() > MOST) {
      throw new TencentRefusal("InvalidParameterValue.LimitExceeded", "At most 100 " + name + ".");
    }
    return ids;
  }

  private static void checkId(String id) {
    if (!id.matches("ins-[a-z0-9]{8}")) {
      throw new TencentRefusal("InvalidInstanceId.Malformed", id + " is no instance id.");
    }
  }

  private static Predicate<ObjectNode> matching(ObjectNode asked, Map<String, String> fields) {
    Predicate<ObjectNode> all = any -> true;
    for (JsonNode filter : asked.path("Filters")) {
      String field =
          Optional.ofNullable(fields.get(filter.get("Name").asText()))
              .orElseThrow(
                  () -> new TencentRefusal("InvalidParameterValue", "There is no such filter."));
      List<String> values = texts(filter.get("Values"));
      Function<ObjectNode, String> value = node -> node.get(field).asText();
      all = all.and(node -> values.contains(value.apply(node)));
    }
    return all;
  }

  /** Twenty, without a limit: a request with a hundred ids must set a limit of a hundred. */
  private static ObjectNode page(ObjectNode asked, List<ObjectNode> found, String name) {
    long offset = asked.path("Offset").asLong(0);
    long limit = asked.path("Limit").asLong(20);
    if (offset < 0 || limit < 1 || limit > MOST) {
      throw new TencentRefusal("InvalidParameterValue.LimitExceeded", "Limit is 1 to 100.");
    }
    ObjectNode response = JsonNodeFactory.instance.objectNode();
    response.put("TotalCount", found.size());
    ArrayNode page = response.putArray(name);
    found.stream().skip(offset).limit(limit).forEach(page::add);
    return response;
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(one -> texts.add(one.asText()));
    return texts;
  }
}
