package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reinstall.controlplane.NeedsControlPlane;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The log as JSON, at the level that shows the most. */
@Tag("deep")
@NeedsControlPlane
class JsonLogIT {
  private static final String WRONG = "a-secret-key-that-is-wrong";

  private static TestCluster site;

  @BeforeAll
  static void start() {
    site =
        new TestCluster().with("REINSTALL_LOG_FORMAT", "json").with("REINSTALL_LOG_LEVEL", "DEBUG");
  }

  @AfterAll
  static void close() {
    site.close();
  }

  @Test
  void each_transition_has_the_names_the_server_and_the_claim_as_fields_and_no_line_has_a_secret() {
    OperatorProcess operator = site.startOperator();
    site.jd.newServer("cps-jsonlog1");
    site.tencent.newServer("ins-jsonlog2");
    site.secret(
        site.namespace, "wrong", Map.of("secretId", TestCluster.SECRET_ID, "secretKey", WRONG));

    site.apply(TestCluster.jdRequest("node-1", "cps-jsonlog1", ""));
    site.apply(
        TestCluster.tencentRequest("web-1", "ins-jsonlog2", "")
            .replace("{name: tencent}", "{name: wrong}"));
    site.awaitFinished("node-1");
    site.awaitReason("web-1", "AccessDenied");
    site.await(
        "the transitions to be logged",
        () ->
            transitions(operator, "node-1").size() == 3
                && !transitions(operator, "web-1").isEmpty());

    assertThat(transitions(operator, "node-1"))
        .extracting(line -> line.path("formattedMessage").asText())
        .containsExactly(
            "New -> Submitting (claim 1)",
            "Submitting -> Installing (claim 1)",
            "Installing -> Succeeded/Installed (claim 1)");
    assertThat(transitions(operator, "node-1"))
        .extracting(line -> line.path("mdc"))
        .allSatisfy(
            fields -> {
              assertThat(fields.path("resource.namespace").asText()).isEqualTo(site.namespace);
              assertThat(fields.path("server").asText())
                  .isEqualTo("JDCloud/cn-east-tz1/cps-jsonlog1");
              assertThat(fields.path("claim").asText()).isEqualTo("1");
            });
    assertThat(transitions(operator, "web-1"))
        .allMatch(line -> line.path("mdc").path("claim").isMissingNode());
    assertThat(lines(operator))
        .as("DEBUG shows descriptions that failed")
        .anyMatch(line -> line.path("level").asText().equals("DEBUG"));
    assertThat(operator.log())
        .doesNotContain(
            WRONG, TestCluster.SECRET_KEY, TestCluster.JD_SECRET_KEY, TestCluster.PASSWORD);
    operator.kill();
  }

  @Test
  void bad_settings_are_named_in_json_too() {
    OperatorProcess operator = site.with("REINSTALL_FENCE", "soon").startOperator();

    assertThat(operator.exitCode()).as(operator::log).isEqualTo(2);
    assertThat(lines(operator))
        .extracting(line -> line.path("formattedMessage").asText())
        .containsExactly(
            "REINSTALL_FENCE must be a duration greater than zero,"
                + " such as 500ms, 10s, 2m or 1h, but is \"soon\".");
    site.with("REINSTALL_FENCE", "3s");
  }

  @Test
  void a_format_that_does_not_exist_is_named_in_a_plain_line() {
    OperatorProcess operator = site.with("REINSTALL_LOG_FORMAT", "xml").startOperator();

    assertThat(operator.exitCode()).as(operator::log).isEqualTo(2);
    assertThat(operator.log())
        .contains(" ERROR Main REINSTALL_LOG_FORMAT must be plain or json, but is \"xml\".\n");
    site.with("REINSTALL_LOG_FORMAT", "json");
  }

  private static List<JsonNode> transitions(OperatorProcess operator, String name) {
    return lines(operator).stream()
        .filter(line -> line.path("mdc").path("resource.name").asText().equals(name))
        .filter(line -> line.path("formattedMessage").asText().contains(" -> "))
        .toList();
  }

  /** Every line, or it fails. The last one may not be complete yet. */
  private static List<JsonNode> lines(OperatorProcess operator) {
    String log = operator.log();
    return log.substring(0, log.lastIndexOf('\n') + 1)
        .lines()
        .map(
            line -> {
              try {
                return new ObjectMapper().readTree(line);
              } catch (JsonProcessingException e) {
                throw new UncheckedIOException(line, e);
              }
            })
        .toList();
  }
}
