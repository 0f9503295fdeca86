package dev.reinstall.cloud.jdcloud;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reinstall.api.Sha256;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Jdcloud2SignerTest {

  static List<JsonNode> vectors() throws IOException {
    List<JsonNode> vectors = new ArrayList<>();
    new ObjectMapper()
        .readTree(Jdcloud2SignerTest.class.getResourceAsStream("/vectors/jdcloud2.json"))
        .forEach(vectors::add);
    assertThat(vectors).hasSize(6);
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
    List<Map.Entry<String, String>> query = new ArrayList<>();
    vector
        .get("query")
        .forEach(pair -> query.add(Map.entry(pair.get(0).asText(), pair.get(1).asText())));
    var request =
        new Jdcloud2Signer.Request(
            vector.get("method").asText(),
            vector.get("path").asText(),
            query,
            headers,
            vector.get("body").asText());
    assertThat(Sha256.hex(request.canonical())).isEqualTo(vector.get("canonicalHash").asText());

    String date = vector.get("date").asText();
    Instant at =
        LocalDateTime.parse(date, DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'"))
            .toInstant(ZoneOffset.UTC);
    assertThat(Jdcloud2Signer.date(at)).isEqualTo(date);
    var signer =
        new Jdcloud2Signer(
            vector.get("accessKey").asText(),
            vector.get("secretKey").asText(),
            vector.get("region").asText(),
            vector.get("service").asText());
    assertThat(signer.authorization(request, at))
        .isEqualTo(
            "JDCLOUD2-HMAC-SHA256 Credential=%s/%s/%s/%s/jdcloud2_request,"
                + " SignedHeaders=%s, Signature=%s",
            vector.get("accessKey").asText(),
            date.substring(0, 8),
            vector.get("region").asText(),
            vector.get("service").asText(),
            String.join(";", headers.keySet()),
            vector.get("signature").asText());
  }

  @Test
  void a_query_is_sorted_as_encoded_and_a_missing_value_is_empty() {
    List<Map.Entry<String, String>> query = new ArrayList<>();
    query.add(Map.entry("b", "2"));
    query.add(Map.entry("b", "10"));
    query.add(new SimpleEntry<>("a", null));
    query.add(Map.entry("a b", "~-._"));
    var request =
        new Jdcloud2Signer.Request(
            "GET", "/v1/a:b", query, new TreeMap<>(Map.of("X", " a \t b ")), "");
    assertThat(request.canonical())
        .startsWith("GET\n/v1/a%3Ab\na=&a%20b=~-._&b=10&b=2\nx:a b\n\nx\n");
  }

  @Test
  void the_signer_is_not_printed() {
    assertThat(new Jdcloud2Signer("id", "key", "r", "s").toString())
        .isEqualTo("Jdcloud2Signer[...]");
  }
}
