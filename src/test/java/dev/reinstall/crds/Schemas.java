package dev.reinstall.crds;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Map;
import java.util.TreeMap;

/** The schemas in the CRDs, each with its path. */
final class Schemas {

  private Schemas() {}

  /** Every schema of both CRDs by its path, such as Reinstall.spec.cloud. */
  static Map<String, JSONSchemaProps> byPath() {
    Map<String, JSONSchemaProps> found = new TreeMap<>();
    KubernetesSerialization yaml = new KubernetesSerialization();
    for (String text : CustomResourceDefinitions.generate().values()) {
      CustomResourceDefinition crd = yaml.unmarshal(text, CustomResourceDefinition.class);
      String kind = crd.getSpec().getNames().getKind();
      crd.getSpec()
          .getVersions()
          .forEach(version -> collect(kind, version.getSchema().getOpenAPIV3Schema(), found));
    }
    return found;
  }

  private static void collect(
      String path, JSONSchemaProps schema, Map<String, JSONSchemaProps> found) {
    found.put(path, schema);
    if (schema.getProperties() != null) {
      schema.getProperties().forEach((name, child) -> collect(path + "." + name, child, found));
    }
    if (schema.getItems() != null) {
      collect(path + "[]", schema.getItems().getSchema(), found);
    }
    if (schema.getAdditionalProperties() != null) {
      collect(path + "{}", schema.getAdditionalProperties().getSchema(), found);
    }
  }
}
