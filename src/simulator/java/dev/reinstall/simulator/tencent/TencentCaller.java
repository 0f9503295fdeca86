package dev.reinstall.simulator.tencent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reinstall.simulator.wire.Hashes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A caller that signs as documented; what is wrong in a test is wrong on purpose. */
record TencentCaller(
    TencentSimulator cloud,
    String secretId,
    String secretKey,
    String region,
    Instant signedAt,
    Map<String, String> more) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  static TencentCaller of(TencentSimulator cloud) {
    return new TencentCaller(cloud, "id", "key", "ap-guangzhou", Instant.now(), Map.of());
  }

  TencentCaller as(String id, String key) {
    return new TencentCaller(cloud, id, key, region, signedAt, more);
  }

  TencentCaller in(String otherRegion) {
    return new TencentCaller(cloud, secretId, secretKey, otherRegion, signedAt, more);
  }

  TencentCaller signedAt(Instant time) {
    return new TencentCaller(cloud, secretId, secretKey, region, time, more);
  }

  TencentCaller header(String name, String value) {
    Map<String, String> headers = new TreeMap<>(more);
    headers.put(name, value);
    return new TencentCaller(cloud, secretId, secretKey, region, signedAt, headers);
  }

  /** The error code, or the empty string on success. */
  String code(String action, String body) {
    return call(action, body).path("Error").path("Code").asText();
  }

  /** The content of {@code Response}. */
  JsonNode call(String action, String body) {
    try {
      return JSON.readTree(send(action, body).body()).path("Response");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The one instance that is described under the id. */
  JsonNode describe(String instanceId) {
    JsonNode set =
        call("DescribeInstances", "{\"InstanceIds\":[\"" + instanceId + "\"]}").path("InstanceSet");
    return set.path(0);
  }

  HttpResponse<String> send(String action, String body) throws IOException {
    try {
      return CLIENT.send(request(action, body), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  HttpRequest request(String action, String body) {
    long timestamp = signedAt.getEpochSecond();
    String host = URI.create(cloud.endpoint()).getAuthority();
    String type = "application/json; charset=utf-8";
    List<String> signed = List.of("content-type", "host", "x-tc-action");
    String signature =
        Tc3Signature.of(
                secretKey,
                "cvm",
                timestamp,
                "POST",
                "/",
                "",
                Map.of("content-type", type, "host", host, "x-tc-action", action),
                signed,
                Hashes.sha256(body))
            .signature();
    String authorization =
        "TC3-HMAC-SHA256 Credential=%s/%s/cvm/tc3_request, SignedHeaders=%s, Signature=%s"
            .formatted(secretId, Tc3Signature.date(timestamp), String.join(";", signed), signature);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(cloud.endpoint() + "/"))
            .timeout(Duration.ofSeconds(10))
            .header("Authorization", authorization)
            .header("Content-Type", type)
            .header("X-TC-Action", action)
            .header("X-TC-Version", "2017-03-12")
            .header("X-TC-Timestamp", String.valueOf(timestamp))
            .header("X-TC-Region", region)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    more.forEach(request::setHeader);
    return request.build();
  }
}
