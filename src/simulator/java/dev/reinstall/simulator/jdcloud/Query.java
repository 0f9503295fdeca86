package dev.reinstall.simulator.jdcloud;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The query parameters, filters included. */
final class Query {
  private static final Pattern FILTER =
      Pattern.compile("filters\\.(\\d+)\\.(name|operator|values\\.\\d+)");

  private final Map<String, String> plain = new TreeMap<>();
  private final Map<String, String> names = new TreeMap<>();
  private final Map<String, List<String>> values = new TreeMap<>();

  Query(List<UriText.Pair> pairs, Set<String> known) {
    for (UriText.Pair pair : pairs) {
      Matcher filter = FILTER.matcher(pair.name());
      if (filter.matches() && known.contains("pageSize")) {
        take(filter.group(1), filter.group(2), pair.value());
      } else if (known.contains(pair.name())) {
        plain.put(pair.name(), pair.value());
      } else {
        throw JdRefusal.invalid(pair.name() + " is not known.");
      }
    }
    names.values().stream()
        .filter(name -> !Set.of("instanceId", "status").contains(name))
        .findAny()
        .ifPresent(
            name -> {
              throw JdRefusal.invalid("There is no filter " + name + ".");
            });
  }

  private void take(String number, String part, String value) {
    if (part.equals("name")) {
      names.put(number, value);
    } else if (!part.equals("operator")) {
      values.computeIfAbsent(number, any -> new ArrayList<>()).add(value);
    } else if (!value.equals("eq")) {
      throw JdRefusal.invalid("The operator is eq.");
    }
  }

  Optional<String> value(String name) {
    return Optional.ofNullable(plain.get(name));
  }

  String needed(String name) {
    return value(name).orElseThrow(() -> JdRefusal.invalid(name + " is missing."));
  }

  int number(String name, int usual, int least, int most) {
    String text = value(name).orElse(String.valueOf(usual));
    if (!text.matches("\\d{1,9}")) {
      throw JdRefusal.invalid(name + " is no number.");
    }
    int number = Integer.parseInt(text);
    if (number < least || number > most) {
      throw new JdRefusal(400, "OUT_OF_RANGE", name + " is " + least + " to " + most + ".");
    }
    return number;
  }

  boolean matches(ObjectNode instance) {
    boolean passesFilters =
        names.entrySet().stream()
            .allMatch(
                one ->
                    values
                        .getOrDefault(one.getKey(), List.of())
                        .contains(instance.path(one.getValue()).asText()));
    return passesFilters
        && value("az").map(instance.path("az").asText()::equals).orElse(true)
        && value("deviceType").map(instance.path("deviceType").asText()::equals).orElse(true)
        && value("name").map(instance.path("name").asText()::contains).orElse(true);
  }
}
