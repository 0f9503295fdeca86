package dev.reinstall.kubernetes;

import dev.reinstall.api.Phase;
import dev.reinstall.api.Reason;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.reconcile.Ports;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The other Reinstalls: whether the one that made a claim still exists, and which are older.
 *
 * @param byLedger those of the cache by the name of their server's ledger
 */
record OwnerLookup(
    Function<ResourceID, Optional<Reinstall>> cache,
    Function<String, List<Reinstall>> byLedger,
    KubernetesClient client) {

  private static final Comparator<Reinstall> AGE =
      Comparator.comparing((Reinstall r) -> r.getMetadata().getCreationTimestamp())
          .thenComparing(r -> r.getMetadata().getUid());

  /** As {@link Ports#olderInQueue}. */
  List<String> olderInQueue(Reinstall of) {
    return byLedger.apply(of.getSpec().server().ledgerName()).stream()
        .filter(OwnerLookup::isInQueue)
        .filter(r -> AGE.compare(r, of) < 0)
        .map(r -> r.getMetadata().getNamespace())
        .distinct()
        .toList();
  }

  /** One that is being deleted or suspended keeps its status, and does not go on. */
  private static boolean isInQueue(Reinstall reinstall) {
    return reinstall.getStatus() != null
        && Phase.Pending.name().equals(reinstall.getStatus().phase())
        && Reason.Queued.name().equals(reinstall.getStatus().reason())
        && reinstall.getMetadata().getDeletionTimestamp() == null
        && !reinstall.getSpec().suspended();
  }

  /** Whether it certainly exists no more; false also where that cannot be read. */
  boolean isDeleted(Owner owner) {
    try {
      return isGone(owner);
    } catch (KubernetesClientException e) {
      return false; // such as a namespace that may not be read
    }
  }

  /**
   * Whether it exists no more: the cache alone does not show that. One that is being deleted counts
   * as gone, whatever finalizer holds it: that cannot be undone, and the framework never reconciles
   * it again.
   */
  boolean isGone(Owner owner) {
    boolean there =
        cache
            .apply(new ResourceID(owner.name(), owner.namespace()))
            .filter(r -> is(r, owner))
            .isPresent();
    if (there) {
      return false;
    }
    Reinstall now = read(owner);
    // guard: deletion-is-verified
    return now == null || !is(now, owner);
  }

  private static boolean is(Reinstall reinstall, Owner owner) {
    return /* guard: recreated-is-another-object */ reinstall
            .getMetadata()
            .getUid()
            .equals(owner.uid())
        && /* guard: deleting-is-gone */ reinstall.getMetadata().getDeletionTimestamp() == null;
  }

  private Reinstall read(Owner owner) {
    return client
        .resources(Reinstall.class)
        .inNamespace(owner.namespace())
        .withName(owner.name())
        .get();
  }
}
