package dev.reinstall;

import java.nio.file.Path;
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
 * Reads variables one by one and remembers what is wrong with them, to tell it all at once. What is
 * wrong is read as its default meanwhile. Values are told only where they cannot be secret.
 */
final class Environment {
  private static final String PREFIX = "REINSTALL_";
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  private final Map<String, String> variables;
  private final Set<String> known = new TreeSet<>();
  private final List<String> problems = new ArrayList<>();

  Environment(Map<String, String> variables) {
    this.variables = variables;
  }

  String text(String name, String otherwise) {
    String value = value(name, otherwise);
    if (value.isEmpty()) {
      problems.add(name + " is empty: leave it out, or write a URL such as " + otherwise);
      return otherwise;
    }
    return value;
  }

  /** The first choice is the default. */
  String oneOf(String name, List<String> choices) {
    String value = value(name, choices.get(0));
    if (!choices.contains(value)) {
      return malformed(name, "write " + String.join(" or ", choices), choices.get(0));
    }
    return value;
  }

  Duration duration(String name, Duration otherwise) {
    String value = value(name, null);
    if (value == null) {
      return otherwise;
    }
    Matcher parts = DURATION.matcher(value);
    if (!parts.matches() || Long.parseLong(parts.group(1)) == 0) {
      return malformed(name, "write a duration above zero, as 500ms, 10s, 2m or 1h", otherwise);
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
    String hint = "write a number from " + least + " to " + most;
    if (ServiceLinks.isAddress(value)) {
      hint += "; Kubernetes wrote this one, for a Service: set enableServiceLinks: false";
    }
    return malformed(name, hint, otherwise);
  }

  String namespace(String name, String otherwise) {
    String value = value(name, otherwise);
    if (!NAMESPACE.matcher(value).matches()) {
      return malformed(name, "write the name of a namespace", otherwise);
    }
    return value;
  }

  /** Comma separated, without doubles, in the order they are written. */
  List<String> namespaces(String name) {
    String value = value(name, "");
    if (value.isEmpty()) {
      return List.of();
    }
    List<String> names = Arrays.stream(value.split(",", -1)).map(String::strip).distinct().toList();
    if (!names.stream().allMatch(one -> NAMESPACE.matcher(one).matches())) {
      return malformed(
          name, "write names of namespaces with commas between, or nothing for all", List.of());
    }
    return names;
  }

  /** Empty: none. */
  Optional<Path> file(String name) {
    String value = value(name, "");
    if (!value.isEmpty() && !value.startsWith("/")) {
      return malformed(name, "write a path that begins with /, or nothing", Optional.empty());
    }
    return Optional.of(value).filter(path -> !path.isEmpty()).map(Path::of);
  }

  void refuse(List<String> reasons) {
    problems.addAll(reasons);
  }

  /** To be called when every setting was read: only then it is clear which ones nobody knows. */
  void finish() {
    for (Map.Entry<String, String> variable : new TreeMap<>(variables).entrySet()) {
      String name = variable.getKey();
      if (!name.startsWith(PREFIX) || known.contains(name)) {
        continue;
      }
      Spelling.Nearest nearest = Spelling.nearest(name, known);
      if (!ServiceLinks.made(name, variable.getValue(), nearest)) {
        problems.add(name + " is no setting: did you mean " + nearest.word() + "?");
      }
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

  private <T> T malformed(String name, String hint, T otherwise) {
    String value = variables.get(name);
    String shown = value.length() > 60 ? value.substring(0, 60) + "..." : value;
    problems.add(name + " is malformed: \"" + shown + "\"; " + hint);
    return otherwise;
  }
}
