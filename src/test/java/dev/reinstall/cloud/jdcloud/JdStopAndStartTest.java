package dev.reinstall.cloud.jdcloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.SecretKeyRef;
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
import dev.reinstall.cloud.SecretBytes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

/** stopInstance and startInstance as sent, and the code that protects actions. */
class JdStopAndStartTest {
  private static final Instant NOW = Instant.parse("2026-09-01T10:00:00Z");
  private static final Instant CLAIMED = Instant.parse("2024-01-02T03:04:05.9Z");
  private static final Server SERVER = new Server(CloudName.JDCloud, "cn-east-tz1", "cps-abc123");
  private static final String TOKEN = "11111111-2222-3333-4444-555555555555";
  private static final String CODE = "13579024";
  private static final String CODE_SENT = "MTM1NzkwMjQ=";
  private static final String HEADER = "x-jdcloud-security-token";
  private static final Credentials ACCOUNT =
      new Credentials(Map.of("accessKey", "the-access-key", "secretKey", "the-secret-key"));
  private static final Credentials PROTECTED =
      new Credentials(
          Map.of(
              "accessKey", "the-access-key", "secretKey", "the-secret-key", "securityToken", CODE));
  private static final String YES = "{\"requestId\":\"the-id\",\"result\":{\"success\":true}}";

  private final AtomicLong nonces = new AtomicLong();
  private final ScriptedHttpServer server = ScriptedHttpServer.answering(200, YES);
  private final CloudClient cloud =
      new JdCloud(
              new CloudHttp(Duration.ofSeconds(10), Duration.ofSeconds(10)),
              new Endpoint(server.url()),
              Duration.ofMinutes(10),
              () -> NOW,
              () -> new UUID(0, nonces.incrementAndGet()),
              JdSignature.JDCLOUD2)
          .client();

  private enum JdPowerCall {
    STOP,
    START
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void a_stop_is_a_put_with_a_token_of_its_own() throws CloudException {
    assertThat(cloud.stop(ACCOUNT, request(SERVER, TOKEN))).contains("the-id");
    assertSent(":stopInstance");
  }

  @Test
  void a_start_is_a_put_with_a_token_of_its_own() throws CloudException {
    assertThat(cloud.start(ACCOUNT, request(SERVER, TOKEN))).isEqualTo("the-id");
    assertSent(":startInstance");
  }

