package dev.reinstall.reconcile;

import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.cloud.SecretBytes;
import java.util.Map;

/**
 * The Secret keys that a request refers to, read together; never printed.
 *
 * @param contents by reference
 * @param resourceVersions by name of the Secret: a request is sent again only with the same Secrets
 */
public record SecretValues(
    Map<SecretKeyRef, SecretBytes> contents, Map<String, String> resourceVersions) {

  @Override
  public String toString() {
    return "Secrets[" + resourceVersions.keySet() + "]";
  }
}
