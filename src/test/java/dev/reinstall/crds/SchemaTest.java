package dev.reinstall.crds;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SchemaTest {

  private static final Set<String> WORDS_THAT_SOME_YAML_READS_AS_NO_STRING =
      Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", "");

  private static final Map<String, JSONSchemaProps> SCHEMAS = Schemas.byPath();

  @Test
  void no_rule_is_without_a_manifest_that_it_refuses() {
    List<Manifest> refused = Manifest.in("refused");
    SCHEMAS.forEach(
        (path, schema) -> {
          for (ValidationRule rule : rulesOfReinstall(path, schema)) {
            String field =
                path.replace("Reinstall.", "")
                    + Objects.requireNonNullElse(rule.getFieldPath(), "");
            assertThat(refused)
                .as("%s: %s", field, rule.getMessage())
                .anyMatch(manifest -> expects(manifest, field, rule.getMessage()));
          }
        });
  }

  @Test
  void rules_between_fields_are_for_new_objects_so_that_the_brake_always_works() {
    SCHEMAS.forEach(
        (path, schema) ->
            assertThat(rulesOfReinstall(path, schema))
                .as(path)
                .allMatch(
                    rule ->
                        rule.getRule().contains("oldSelf")
                            || rule.getRule().startsWith("self.matches(")));
  }

  @Test
  void every_string_list_and_map_is_bounded() {
    SCHEMAS.forEach((path, schema) -> assertThat(bounded(schema)).as(path).isTrue());
  }

  @Test
  void every_date_is_one_that_java_can_read() {
    SCHEMAS.forEach(
        (path, schema) -> {
          if (Objects.equals(schema.getFormat(), "date-time")) {
            assertThat(schema.getPattern()).as(path).endsWith("18:00))$");
          }
        });
  }

  @Test
  void no_word_of_a_choice_is_a_boolean_or_one_of_a_newer_operator() {
    SCHEMAS.forEach(
        (path, schema) -> {
          assertThat(schema.getEnum())
              .as(path)
              .extracting(word -> word.asText().toLowerCase(Locale.ROOT))
              .doesNotContainAnyElementsOf(WORDS_THAT_SOME_YAML_READS_AS_NO_STRING)
              .doesNotContain("notunderstood");
        });
  }

  @Test
  void what_the_operator_does_not_understand_stays_out_of_the_schema() {
    SCHEMAS.forEach(
        (path, schema) -> {
          assertThat(path).doesNotEndWith(".unknown");
          boolean kept =
              path.matches("Reinstall(\\.spec\\b.*)?")
                  && schema.getProperties() != null
                  && !schema.getProperties().isEmpty();
          assertThat(schema.getXKubernetesPreserveUnknownFields())
              .as(path)
              .isEqualTo(kept ? true : null);
        });
  }

  private static List<ValidationRule> rulesOfReinstall(String path, JSONSchemaProps schema) {
    return path.startsWith("Reinstall.") && schema.getXKubernetesValidations() != null
        ? schema.getXKubernetesValidations()
        : List.of();
  }

  private static boolean expects(Manifest manifest, String field, String message) {
    return manifest.expected().stream().anyMatch(line -> line.startsWith(field))
        && manifest.expected().stream().anyMatch(line -> line.contains(message));
  }

  private static boolean bounded(JSONSchemaProps schema) {
    return switch (schema.getType()) {
      case "string" ->
          schema.getMaxLength() != null
              || !schema.getEnum().isEmpty()
              || "date-time".equals(schema.getFormat());
      case "array" -> schema.getMaxItems() != null;
      case "object" ->
          schema.getAdditionalProperties() == null || schema.getMaxProperties() != null;
      default -> true;
    };
  }
}
