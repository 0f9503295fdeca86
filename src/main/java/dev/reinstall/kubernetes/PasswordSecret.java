package dev.reinstall.kubernetes;

import dev.reinstall.api.Reinstall;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.cloud.NewPassword;
import dev.reinstall.cloud.Redaction;
import dev.reinstall.cloud.SecretBytes;
import dev.reinstall.reconcile.ClusterMessages;
import dev.reinstall.reconcile.SecretNotReadyException;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.security.SecureRandom;
import java.util.List;

/**
 * Creates the Secret of a generated password, and changes none. It has no owner reference: the
 * password is needed for as long as the server has it, also when the Reinstall is gone.
 */
final class PasswordSecret {
  /** Says for which Reinstall, by its name; for people. */
  static final String GENERATED_FOR = "reinstall.dev/generated-for";

  private static final SecureRandom RANDOM = new SecureRandom();

  private PasswordSecret() {}

  /**
   * Creates it. One that exists, also of a person, is left as it is.
   *
   * @throws SecretNotReadyException it was not created, and does not exist
   */
  static void create(KubernetesClient client, Reinstall reinstall, SecretKeyRef ref)
      throws SecretNotReadyException {
    String namespace = reinstall.getMetadata().getNamespace();
    SecretBytes password = SecretBytes.ofText(NewPassword.of(RANDOM::nextInt));
    Secret secret =
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(namespace)
            .withName(ref.name())
            .addToAnnotations(GENERATED_FOR, reinstall.getMetadata().getName())
            .endMetadata()
            .withType("Opaque")
            .addToData(ref.key(), password.base64())
            .build();
    try {
      client.resource(secret).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() == 0) { // no response: it may exist now
        throw e;
      }
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        refuse(
            e.getStatus() == null ? "HTTP status " + e.getCode() : e.getStatus().getMessage(),
            namespace,
            ref.name(),
            password);
      }
    }
  }

  /**
   * @param answer of the API server: that of an admission webhook may quote the Secret
   */
  static void refuse(String answer, String namespace, String name, SecretBytes password)
      throws SecretNotReadyException {
    List<String> secrets = List.of(password.text().orElseThrow(), password.base64());
    throw new SecretNotReadyException(
        ClusterMessages.secretNotCreated(
            name,
            namespace,
            // guard: no-answer-quotes-a-new-password
            Redaction.of(secrets).clean(answer)));
  }
}
