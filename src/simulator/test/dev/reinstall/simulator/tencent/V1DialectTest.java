package dev.reinstall.simulator.tencent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.simulator.SimClock;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class V1DialectTest {
  private static final String ID = "ins-r8hr2upy";
  private static final Map<String, String> SEED =
      Map.of(
          "Action", "ResetInstance",
          "InstanceId", ID,
          "ImageId", "img-pmqg1cw7",
          "SystemDisk.DiskSize", "60",
          "LoginSettings.Password", "Qcloud@TestApi123++",
          "EnhancedService.SecurityService.Enabled", "TRUE",
          "EnhancedService.MonitorService.Enabled", "true");

  private final TencentSimulator cloud =
      TencentSimulator.start(0, SimClock.manual()).account("id", "key");
  private final HttpClient client = HttpClient.newHttpClient();

  V1DialectTest() {
    cloud.alsoAt("/gateway");
    cloud.newServer(ID);
  }

  @AfterEach
  void close() {
    cloud.close();
  }

  @ParameterizedTest
  @CsvSource({
    "HmacSHA1, /",
    "HmacSHA256, /",
    "HmacSHA1, /v2/index.php",
    "HmacSHA256, /v2/index.php",
    "HmacSHA256, /gateway"
  })
  void the_seeds_call_is_supported(String algorithm, String path) throws Exception {
    assertThat(send("POST", path, "key", algorithm, SEED)).doesNotContain("Error");

    assertThat(cloud.wipes(ID)).isEqualTo(1);
    assertThat(cloud.calls("ResetInstance", ID)).isEqualTo(1);
    assertThat(cloud.callsLog().get(0).verified()).isTrue();
  }

  @Test
  void lists_are_numbered() throws Exception {
    Map<String, String> observation =
        Map.of(
            "Action", "DescribeInstances",
            "Filters.0.Name", "instance-state",
            "Filters.0.Values.0", "RUNNING",
            "Filters.0.Values.1", "STOPPED",
            "Limit", "100");

    assertThat(send("POST", "/", "key", "HmacSHA256", observation)).contains(ID);
  }

  @Test
  void a_wrong_key_an_unknown_parameter_and_a_get_are_refused() throws Exception {
    Map<String, String> strange = new TreeMap<>(SEED);
    strange.put("DryRun", "TRUE");

    assertThat(send("POST", "/", "other", "HmacSHA256", SEED))
        .contains("AuthFailure.SignatureFailure");
    assertThat(send("POST", "/", "key", "HmacSHA256", strange)).contains("UnknownParameter");
    assertThat(send("PUT", "/", "key", "HmacSHA256", SEED)).contains("UnsupportedProtocol");
    assertThat(cloud.wipes(ID)).isZero();
  }

  private String send(
      String method, String path, String key, String algorithm, Map<String, String> required)
      throws Exception {
    SortedMap<String, String> form = new TreeMap<>(required);
    form.put("Version", "2017-03-12");
    form.put("Region", "ap-guangzhou");
    form.put("Timestamp", String.valueOf(Instant.now().getEpochSecond()));
    form.put("Nonce", "11886");
    form.put("SecretId", "id");
    form.put("SignatureMethod", algorithm);
    URI address = URI.create(cloud.endpoint() + path);
    String toSign = V1Signature.toSign(method, address.getAuthority(), path, form);
    form.put("Signature", V1Signature.of(key, algorithm, toSign));
    String body =
        form.entrySet().stream()
            .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }
}
