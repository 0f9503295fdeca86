package dev.reinstall.cloud.tencent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Server;
import dev.reinstall.cloud.CloudClient;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudException.Kind;
import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.Endpoint;
import dev.reinstall.cloud.PowerRequest;
import dev.reinstall.cloud.ReinstallRequest;
import dev.reinstall.cloud.ScriptedHttpServer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** StopInstances and StartInstances as sent, and the meaning of the responses. */
class TencentStopAndStartTest {
  private static final Instant NOW = Instant.parse("2026-09-01T10:00:00Z");
  private static final Instant CLAIMED = Instant.parse("2026-08-31T23:59:59.9Z");
  private static final String NEEDLESS = "UnsupportedOperation.InstanceReinstallFailed";
  private static final Server SERVER =
      new Server(CloudName.TencentCloud, "ap-guangzhou", "ins-r8hr2upy");
  private static final Credentials ACCOUNT =
      new Credentials(Map.of("secretId", "AKIDexample", "secretKey", "the-secret-key"));
  private static final Credentials TEMPORARY =
      new Credentials(
          Map.of("secretId", "AKIDexample", "secretKey", "the-secret-key", "token", "the-token"));

  private final ScriptedHttpServer server =
      ScriptedHttpServer.answering(200, "{\"Response\":{\"RequestId\":\"the-id\"}}");
  private final CloudClient cloud =
      new TencentCloud(
              new CloudHttp(Duration.ofSeconds(10), Duration.ofSeconds(10)),
              new Endpoint(server.url()),
              Duration.ofMinutes(2),
              () -> NOW,
              new Tc3Signing())
          .client();

  /** The calls that change a server. */
  private enum TencentPowerCall {
    STOP,
    START,
    RESET
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void a_stop_is_soft_first_and_keeps_the_server_charged() throws CloudException {
    assertThat(cloud.stop(ACCOUNT, request(SERVER))).contains("the-id");

    assertThat(server.received()).hasSize(1);
    assertThat(server.last().line()).isEqualTo("POST / HTTP/1.1");
    assertThat(server.last().headers()).containsEntry("x-tc-action", "StopInstances");
    assertThat(server.last().body())
        .isEqualTo(
            "{\"InstanceIds\":[\"ins-r8hr2upy\"],\"StopType\":\"SOFT_FIRST\","
                + "\"StoppedMode\":\"KEEP_CHARGING\"}");
  }

  @Test
  void a_start_says_nothing_but_the_server() throws CloudException {
    assertThat(cloud.start(ACCOUNT, request(SERVER))).isEqualTo("the-id");

    assertThat(server.received()).hasSize(1);
    assertThat(server.last().headers()).containsEntry("x-tc-action", "StartInstances");
    assertThat(server.last().body()).isEqualTo("{\"InstanceIds\":[\"ins-r8hr2upy\"]}");
  }

  @Test
  void both_are_signed_with_the_time_of_the_claim() throws CloudException {
    cloud.stop(ACCOUNT, request(SERVER));
    cloud.start(TEMPORARY, request(SERVER));
    for (ScriptedHttpServer.Received sent : server.received()) {
      assertThat(sent.headers())
          .containsEntry("x-tc-version", "2017-03-12")
          .containsEntry("x-tc-region", "ap-guangzhou")
          .containsEntry("x-tc-timestamp", Long.toString(CLAIMED.getEpochSecond()));
      TencentCloudTest.assertSigned(sent, "/", CLAIMED);
    }
    assertThat(server.received().get(0).headers()).doesNotContainKey("x-tc-token");
    assertThat(server.received().get(1).headers()).containsEntry("x-tc-token", "the-token");
  }

