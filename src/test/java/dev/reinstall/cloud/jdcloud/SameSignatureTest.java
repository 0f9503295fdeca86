package dev.reinstall.cloud.jdcloud;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reinstall.api.CloudName;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.Server;
import dev.reinstall.cloud.CloudClient;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.Endpoint;
import dev.reinstall.cloud.OddText;
import dev.reinstall.cloud.PowerRequest;
import dev.reinstall.cloud.ReinstallRequest;
import dev.reinstall.cloud.SecretBytes;
import dev.reinstall.simulator.RecordedCall;
import dev.reinstall.simulator.SimClock;
import dev.reinstall.simulator.jdcloud.JdCloudSimulator;
import dev.reinstall.simulator.wire.HttpRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Compares our signature with the vendor's own signer for the same input, over many odd inputs. The
 * vendor has no Java client of edcps: the body is compared with the request itself.
 */
class SameSignatureTest {
  private static final int CASES = 300;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String KEY = "the+key/=~%41";
  private static final String CODE_HEADER = "x-jdcloud-security-token";
  private static final SecretKeyRef PASSWORD = new SecretKeyRef("login", "password");
  private static final List<String> REGIONS = List.of("cn-east-tz1", "cn-north-1", "xy-a1-b2");

  private final JdCloudSimulator simulator = JdCloudSimulator.start(0, SimClock.manual());
  private final CloudHttp http = new CloudHttp(Duration.ofSeconds(10), Duration.ofSeconds(10));
  private final Random chance = new Random(20240102);

  @AfterEach
  void close() {
    simulator.close();
  }

  @Test
  void every_call_of_ours_is_signed_as_the_vendor_signs_it() throws Exception {
    for (int i = 0; i < CASES; i++) {
      String region = REGIONS.get(chance.nextInt(REGIONS.size()));
      String id = "c" + OddText.id(chance, 1 + chance.nextInt(20)) + "._-".charAt(i % 3);
      ObjectNode block = block();
      String password = "p" + OddText.any(chance, 40) + "p"; // no line break at its end
      String token = UUID.nameUUIDFromBytes(new byte[] {(byte) i}).toString();
      Instant at = Instant.now().truncatedTo(ChronoUnit.SECONDS);

      Credentials credentials = account(i);
      Server server = new Server(CloudName.JDCloud, region, id);
      PowerRequest power = new PowerRequest(server, token, at);
      // A call that changes a server is signed with the time of its claim, or this fails.
      CloudClient changing = cloud(Instant.EPOCH);

      HttpRequest order =
          one(
              () ->
                  changing.reinstall(
                      credentials,
                      new ReinstallRequest(
                          spec(region, id, block),
                          Map.of(PASSWORD, SecretBytes.ofText(password)),
                          token,
                          at)));
      assertSignedAlike(order, credentials, region, at);
      assertSays(order.body(), block, password, token);
      HttpRequest stop = one(() -> changing.stop(credentials, power));
      assertSignedAlike(stop, credentials, region, at);
      HttpRequest start = one(() -> changing.start(credentials, power));
      assertSignedAlike(start, credentials, region, at);
      for (HttpRequest switched : List.of(stop, start)) {
        assertThat(JSON.readTree(switched.body()))
            .isEqualTo(JSON.createObjectNode().put("clientToken", token));
      }
      for (HttpRequest guarded : List.of(order, stop)) {
        assertThat(guarded.headers().containsKey(CODE_HEADER))
            .isEqualTo(credentials.values().containsKey("securityToken"));
      }

      HttpRequest observation = one(() -> cloud(at).describe(credentials, server));
      assertSignedAlike(observation, credentials, region, at);
      HttpRequest looks = one(() -> cloud(at).describeAll(credentials, servers(server)));
      assertSignedAlike(looks, credentials, region, at);
      for (HttpRequest open : List.of(start, observation, looks)) {
        assertThat(open.headers()).doesNotContainKey(CODE_HEADER);
      }
    }
    assertThat(simulator.callsLog()).hasSize(5 * CASES).allMatch(RecordedCall::verified);
  }

  @Test
  void odd_queries_headers_and_bodies_are_signed_as_the_vendor_signs_them() {
    for (int i = 0; i < 10 * CASES; i++) {
      List<Map.Entry<String, String>> query = new ArrayList<>();
      for (int j = chance.nextInt(6); j > 0; j--) {
        query.add(
            Map.entry("n" + chance.nextInt(3) + OddText.any(chance, 2), OddText.any(chance, 9)));
      }
      TreeMap<String, String> headers = new TreeMap<>();
      headers.put("content-type", "application/json");
      headers.put("x-jdcloud-nonce", UUID.nameUUIDFromBytes(new byte[] {(byte) i}).toString());
      if (chance.nextBoolean()) {
        headers.put("x-jdcloud-security-token", OddText.visible(chance, 8));
      }
      if (chance.nextBoolean()) {
        headers.put("x-my-header", OddText.visible(chance, 3) + "   " + OddText.visible(chance, 3));
      }
      String path =
          "/v1/regions/r/instances/" + OddText.visible(chance, 9).replace("/", ":") + ":x";
      String body = OddText.any(chance, 50);
      Instant at = Instant.ofEpochSecond(chance.nextInt(Integer.MAX_VALUE));
      String host = chance.nextBoolean() ? "example.com" : "example.com:8443";

      String theirs =
          new VendorSigner("ak", KEY, "r-1", "edcps")
              .sign("PUT", URI.create("https://" + host), path, query, headers, body, at)
              .get("authorization");
      headers.put("host", host);
      headers.put("x-jdcloud-date", JdSigner.date(at));
      assertThat(
              new JdSigner(JdSignature.JDCLOUD2, "ak", KEY, "r-1", "edcps")
                  .authorization(new JdSigner.Request("PUT", path, query, headers, body), at))
          .as("case %d: %s %s", i, path, query)
          .isEqualTo(theirs);
    }
  }

