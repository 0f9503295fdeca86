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
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JdSignerTest {

  static List<Arguments> vectors() throws IOException {
    List<Arguments> vectors = new ArrayList<>();
    for (JdSignature form : JdSignature.values()) {
      String file = "/vectors/" + form.name().toLowerCase(Locale.ROOT) + ".json";
      new ObjectMapper()
          .readTree(JdSignerTest.class.getResourceAsStream(file))
          .forEach(vector -> vectors.add(Arguments.of(form, vector)));
    }
    assertThat(vectors).hasSize(6 + 7);
    return vectors;
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void every_vector_is_signed_as_it_says(JdSignature form, JsonNode vector) {
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
        new JdSigner.Request(
            vector.get("method").asText(),
            vector.get("path").asText(),
            query,
            headers,
            vector.get("body").asText());
    assertThat(Sha256.hex(request.canonical(form))).isEqualTo(vector.get("canonicalHash").asText());

    String date = vector.get("date").asText();
    Instant at =
        LocalDateTime.parse(date, DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'"))
            .toInstant(ZoneOffset.UTC);
    assertThat(JdSigner.date(at)).isEqualTo(date);
    var signer =
        new JdSigner(
            form,
            vector.get("accessKey").asText(),
            vector.get("secretKey").asText(),
            vector.get("region").asText(),
            vector.get("service").asText());
    assertThat(signer.authorization(request, at))
        .isEqualTo(
            "%s-HMAC-SHA256 Credential=%s/%s/%s/%s/%s_request," + " SignedHeaders=%s, Signature=%s",
            form,
            vector.get("accessKey").asText(),
            date.substring(0, 8),
            vector.get("region").asText(),
            vector.get("service").asText(),
            form.name().toLowerCase(Locale.ROOT),
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
        new JdSigner.Request("GET", "/v1/a:b", query, new TreeMap<>(Map.of("X", " a \t b ")), "");
    String start = "GET\n/v1/a%3Ab\na=&a%20b=~-._&b=10&b=2\n";
    assertThat(request.canonical(JdSignature.JDCLOUD2)).startsWith(start + "x:a b\n\nx\n");
    assertThat(request.canonical(JdSignature.JDCLOUD3)).startsWith(start + "x:a \t b\n\nx\n");
  }

  @Test
  void the_signer_is_not_printed() {
    assertThat(new JdSigner(JdSignature.JDCLOUD2, "id", "key", "r", "s").toString())
        .isEqualTo("JdSigner[...]");
  }
}
