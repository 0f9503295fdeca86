package dev.reinstall.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.reinstall.controlplane.Command;
import dev.reinstall.controlplane.CommandResult;
import dev.reinstall.controlplane.NeedsPrograms;
import dev.reinstall.controlplane.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code mvn test -Dtest=AlertRulesTest -Dregenerate} writes the PrometheusRule again. */
class AlertRulesTest {
  private static final Path RULES = Path.of("deploy", "monitoring", "rules.yaml");
  private static final Path OBJECT = Path.of("deploy", "monitoring", "prometheusrule.yaml");
  private static final Path TESTS = Path.of("src/test/resources/monitoring/rules-test.yaml");
  private static final Path METRICS = Path.of("docs", "monitoring.md");
  private static final Path RUNBOOK = Path.of("docs", "troubleshooting.md");
  private static final Pattern METRIC = Pattern.compile("\\breinstall_[a-z_]+");

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE)
          .build();

  @Test
  @NeedsPrograms("promtool")
  void promtool_accepts_the_rules() {
    CommandResult check = promtool("check", "rules", "--lint-fatal", RULES.toString());

    assertThat(check.exitCode()).as(check::toString).isZero();
  }

  @Test
  @NeedsPrograms("promtool")
  void each_alert_fires_when_it_must_and_only_then() {
    CommandResult check = promtool("test", "rules", TESTS.toString());

    assertThat(check.exitCode()).as(check::toString).isZero();
  }

  @Test
  void each_alert_has_a_test() throws IOException {
    String tests = Files.readString(TESTS);

    assertThat(names()).isNotEmpty().allSatisfy(name -> assertThat(tests).contains(name));
  }

  @Test
  void each_alert_says_what_happened_what_it_means_and_where_to_read_on() throws IOException {
    List<String> headings =
        Files.readAllLines(RUNBOOK).stream()
            .filter(line -> line.startsWith("### "))
            .map(line -> line.substring(4).toLowerCase(Locale.ROOT))
            .toList();
    for (JsonNode rule : rules()) {
      String name = rule.path("alert").asText();
      assertThat(rule.at("/labels/severity").asText()).as(name).isIn("critical", "warning");
      assertThat(rule.at("/annotations/summary").asText()).as(name).endsWith(".");
      assertThat(rule.at("/annotations/description").asText()).as(name).endsWith(".");
      assertThat(rule.at("/annotations/runbook_url").asText())
          .as(name)
          .endsWith("/docs/troubleshooting.md#" + name.toLowerCase(Locale.ROOT));
      assertThat(headings).contains(name.toLowerCase(Locale.ROOT));
    }
  }

  @Test
  void rules_and_dashboard_ask_for_metrics_that_exist() throws IOException {
    Set<String> known = metrics(Files.readString(METRICS));
    Set<String> asked = new HashSet<>();
    rules().forEach(rule -> asked.addAll(metrics(rule.path("expr").asText())));
    Dashboard.queries().forEach(query -> asked.addAll(metrics(query)));

    assertThat(asked)
        .isNotEmpty()
        .allSatisfy(
            name -> assertThat(known).contains(name.replaceFirst("_(bucket|count|sum)$", "")));
  }

  @Test
  void every_metric_is_on_the_dashboard_or_in_a_rule() throws IOException {
    String asked = Files.readString(RULES) + String.join("\n", Dashboard.queries());

    assertThat(metrics(Files.readString(METRICS)))
        .allSatisfy(name -> assertThat(asked).contains(name));
  }

  @Test
  void the_panels_of_the_dashboard_do_not_overlap_and_use_the_chosen_data_source() {
    Set<String> taken = new HashSet<>();
    for (JsonNode panel : Dashboard.read().path("panels")) {
      JsonNode place = panel.path("gridPos");
      assertThat(place.path("x").asInt() + place.path("w").asInt()).isLessThanOrEqualTo(24);
      for (int x = 0; x < place.path("w").asInt(); x++) {
        for (int y = 0; y < place.path("h").asInt(); y++) {
          String cell = (place.path("x").asInt() + x) + "/" + (place.path("y").asInt() + y);
          assertThat(taken.add(cell)).as(panel.path("title").asText() + " at " + cell).isTrue();
        }
      }
      assertThat(panel.at("/datasource/uid").asText()).isEqualTo("${datasource}");
    }
    assertThat(taken).isNotEmpty();
  }

  @Test
  void the_object_of_the_prometheus_operator_has_the_same_rules() throws IOException {
    ObjectNode object = new ObjectMapper().createObjectNode();
    object.put("apiVersion", "monitoring.coreos.com/v1").put("kind", "PrometheusRule");
    object
        .putObject("metadata")
        .put("name", "reinstall-operator")
        .put("namespace", "reinstall-system")
        .putObject("labels")
        .put("app.kubernetes.io/name", "reinstall-operator");
    object.putObject("spec").set("groups", YAML.readTree(RULES.toFile()).path("groups"));
    String text = "# Made from rules.yaml by AlertRulesTest.\n" + YAML.writeValueAsString(object);

    if (System.getProperty("regenerate") != null) {
      Files.writeString(OBJECT, text);
    }
    assertThat(OBJECT)
        .as("run: mvn test -Dtest=AlertRulesTest -Dregenerate")
        .content()
        .isEqualTo(text);
  }

  private static Set<String> metrics(String text) {
    return METRIC.matcher(text).results().map(hit -> hit.group()).collect(Collectors.toSet());
  }

  private static List<String> names() throws IOException {
    return rules().findValuesAsText("alert");
  }

  private static JsonNode rules() throws IOException {
    return YAML.readTree(RULES.toFile()).at("/groups/0/rules");
  }

  private static CommandResult promtool(String... arguments) {
    return Command.run(
        Programs.path("promtool"), List.of(arguments), Map.of(), "", Duration.ofSeconds(60));
  }
}
