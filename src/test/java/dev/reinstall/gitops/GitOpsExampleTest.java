package dev.reinstall.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples for Flux and Argo CD name what exists, and both the same. */
class GitOpsExampleTest {
  private static final Path EXAMPLE = Path.of("deploy", "examples", "gitops");
  private static final List<String> FILES = List.of("operator.yaml", "tenant.yaml", "servers.yaml");

  /** Repository and path of a source, and where it is applied. */
  private record Applied(String repository, String path, String namespace) {}

  @Test
  void both_apply_the_same_sources_to_the_same_namespaces() throws IOException {
    Map<String, Applied> flux = flux();

    assertThat(flux).hasSize(3);
    assertThat(argoCd()).isEqualTo(flux);
  }

  @Test
  void every_path_is_a_kustomization_of_this_project() throws IOException {
    for (Applied applied : flux().values()) {
      Path repository =
          applied.repository().endsWith("/servers") ? EXAMPLE.resolve("servers") : Path.of("");
      assertThat(repository.resolve(applied.path()).resolve("kustomization.yaml")).exists();
    }
  }

  @Test
  void a_kustomization_depends_only_on_others_of_the_example() throws IOException {
    for (JsonNode object : objects("flux")) {
      for (JsonNode dependency : object.at("/spec/dependsOn")) {
        assertThat(flux()).containsKey(dependency.path("name").asText());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"flux", "argocd"})
  void the_image_has_the_version_of_the_operator(String tool) throws IOException {
    Matcher version =
        Pattern.compile("<artifactId>reinstall-operator</artifactId>\\s*<version>(.*)</version>")
            .matcher(Files.readString(Path.of("pom.xml")));
    assertThat(version.find()).isTrue();
    String image = "registry.example.com/reinstall-operator";

    JsonNode operator =
        objects(tool).stream()
            .filter(o -> o.at("/metadata/name").asText().equals("reinstall-operator"))
            .filter(o -> !o.path("kind").asText().equals("GitRepository"))
            .findFirst()
            .orElseThrow();

    if (tool.equals("flux")) {
      assertThat(operator.at("/spec/images/0"))
          .hasToString(
              "{\"name\":\"reinstall-operator\",\"newName\":\"%s\",\"newTag\":\"%s\"}"
                  .formatted(image, version.group(1)));
    } else {
      assertThat(operator.at("/spec/source/kustomize/images/0").asText())
          .isEqualTo("reinstall-operator=" + image + ":" + version.group(1));
    }
  }

  private static Map<String, Applied> flux() throws IOException {
    Map<String, String> repositories = new TreeMap<>();
    Map<String, Applied> applied = new TreeMap<>();
    List<JsonNode> objects = objects("flux");
    for (JsonNode object : objects) {
      if (object.path("kind").asText().equals("GitRepository")) {
        repositories.put(name(object), object.at("/spec/url").asText());
      }
    }
    for (JsonNode object : objects) {
      if (object.path("kind").asText().equals("Kustomization")) {
        String path = object.at("/spec/path").asText().replaceFirst("^\\./", "");
        applied.put(
            name(object),
            new Applied(
                repositories.get(object.at("/spec/sourceRef/name").asText()),
                path,
                // deploy and servers name the namespace themselves
                object.at("/spec/targetNamespace").asText(namespaceOf(path))));
      }
    }
    return applied;
  }

  private static String namespaceOf(String path) {
    return path.equals("deploy") ? "reinstall-system" : "team-a";
  }

  private static Map<String, Applied> argoCd() throws IOException {
    Map<String, Applied> applied = new TreeMap<>();
    for (JsonNode object : objects("argocd")) {
      applied.put(
          name(object),
          new Applied(
              object.at("/spec/source/repoURL").asText(),
              object.at("/spec/source/path").asText(),
              object.at("/spec/destination/namespace").asText()));
    }
    return applied;
  }

  private static String name(JsonNode object) {
    return object.at("/metadata/name").asText();
  }

  private static List<JsonNode> objects(String tool) throws IOException {
    List<JsonNode> objects = new ArrayList<>();
    for (String file : FILES) {
      try (var documents =
          new YAMLMapper()
              .readerFor(JsonNode.class)
              .<JsonNode>readValues(EXAMPLE.resolve(tool).resolve(file).toFile())) {
        documents.forEachRemaining(objects::add);
      }
    }
    return objects;
  }
}
