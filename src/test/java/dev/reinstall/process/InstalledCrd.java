package dev.reinstall.process;

import dev.reinstall.controlplane.ControlPlane;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.nio.file.Path;
import java.util.function.Consumer;

/** One of the CRDs in a cluster, as another version of the operator would define it. */
final class InstalledCrd {
  private final ControlPlane cluster;
  private final String plural;

  InstalledCrd(ControlPlane cluster, String plural) {
    this.cluster = cluster;
    this.plural = plural;
  }

  /** Changes the schema of the spec. */
  void edit(Consumer<JSONSchemaProps> change) {
    installed()
        .edit(
            crd -> {
              change.accept(
                  crd.getSpec()
                      .getVersions()
                      .get(0)
                      .getSchema()
                      .getOpenAPIV3Schema()
                      .getProperties()
                      .get("spec"));
              return crd;
            });
  }

  /** Restores the CRD of this operator. */
  void restore() {
    String file = Path.of("crds", plural + ".reinstall.dev-v1.yml").toString();
    cluster.kubectl(installed().get() == null ? "create" : "replace", "-f", file).orFail();
  }

  void delete() {
    String crd = plural + ".reinstall.dev";
    cluster.kubectl("annotate", "crd", crd, "reinstall.dev/allow-deletion=true").orFail();
    cluster.kubectl("delete", "crd", crd).orFail();
  }

  private Resource<CustomResourceDefinition> installed() {
    return cluster
        .client()
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName(plural + ".reinstall.dev");
  }
}
