package dev.reinstall.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reinstall.simulator.tencent.TencentSimulator;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlEndpointTest {
  private final TencentSimulator cloud = TencentSimulator.start(0, SimClock.manual());

  ControlEndpointTest() {
    cloud.newServer("ins-r8hr2upy").running();
  }

  @AfterEach
  void close() {
    cloud.close();
  }

  @Test
  void a_person_sees_servers_and_pulls_plugs() throws Exception {
    assertThat(send("GET", "servers", "")).contains("\"wipes\":0", "RUNNING");

    send("POST", "servers/ins-r8hr2upy/stop", "");
    assertThat(cloud.server("ins-r8hr2upy").state()).isEqualTo("STOPPED");

    send("POST", "servers/ins-r8hr2upy/start", "");
    assertThat(cloud.server("ins-r8hr2upy").state()).isEqualTo("RUNNING");
  }

  @Test
  void a_person_orders_faults_and_takes_them_back() throws Exception {
    String fault = "{\"action\":\"?\",\"fault\":\"status:418\",\"always\":true}";
    send("POST", "faults", fault);
    assertThat(status("/")).isEqualTo(418);

    send("DELETE", "faults", "");
    assertThat(status("/")).isEqualTo(200);
    assertThat(send("GET", "calls", "")).contains("fault: status 418", "UNSIGNED");
  }

  @Test
  void a_person_turns_the_clock() throws Exception {
    Instant before = cloud.clock().now();

    send("POST", "clock", "{\"advance\":\"PT15M\"}");

    assertThat(cloud.clock().now()).isEqualTo(before.plus(Duration.ofMinutes(15)));
  }

  @Test
  void a_slip_of_the_finger_is_reported() throws Exception {
    assertThat(send("POST", "faults", "{\"action\":\"?\",\"fault\":\"cut\"}"))
        .contains("no fault cut");
    assertThat(send("POST", "servers/ins-nobody/stop", "")).contains("no server ins-nobody");
    assertThat(send("POST", "clock", "{}")).contains("error");
    assertThat(send("PUT", "moon", "")).contains("nothing is known of PUT moon");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status:503",
        "statusAfterEffect:500",
        "errorCode:InternalError",
        "errorCodeAfterEffect:InternalError",
        "cutBeforeEffect",
        "cutAfterEffect",
        "resetBeforeEffect",
        "resetAfterEffect",
        "cutThenEffect:PT1S",
        "deliveredTwice:PT1S",
        "lateAnswer:PT1S",
        "delayBeforeEffect:PT1S",
        "garbage",
        "notJson",
        "truncated",
        "hugeBody:2000000",
        "emptyBody",
        "redirect",
        "wrongInstance",
        "slowDrip:PT0.1S",
        "closeBehindAnswer"
      })
  void every_fault_has_a_name(String name) {
    assertThat(FaultByName.find(name)).isNotNull();
  }

  @Test
  void options_are_checked() {
    assertThat(Simulators.options(List.of("--speed", "1200")))
        .containsEntry("--speed", "1200")
        .containsEntry("--tencent-port", "8081");
    assertThatThrownBy(() -> Simulators.options(List.of("--port", "1")))
        .hasMessageContaining("--tencent-port");
  }

  private int status(String path) throws Exception {
    return response("POST", path, "{}").statusCode();
  }

  private String send(String method, String path, String body) throws Exception {
    return response(method, "/_simulator/" + path, body).body();
  }

  private HttpResponse<String> response(String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(cloud.endpoint() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }
}
