package dev.reinstall.reconcile;

import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.cloud.SecretBytes;
import java.util.List;
import java.util.Map;

/**
 * The Secret keys that a request refers to, read together; never printed.
 *
 * @param contents by reference, of those that are there
 * @param resourceVersions by name of the Secret: a request is sent again only with the same Secrets
 * @param problems why the others are not there, for people
 */
public record SecretValues(
    Map<SecretKeyRef, SecretBytes> contents,
    Map<String, String> resourceVersions,
    List<String> problems) {

  @Override
  public String toString() {
    return "Secrets[" + resourceVersions.keySet() + "]";
  }
}
