package dev.reinstall.cloud.tencent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class V1SigningVectorsTest {
  private static final Pattern SIGNED = Pattern.compile("(GET|POST)([^/]+)(/[^?]*)\\?(.*)");

  static List<JsonNode> vectors() throws IOException {
    List<JsonNode> vectors = new ArrayList<>();
    new ObjectMapper()
        .readTree(V1SigningVectorsTest.class.getResourceAsStream("/vectors/tencent-v1.json"))
        .forEach(vectors::add);
    assertThat(vectors).hasSize(5);
    return vectors;
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void every_vector_is_signed_as_it_says(JsonNode vector) {
    String toSign = vector.get("toSign").asText();
    Matcher parts = SIGNED.matcher(toSign);
    assertThat(parts.matches()).isTrue();
    var parameters = new TreeMap<String, String>();
    for (String pair : parts.group(4).split("&", -1)) {
      int equals = pair.indexOf('=');
      parameters.put(pair.substring(0, equals), pair.substring(equals + 1));
    }

    assertThat(V1Signing.toSign(parts.group(1), parts.group(2), parts.group(3), parameters))
        .isEqualTo(toSign);
    assertThat(
            new V1Signing(vector.get("algorithm").asText(), () -> 1)
                .signature(vector.get("secretKey").asText(), toSign))
        .isEqualTo(vector.get("signature").asText());
  }
}
