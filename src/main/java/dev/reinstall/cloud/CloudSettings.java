package dev.reinstall.cloud;

import java.time.Duration;
import java.util.List;

/**
 * The settings from which a cloud is made, read by their names: {@code REINSTALL_}, the name of the
 * cloud, and what it is. A malformed one is reported, and read as its default meanwhile.
 */
public interface CloudSettings {

  /** A URL as {@link Endpoint} takes it. */
  Endpoint endpoint(String name, String otherwise);

  /** The first choice is the default. */
  String oneOf(String name, List<String> choices);

  Duration duration(String name, Duration otherwise);
}
