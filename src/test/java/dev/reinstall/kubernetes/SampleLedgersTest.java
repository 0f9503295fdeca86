package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reinstall.api.ServerLedger;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SampleLedgersTest {
  private static final KubernetesSerialization KUBERNETES = new KubernetesSerialization();

  @Test
  void together_they_hold_every_field_and_every_word_of_the_schema() throws IOException {
    Set<String> held = new TreeSet<>();
    for (ServerLedger resource : SampleLedgers.make()) {
      collect("", KUBERNETES.convertValue(resource.getSpec(), JsonNode.class), held);
    }

    assertThat(held).containsAll(ofSchema("", schema(), new TreeSet<>()));
  }

  @Test
  void each_holds_one_request_because_one_at_most_may_be_open() {
    List<ServerLedger> ledgers = SampleLedgers.make();

    assertThat(ledgers).allSatisfy(l -> assertThat(l.getSpec().orders()).hasSize(1));
    assertThat(ledgers).extracting(l -> l.getMetadata().getName()).doesNotHaveDuplicates();
  }

  private static JSONSchemaProps schema() throws IOException {
    String crd = Files.readString(Path.of("crds/serverledgers.reinstall.dev-v1.yml"));
    return KUBERNETES
        .unmarshal(crd, CustomResourceDefinition.class)
        .getSpec()
        .getVersions()
        .get(0)
        .getSchema()
        .getOpenAPIV3Schema()
        .getProperties()
        .get("spec");
  }

  /** Paths of fields and of enum values; all keys of a map have the same path. */
  private static Set<String> ofSchema(String path, JSONSchemaProps schema, Set<String> found) {
    found.add(path);
    schema.getEnum().forEach(word -> found.add(path + "=" + word.asText()));
    if (schema.getProperties() != null) {
      schema.getProperties().forEach((name, field) -> ofSchema(path + "." + name, field, found));
    }
    if (schema.getAdditionalProperties() != null) {
      ofSchema(path + ".aa-1", schema.getAdditionalProperties().getSchema(), found);
    }
    return found;
  }

  private static void collect(String path, JsonNode node, Set<String> found) {
    found.add(path);
    if (node.isTextual()) {
      found.add(path + "=" + node.asText());
    }
    node.properties()
        .forEach(field -> collect(path + "." + field.getKey(), field.getValue(), found));
  }
}
