package dev.reinstall.simulator;

import java.util.List;

/**
 * What a call is about, as far as can be said before it is checked.
 *
 * @param action the cloud's name of it, such as {@code ResetInstance}
 * @param servers the ids it names, in their order
 */
public record CallTarget(String action, String region, List<String> servers) {
  public CallTarget {
    servers = List.copyOf(servers);
  }
}
