package dev.reinstall.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.reinstall.cloud.Endpoint;
import dev.reinstall.config.SettingsException;
import dev.reinstall.config.WiredSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChartValuesTest {
  @Test
  void chart_operator_and_base_have_one_version() throws IOException {
    Matcher pom =
        Pattern.compile("<artifactId>reinstall-operator</artifactId>\\s*<version>(.*)</version>")
            .matcher(Files.readString(Path.of("pom.xml")));
    assertThat(pom.find()).isTrue();
    JsonNode chart = yaml("Chart.yaml");

    assertThat(chart.path("version").asText()).isEqualTo(pom.group(1));
    assertThat(chart.path("appVersion").asText()).isEqualTo(pom.group(1));
    assertThat(Manifests.ofBase().containers().get(0).path("image").asText())
        .endsWith(":" + pom.group(1));
  }

  @Test
  void every_setting_of_the_operator_is_a_value() throws IOException {
    Set<String> known = new TreeSet<>(settings());
    assertThat(known).contains("REINSTALL_FENCE"); // otherwise the list was not read
    known.removeAll(Set.of("POD_NAMESPACE", "REINSTALL_NAMESPACES")); // set by the template

    Set<String> values = new TreeSet<>();
    yaml("values.schema.json")
        .at("/properties/settings/properties")
        .fieldNames()
        .forEachRemaining(values::add);

    assertThat(values).isEqualTo(known);
  }

  @Test
  void the_schema_has_every_value_and_nothing_else() throws IOException {
    List<String> wrong = new ArrayList<>();
    compare("", yaml("values.yaml"), yaml("values.schema.json"), wrong);

    assertThat(wrong).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://cvm.{region}.tencentcloudapi.com",
        "https://edcps.jdcloud-api.com:443/v1/{region}/",
        "https://[2001:db8::1]:8443",
        "https://10.0.0.1",
        "http://127.0.0.1:8081",
        "http://127.255.0.9/path",
        "http://[::1]:1",
        "http://localhost:65535",
        "http://example.com",
        "http://127.0.0.256",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "https://example.{region}",
        "https://{region}",
        "https://example.com:0",
        "https://example.com:65536",
        "https://user:password@example.com",
        "https://example.com/?query",
        "https://example.com/#fragment",
        "https://",
        "ftp://example.com",
        "example.com",
      })
  void the_schema_permits_the_endpoints_that_the_operator_accepts(String url) throws IOException {
    String pattern = yaml("values.schema.json").at("/definitions/endpoint/pattern").asText();

    assertThat(Pattern.compile(pattern).matcher(url).find())
        .isEqualTo(catchThrowable(() -> new Endpoint(url)) == null);
  }

  /** Every object of the values, down to where the schema permits any content. */
  private static void compare(String path, JsonNode values, JsonNode schema, List<String> wrong) {
    if (!schema.has("properties") || !values.isObject()) {
      return;
    }
    if (schema.path("additionalProperties").asBoolean(true)) {
      wrong.add(path + " permits any property");
    }
    boolean settings = path.equals("/settings"); // lists only those that the chart itself sets
    Set<String> names = new TreeSet<>();
    schema.path("properties").fieldNames().forEachRemaining(names::add);
    names.remove("global");
    for (String name : names) {
      if (!values.has(name) && !settings && !path.equals("/resources")) {
        wrong.add(path + "/" + name + " has no default");
      }
    }
    values
        .properties()
        .forEach(
            value -> {
              if (!names.contains(value.getKey())) {
                wrong.add(path + "/" + value.getKey() + " is not in the schema");
              }
              compare(
                  path + "/" + value.getKey(),
                  value.getValue(),
                  schema.path("properties").path(value.getKey()),
                  wrong);
            });
  }

  /** As the operator lists them when it refuses an unknown one. */
  private static List<String> settings() {
    SettingsException refused =
        catchThrowableOfType(
            SettingsException.class, () -> WiredSettings.config(Map.of("REINSTALL_COLOUR", "red")));
    Matcher list = Pattern.compile("The settings are (.*)\\.$").matcher(refused.problems().get(0));
    assertThat(list.find()).isTrue();
    return Arrays.asList(list.group(1).split(", ", -1));
  }

  private static JsonNode yaml(String file) throws IOException {
    return new YAMLMapper().readTree(Helm.CHART.resolve(file).toFile());
  }
}
