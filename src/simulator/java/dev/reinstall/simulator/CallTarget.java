package dev.reinstall.simulator;

import java.util.List;

/**
 * The target of a call, as far as known before it is checked.
 *
 * @param action the cloud's name of it, such as {@code ResetInstance}
 * @param servers the ids in the call, in their order
 */
public record CallTarget(String action, String region, List<String> servers) {
  public CallTarget {
    servers = List.copyOf(servers);
  }
}
