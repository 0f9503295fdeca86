package dev.reinstall.config;

import dev.reinstall.cloud.CloudSettings;
import dev.reinstall.cloud.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads variables one by one and collects everything that is wrong with them, so that all of it is
 * reported at once; a malformed value is read as its default meanwhile. Values are shown only where
 * they cannot be secret.
 */
final class EnvironmentReader implements CloudSettings {
  private static final String PREFIX = "REINSTALL_";
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  private final Map<String, String> variables;
  private final Set<String> known = new TreeSet<>();
  private final Set<String> removed = new TreeSet<>();
  private final List<String> problems = new ArrayList<>();

  EnvironmentReader(Map<String, String> variables) {
    this.variables = variables;
  }

  @Override
  public Endpoint endpoint(String name, String otherwise) {
    return endpoint(name, new Endpoint(otherwise));
  }

  @Override
  public Endpoint endpoint(String name, Endpoint otherwise) {
    String value = value(name, null);
    try {
      return value == null ? otherwise : new Endpoint(value);
    } catch (IllegalArgumentException e) {
      problems.add(name + " " + e.getMessage()); // without the value: it may hold a password
      return otherwise;
    }
  }

  @Override
  public Optional<String> text(String name) {
    String value =
        name.startsWith(PREFIX) ? value(name, "") : variables.getOrDefault(name, "").strip();
    return Optional.of(value).filter(text -> !text.isEmpty());
  }

  boolean flag(String name, boolean otherwise) {
    String value = value(name, Boolean.toString(otherwise));
    if (!value.equals("true") && !value.equals("false")) {
      return malformed(name, "must be true or false", otherwise);
    }
    return value.equals("true");
  }

  @Override
  public String oneOf(String name, List<String> choices) {
    String value = value(name, choices.get(0));
    if (!choices.contains(value)) {
      return malformed(name, "must be " + String.join(" or ", choices), choices.get(0));
    }
    return value;
  }

  @Override
  public Duration duration(String name, Duration otherwise) {
    String value = value(name, null);
    if (value == null) {
      return otherwise;
    }
    Matcher parts = DURATION.matcher(value);
    if (!parts.matches() || Long.parseLong(parts.group(1)) == 0) {
      return malformed(
          name, "must be a duration greater than zero, such as 500ms, 10s, 2m or 1h", otherwise);
    }
    long amount = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofHours(amount);
    };
  }

  int number(String name, int otherwise, int least, int most) {
    String value = value(name, Integer.toString(otherwise));
    if (NUMBER.matcher(value).matches()) {
      int number = Integer.parseInt(value);
      if (least <= number && number <= most) {
        return number;
      }
    }
    String advice =
        ServiceLinks.isAddress(value)
            ? " Kubernetes set it for a Service: set enableServiceLinks: false in the pod's spec."
            : "";
    return malformed(name, "must be a number from " + least + " to " + most, advice, otherwise);
  }

  String namespace(String name, String otherwise) {
    String value = value(name, otherwise);
    if (!NAMESPACE.matcher(value).matches()) {
      return malformed(name, "must be the name of a namespace", otherwise);
    }
    return value;
  }

  /** Comma separated, without doubles, in the order they are written; empty: all. */
  List<String> namespaces(String name) {
    return namespaces(name, "all namespaces");
  }

  @Override
  public List<String> onlyNamespaces(String name) {
    return namespaces(name, "none");
  }

  private List<String> namespaces(String name, String ifEmpty) {
    String value = value(name, "");
    if (value.isEmpty()) {
      return List.of();
    }
    List<String> names = Arrays.stream(value.split(",", -1)).map(String::strip).distinct().toList();
    if (!names.stream().allMatch(one -> NAMESPACE.matcher(one).matches())) {
      return malformed(
          name,
          "must be names of namespaces, separated by commas, or empty for " + ifEmpty,
          List.of());
    }
    return names;
  }

  /** One of an earlier version, which has no effect any more. */
  void removed(String name) {
    if (variables.containsKey(name)) {
      removed.add(name);
      problems.add(name + " is no longer a setting. Remove it.");
    }
  }

  void refuse(List<String> reasons) {
    problems.addAll(reasons);
  }

  /** To be called when every setting was read: only then it is clear which ones are unknown. */
  void finish() {
    List<String> withoutHint = new ArrayList<>();
    for (Map.Entry<String, String> variable : new TreeMap<>(variables).entrySet()) {
      String name = variable.getKey();
      if (!name.startsWith(PREFIX) || known.contains(name) || removed.contains(name)) {
        continue;
      }
      if (!ServiceLinks.made(name, variable.getValue(), NearestName.nearest(name, known))) {
        List<String> meant = NearestName.meant(name, known);
        if (meant.isEmpty()) {
          withoutHint.add(name + " is not a known setting.");
        } else {
          problems.add(
              name + " is not a known setting. Did you mean " + String.join(" or ", meant) + "?");
        }
      }
    }
    if (!withoutHint.isEmpty()) {
      problems.add(
          String.join(" ", withoutHint) + " The settings are " + String.join(", ", known) + ".");
    }
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
  }

  private String value(String name, String otherwise) {
    known.add(name);
    String value = variables.get(name);
    return value == null ? otherwise : value.strip();
  }

  private <T> T malformed(String name, String rule, T otherwise) {
    return malformed(name, rule, "", otherwise);
  }

  private <T> T malformed(String name, String rule, String advice, T otherwise) {
    String value = variables.get(name);
    String shown = value.length() > 60 ? value.substring(0, 60) + "..." : value;
    problems.add(name + " " + rule + ", but is \"" + shown + "\"." + advice);
    return otherwise;
  }
}
