package dev.reinstall.cloud;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The settings from which a cloud is made, read by their names: {@code REINSTALL_}, the name of the
 * cloud, and what it is. A malformed one is reported, and read as its default meanwhile.
 */
public interface CloudSettings {

  /** A URL as {@link Endpoint} takes it. */
  Endpoint endpoint(String name, String otherwise);

  /** The same, where the default need not be such a URL. */
  Endpoint endpoint(String name, Endpoint otherwise);

  /** Namespaces, separated by commas; empty: none. */
  List<String> onlyNamespaces(String name);

  /** Empty if it is not set, or empty. It may also be a variable that the platform sets. */
  Optional<String> text(String name);

  /** The first choice is the default. */
  String oneOf(String name, List<String> choices);

  Duration duration(String name, Duration otherwise);
}
