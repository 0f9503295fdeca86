package dev.reinstall.simulator.jdcloud;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reinstall.simulator.wire.Hashes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** A caller that signs as documented; what is wrong in a test is wrong on purpose. */
record JdCaller(
    JdCloudSimulator cloud,
    String accessKey,
    String secretKey,
    String scopeRegion,
    Instant signedAt,
    Map<String, String> more) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  static JdCaller of(JdCloudSimulator cloud) {
    return new JdCaller(cloud, "ak", "sk", "cn-east-tz1", Instant.now(), Map.of());
  }

  JdCaller as(String key, String secret) {
    return new JdCaller(cloud, key, secret, scopeRegion, signedAt, more);
  }

  JdCaller scopedTo(String region) {
    return new JdCaller(cloud, accessKey, secretKey, region, signedAt, more);
  }

  JdCaller signedAt(Instant time) {
    return new JdCaller(cloud, accessKey, secretKey, scopeRegion, time, more);
  }

  /** Signed and sent. */
  JdCaller header(String name, String value) {
    Map<String, String> headers = new TreeMap<>(more);
    headers.put(name, value);
    return new JdCaller(cloud, accessKey, secretKey, scopeRegion, signedAt, headers);
  }

  JsonNode get(String path) {
    return json(send("GET", path, ""));
  }

  JsonNode put(String instanceId, String action, String body) {
    return json(send("PUT", instance(instanceId) + ":" + action, body));
  }

  JsonNode describe(String instanceId) {
    return get(instance(instanceId)).path("result").path("instance");
  }

  /** HTTP status and status word, or 200. */
  String outcome(String instanceId, String action, String body) {
    HttpResponse<String> response = send("PUT", instance(instanceId) + ":" + action, body);
    return (response.statusCode() + " " + json(response).path("error").path("status").asText())
        .strip();
  }

  static String instance(String id) {
    return "/v1/regions/cn-east-tz1/instances/" + id;
  }

  static String request(String clientToken) {
    return """
        {"clientToken":"%s","instanceSpec":{"az":"cn-east-tz1a","imageType":"standard",\
        "osTypeId":"os-2","sysRaidTypeId":"raid-1","keepData":"yes","dataRaidTypeId":"raid-2",\
        "password":"P@ssw0rd"}}"""
        .formatted(clientToken);
  }

  HttpResponse<String> send(String method, String target, String body) {
    try {
      return CLIENT.send(request(method, target, body), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  HttpRequest request(String method, String target, String body) {
    URI address = URI.create(cloud.endpoint() + target);
    Map<String, String> headers = new TreeMap<>(more);
    headers.put("content-type", "application/json");
    headers.put("x-jdcloud-date", DATE.format(signedAt));
    headers.put("x-jdcloud-nonce", UUID.randomUUID().toString());
    Map<String, String> signed = new TreeMap<>(headers);
    signed.put("host", address.getAuthority());
    String query = address.getRawQuery() == null ? "" : address.getRawQuery();
    String signature =
        JdCloudSignature.of(
                "JDCLOUD2",
                secretKey,
                headers.get("x-jdcloud-date"),
                scopeRegion,
                "edcps",
                method,
                address.getRawPath(),
                UriText.pairs(query),
                signed,
                signed.keySet(),
                Hashes.sha256(body))
            .signature();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .timeout(Duration.ofSeconds(10))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .header(
                "Authorization",
                "JDCLOUD2-HMAC-SHA256 Credential=%s/%s/%s/edcps/jdcloud2_request, SignedHeaders=%s, Signature=%s"
                    .formatted(
                        accessKey,
                        headers.get("x-jdcloud-date").substring(0, 8),
                        scopeRegion,
                        String.join(";", signed.keySet()),
                        signature));
    headers.forEach(request::header);
    return request.build();
  }

  private static JsonNode json(HttpResponse<String> response) {
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new AssertionError(response.body(), e);
    }
  }
}
