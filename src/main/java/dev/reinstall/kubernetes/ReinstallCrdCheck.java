package dev.reinstall.kubernetes;

import dev.reinstall.api.Reinstall;
import dev.reinstall.reconcile.ClusterMessages;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Collection;
import java.util.Optional;

/** Whether the API server has the kind Reinstall: without it the informers end in stack traces. */
public final class ReinstallCrdCheck {
  private static final String API = "/apis/" + HasMetadata.getApiVersion(Reinstall.class);
  private static final String PLURAL = HasMetadata.getPlural(Reinstall.class);

  private ReinstallCrdCheck() {}

  /**
   * Why nothing may be claimed; empty: the kind exists, or that is not known.
   *
   * @param namespaces that are watched; empty: all
   */
  public static Optional<String> problem(KubernetesClient client, Collection<String> namespaces) {
    boolean missing =
        namespaces.isEmpty()
            ? isNotFound(client, API + "/" + PLURAL)
            : namespaces.stream()
                .anyMatch(one -> isNotFound(client, API + "/namespaces/" + one + "/" + PLURAL));
    return missing
        ? Optional.of(
            ClusterMessages.crdOutdated() + " The API server does not have the kind Reinstall.")
        : Optional.empty();
  }

  /** A list is denied before it is not found. */
  private static boolean isNotFound(KubernetesClient client, String path) {
    try {
      return client.raw(path + "?limit=1") == null;
    } catch (KubernetesClientException e) {
      return false; // the watch reports it
    }
  }
}