  @Test
  void a_server_whose_install_failed_need_not_be_stopped() throws CloudException {
    response(NEEDLESS, "No.");
    assertThat(cloud.stop(ACCOUNT, request(SERVER))).isEmpty();
    assertThat(server.received()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "START, UnsupportedOperation.InstanceReinstallFailed, DENIED",
    "RESET, UnsupportedOperation.InstanceReinstallFailed, DENIED",
    "STOP, UnsupportedOperation.InstanceStateStopped, BUSY",
    "STOP, UnsupportedOperation.InstanceReinstallFailed.More, AMBIGUOUS",
    "STOP, unsupportedoperation.instancereinstallfailed, AMBIGUOUS",
    "STOP, UnsupportedOperation, INVALID",
    "STOP, '', AMBIGUOUS"
  })
  void nothing_else_is_needless(TencentPowerCall call, String code, Kind meaning) {
    response(code, "No.");
    assertThat(failure(call, SERVER).kind()).isEqualTo(meaning);
  }

  static List<String[]> errors() throws IOException {
    return TencentCloudTest.errors().stream().filter(row -> !row[0].equals(NEEDLESS)).toList();
  }

  @ParameterizedTest
  @MethodSource("errors")
  void every_error_means_what_its_row_says(String code, String where, String meaning) {
    response(code, "No.");
    for (TencentPowerCall call : List.of(TencentPowerCall.STOP, TencentPowerCall.START)) {
      CloudException failure = failure(call, SERVER);
      assertThat(failure.kind()).isEqualTo(Kind.valueOf(meaning.toUpperCase(Locale.ROOT)));
      assertThat(failure).hasMessage(TencentCloudTest.message(code));
      assertThat(failure.requestId()).contains("the-id");
      assertThat(failure.kind()).isNotEqualTo(Kind.NOT_SENT);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ins-1", "ins-r8hr2upy\",\"ins-r8hr2upz", "", "../x", "ins-R8HR2UPY"})
  void nothing_is_sent_for_a_malformed_instance(String id) {
    Server malformed = new Server(CloudName.TencentCloud, "ap-guangzhou", id);
    Server elsewhere = new Server(CloudName.TencentCloud, "ap guangzhou", "ins-r8hr2upy");
    for (TencentPowerCall call : List.of(TencentPowerCall.STOP, TencentPowerCall.START)) {
      assertThat(failure(call, malformed).kind()).isEqualTo(Kind.INVALID);
      assertThat(failure(call, elsewhere).kind()).isEqualTo(Kind.INVALID);
    }
    assertThat(server.received()).isEmpty();
  }

  @Test
  void no_secret_comes_back_out_of_an_error() {
    server.now(
        (request, connection) ->
            ScriptedHttpServer.send(
                connection,
                ScriptedHttpServer.response(
                    200,
                    "",
                    error(
                        "UnauthorizedOperation",
                        request.headers().toString().replace("\"", "'") + " the-secret-key"))));
    for (TencentPowerCall call : List.of(TencentPowerCall.STOP, TencentPowerCall.START)) {
      CloudException failure = failure(call, SERVER);
      assertThat(failure.kind()).isEqualTo(Kind.DENIED);
      assertThat(failure.getMessage())
          .contains("UnauthorizedOperation", "the text of the cloud is not shown")
          .doesNotContain("AKIDexample", "the-secret-key", "the-token");
    }
  }

  private CloudException failure(TencentPowerCall call, Server of) {
    return catchThrowableOfType(CloudException.class, () -> send(call, of));
  }

  private void send(TencentPowerCall call, Server of) throws CloudException {
    switch (call) {
      case STOP -> cloud.stop(TEMPORARY, request(of));
      case START -> cloud.start(TEMPORARY, request(of));
      case RESET ->
          cloud.reinstall(
              TEMPORARY,
              new ReinstallRequest(TencentCloudTest.spec("{}"), Map.of(), null, CLAIMED));
    }
  }

  private static PowerRequest request(Server of) {
    return new PowerRequest(of, null, CLAIMED);
  }

  private void response(String code, String message) {
    server.nowAnswers(200, error(code, message));
  }

  private static String error(String code, String message) {
    return "{\"Response\":{\"Error\":{\"Code\":\"%s\",\"Message\":\"%s\"},\"RequestId\":\"the-id\"}}"
        .formatted(code, message);
  }
}
