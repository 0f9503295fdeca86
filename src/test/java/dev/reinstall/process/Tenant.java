package dev.reinstall.process;

import dev.reinstall.controlplane.CommandResult;
import dev.reinstall.controlplane.ControlPlane;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A user of one namespace of a site: it may read and write the Reinstalls and the Secrets in there,
 * and nothing else in the cluster.
 */
final class Tenant implements AutoCloseable {
  private static final String ACCOUNT = "tenant";
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

  final String namespace;
  private final TestCluster site;
  private final Path kubeconfig;
  private final KubernetesClient client;
  private final StatusHistory history;

  private Tenant(TestCluster site, String namespace) {
    this.site = site;
    this.namespace = namespace;
    admin("create", "serviceaccount", ACCOUNT);
    grant("tenant", "reinstalls.reinstall.dev,secrets");
    kubeconfig = site.cluster.kubeconfigOf(namespace, ACCOUNT);
    client = ControlPlane.clientOf(kubeconfig);
    history = StatusHistory.of(client, namespace);
  }

  static Tenant of(TestCluster site, String namespace) {
    return new Tenant(site, namespace);
  }

  private void grant(String role, String resources) {
    admin(
        "create",
        "role",
        role,
        "--verb=create,get,list,watch,update,patch,delete",
        "--resource=" + resources);
    admin(
        "create",
        "rolebinding",
        role,
        "--role=" + role,
        "--serviceaccount=" + namespace + ":" + ACCOUNT);
  }

  private void admin(String... arguments) {
    site.cluster
        .kubectl(
            Stream.concat(Stream.of("-n", namespace), Stream.of(arguments)).toArray(String[]::new))
        .orFail();
  }

  /**
   * From now on it may also write the statuses of its Reinstalls, as no role of deploy/ permits.
   */
  Tenant whoMayWriteStatuses() {
    grant("forger", "reinstalls.reinstall.dev/status");
    return this;
  }

  /** The operator may no longer read the Secrets of the namespace. */
  Tenant withoutConsent() {
    admin("delete", "rolebinding", "reinstall-operator-secrets");
    return this;
  }

  void create(String manifest) {
    client.resource(manifest).inNamespace(namespace).create();
  }

  void patch(String name, String merged) {
    reinstall(name).patch(MERGE, merged);
  }

  void suspend(String name, boolean suspended) {
    patch(name, "{\"spec\":{\"suspend\":" + suspended + "}}");
  }

  void annotate(String name, String value) {
    patch(name, "{\"metadata\":{\"annotations\":{\"note\":\"" + value + "\"}}}");
  }

  void writeStatus(String name, String merged) {
    reinstall(name).subresource("status").patch(MERGE, "{\"status\":" + merged + "}");
  }

  void delete(String name) {
    reinstall(name).delete();
  }

  void secret(String name, Map<String, String> keys) {
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withStringData(keys)
                .build())
        .inNamespace(namespace)
        .create();
  }

  /** The statuses that it saw of its Reinstall, each as "Phase/Reason". */
  List<String> history(String name) {
    return history.of(name);
  }

  /** All that it could read of its Reinstall: each status, as JSON, and the Events. */
  List<String> seen(String name) {
    Stream<String> events =
        site
            .cluster
            .client()
            .events()
            .v1()
            .events()
            .inNamespace(namespace)
            .list()
            .getItems()
            .stream()
            .filter(event -> event.getRegarding().getName().equals(name))
            .map(event -> event.getReason() + ": " + event.getNote());
    return Stream.concat(history.whole(name).stream(), events).toList();
  }

  String field(String name, String path) {
    return site.fieldIn(namespace, name, path);
  }

  String reason(String name) {
    return field(name, ".status.reason");
  }

  String message(String name) {
    return field(name, ".status.message");
  }

  void awaitReason(String name, String reason) {
    site.awaitReasonIn(namespace, name, reason);
  }

  void awaitFinished(String name) {
    site.awaitFinishedIn(namespace, name);
  }

  CommandResult kubectl(String... arguments) {
    return site.cluster.kubectlAs(kubeconfig, arguments);
  }

  private Resource<GenericKubernetesResource> reinstall(String name) {
    return client
        .genericKubernetesResources("reinstall.dev/v1alpha1", "Reinstall")
        .inNamespace(namespace)
        .withName(name);
  }

  @Override
  public void close() {
    history.close();
    client.close();
  }
}
