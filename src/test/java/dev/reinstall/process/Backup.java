package dev.reinstall.process;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.Objects;
import java.util.Optional;

/**
 * What a backup tool such as Velero saves of a Reinstall and of its server's ledger, and how it
 * restores them: new objects with the old names, labels, annotations and specs, without their
 * status unless it is requested.
 */
record Backup(
    TestCluster site,
    Optional<GenericKubernetesResource> order,
    Optional<GenericKubernetesResource> ledger) {

  static Backup of(GivenReinstall given) {
    Optional<GenericKubernetesResource> ledger =
        kind(given.site(), "ServerLedger").list().getItems().stream()
            .filter(one -> Objects.equals(one.get("spec", "instanceId"), given.id()))
            .findFirst();
    return new Backup(given.site(), given.object(), ledger);
  }

  void createReinstall() {
    resource("Reinstall", asNew(order.orElseThrow())).create();
  }

  void createReinstallWithStatus() {
    GenericKubernetesResource created = resource("Reinstall", asNew(order.orElseThrow())).create();
    created.setAdditionalProperty("status", order.orElseThrow().get("status"));
    resource("Reinstall", created).updateStatus();
  }

  void createLedger() {
    resource("ServerLedger", asNew(ledger.orElseThrow())).create();
  }

  /** Replaces the existing object, as {@code kubectl replace} does. */
  void replaceLedger() {
    resource("ServerLedger", asNew(ledger.orElseThrow())).update();
  }

  private Resource<GenericKubernetesResource> resource(
      String kind, GenericKubernetesResource object) {
    return kind(site, kind).resource(object);
  }

  private static MixedOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      kind(TestCluster site, String kind) {
    return site.cluster.client().genericKubernetesResources("reinstall.dev/v1alpha1", kind);
  }

  private static GenericKubernetesResource asNew(GenericKubernetesResource saved) {
    ObjectMeta old = saved.getMetadata();
    GenericKubernetesResource fresh = new GenericKubernetesResource();
    fresh.setApiVersion(saved.getApiVersion());
    fresh.setKind(saved.getKind());
    fresh.setMetadata(
        new ObjectMetaBuilder()
            .withName(old.getName())
            .withNamespace(old.getNamespace())
            .withLabels(old.getLabels())
            .addToLabels("velero.io/backup-name", "nightly")
            .addToLabels("velero.io/restore-name", "nightly-1")
            .withAnnotations(old.getAnnotations())
            .build());
    fresh.setAdditionalProperty("spec", saved.get("spec"));
    return fresh;
  }
}
