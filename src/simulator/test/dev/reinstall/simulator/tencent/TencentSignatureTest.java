package dev.reinstall.simulator.tencent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reinstall.simulator.SimClock;
import dev.reinstall.simulator.wire.Hashes;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TencentSignatureTest {
  private static final String LOOK = "{\"InstanceIds\":[\"ins-r8hr2upy\"]}";

  private final TencentSimulator cloud =
      TencentSimulator.start(0, SimClock.manual())
          .account("id", "key")
          .account("tmp", "key", "token");
  private final TencentCaller caller = TencentCaller.of(cloud);

  @AfterEach
  void close() {
    cloud.close();
  }

  @ParameterizedTest
  @MethodSource("tc3")
  void a_published_tc3_signature_is_calculated_alike(JsonNode vector) {
    Map<String, String> headers = new TreeMap<>();
    vector.get("headers").properties().forEach(h -> headers.put(h.getKey(), h.getValue().asText()));

    Tc3Signature signature =
        Tc3Signature.of(
            vector.get("secretKey").asText(),
            vector.get("service").asText(),
            vector.get("timestamp").asLong(),
            vector.get("method").asText(),
            "/",
            vector.get("query").asText(),
            headers,
            List.copyOf(headers.keySet()),
            Hashes.sha256(vector.get("body").asText()));

    assertThat(signature.canonicalHash()).isEqualTo(vector.get("hashedCanonicalRequest").asText());
    assertThat(signature.signature()).isEqualTo(vector.get("signature").asText());
  }

  @ParameterizedTest
  @MethodSource("v1")
  void a_published_v1_signature_is_calculated_alike(JsonNode vector) {
    assertThat(
            V1Signature.of(
                vector.get("secretKey").asText(),
                vector.get("algorithm").asText(),
                vector.get("toSign").asText()))
        .isEqualTo(vector.get("signature").asText());
  }

  @ParameterizedTest
  @MethodSource("v1")
  void what_v1_signs_is_put_together_alike(JsonNode vector) {
    String toSign = vector.get("toSign").asText();
    int slash = toSign.indexOf('/');
    int question = toSign.indexOf('?');
    String method = toSign.startsWith("GET") ? "GET" : "POST";
    SortedMap<String, String> parameters = new TreeMap<>();
    Stream.of(toSign.substring(question + 1).split("&", -1))
        .map(pair -> pair.split("=", 2))
        .forEach(pair -> parameters.put(pair[0], pair[1]));

    assertThat(
            V1Signature.toSign(
                method,
                toSign.substring(method.length(), slash),
                toSign.substring(slash, question),
                parameters))
        .isEqualTo(toSign);
  }

  @Test
  void a_signature_is_good_for_five_minutes_before_and_after() {
    Instant now = Instant.ofEpochSecond(1_795_306_040);
    cloud.signatureClock(() -> now);

    assertThat(caller.signedAt(now.minusSeconds(300)).code("DescribeInstances", LOOK)).isEmpty();
    assertThat(caller.signedAt(now.plusSeconds(299)).code("DescribeInstances", LOOK)).isEmpty();
    assertThat(caller.signedAt(now.minusSeconds(302)).code("DescribeInstances", LOOK))
        .isEqualTo("AuthFailure.SignatureExpire");
    assertThat(caller.signedAt(now.plusSeconds(302)).code("DescribeInstances", LOOK))
        .isEqualTo("AuthFailure.SignatureExpire");
  }

  @Test
  void an_unknown_id_a_wrong_key_and_a_missing_token_are_reported_apart() {
    assertThat(caller.as("who", "key").code("DescribeInstances", LOOK))
        .isEqualTo("AuthFailure.SecretIdNotFound");
    assertThat(caller.as("id", "other").code("DescribeInstances", LOOK))
        .isEqualTo("AuthFailure.SignatureFailure");
    assertThat(caller.as("tmp", "key").code("DescribeInstances", LOOK))
        .isEqualTo("AuthFailure.TokenFailure");
    assertThat(
            caller.as("tmp", "key").header("X-TC-Token", "token").code("DescribeInstances", LOOK))
        .isEmpty();
  }

  @Test
  void a_header_that_was_changed_after_signing_is_noticed() {
    assertThat(caller.header("X-TC-Action", "StopInstances").code("DescribeInstances", LOOK))
        .isEqualTo("AuthFailure.SignatureFailure");
    assertThat(caller.header("Content-Type", "application/json").code("DescribeInstances", LOOK))
        .isEqualTo("AuthFailure.SignatureFailure");
    assertThat(caller.header("Authorization", "Basic abc").code("DescribeInstances", LOOK))
        .isEqualTo("AuthFailure.InvalidAuthorization");
    assertThat(caller.header("Content-Type", "text/plain").code("DescribeInstances", LOOK))
        .isEqualTo("InvalidRequest");
  }

  static Stream<JsonNode> tc3() {
    return vectors("tencent-tc3.json");
  }

  static Stream<JsonNode> v1() {
    return vectors("tencent-v1.json");
  }

  private static Stream<JsonNode> vectors(String name) {
    try (InputStream file = TencentSignatureTest.class.getResourceAsStream("/vectors/" + name)) {
      List<JsonNode> all = new ArrayList<>();
      new ObjectMapper().readTree(file).forEach(all::add);
      return all.stream();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
