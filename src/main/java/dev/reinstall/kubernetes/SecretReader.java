package dev.reinstall.kubernetes;

import dev.reinstall.api.Reinstall;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.cloud.CredentialKeys;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.OperatorIdentity;
import dev.reinstall.cloud.SecretBytes;
import dev.reinstall.reconcile.ClusterMessages;
import dev.reinstall.reconcile.SecretNotReadyException;
import dev.reinstall.reconcile.SecretValues;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads Secrets when they are needed. Nothing is cached but credentials, for five seconds: requests
 * of one account that poll together cost one read.
 */
final class SecretReader {
  private static final long KEPT = Duration.ofSeconds(5).toNanos();

  private record CachedCredentials(Secret secret, long since) {}

  private final KubernetesClient client;
  private final Map<String, CachedCredentials> cache = new ConcurrentHashMap<>();

  SecretReader(KubernetesClient client) {
    this.client = client;
  }

  /** These keys of the Secret, without white space around their values; no other one is read. */
  Credentials credentials(String namespace, String name, CredentialKeys keys)
      throws SecretNotReadyException {
    long now = System.nanoTime();
    cache.values().removeIf(k -> now - k.since() > KEPT);
    CachedCredentials cached = cache.get(namespace + "/" + name);
    if (cached == null) {
      cached = new CachedCredentials(read(namespace, name), now);
    }
    Optional<String> source = source(cached.secret(), keys);
    if (source.isPresent()) {
      cache.put(namespace + "/" + name, cached);
      return new Credentials(Map.of(OperatorIdentity.KEY, source.get()));
    }
    Map<String, String> credentials = new HashMap<>();
    for (String key : keys.required()) {
      credentials.put(
          key,
          credential(cached.secret(), key)
              .orElseThrow(
                  () ->
                      new SecretNotReadyException(
                          ClusterMessages.credentialsKeyMissing(name, key, keys.required()))));
    }
    for (String key : keys.optional()) {
      credential(cached.secret(), key).ifPresent(value -> credentials.put(key, value));
    }
    for (String key : keys.codes()) {
      code(cached.secret(), key).ifPresent(value -> credentials.put(key, value));
    }
    cache.put(namespace + "/" + name, cached);
    return new Credentials(Map.copyOf(credentials));
  }

  Credentials credentials(Reinstall of, CredentialKeys keys) throws SecretNotReadyException {
    return credentials(of.getMetadata().getNamespace(), of.getSpec().credentialsRef().name(), keys);
  }

  /**
   * Whether the Secret no longer contains what a cloud has just denied: it may have been replaced
   * since it was read. What it contains now is read by the next reconciliation.
   */
  boolean replaced(Reinstall of, CredentialKeys keys, Credentials denied) {
    String namespace = of.getMetadata().getNamespace();
    cache.remove(namespace + "/" + of.getSpec().credentialsRef().name());
    try {
      return !credentials(of, keys).equals(denied);
    } catch (SecretNotReadyException e) {
      return true; // and the next reconciliation reports why
    }
  }

  /**
   * The source of the operator's own identity that the Secret names; empty: it names none.
   *
   * @throws SecretNotReadyException if its namespace may not use that identity: who can create a
   *     Secret in a namespace could name any source
   */
  private static Optional<String> source(Secret secret, CredentialKeys keys)
      throws SecretNotReadyException {
    OperatorIdentity identity = keys.identity();
    if (identity.sources().isEmpty() || value(secret, OperatorIdentity.KEY).isEmpty()) {
      return Optional.empty();
    }
    String name = secret.getMetadata().getName();
    String namespace = secret.getMetadata().getNamespace();
    boolean hasCredentials = keys.required().stream().allMatch(k -> value(secret, k).isPresent());
    if (hasCredentials
        && value(secret, OperatorIdentity.KEY)
            .flatMap(SecretBytes::text)
            .map(String::strip)
            .filter(identity.sources()::contains)
            .isEmpty()) {
      return Optional.empty(); // somebody's own key of that name
    }
    Optional<String> source = credential(secret, OperatorIdentity.KEY);
    if (source.filter(identity.sources()::contains).isEmpty()) {
      throw new SecretNotReadyException(
          ClusterMessages.identitySourceUnknown(name, identity.sources()));
    }
    // guard: identity-only-for-its-namespaces
    if (!identity.namespaces().contains(namespace)) {
      throw new SecretNotReadyException(
          ClusterMessages.identityNotAllowed(name, namespace, identity.setting()));
    }
    for (String key : keys.required()) {
      if (value(secret, key).isPresent()) {
        throw new SecretNotReadyException(ClusterMessages.identitySourceAmbiguous(name, key));
      }
    }
    return source;
  }

