package dev.reinstall.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the tests that lie beside the scripts, in Argo CD's own format. */
class ArgoCdTest {
  private static final Path ACTIONS = ArgoCd.FOLDER.resolve("actions");

  static Stream<Map<String, Object>> healthTests() {
    return ArgoCd.list(ArgoCd.yaml(ArgoCd.FOLDER.resolve("health_test.yaml")), "tests").stream();
  }

  @ParameterizedTest
  @MethodSource("healthTests")
  void an_object_of_a_real_run_has_the_health_that_its_test_says(Map<String, Object> test) {
    Path input = ArgoCd.FOLDER.resolve((String) test.get("inputPath"));

    assertThat(LuaScript.health().run(ArgoCd.yaml(input))).isEqualTo(test.get("healthStatus"));
  }

  static Stream<Map<String, Object>> discoveryTests() {
    return ArgoCd.list(ArgoCd.yaml(ACTIONS.resolve("action_test.yaml")), "discoveryTests").stream();
  }

  @ParameterizedTest
  @MethodSource("discoveryTests")
  void the_actions_are_offered_as_the_test_says(Map<String, Object> test) {
    Map<String, Object> expected = new TreeMap<>();
    for (Map<String, Object> action : ArgoCd.list(test, "result")) {
      expected.put((String) action.get("name"), Map.of("disabled", action.get("disabled")));
    }

    assertThat(
            new LuaScript(ACTIONS.resolve("discovery.lua"))
                .run(ArgoCd.yaml(ACTIONS.resolve((String) test.get("inputPath")))))
        .isEqualTo(expected);
  }

  static Stream<Map<String, Object>> actionTests() {
    return ArgoCd.list(ArgoCd.yaml(ACTIONS.resolve("action_test.yaml")), "actionTests").stream();
  }

  @ParameterizedTest
  @MethodSource("actionTests")
  void an_action_changes_what_its_test_says(Map<String, Object> test) {
    Path script = ACTIONS.resolve(test.get("action") + "/action.lua");
    Path input = ACTIONS.resolve((String) test.get("inputPath"));
    Path expected = ACTIONS.resolve((String) test.get("expectedOutputPath"));

    assertThat(new LuaScript(script).run(ArgoCd.yaml(input))).isEqualTo(ArgoCd.yaml(expected));
  }

  @Test
  void every_test_object_is_used_and_every_health_occurs() throws IOException {
    List<String> used = healthTests().map(test -> (String) test.get("inputPath")).toList();
    try (Stream<Path> files = Files.list(ArgoCd.FOLDER.resolve("testdata"))) {
      assertThat(files.map(file -> "testdata/" + file.getFileName()))
          .containsExactlyInAnyOrderElementsOf(used);
    }
    assertThat(
            healthTests()
                .map(test -> (Map<?, ?>) test.get("healthStatus"))
                .map(health -> (String) health.get("status")))
        .contains("Healthy", "Degraded", "Progressing", "Suspended");
  }

  @Test
  void the_config_map_holds_the_same_scripts() throws IOException {
    if (Boolean.getBoolean("regenerate")) {
      Files.writeString(ArgoCd.CONFIG_MAP, ArgoCd.configMap());
    }
    assertThat(Files.readString(ArgoCd.CONFIG_MAP)).isEqualTo(ArgoCd.configMap());
    assertThat(ArgoCd.yaml(ArgoCd.CONFIG_MAP)).extractingByKey("data").isInstanceOf(Map.class);
  }
}
