package dev.reinstall.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NameReferenceTest {
  private static final Path FILE = Path.of("deploy/gitops/kustomize/name-reference.yaml");
  private static final Path EXAMPLE =
      Path.of("deploy/examples/gitops/servers/team-a/name-reference.yaml");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  @Test
  void it_lists_every_field_of_a_reinstall_that_names_a_secret() throws IOException {
    List<String> expected = new ArrayList<>();
    JsonNode crd = YAML.readTree(Path.of("crds/reinstalls.reinstall.dev-v1.yml").toFile());
    references("spec", crd.at("/spec/versions/0/schema/openAPIV3Schema/properties/spec"), expected);
    assertThat(expected).hasSizeGreaterThan(3);

    assertThat(YAML.readTree(FILE.toFile()).at("/nameReference/0/fieldSpecs"))
        .allMatch(field -> field.get("kind").asText().equals("Reinstall"))
        .extracting(field -> field.get("path").asText())
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  private static void references(String path, JsonNode schema, List<String> found) {
    schema
        .path("properties")
        .properties()
        .forEach(
            property -> {
              String inner = path + "/" + property.getKey();
              if (property.getKey().endsWith("Ref")) {
                found.add(inner + "/name");
              } else {
                references(inner, property.getValue(), found);
              }
            });
  }

  @Test
  void the_example_has_the_same_file() throws IOException {
    assertThat(Files.readString(EXAMPLE)).isEqualTo(Files.readString(FILE));
  }
}
