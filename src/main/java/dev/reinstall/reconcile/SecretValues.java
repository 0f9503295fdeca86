package dev.reinstall.reconcile;

import dev.reinstall.api.SecretKeyRef;
import java.util.Map;

/**
 * The Secret keys that an order refers to, read together; never printed.
 *
 * @param contents by reference
 * @param resourceVersions by name of the Secret: an order is sent again only from the same Secrets
 */
public record SecretValues(
    Map<SecretKeyRef, String> contents, Map<String, String> resourceVersions) {

  @Override
  public String toString() {
    return "Secrets[" + resourceVersions.keySet() + "]";
  }
}
