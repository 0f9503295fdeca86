package dev.reinstall.cloud;

import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.SecretKeyRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One request, ready to be sent; never printed.
 *
 * @param secrets contents of the Secret keys that the block refers to, all of {@link
 *     CloudProvider#secretKeys}
 * @param token idempotency token, at most 36 characters; null if the cloud takes none
 * @param signedAt the time of the claim: the request is signed with it, so that a delayed copy is
 *     rejected as expired
 */
public record ReinstallRequest(
    ReinstallSpec spec, Map<SecretKeyRef, SecretBytes> secrets, String token, Instant signedAt) {

  @Override
  public String toString() {
    return "ReinstallRequest[" + spec.server() + "]";
  }

  /**
   * For the response, which may repeat whatever was sent.
   *
   * @param userData of the block of the cloud; null: none
   */
  public Redaction redaction(Credentials credentials, String userData) {
    List<String> texts = new ArrayList<>(credentials.values().values());
    secrets.values().forEach(value -> texts.addAll(value.forms()));
    texts.add(userData);
    return Redaction.of(texts);
  }
}
