package dev.reinstall.cloud.tencent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reinstall.api.Sha256;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Tc3SignerTest {

  static List<JsonNode> vectors() throws IOException {
    List<JsonNode> vectors = new ArrayList<>();
    new ObjectMapper()
        .readTree(Tc3SignerTest.class.getResourceAsStream("/vectors/tencent-tc3.json"))
        .forEach(vectors::add);
    assertThat(vectors).hasSize(4);
    return vectors;
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void every_vector_is_signed_as_it_says(JsonNode vector) {
    var headers = new TreeMap<String, String>();
    vector
        .get("headers")
        .properties()
        .forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
    var request =
        new Tc3Signer.Request(
            vector.get("method").asText(),
            "/",
            vector.get("query").asText(),
            headers,
            vector.get("body").asText());
    assertThat(Sha256.hex(request.canonical()))
        .isEqualTo(vector.get("hashedCanonicalRequest").asText());

    var signer =
        new Tc3Signer(
            vector.get("secretId").asText(),
            vector.get("secretKey").asText(),
            vector.get("service").asText());
    Instant at = Instant.ofEpochSecond(vector.get("timestamp").asLong());
    assertThat(signer.authorization(request, at))
        .isEqualTo(
            "TC3-HMAC-SHA256 Credential=%s/%s/cvm/tc3_request, SignedHeaders=%s, Signature=%s",
            vector.get("secretId").asText(),
            at.toString().substring(0, 10),
            String.join(";", headers.keySet()),
            vector.get("signature").asText());
  }

  @Test
  void the_signer_is_not_printed() {
    assertThat(new Tc3Signer("id", "key", "cvm").toString()).isEqualTo("Tc3Signer[...]");
  }
}
