package dev.reinstall.kubernetes;

import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ServerLedger.Owner;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Optional;
import java.util.function.Function;

/** Whether the Reinstall that made a claim still exists. */
record OwnerLookup(Function<ResourceID, Optional<Reinstall>> cache, KubernetesClient client) {

  /** Whether it certainly exists no more: the cache alone does not show that. */
  boolean isDeleted(Owner owner) {
    boolean cached =
        cache
            .apply(new ResourceID(owner.name(), owner.namespace()))
            .filter(r -> r.getMetadata().getUid().equals(owner.uid()))
            .isPresent();
    if (cached) {
      return false;
    }
    try {
      Reinstall now = read(owner);
      // guard: deletion-is-verified
      return now == null
          || /* guard: recreated-is-another-object */ !now.getMetadata()
              .getUid()
              .equals(owner.uid());
    } catch (KubernetesClientException e) {
      return false; // a namespace that cannot be read: not known
    }
  }

  private Reinstall read(Owner owner) {
    return client
        .resources(Reinstall.class)
        .inNamespace(owner.namespace())
        .withName(owner.name())
        .get();
  }
}
