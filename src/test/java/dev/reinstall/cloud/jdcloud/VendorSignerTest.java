package dev.reinstall.cloud.jdcloud;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reinstall.simulator.RecordedCall;
import dev.reinstall.simulator.SimClock;
import dev.reinstall.simulator.jdcloud.JdCloudSimulator;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The simulator must accept what the vendor's own signer signs. */
class VendorSignerTest {
  private static final String ID = "cps-abc123";
  private static final String REGION = "/v1/regions/cn-east-tz1";
  private static final String INSTANCE = REGION + "/instances/" + ID;
  private static final String ORDER =
      """
      {"clientToken":"%s","regionId":"cn-east-tz1","instanceId":"cps-abc123","cookies":[],\
      "instanceSpec":{"az":"cn-east-tz1a","imageType":"standard","osTypeId":"os-2",\
      "sysRaidTypeId":"raid-1","keepData":"yes","dataRaidTypeId":"raid-2",\
      "password":"P@ssw0rd \u00e9"}}""";

  private final JdCloudSimulator simulator =
      JdCloudSimulator.start(0, SimClock.manual())
          .account("ak", "sk")
          .protectedAccount("safe", "sk", "123456");
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  VendorSignerTest() {
    simulator.newServer(ID);
  }

  @AfterEach
  void close() {
    simulator.close();
  }

  @Test
  void it_reads_servers_and_catalogues() throws Exception {
    assertThat(get(INSTANCE).at("/result/instance/status").asText()).isEqualTo("stopped");
    assertThat(get(INSTANCE + ":describeInstanceRaid").has("result")).isTrue();
    assertThat(
            get(
                    REGION + "/instances",
                    List.of(
                        Map.entry("pageNumber", "1"),
                        Map.entry("pageSize", "20"),
                        Map.entry("filters.1.name", "instanceId"),
                        Map.entry("filters.1.operator", "eq"),
                        Map.entry("filters.1.values.1", ID),
                        Map.entry("filters.1.values.2", "cps-b")))
                .at("/result/totalCount")
                .asInt())
        .isEqualTo(1);
    String device = get(INSTANCE).at("/result/instance/deviceType").asText();
    for (String catalogue : List.of("/os", "/raids")) {
      assertThat(get(REGION + catalogue, List.of(Map.entry("deviceType", device))).has("result"))
          .isTrue();
    }
    assertThat(get(REGION + "/deviceTypes").has("result")).isTrue();
    assertThat(simulator.callsLog()).hasSize(7).allMatch(RecordedCall::verified);
  }

  @Test
  void it_lists_the_regions_under_the_scope_of_no_region() throws Exception {
    JsonNode response =
        send(signer("ak", "jdcloud-api"), "GET", "/v1/edgeRegions", List.of(), Map.of(), "");
    assertThat(response.at("/result/regions/0/region").asText()).isEqualTo("cn-east-tz1");
  }

  @Test
  void odd_characters_in_a_query_are_signed_alike() throws Exception {
    JsonNode response =
        get(REGION + "/instances", List.of(Map.entry("name", "a b/~*+\u00e9:x&=%41")));
    assertThat(response.at("/result/totalCount").asInt(-1)).isZero();
  }

  @Test
  void it_starts_stops_and_restarts_the_server() throws Exception {
    for (String action : List.of("startInstance", "restartInstance", "stopInstance")) {
      String body = "{\"clientToken\":\"" + UUID.randomUUID() + "\"}";
      assertThat(put("ak", action, body).at("/result/success").asBoolean()).as(action).isTrue();
      simulator.clock().advance(Duration.ofHours(1));
    }
    assertThat(get(INSTANCE).at("/result/instance/status").asText()).isEqualTo("stopped");
  }

  @Test
  void it_reinstalls_the_server_once_for_one_token() throws Exception {
    String order = ORDER.formatted(UUID.randomUUID());

    assertThat(put("ak", "reinstallInstance", order).at("/result/success").asBoolean()).isTrue();
    assertThat(put("ak", "reinstallInstance", order).at("/result/success").asBoolean()).isTrue();

    assertThat(simulator.wipes(ID)).isEqualTo(1);
    assertThat(simulator.callsLog()).hasSize(2).allMatch(RecordedCall::verified);
  }

  @Test
  void it_renames_the_server() throws Exception {
    JsonNode response =
        send(
            signer("ak", "cn-east-tz1"),
            "POST",
            INSTANCE + ":modifyInstance",
            List.of(),
            Map.of(),
            "{\"name\":\"\u4e2d\u6587\"}");
    assertThat(response.at("/result/success").asBoolean()).isTrue();
    assertThat(get(INSTANCE).at("/result/instance/name").asText()).isEqualTo("\u4e2d\u6587");
  }

  @Test
  void a_protected_account_needs_the_code_in_a_signed_header() throws Exception {
    String order = ORDER.formatted(UUID.randomUUID());
    String code = Base64.getEncoder().encodeToString("123456".getBytes(StandardCharsets.UTF_8));

    assertThat(put("safe", "reinstallInstance", order).at("/error/status").asText())
        .isEqualTo("HTTP_FORBIDDEN");
    assertThat(simulator.wipes(ID)).isZero();
    JsonNode response =
        send(
            signer("safe", "cn-east-tz1"),
            "PUT",
            INSTANCE + ":reinstallInstance",
            List.of(),
            Map.of("x-jdcloud-security-token", code),
            order);
    assertThat(response.at("/result/success").asBoolean()).isTrue();
    assertThat(simulator.wipes(ID)).isEqualTo(1);
  }

  @Test
  void a_wrong_key_is_refused() throws Exception {
    JsonNode response =
        send(
            new VendorSigner("ak", "another", "cn-east-tz1", "edcps"),
            "GET",
            INSTANCE,
            List.of(),
            Map.of(),
            "");
    assertThat(response.at("/error/status").asText()).isEqualTo("UNAUTHENTICATED");
  }

  private static VendorSigner signer(String accessKey, String region) {
    return new VendorSigner(accessKey, "sk", region, "edcps");
  }

  private JsonNode get(String path) throws Exception {
    return get(path, List.of());
  }

  private JsonNode get(String path, List<Map.Entry<String, String>> query) throws Exception {
    return send(signer("ak", "cn-east-tz1"), "GET", path, query, Map.of(), "");
  }

  private JsonNode put(String accessKey, String action, String body) throws Exception {
    VendorSigner signer = signer(accessKey, "cn-east-tz1");
    return send(signer, "PUT", INSTANCE + ":" + action, List.of(), Map.of(), body);
  }

  private JsonNode send(
      VendorSigner signer,
      String method,
      String path,
      List<Map.Entry<String, String>> query,
      Map<String, String> more,
      String body)
      throws Exception {
    Map<String, String> headers = new TreeMap<>(more);
    headers.put("content-type", "application/json");
    headers.put("x-jdcloud-nonce", UUID.randomUUID().toString());
    URI endpoint = URI.create(simulator.endpoint());
    Map<String, String> signed =
        signer.sign(method, endpoint, path, query, headers, body, Instant.now());
    assertThat(signed.remove("host")).isEqualTo(endpoint.getAuthority()); // Java sends it itself
    String search =
        query.stream()
            .map(pair -> encoded(pair.getKey()) + "=" + encoded(pair.getValue()))
            .collect(Collectors.joining("&", query.isEmpty() ? "" : "?", ""));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(endpoint + path + search))
            .timeout(Duration.ofSeconds(10))
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    signed.forEach(request::header);
    return new ObjectMapper()
        .readTree(client.send(request.build(), HttpResponse.BodyHandlers.ofString()).body());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