  private void assertSent(String action) {
    assertThat(server.received()).hasSize(1);
    assertThat(server.last().line())
        .isEqualTo("PUT /v1/regions/cn-east-tz1/instances/cps-abc123" + action + " HTTP/1.1");
    assertThat(server.last().body()).isEqualTo("{\"clientToken\":\"" + TOKEN + "\"}");
    assertThat(server.last().headers())
        .containsEntry("content-type", "application/json")
        .containsEntry("x-jdcloud-date", "20240102T030405Z")
        .containsEntry("x-jdcloud-nonce", "00000000-0000-0000-0000-000000000001")
        .doesNotContainKey(HEADER);
    JdCloudTest.assertSigned(server.last(), "PUT", "", action, CLAIMED);
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(strings = "1111111111111111111111111111111111111")
  void without_a_token_the_cloud_takes_neither_is_sent(String token) {
    for (JdPowerCall call : JdPowerCall.values()) {
      CloudException failure = failure(call, ACCOUNT, request(SERVER, token));
      assertThat(failure.kind()).isEqualTo(Kind.NOT_SENT);
    }
    assertThat(server.received()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "a:b", "a?b", "a%2f", "a b", "a\r\nb"})
  void nothing_is_sent_for_an_instance_id_that_could_lead_elsewhere(String id) {
    Server malformed = new Server(CloudName.JDCloud, "cn-east-tz1", id);
    Server elsewhere = new Server(CloudName.JDCloud, "cn/east", "cps-abc123");
    for (JdPowerCall call : JdPowerCall.values()) {
      assertThat(failure(call, ACCOUNT, request(malformed, TOKEN)).kind()).isEqualTo(Kind.INVALID);
      assertThat(failure(call, ACCOUNT, request(elsewhere, TOKEN)).kind()).isEqualTo(Kind.INVALID);
    }
    assertThat(server.received()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"requestId\":\"the-id\",\"result\":{\"success\":false}}",
        "{\"requestId\":\"the-id\",\"result\":{}}",
        "{\"requestId\":\"the-id\",\"result\":{\"success\":null}}",
        "{\"requestId\":\"the-id\",\"result\":{\"success\":\"true\"}}",
        "{\"requestId\":\"the-id\",\"result\":{\"success\":1}}",
        "{\"requestId\":\"the-id\",\"result\":null}",
        "{\"requestId\":\"the-id\",\"success\":true}"
      })
  void only_success_true_is_success(String body) {
    server.nowAnswers(200, body);
    for (JdPowerCall call : JdPowerCall.values()) {
      assertThat(failure(call, ACCOUNT, request(SERVER, TOKEN)).kind()).isEqualTo(Kind.AMBIGUOUS);
    }
  }

  static List<String[]> errors() throws Exception {
    return JdCloudTest.errors();
  }

  @ParameterizedTest
  @MethodSource("errors")
  void every_error_means_what_its_row_says(int http, String word, String meaning, String why) {
    server.nowAnswers(http, error(http, word, "No."));
    for (JdPowerCall call : JdPowerCall.values()) {
      CloudException failure = failure(call, ACCOUNT, request(SERVER, TOKEN));
      assertThat(failure.kind()).as(why).isEqualTo(Kind.valueOf(meaning.toUpperCase(Locale.ROOT)));
      assertThat(failure).hasMessageStartingWith("HTTP " + http + " " + word + ": No.");
      assertThat(failure.requestId()).contains("the-id");
    }
  }

  @Test
  void the_code_goes_with_what_an_account_may_protect_encoded_and_signed() throws CloudException {
    cloud.stop(PROTECTED, request(SERVER, TOKEN));
    assertThat(server.last().headers()).containsEntry(HEADER, CODE_SENT);
    assertThat(signedHeaders()).contains(HEADER);
    JdCloudTest.assertSigned(server.last(), "PUT", "", ":stopInstance", CLAIMED);

    cloud.reinstall(
        PROTECTED,
        new ReinstallRequest(
            JdCloudTest.spec(JdCloudTest.BLOCK),
            Map.of(new SecretKeyRef("login", "password"), SecretBytes.ofText("P@ssw0rd")),
            TOKEN,
            CLAIMED));
    assertThat(server.last().headers()).containsEntry(HEADER, CODE_SENT);
    assertThat(signedHeaders()).contains(HEADER);
    JdCloudTest.assertSigned(server.last(), "PUT", "", ":reinstallInstance", CLAIMED);
  }

  @Test
  void the_code_goes_with_nothing_else() throws CloudException {
    cloud.start(PROTECTED, request(SERVER, TOKEN));
    server.nowAnswers(
        200, "{\"result\":{\"instance\":{\"instanceId\":\"cps-abc123\"},\"instances\":[]}}");
    cloud.describe(PROTECTED, SERVER);
    cloud.describeAll(PROTECTED, List.of(SERVER));

    assertThat(server.received()).hasSize(3);
    assertThat(server.received()).noneMatch(sent -> sent.headers().containsKey(HEADER));
    assertThat(server.received().toString()).doesNotContain(CODE, CODE_SENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"135 790", "135790\n", "\u4e00"})
  void a_code_that_is_none_is_never_sent(String code) {
    Credentials mistyped =
        new Credentials(
            Map.of(
                "accessKey",
                "the-access-key",
                "secretKey",
                "the-secret-key",
                "securityToken",
                code));
    CloudException failure = failure(JdPowerCall.STOP, mistyped, request(SERVER, TOKEN));
    assertThat(failure.kind()).isEqualTo(Kind.DENIED);
    assertThat(failure.getMessage()).contains("securityToken").doesNotContain(code);
    assertThat(server.received()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void no_secret_comes_back_out_of_an_error(JdPowerCall call) {
    server.now(
        (request, connection) ->
            ScriptedHttpServer.send(
                connection,
                ScriptedHttpServer.response(
                    403,
                    "x-jdcloud-request-id: " + CODE + "\n",
                    error(
                            403,
                            "HTTP_FORBIDDEN",
                            (request.headers() + " the-secret-key " + CODE).replace("\"", "'"))
                        .replace("\"requestId\":\"the-id\",", ""))));
    CloudException failure = failure(call, PROTECTED, request(SERVER, TOKEN));
    assertThat(failure.kind()).isEqualTo(Kind.DENIED);
    assertThat(failure.requestId()).isEmpty();
    assertThat(failure.getMessage())
        .contains("HTTP_FORBIDDEN", "the text of the cloud is not shown")
        .doesNotContain("the-access-key", "the-secret-key", CODE, CODE_SENT);
  }

  private CloudException failure(JdPowerCall call, Credentials credentials, PowerRequest request) {
    return catchThrowableOfType(
        CloudException.class,
        () -> {
          if (call == JdPowerCall.STOP) {
            cloud.stop(credentials, request);
          } else {
            cloud.start(credentials, request);
          }
        });
  }

  private static PowerRequest request(Server of, String token) {
    return new PowerRequest(of, token, CLAIMED);
  }

  private String signedHeaders() {
    return server.last().headers().get("authorization");
  }

  private static String error(int code, String word, String message) {
    return "{\"requestId\":\"the-id\",\"error\":{\"code\":%d,\"status\":\"%s\",\"message\":\"%s\"}}"
        .formatted(code, word, message);
  }
}
