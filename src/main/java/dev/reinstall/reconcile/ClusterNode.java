package dev.reinstall.reconcile;

import java.util.Optional;
import java.util.Set;

/**
 * A Node of the cluster that the operator runs in.
 *
 * @param providerId {@code spec.providerID}, such as {@code qcloud:///100003/ins-r8hr2upy}
 * @param addresses IP addresses, internal and external ones
 */
public record ClusterNode(String name, Optional<String> providerId, Set<String> addresses) {

  /** Providers write the ID of the instance last. */
  boolean isInstance(String instanceId) {
    return providerId
        .map(id -> id.substring(id.lastIndexOf('/') + 1))
        .filter(instanceId::equals)
        .isPresent();
  }
}
