package dev.reinstall.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code mvn test -Dtest=HardeningPageTest -Dregenerate} writes the tables again. */
class HardeningPageTest {
  private static final Path PAGE = Path.of("docs", "hardening.md");

  @Test
  void the_page_lists_every_check_of_kube_linter() throws IOException {
    holds(
        "kube-linter",
        "| check | requires | |\n|---|---|---|\n",
        Stream.of(LinterCheck.values())
            .map(check -> "| `%s` | %s | met |\n".formatted(check.title(), check.requires)));
  }

  @Test
  void the_page_lists_the_exceptions_from_kube_score() throws IOException {
    holds(
        "kube-score",
        "| argument of kube-score | reason |\n|---|---|\n",
        Stream.of(ScoreException.values())
            .map(e -> "| `%s` | %s |\n".formatted(String.join(" ", e.arguments), e.reason)));
  }

  @Test
  void the_page_names_the_requests_and_limits_of_the_deployment() throws IOException {
    JsonNode resources = Manifests.ofBase().containers().get(0).path("resources");

    for (JsonNode amounts : resources) {
      amounts.forEach(amount -> assertThat(PAGE).content().contains("| " + amount.asText()));
    }
  }

  private static void holds(String marker, String head, Stream<String> rows) throws IOException {
    String table = head + rows.collect(Collectors.joining());
    String page = Files.readString(PAGE);
    int from = page.indexOf("\n", page.indexOf("<!-- " + marker + ":")) + 1;
    int to = page.indexOf("<!-- /" + marker + " -->");
    if (System.getProperty("regenerate") != null) {
      Files.writeString(PAGE, page.substring(0, from) + table + page.substring(to));
      return;
    }
    assertThat(page.substring(from, to))
        .as("run: mvn test -Dtest=HardeningPageTest -Dregenerate")
        .isEqualTo(table);
  }
}
