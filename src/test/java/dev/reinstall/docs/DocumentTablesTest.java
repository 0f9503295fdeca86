package dev.reinstall.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.reinstall.api.Phase;
import dev.reinstall.api.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** {@code mvn test -Dtest=DocumentTablesTest -Dregenerate} writes the tables again. */
class DocumentTablesTest {
  private static final Path API_REFERENCE = Path.of("docs", "api-reference.md");
  private static final Path STATUS = Path.of("docs", "status.md");
  private static final Path CRD = Path.of("crds", "reinstalls.reinstall.dev-v1.yml");

  @Test
  void the_api_reference_has_every_field_of_the_spec() throws IOException {
    holds(API_REFERENCE, "fields", fields());
  }

  @Test
  void the_status_page_has_every_phase_and_every_reason() throws IOException {
    holds(STATUS, "reasons", reasons());
  }

  private static void holds(Path page, String marker, String table) throws IOException {
    String text = Files.readString(page);
    int from = text.indexOf("\n", text.indexOf("<!-- " + marker + ":")) + 1;
    int to = text.indexOf("<!-- /" + marker + " -->");
    if (System.getProperty("regenerate") != null) {
      Files.writeString(page, text.substring(0, from) + table + text.substring(to));
      return;
    }
    assertThat(text.substring(from, to))
        .as("run: mvn test -Dtest=DocumentTablesTest -Dregenerate")
        .isEqualTo(table);
  }

  private static String reasons() {
    StringBuilder table =
        new StringBuilder("| phase | reason | meaning | what to do |\n|---|---|---|---|\n");
    for (Phase phase : Phase.values()) {
      String shown = "`" + phase + "`";
      for (Reason reason : Reason.values()) {
        if (reason.phases().contains(phase)) {
          table.append(
              "| %s | `%s` | %s | %s |\n"
                  .formatted(shown, reason.name(), reason.meaning(), reason.action()));
          shown = "";
        }
      }
    }
    return table.toString();
  }

  private static String fields() throws IOException {
    JsonNode spec =
        new YAMLMapper()
            .readTree(CRD.toFile())
            .at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
    StringBuilder table =
        new StringBuilder("| field of `spec` | type | meaning |\n|---|---|---|\n");
    addFields(spec, "", table);
    return table.toString();
  }

  private static void addFields(JsonNode object, String prefix, StringBuilder table) {
    Set<String> required = new HashSet<>();
    object.path("required").forEach(name -> required.add(name.asText()));
    for (Map.Entry<String, JsonNode> field : object.path("properties").properties()) {
      JsonNode schema = field.getValue();
      String name = prefix + field.getKey();
      table.append(
          "| `%s`%s | %s | %s |\n"
              .formatted(
                  name,
                  required.contains(field.getKey()) ? " *" : "",
                  type(schema),
                  schema.path("description").asText().replace("|", "\\|")));
      boolean leaf = name.endsWith("Ref"); // name and key of a Secret: listed once
      if (!leaf) {
        addFields(schema, name + ".", table);
      }
    }
  }

  private static String type(JsonNode schema) {
    if (schema.has("enum")) {
      StringBuilder values = new StringBuilder();
      schema
          .path("enum")
          .forEach(
              value ->
                  values
                      .append(values.isEmpty() ? "" : ", ")
                      .append("`")
                      .append(value.asText())
                      .append("`"));
      return values + defaultOf(schema);
    }
    String type = schema.path("type").asText();
    return switch (type) {
          case "array" -> "list of " + schema.path("items").path("type").asText();
          case "string" -> schema.has("format") ? schema.path("format").asText() : "string";
          default -> type;
        }
        + defaultOf(schema);
  }

  private static String defaultOf(JsonNode schema) {
    return schema.has("default") ? " (default `" + schema.path("default").asText() + "`)" : "";
  }
}