  /** Byte by byte: every header that the vendor's signer would send is as we sent it. */
  private void assertSignedAlike(
      HttpRequest ours, Credentials credentials, String region, Instant at) {
    Map<String, String> headers = new TreeMap<>();
    for (String name : List.of("content-type", "x-jdcloud-nonce")) {
      headers.put(name, ours.header(name));
    }
    String code = credentials.values().get("securityToken");
    boolean guarded = ours.headers().containsKey(CODE_HEADER);
    if (guarded) {
      headers.put(
          CODE_HEADER, Base64.getEncoder().encodeToString(code.getBytes(StandardCharsets.UTF_8)));
    }
    Map<String, String> theirs =
        new VendorSigner(
                credentials.values().get("accessKey"),
                credentials.values().get("secretKey"),
                region,
                "edcps")
            .sign(
                ours.method(),
                URI.create(simulator.endpoint()),
                ours.path(),
                pairs(ours.query()),
                headers,
                ours.body(),
                at);
    assertThat(theirs).hasSize(guarded ? 6 : 5);
    theirs.forEach((name, value) -> assertThat(ours.header(name)).as(name).isEqualTo(value));
  }

  private static List<Map.Entry<String, String>> pairs(String query) {
    return query.isEmpty()
        ? List.of()
        : Stream.of(query.split("&"))
            .map(pair -> pair.split("=", 2))
            .map(pair -> Map.entry(pair[0], pair[1]))
            .toList();
  }

  /** Every other one is protected by a code. */
  private Credentials account(int number) {
    String accessKey = "ak" + number;
    String secretKey = OddText.visible(chance, 1 + chance.nextInt(60));
    if (number % 2 == 0) {
      simulator.account(accessKey, secretKey);
      return new Credentials(Map.of("accessKey", accessKey, "secretKey", secretKey));
    }
    String code = OddText.visible(chance, 1 + chance.nextInt(12));
    simulator.protectedAccount(accessKey, secretKey, code);
    return new Credentials(
        Map.of("accessKey", accessKey, "secretKey", secretKey, "securityToken", code));
  }

  /** This one, and from none to 99 more. */
  private List<Server> servers(Server first) {
    int more = List.of(0, 1, 19, 99).get(chance.nextInt(4));
    return Stream.concat(
            Stream.of(first),
            Stream.generate(() -> "more-" + OddText.id(chance, 12))
                .distinct()
                .limit(more)
                .map(id -> new Server(first.cloud(), first.region(), id)))
        .toList();
  }

  private static void assertSays(String body, ObjectNode block, String password, String token)
      throws Exception {
    ObjectNode spec = block.deepCopy();
    spec.remove("passwordRef");
    spec.put("imageType", "standard");
    spec.put("keepData", block.get("keepData").asBoolean() ? "yes" : "no");
    spec.put("password", password);
    if (block.has("userData")) {
      byte[] script = block.get("userData").asText().getBytes(StandardCharsets.UTF_8);
      spec.put("userData", Base64.getEncoder().encodeToString(script));
    }
    ObjectNode said = JSON.createObjectNode().put("clientToken", token);
    said.set("instanceSpec", spec);
    assertThat(JSON.readTree(body)).isEqualTo(said);
  }

  /** No cloud has to accept it: only what is sent is compared. */
  private ObjectNode block() {
    ObjectNode block = JSON.createObjectNode();
    for (String field : List.of("az", "osTypeId", "sysRaidTypeId", "dataRaidTypeId")) {
      block.put(field, OddText.any(chance, 12));
    }
    block.put("keepData", chance.nextBoolean());
    block.set("passwordRef", JSON.valueToTree(PASSWORD));
    for (String field : List.of("hostname", "userData", "keypairId")) {
      if (chance.nextBoolean()) {
        block.put(field, OddText.any(chance, 60));
      }
    }
    return block;
  }

  private static ReinstallSpec spec(String region, String id, ObjectNode block) {
    ObjectNode spec = JSON.createObjectNode();
    spec.put("cloud", "JDCloud").put("region", region).put("instanceId", id);
    spec.set("jdCloud", block);
    return JSON.convertValue(spec, ReinstallSpec.class);
  }

  private CloudClient cloud(Instant now) {
    return new JdCloud(
            http,
            new Endpoint(simulator.endpoint()),
            Duration.ZERO,
            () -> now,
            () -> new UUID(chance.nextLong(), chance.nextLong()),
            JdSignature.JDCLOUD2)
        .client();
  }

  /** What was received; that the simulator has no such server does not matter. */
  private HttpRequest one(Sending sending) {
    int before = simulator.callsLog().size();
    try {
      sending.send();
    } catch (CloudException refused) {
      assertThat(refused).hasMessageNotContainingAny("UNAUTHENTICATED", "HTTP_FORBIDDEN");
    }
    assertThat(simulator.callsLog()).hasSize(before + 1);
    return simulator.callsLog().get(before).request();
  }

  @FunctionalInterface
  private interface Sending {
    Object send() throws CloudException;
  }
}
