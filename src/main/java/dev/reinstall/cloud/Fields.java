package dev.reinstall.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One JSON object of a response. A field that is absent or null is empty; one of another type than
 * expected makes the response ambiguous, because it may mean something else.
 */
public final class Fields {
  private static final long LAST_SECOND = 253_402_300_799L; // of the year 9999

  private final JsonNode node;
  private final Function<String, CloudException> ambiguous;

  /**
   * @param ambiguous of what is wrong with the response
   */
  Fields(JsonNode node, Function<String, CloudException> ambiguous) {
    this.node = node;
    this.ambiguous = ambiguous;
  }

  public Optional<String> text(String name) throws CloudException {
    return value(name, JsonNode::isTextual, "a string").map(JsonNode::textValue);
  }

  public Optional<Integer> number(String name) throws CloudException {
    return value(name, JsonNode::canConvertToExactIntegral, "an integer")
        .filter(JsonNode::canConvertToInt)
        .map(JsonNode::intValue);
  }

  /** A time in seconds since 1970. */
  public Optional<Instant> time(String name) throws CloudException {
    return value(name, JsonNode::canConvertToExactIntegral, "an integer")
        .filter(JsonNode::canConvertToLong)
        .map(JsonNode::longValue)
        .filter(seconds -> seconds >= 0 && seconds <= LAST_SECOND)
        .map(Instant::ofEpochSecond);
  }

  public Optional<Boolean> flag(String name) throws CloudException {
    return value(name, JsonNode::isBoolean, "true or false").map(JsonNode::booleanValue);
  }

  public Optional<Fields> object(String name) throws CloudException {
    return value(name, JsonNode::isObject, "an object").map(found -> new Fields(found, ambiguous));
  }

  /** The objects of an array. */
  public Optional<List<Fields>> objects(String name) throws CloudException {
    Optional<JsonNode> array = value(name, JsonNode::isArray, "an array");
    if (array.isEmpty()) {
      return Optional.empty();
    }
    List<Fields> objects = new ArrayList<>();
    for (JsonNode element : array.get()) {
      if (!element.isObject()) {
        throw ambiguous.apply(
            "The response field " + name + " contains items that are not objects.");
      }
      objects.add(new Fields(element, ambiguous));
    }
    return Optional.of(objects);
  }

  // What is only shown to people: of another type than expected, it is left out.

  public Optional<String> shownText(String name) {
    return Optional.ofNullable(node.get(name)).filter(JsonNode::isTextual).map(JsonNode::textValue);
  }

  /** The strings of an array. */
  public List<String> shownTexts(String name) {
    List<String> texts = new ArrayList<>();
    node.path(name).forEach(element -> texts.add(element.isTextual() ? element.textValue() : null));
    texts.removeIf(Objects::isNull);
    return texts;
  }

  public Optional<Integer> shownNumber(String name) {
    return Optional.ofNullable(node.get(name))
        .filter(found -> found.isInt())
        .map(JsonNode::intValue);
  }

  /** The object; an empty one if there is none. */
  public Fields shownObject(String name) {
    return new Fields(node.path(name), ambiguous);
  }

  /** The objects of an array. */
  public List<Fields> shownObjects(String name) {
    List<Fields> objects = new ArrayList<>();
    node.path(name).forEach(element -> objects.add(new Fields(element, ambiguous)));
    return objects;
  }

  private Optional<JsonNode> value(String name, Predicate<JsonNode> check, String what)
      throws CloudException {
    JsonNode found = node.get(name);
    if (found == null || found.isNull()) {
      return Optional.empty();
    }
    if (!check.test(found)) {
      throw ambiguous.apply("The response field " + name + " is not " + what + ".");
    }
    return Optional.of(found);
  }

  @Override
  public String toString() {
    return "Fields";
  }
}
