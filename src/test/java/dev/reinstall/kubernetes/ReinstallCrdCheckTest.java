package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.reinstall.controlplane.CrudMock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReinstallCrdCheckTest {
  private static final String LIST = "/apis/reinstall.dev/v1alpha1/reinstalls?limit=1";
  private static final String KIND = "dev.reinstall.v1alpha1.Reinstall";

  private final ObjectNode published = published();

  /** As the API server publishes the schema of the CRD of this operator. */
  private static ObjectNode published() {
    try {
      JsonNode crd =
          new YAMLMapper().readTree(Path.of("crds", "reinstalls.reinstall.dev-v1.yml").toFile());
      ObjectNode document = new ObjectMapper().createObjectNode();
      document
          .putObject("components")
          .putObject("schemas")
          .set(KIND, crd.at("/spec/versions/0/schema/openAPIV3Schema"));
      return document;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private ObjectNode at(String path) {
    return (ObjectNode) published.path("components").path("schemas").path(KIND).at(path);
  }

  @Test
  void the_crd_of_this_operator_lacks_nothing() {
    assertThat(ReinstallCrdCheck.lacking(published)).isEmpty();
  }

  @Test
  void a_newer_crd_lacks_nothing() {
    at("/properties/spec/properties").putObject("comment");
    ((ArrayNode) at("/properties/spec/properties/cloud").path("enum")).add("MoonCloud");

    assertThat(ReinstallCrdCheck.lacking(published)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/properties/spec/properties/powerAfter",
        "/properties/spec/properties/tencentCloud/properties/systemDisk/properties/diskSize",
        "/properties/status/properties/server/properties/installed",
        "/properties/status"
      })
  void a_field_that_the_crd_lacks_is_named(String path) {
    int last = path.lastIndexOf('/');
    at(path.substring(0, last)).remove(path.substring(last + 1));

    assertThat(ReinstallCrdCheck.lacking(published))
        .isEqualTo(List.of(path.replace("/properties", "").substring(1).replace('/', '.')));
  }

  @Test
  void a_value_that_the_crd_lacks_is_named() {
    ((ArrayNode) at("/properties/spec/properties/whenRunning").path("enum")).remove(2); // sorted

    assertThat(ReinstallCrdCheck.lacking(published)).containsExactly("spec.whenRunning=Wait");
  }

  @Test
  void a_missing_crd_is_named_with_what_to_apply() {
    try (CrudMock cluster = CrudMock.start()) {
      cluster.refuseNext("GET", LIST, 404);

      assertThat(ReinstallCrdCheck.problem(cluster.client(), List.of()))
          .contains(
              CrdCompatibilityCheckTest.CRD_OUTDATED
                  + " The API server does not have the kind Reinstall.");
    }
  }

  @Test
  void one_missing_in_a_watched_namespace_is_missing_everywhere() {
    try (CrudMock cluster = CrudMock.start()) {
      cluster.refuseNext("GET", LIST.replace("/reinstalls", "/namespaces/a/reinstalls"), 403);
      cluster.refuseNext("GET", LIST.replace("/reinstalls", "/namespaces/b/reinstalls"), 404);

      assertThat(ReinstallCrdCheck.problem(cluster.client(), List.of("a", "b"))).isPresent();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 503})
  void where_the_list_fails_otherwise_the_watch_reports_it(int code) {
    try (CrudMock cluster = CrudMock.start()) {
      cluster.refuseNext("GET", LIST, code);

      assertThat(ReinstallCrdCheck.problem(cluster.client(), List.of())).isEmpty();
    }
  }
}
