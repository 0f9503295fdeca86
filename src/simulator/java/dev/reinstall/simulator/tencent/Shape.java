package dev.reinstall.simulator.tencent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The allowed form of a parameter. The real API rejects unknown parameters, and so does this one.
 */
sealed interface Shape {

  /**
   * The value with its proper type, or a rejection.
   *
   * @param flat whether all values arrived as text, as in a form
   */
  JsonNode accept(String name, JsonNode value, boolean flat);

  Shape TEXT = new Text();
  Shape WHOLE = new Whole();
  Shape FLAG = new Flag();

  static Shape listOf(Shape each) {
    return new Many(each);
  }

  static Fields fields() {
    return new Fields(Map.of(), Set.of());
  }

  /** A string. */
  record Text() implements Shape {
    @Override
    public JsonNode accept(String name, JsonNode value, boolean flat) {
      return value.isTextual() ? value : wrong(name, "a string");
    }
  }

  /** A whole number. */
  record Whole() implements Shape {
    @Override
    public JsonNode accept(String name, JsonNode value, boolean flat) {
      if (flat && value.asText().matches("-?\\d{1,18}")) {
        return LongNode.valueOf(Long.parseLong(value.asText()));
      }
      return value.isIntegralNumber() ? value : wrong(name, "an integer");
    }
  }

  /** A boolean; TRUE or FALSE in either case in a form. */
  record Flag() implements Shape {
    @Override
    public JsonNode accept(String name, JsonNode value, boolean flat) {
      if (flat && value.asText().matches("(?i)true|false")) {
        return BooleanNode.valueOf(Boolean.parseBoolean(value.asText()));
      }
      return value.isBoolean() ? value : wrong(name, "a boolean");
    }
  }

  /** A list. */
  record Many(Shape each) implements Shape {
    @Override
    public JsonNode accept(String name, JsonNode value, boolean flat) {
      if (!value.isArray()) {
        return wrong(name, "a list");
      }
      var accepted = JsonNodeFactory.instance.arrayNode();
      for (int i = 0; i < value.size(); i++) {
        accepted.add(each.accept(name + "." + i, value.get(i), flat));
      }
      return accepted;
    }
  }

  /** An object of known fields. */
  record Fields(Map<String, Shape> known, Set<String> required) implements Shape {

    Fields with(String name, Shape shape) {
      Map<String, Shape> more = new LinkedHashMap<>(known);
      more.put(name, shape);
      return new Fields(more, required);
    }

    Fields needing(String name, Shape shape) {
      Set<String> more = new TreeSet<>(required);
      more.add(name);
      return new Fields(with(name, shape).known(), more);
    }

    @Override
    public ObjectNode accept(String name, JsonNode value, boolean flat) {
      if (!value.isObject()) {
        wrong(name, "an object");
      }
      String prefix = name.isEmpty() ? "" : name + ".";
      ObjectNode accepted = JsonNodeFactory.instance.objectNode();
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        String path = prefix + field.getKey();
        Shape shape =
            Optional.ofNullable(known.get(field.getKey()))
                .orElseThrow(
                    () ->
                        new TencentRefusal(
                            "UnknownParameter", "The parameter `" + path + "` is not known."));
        accepted.set(field.getKey(), shape.accept(path, field.getValue(), flat));
      }
      for (String field : required) {
        if (!accepted.has(field)) {
          throw new TencentRefusal(
              "MissingParameter", "The request is missing the parameter `" + prefix + field + "`.");
        }
      }
      return accepted;
    }
  }

  private static JsonNode wrong(String name, String expected) {
    throw new TencentRefusal("InvalidParameter", "`" + name + "` is not " + expected + ".");
  }
}
