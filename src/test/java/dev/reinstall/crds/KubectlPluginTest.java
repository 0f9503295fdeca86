package dev.reinstall.crds;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class KubectlPluginTest {
  private static final Path PLUGIN = Path.of("deploy/kubectl/kubectl-reinstall");
  private static final Map<String, JSONSchemaProps> SCHEMAS = Schemas.byPath();
  private static final Pattern IN_PLUGIN = Pattern.compile(" (\\w+)\\) pattern='(.+)' ;;");

  @Test
  void it_holds_the_servers_that_a_reinstall_can_name() throws IOException {
    Map<String, String> inPlugin =
        IN_PLUGIN
            .matcher(Files.readString(PLUGIN))
            .results()
            .collect(toMap(found -> found.group(1), found -> found.group(2)));

    assertThat(inPlugin)
        .isEqualTo(
            SCHEMAS.get("Reinstall.spec.cloud").getEnum().stream()
                .map(JsonNode::asText)
                .collect(toMap(cloud -> cloud, KubectlPluginTest::patternInCrd)));
  }

  private static String patternInCrd(String cloud) {
    Pattern rule =
        Pattern.compile(
            "self\\.cloud != '" + cloud + "' \\|\\| self\\.instanceId\\.matches\\('(.+)'\\)");
    return SCHEMAS.get("Reinstall.spec").getXKubernetesValidations().stream()
        .map(validation -> rule.matcher(validation.getRule()))
        .filter(Matcher::find)
        .map(MatchResult.class::cast)
        .map(found -> found.group(1))
        .findFirst()
        .orElseGet(() -> SCHEMAS.get("Reinstall.spec.instanceId").getPattern());
  }
}
