package dev.reinstall.kubernetes;

import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.reconcile.Messages;
import dev.reinstall.reconcile.SecretNotReadyException;
import dev.reinstall.reconcile.SecretValues;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads Secrets when they are needed. Nothing is cached but credentials, for a second: requests of
 * one account that poll together cost one read.
 */
final class SecretReader {
  private static final long KEPT = Duration.ofSeconds(1).toNanos();

  private record CachedCredentials(Map<String, String> credentials, long since) {}

  private final KubernetesClient client;
  private final Map<String, CachedCredentials> cache = new ConcurrentHashMap<>();

  SecretReader(KubernetesClient client) {
    this.client = client;
  }

  /** All keys of the Secret, without white space around their values; those named must be there. */
  Credentials credentials(String namespace, String name, List<String> keys)
      throws SecretNotReadyException {
    long now = System.nanoTime();
    cache.values().removeIf(k -> now - k.since() > KEPT);
    CachedCredentials cached = cache.get(namespace + "/" + name);
    if (cached == null) {
      cached = new CachedCredentials(credentials(read(namespace, name)), now);
    }
    for (String key : keys) {
      if (cached.credentials().getOrDefault(key, "").isEmpty()) {
        throw new SecretNotReadyException(Messages.credentialsKeyMissing(name, key, keys));
      }
    }
    cache.put(namespace + "/" + name, cached);
    return new Credentials(cached.credentials());
  }

  private static Map<String, String> credentials(Secret secret) {
    Map<String, String> credentials = new HashMap<>();
    data(secret).forEach((key, value) -> credentials.put(key, decode(value).strip()));
    return Map.copyOf(credentials);
  }

  /** The contents of the keys, exactly as they stand. */
  SecretValues secretValues(String namespace, List<SecretKeyRef> refs)
      throws SecretNotReadyException {
    Map<String, Secret> read = new HashMap<>();
    Map<SecretKeyRef, String> contents = new HashMap<>();
    Map<String, String> versions = new HashMap<>();
    for (SecretKeyRef ref : refs) {
      Secret secret = read.get(ref.name());
      if (secret == null) {
        secret = read(namespace, ref.name());
        read.put(ref.name(), secret);
      }
      String value = data(secret).get(ref.key());
      if (value == null) {
        throw new SecretNotReadyException(Messages.secretKeyMissing(ref.name(), ref.key()));
      }
      contents.put(ref, decode(value));
      versions.put(ref.name(), secret.getMetadata().getResourceVersion());
    }
    return new SecretValues(Map.copyOf(contents), Map.copyOf(versions));
  }

  private Secret read(String namespace, String name) throws SecretNotReadyException {
    Secret secret;
    try {
      secret = client.secrets().inNamespace(namespace).withName(name).get();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        throw new SecretNotReadyException(Messages.secretForbidden(name, namespace));
      }
      throw e;
    }
    if (secret == null) {
      throw new SecretNotReadyException(Messages.secretMissing(name, namespace));
    }
    return secret;
  }

  private static Map<String, String> data(Secret secret) {
    return secret.getData() == null ? Map.of() : secret.getData();
  }

  private static String decode(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }
}
