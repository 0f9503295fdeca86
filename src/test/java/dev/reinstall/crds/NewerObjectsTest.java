package dev.reinstall.crds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reinstall.api.CloudName;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ServerLedger;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * One unreadable object makes the whole list unreadable: an operator must be able to read what a
 * newer one wrote, in every field.
 */
class NewerObjectsTest {

  private static final Map<String, JSONSchemaProps> SCHEMAS = Schemas.byPath();
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final KubernetesSerialization kubernetes = new KubernetesSerialization();

  @Test
  void a_reinstall_of_a_newer_operator_can_be_read_and_its_request_is_kept_whole()
      throws Exception {
    ObjectNode newer = newer("Reinstall");

    Reinstall read = kubernetes.unmarshal(newer.toString(), Reinstall.class);

    assertThat(read.getSpec().cloud()).isEqualTo(CloudName.UNRECOGNIZED);
    assertThat(read.getSpec().additionalProperties()).containsKey("fromTheFuture");
    assertThat(read.getSpec().tencentCloud().loginSettings().additionalProperties())
        .containsKey("fromTheFuture");
    assertThat(read.getStatus().phase()).isNotNull();
    assertThat(fieldsOf(kubernetes.asJson(read.getSpec()))).isEqualTo(fieldsOf(newer, "spec"));
  }

  @Test
  void a_ledger_of_a_newer_operator_can_be_read_and_is_kept_whole() throws Exception {
    ObjectNode newer = newer("ServerLedger");

    ServerLedger read = kubernetes.unmarshal(newer.toString(), ServerLedger.class);

    assertThat(read.getSpec().orders().get("key").state())
        .isEqualTo(ServerLedger.State.UNRECOGNIZED);
    assertThat(fieldsOf(kubernetes.asJson(read.getSpec()))).isEqualTo(fieldsOf(newer, "spec"));
  }

  private static Object fieldsOf(ObjectNode object, String field) {
    return shape(object.get(field));
  }

  private static Object fieldsOf(String json) throws Exception {
    return shape(new ObjectMapper().readTree(json));
  }

  /** The field names alone, recursively: unrecognized values are not written back. */
  private static JsonNode shape(JsonNode node) {
    if (node.isObject()) {
      ObjectNode shape = JSON.objectNode();
      node.properties().forEach(field -> shape.set(field.getKey(), shape(field.getValue())));
      return shape;
    }
    return node.isArray() ? JSON.arrayNode().add(shape(node.get(0))) : JSON.nullNode();
  }

  private static ObjectNode newer(String kind) {
    return ((ObjectNode) newer(SCHEMAS.get(kind)))
        .put("apiVersion", "reinstall.dev/v1alpha1")
        .put("kind", kind);
  }

  /**
   * Every field of the schema, an additional field in every object, and an unknown value in every
   * enum.
   */
  private static JsonNode newer(JSONSchemaProps schema) {
    return switch (schema.getType()) {
      case "object" -> {
        ObjectNode object = JSON.objectNode();
        if (schema.getAdditionalProperties() != null) {
          yield object.set("key", newer(schema.getAdditionalProperties().getSchema()));
        }
        schema.getProperties().forEach((name, field) -> object.set(name, newer(field)));
        yield object.put("fromTheFuture", 1);
      }
      case "array" -> JSON.arrayNode().add(newer(schema.getItems().getSchema()));
      case "boolean" -> JSON.booleanNode(true);
      case "integer" -> JSON.numberNode(1);
      default ->
          JSON.textNode(
              "date-time".equals(schema.getFormat()) ? "2026-12-01T00:00:00Z" : "FromTheFuture");
    };
  }
}
