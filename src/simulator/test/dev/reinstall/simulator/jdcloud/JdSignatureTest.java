package dev.reinstall.simulator.jdcloud;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reinstall.simulator.SimClock;
import dev.reinstall.simulator.wire.Hashes;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JdSignatureTest {
  private static final String ID = "cps-abc123";

  private final JdCloudSimulator cloud =
      JdCloudSimulator.start(0, SimClock.manual())
          .account("ak", "sk")
          .protectedAccount("safe", "sk", "123456");
  private final JdCaller caller = JdCaller.of(cloud);

  JdSignatureTest() {
    cloud.newServer(ID).running();
  }

  @AfterEach
  void close() {
    cloud.close();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void a_published_signature_is_calculated_alike(String form, JsonNode vector) {
    Map<String, String> headers = new TreeMap<>();
    vector.get("headers").properties().forEach(h -> headers.put(h.getKey(), h.getValue().asText()));
    List<UriText.Pair> query = new ArrayList<>();
    vector
        .get("query")
        .forEach(pair -> query.add(new UriText.Pair(pair.get(0).asText(), pair.get(1).asText())));

    JdCloudSignature signature =
        JdCloudSignature.of(
            form,
            vector.get("secretKey").asText(),
            vector.get("date").asText(),
            vector.get("region").asText(),
            vector.get("service").asText(),
            vector.get("method").asText(),
            vector.get("path").asText(),
            query,
            headers,
            headers.keySet(),
            Hashes.sha256(vector.get("body").asText()));

    assertThat(signature.canonicalHash()).isEqualTo(vector.get("canonicalHash").asText());
    assertThat(signature.signature()).isEqualTo(vector.get("signature").asText());
  }

  @Test
  void a_colon_may_be_raw_or_encoded_on_the_wire() {
    assertThat(caller.get(JdCaller.instance(ID) + ":describeInstanceRaid").has("result")).isTrue();
    assertThat(caller.get(JdCaller.instance(ID) + "%3AdescribeInstanceRaid").has("result"))
        .isTrue();
  }

  @Test
  void a_path_before_that_of_the_cloud_is_signed_with_it() {
    assertThat(status(caller.get("/edcps" + JdCaller.instance(ID)))).isEqualTo("NOT_FOUND");

    cloud.under("/edcps");
    assertThat(caller.get("/edcps" + JdCaller.instance(ID)).has("result")).isTrue();
    assertThat(status(caller.get(JdCaller.instance(ID)))).isEqualTo("NOT_FOUND");
  }

  @Test
  void a_query_is_signed_as_it_was_meant() {
    JsonNode response =
        caller.get("/v1/regions/cn-east-tz1/instances?pageSize=20&name=a%20b%2F~%2A%2B%C3%A9%3Ax");

    assertThat(response.at("/result/totalCount").asInt(-1)).isZero();
  }

  @Test
  void the_scope_names_the_region_of_the_path() {
    assertThat(status(caller.scopedTo("cn-north-1").get(JdCaller.instance(ID))))
        .isEqualTo("UNAUTHENTICATED");
    assertThat(status(caller.get("/v1/edgeRegions"))).isEqualTo("UNAUTHENTICATED");
    assertThat(caller.scopedTo("jdcloud-api").get("/v1/edgeRegions").at("/result/regions"))
        .hasSize(1);
  }

  @Test
  void an_unknown_key_and_an_old_signature_are_refused() {
    assertThat(status(caller.as("who", "sk").get(JdCaller.instance(ID))))
        .isEqualTo("UNAUTHENTICATED");
    Instant old = Instant.now().minus(Duration.ofMinutes(16));
    assertThat(status(caller.signedAt(old).get(JdCaller.instance(ID))))
        .isEqualTo("UNAUTHENTICATED");
  }

  @Test
  void a_protected_account_needs_its_code_to_stop_and_not_to_describe() {
    JdCaller safe = caller.as("safe", "sk");

    assertThat(safe.describe(ID).get("status").asText()).isEqualTo("running");
    assertThat(safe.outcome(ID, "stopInstance", "{}")).isEqualTo("403 HTTP_FORBIDDEN");
    assertThat(
            safe.header("x-jdcloud-security-token", "MTIzNDU2").outcome(ID, "stopInstance", "{}"))
        .isEqualTo("200");
  }

  static Stream<Arguments> vectors() {
    return Stream.of("JDCLOUD2", "JDCLOUD3").flatMap(JdSignatureTest::vectorsOf);
  }

  private static Stream<Arguments> vectorsOf(String form) {
    String name = "/vectors/" + form.toLowerCase(Locale.ROOT) + ".json";
    try (InputStream file = JdSignatureTest.class.getResourceAsStream(name)) {
      List<Arguments> all = new ArrayList<>();
      new ObjectMapper().readTree(file).forEach(vector -> all.add(Arguments.of(form, vector)));
      return all.stream();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String status(JsonNode response) {
    return response.at("/error/status").asText();
  }
}