  /** Empty if it is absent or blank. */
  private static Optional<String> credential(Secret secret, String key)
      throws SecretNotReadyException {
    Optional<SecretBytes> value = value(secret, key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> text = value.get().text().map(String::strip);
    String name = secret.getMetadata().getName();
    // guard: credential-is-bounded
    if (text.filter(Credentials::isTooLong).isPresent()) {
      throw new SecretNotReadyException(
          ClusterMessages.credentialTooLong(name, key, Credentials.LONGEST));
    }
    if (text.filter(it -> it.isEmpty() || Credentials.isPrintable(it)).isEmpty()) {
      throw new SecretNotReadyException(ClusterMessages.credentialMalformed(name, key));
    }
    return text.filter(it -> !it.isEmpty());
  }

  private static Optional<String> code(Secret secret, String key) throws SecretNotReadyException {
    Optional<String> code = credential(secret, key);
    // guard: code-has-digits
    if (code.isPresent() && !CredentialKeys.isCode(code.get())) {
      throw new SecretNotReadyException(
          ClusterMessages.codeMalformed(secret.getMetadata().getName(), key));
    }
    return code;
  }

  /**
   * The contents of the keys, byte for byte.
   *
   * @param generated that one of them whose Secret need not exist: its contents are then absent
   */
  SecretValues secretValues(
      String namespace, List<SecretKeyRef> refs, Optional<SecretKeyRef> generated) {
    Map<String, Secret> read = new HashMap<>();
    Set<String> problems = new LinkedHashSet<>();
    for (String name : refs.stream().map(SecretKeyRef::name).distinct().toList()) {
      try {
        Optional<Secret> found = find(namespace, name);
        found.ifPresent(secret -> read.put(name, secret));
        if (found.isEmpty() && !isToBeGenerated(name, refs, generated)) {
          problems.add(ClusterMessages.secretMissing(name, namespace));
        }
      } catch (SecretNotReadyException e) {
        problems.add(e.getMessage());
      }
    }
    Map<SecretKeyRef, SecretBytes> contents = new HashMap<>();
    Map<String, String> versions = new HashMap<>();
    for (SecretKeyRef ref : refs) {
      Secret secret = read.get(ref.name());
      if (secret != null) {
        versions.put(ref.name(), secret.getMetadata().getResourceVersion());
        value(secret, ref.key())
            .ifPresentOrElse(
                bytes -> contents.put(ref, bytes),
                () ->
                    problems.add(
                        generated.filter(ref::equals).isPresent()
                            ? ClusterMessages.generatedKeyMissing(ref.name(), ref.key())
                            : ClusterMessages.secretKeyMissing(ref.name(), ref.key())));
      }
    }
    return new SecretValues(Map.copyOf(contents), Map.copyOf(versions), List.copyOf(problems));
  }

  /** A Secret that another key is in, too, must be there: the operator adds no key to it. */
  private static boolean isToBeGenerated(
      String name, List<SecretKeyRef> refs, Optional<SecretKeyRef> generated) {
    return generated.isPresent()
        && refs.stream().filter(ref -> ref.name().equals(name)).allMatch(generated.get()::equals);
  }

  private Secret read(String namespace, String name) throws SecretNotReadyException {
    return find(namespace, name)
        .orElseThrow(
            () -> new SecretNotReadyException(ClusterMessages.secretMissing(name, namespace)));
  }

  private Optional<Secret> find(String namespace, String name) throws SecretNotReadyException {
    try {
      return Optional.ofNullable(client.secrets().inNamespace(namespace).withName(name).get());
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        throw new SecretNotReadyException(ClusterMessages.secretForbidden(name, namespace));
      }
      throw e;
    }
  }

  private static Optional<SecretBytes> value(Secret secret, String key) {
    return Optional.ofNullable(secret.getData())
        .map(data -> data.get(key))
        .map(SecretBytes::ofBase64);
  }
}
