package dev.reinstall.cloud.jdcloud;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reinstall.api.CloudName;
import dev.reinstall.api.Server;
import dev.reinstall.cloud.CloudClient;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.Endpoint;
import dev.reinstall.cloud.PowerRequest;
import dev.reinstall.controlplane.Command;
import dev.reinstall.controlplane.NeedsPrograms;
import dev.reinstall.controlplane.Programs;
import dev.reinstall.simulator.RecordedCall;
import dev.reinstall.simulator.SimClock;
import dev.reinstall.simulator.jdcloud.JdCloudSimulator;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The vendor's Python client as a judge of the newer signature: of the simulator's, which must
 * accept what it signs, and of ours, which must be the same.
 */
@Tag("deep")
@NeedsPrograms("jdcloud-python")
class VendorPythonClientIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String KEY = "the+key/=~%41";
  private static final Server SERVER = new Server(CloudName.JDCloud, "cn-east-tz1", "cps-abc123");
  private static final String CALLS =
      """
      [["DescribeInstance", {"regionId": "cn-east-tz1", "instanceId": "cps-abc123"}],
       ["DescribeInstances", {"regionId": "cn-east-tz1", "pageNumber": 1, "pageSize": 100,
         "filters": [{"name": "instanceId", "values": ["cps-abc123", "cps-b"]}]}],
       ["ReinstallInstance", {"regionId": "cn-east-tz1", "instanceId": "cps-abc123",
         "clientToken": "11111111-2222-3333-4444-555555555555",
         "instanceSpec": {"az": "cn-east-tz1a", "imageType": "standard", "osTypeId": "os-2",
           "sysRaidTypeId": "raid-1", "keepData": "yes", "dataRaidTypeId": "raid-2",
           "password": "P@ssw0rd \u00e9\u5bc6"}}]]
      """;

  private final JdCloudSimulator simulator =
      JdCloudSimulator.start(0, SimClock.manual()).account("ak", KEY);

  VendorPythonClientIT() {
    simulator.newServer(SERVER.instanceId());
  }

  @AfterEach
  void close() {
    simulator.close();
  }

  @Test
  void the_simulator_accepts_what_it_signs() throws Exception {
    JsonNode responses = vendor(theirCalls());

    assertThat(responses).hasSize(3).allMatch(response -> response.get("error").isNull());
    assertThat(responses.at("/0/result/instance/status").asText()).isEqualTo("stopped");
    assertThat(responses.at("/1/result/totalCount").asInt()).isEqualTo(1);
    assertThat(responses.at("/2/result/success").asBoolean()).isTrue();
    assertThat(simulator.wipes(SERVER.instanceId())).isEqualTo(1);
    assertThat(simulator.callsLog())
        .hasSize(3)
        .allMatch(RecordedCall::verified)
        .allMatch(call -> call.request().header("authorization").startsWith("JDCLOUD3-"));
  }

  @Test
  void a_simulator_that_takes_the_older_form_only_refuses_it() throws Exception {
    simulator.takeOnly("JDCLOUD2");

    JsonNode responses = vendor(theirCalls());

    assertThat(responses)
        .extracting(response -> response.at("/error/status").asText())
        .containsExactly("UNAUTHENTICATED", "UNAUTHENTICATED", "UNAUTHENTICATED");
    assertThat(simulator.wipes(SERVER.instanceId())).isZero();
  }

  @Test
  void our_calls_are_signed_as_it_signs_them() throws Exception {
    Credentials credentials = new Credentials(Map.of("accessKey", "ak", "secretKey", KEY));
    simulator.takeOnly("JDCLOUD3");
    CloudClient ours =
        new JdCloud(
                new CloudHttp(Duration.ofSeconds(10), Duration.ofSeconds(10)),
                new Endpoint(simulator.endpoint()),
                Duration.ZERO,
                Instant::now,
                UUID::randomUUID,
                JdSignature.JDCLOUD3)
            .client();
    PowerRequest power = new PowerRequest(SERVER, UUID.randomUUID().toString(), Instant.now());
    ours.describe(credentials, SERVER);
    ours.describeAll(
        credentials, List.of(SERVER, new Server(CloudName.JDCloud, "cn-east-tz1", "cps-b._-")));
    ours.start(credentials, power);
    try {
      ours.stop(credentials, power);
    } catch (CloudException refused) {
      assertThat(refused).hasMessageNotContaining("UNAUTHENTICATED"); // it is being started
    }
    assertThat(simulator.callsLog()).hasSize(4).allMatch(RecordedCall::verified);

    ObjectNode given = credentials().put("service", "edcps");
    ArrayNode requests = given.putArray("sign");
    for (RecordedCall call : simulator.callsLog()) {
      ObjectNode request =
          requests
              .addObject()
              .put("method", call.request().method())
              .put("region", SERVER.region())
              .put("url", URI.create(simulator.endpoint()) + target(call))
              .put("body", call.body());
      ObjectNode headers = request.putObject("headers");
      for (String name : List.of("content-type", "x-jdcloud-date", "x-jdcloud-nonce")) {
        headers.put(name, call.request().header(name));
      }
    }
    JsonNode theirs = vendor(given);

    assertThat(theirs).hasSize(4);
    for (int i = 0; i < theirs.size(); i++) {
      RecordedCall call = simulator.callsLog().get(i);
      assertThat(theirs.get(i)).hasSize(6);
      theirs
          .get(i)
          .properties()
          .forEach(
              header ->
                  assertThat(call.request().header(header.getKey().toLowerCase(Locale.ROOT)))
                      .as(call.line() + ": " + header.getKey())
                      .isEqualTo(header.getValue().asText()));
    }
  }

  private static String target(RecordedCall call) {
    String query = call.request().query();
    return call.request().path() + (query.isEmpty() ? "" : "?" + query);
  }

  private ObjectNode theirCalls() throws Exception {
    ObjectNode given =
        credentials().put("endpoint", URI.create(simulator.endpoint()).getAuthority());
    given.set("calls", JSON.readTree(CALLS));
    return given;
  }

  private static ObjectNode credentials() {
    return JSON.createObjectNode().put("accessKey", "ak").put("secretKey", KEY);
  }

  private static JsonNode vendor(JsonNode given) throws Exception {
    String out =
        Command.run(
                Programs.path("jdcloud-python"),
                List.of("src/test/resources/jdcloud/vendor_client.py"),
                Map.of("NO_PROXY", "127.0.0.1"),
                given.toString(),
                Duration.ofSeconds(60))
            .orFail();
    return JSON.readTree(out);
  }
}
