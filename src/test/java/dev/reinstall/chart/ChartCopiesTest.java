package dev.reinstall.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A chart contains its files: {@code mvn test -Dtest=ChartCopiesTest -Dregenerate} copies them. */
class ChartCopiesTest {
  @ParameterizedTest
  @CsvSource({
    "crds/reinstalls.reinstall.dev-v1.yml,    templates/crds/reinstalls.reinstall.dev-v1.yml",
    "crds/serverledgers.reinstall.dev-v1.yml, templates/crds/serverledgers.reinstall.dev-v1.yml",
    "crds/known-fields.yml,                   templates/crds/known-fields.yml",
    "deploy/keep-ledgers.yaml,                templates/keep-ledgers.yaml",
    "deploy/user-roles.yaml,                  templates/user-roles.yaml",
    "deploy/monitoring/rules.yaml,            files/rules.yaml", // not a template
  })
  void the_chart_has_the_newest_copy(String from, String to) throws IOException {
    Path copy = Helm.CHART.resolve(to);
    String command = "mvn test -Dtest=ChartCopiesTest -Dregenerate";
    String content = Files.readString(Path.of(from));
    String expected =
        "# Copied from %s: %s\n%s"
            .formatted(from, command, to.startsWith("templates/") ? asTemplate(content) : content);
    if (System.getProperty("regenerate") != null) {
      Files.writeString(copy, expected);
    }

    assertThat(copy).as("run: %s", command).hasContent(expected);
  }

  private static String asTemplate(String content) {
    return content.replace("{{", "{{ \"{{\" }}");
  }
}
