package dev.reinstall.cloud;

import static dev.reinstall.cloud.LoopbackServer.answer;
import static dev.reinstall.cloud.LoopbackServer.cutAfter;
import static dev.reinstall.cloud.LoopbackServer.sending;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.JdCloudSpec;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.SecretRef;
import dev.reinstall.api.TencentCloudSpec;
import dev.reinstall.cloud.jdcloud.JdCloud;
import dev.reinstall.cloud.tencent.Signature;
import dev.reinstall.cloud.tencent.TencentCloud;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever an adapter is answered that it does not understand is unclear, and nothing is resent.
 */
@Timeout(20)
class HostileAnswersTest {

  private static final Instant NOW = Instant.parse("2026-09-01T10:00:00Z");
  private static final SecretKeyRef PASSWORD = new SecretKeyRef("login", "password");
  private static final Account ACCOUNT =
      new Account(Map.of("secretId", "AKIDx", "accessKey", "AKx", "secretKey", "the-secret-key"));
  private static final String OTHER =
      "{\"InstanceId\":\"ins-other000\",\"InstanceState\":\"STOPPED\"}";
  private static final String ASKED =
      "{\"InstanceId\":\"ins-r8hr2upy\",\"InstanceState\":\"STOPPED\"}";

  private enum Adapter {
    TENCENT,
    JD
  }

  private enum Kind {
    LOOK,
    ORDER
  }

  static Stream<Arguments> everywhere() {
    List<Arguments> answers =
        List.of(
            of("cut before", cutAfter("")),
            of("cut after the headers", cutAfter("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")),
            of("no HTTP", cutAfter("P@ssw0rd the-secret-key\r\n\r\n")),
            of("empty", json(200, "")),
            of("huge", json(200, "{\"a\":\"" + "x".repeat(1 << 20) + "\"}")),
            of("nothing in it", json(200, "{}")),
            of("a text", json(200, "\"P@ssw0rd\"")),
            of("null", json(200, "null")),
            of("an array", json(200, "[{}]")),
            of("half", json(200, "{\"Response\":{\"RequestId\":\"i\"}")),
            of("more after the end", json(200, tencent("\"RequestId\":\"i\"") + "{}")),
            of("more after the end", json(200, jd("\"success\":true") + "{}")),
            of("two meanings", json(200, tencent("\"RequestId\":\"i\",\"RequestId\":\"j\""))),
            of("two meanings", json(200, jd("\"success\":false,\"success\":true"))),
            of("too deep", json(200, "{\"Response\":".repeat(2000))),
            of("a page", json(200, "<html>P@ssw0rd</html>")),
            of("no content", sending("HTTP/1.1 204 No Content\r\n\r\n")),
            of("elsewhere", sending(answer(302, "Location: http://127.0.0.1:1/\n", ""))),
            of("asked to log in", sending(answer(401, "WWW-Authenticate: Basic\n", "{}"))),
            of("a time-out", json(408, "")),
            of("a gateway", json(502, "<html>bad gateway</html>")),
            of("unavailable", sending(answer(503, "Retry-After: 0\n", ""))),
            of("Response: text", json(200, "{\"Response\":\"x\"}")),
            of("Response: array", json(200, "{\"Response\":[]}")),
            of("RequestId: number", json(200, tencent("\"RequestId\":1"))),
            of("RequestId: null", json(200, tencent("\"RequestId\":null"))),
            of("RequestId: empty", json(200, tencent("\"RequestId\":\"\""))),
            of("RequestId: long", json(200, tencent("\"RequestId\":\"" + "x".repeat(200) + "\""))),
            of("RequestId: secret", json(200, tencent("\"RequestId\":\"the-secret-key\""))),
            of("Error: text", json(200, tencent("\"RequestId\":\"i\",\"Error\":\"No\""))),
            of("Error: empty", json(200, tencent("\"RequestId\":\"i\",\"Error\":{}"))),
            of("Code: number", json(200, tencent("\"RequestId\":\"i\",\"Error\":{\"Code\":1}"))),
            of("Code: null", json(200, tencent("\"RequestId\":\"i\",\"Error\":{\"Code\":null}"))),
            of("another's words", json(400, tencent("\"RequestId\":\"i\""))),
            of("result: text", json(200, "{\"requestId\":\"i\",\"result\":\"x\"}")),
            of("requestId: object", json(200, "{\"requestId\":{},\"result\":{}}")),
            of("error: array", json(400, "{\"requestId\":\"i\",\"error\":[]}")),
            of("code: text", json(400, "{\"error\":{\"code\":\"x\",\"status\":\"NOT_FOUND\"}}")),
            of("status: number", json(400, "{\"error\":{\"code\":400,\"status\":1}}")));
    return answers.stream()
        .flatMap(
            row ->
                Stream.of(Adapter.values())
                    .flatMap(
                        adapter ->
                            Stream.of(Kind.values())
                                .map(
                                    kind ->
                                        Arguments.of(row.get()[0], adapter, kind, row.get()[1]))));
  }

  @ParameterizedTest(name = "{0}: {1} {2}")
  @MethodSource("everywhere")
  void what_is_not_understood_is_unclear_and_not_resent(
      String what, Adapter adapter, Kind kind, LoopbackServer.Behaviour behaviour) {
    try (var server = new LoopbackServer(behaviour)) {
      CloudException failure = failure(server, adapter, kind);
      assertThat(failure).as(what).isNotNull();
      assertThat(failure.trouble()).isEqualTo(Trouble.UNCLEAR);
      assertThat(failure.isNeverSent()).isFalse();
      assertThat(failure.getMessage()).doesNotContain("P@ssw0rd", "the-secret-key");
      assertThat(failure.requestId()).isNotEqualTo(Optional.of("the-secret-key"));
      if (kind == Kind.ORDER) {
        assertThat(server.received()).hasSize(1);
      }
    }
  }

  static Stream<Arguments> otherServers() {
    return Stream.of(
        of("none told", json(200, tencent("\"RequestId\":\"i\""))),
        of("null", json(200, tencent("\"RequestId\":\"i\",\"InstanceSet\":null"))),
        of("an object", json(200, tencent("\"RequestId\":\"i\",\"InstanceSet\":{}"))),
        of("texts", json(200, set("\"ins-r8hr2upy\""))),
        of("another", json(200, set(OTHER))),
        of("another too", json(200, set(ASKED + "," + OTHER))),
        of("twice", json(200, set(ASKED + "," + ASKED))),
        of("no id", json(200, set("{\"InstanceState\":\"STOPPED\"}"))),
        of("state: number", json(200, set(ASKED.replace("\"STOPPED\"", "1")))),
        of("id: array", json(200, set(ASKED.replace("\"ins-r8hr2upy\"", "[\"ins-r8hr2upy\"]")))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("otherServers")
  void a_look_that_is_not_about_the_server_alone_is_unclear(
      String what, LoopbackServer.Behaviour behaviour) {
    try (var server = new LoopbackServer(behaviour)) {
      CloudException failure = failure(server, Adapter.TENCENT, Kind.LOOK);
      assertThat(failure).as(what).isNotNull();
      assertThat(failure.trouble()).isEqualTo(Trouble.UNCLEAR);
    }
  }

  private static CloudException failure(LoopbackServer server, Adapter adapter, Kind kind) {
    var http = new CloudHttp(Duration.ofSeconds(10), Duration.ofSeconds(10));
    var endpoint = new Endpoint(server.url());
    Cloud cloud =
        adapter == Adapter.TENCENT
            ? new TencentCloud(
                http, endpoint, Duration.ofMinutes(2), () -> NOW, Signature.named("TC3", () -> 1))
            : new JdCloud(http, endpoint, Duration.ofMinutes(10), () -> NOW, UUID::randomUUID);
    ReinstallSpec spec = adapter == Adapter.TENCENT ? tencentOrder() : jdOrder();
    var order = new Order(spec, Map.of(PASSWORD, "P@ssw0rd"), UUID.randomUUID().toString(), NOW);
    return catchThrowableOfType(
        CloudException.class,
        () -> {
          if (kind == Kind.LOOK) {
            cloud.look(ACCOUNT, spec.server());
          } else {
            cloud.order(ACCOUNT, order);
          }
        });
  }

  private static ReinstallSpec tencentOrder() {
    var login = new TencentCloudSpec.LoginSettings(PASSWORD, null, null, Map.of());
    var block = new TencentCloudSpec(null, null, login, null, null, null, null, Map.of());
    return spec(CloudName.TencentCloud, "ap-guangzhou", "ins-r8hr2upy", block, null);
  }

  private static ReinstallSpec jdOrder() {
    var block =
        new JdCloudSpec(
            "cn-east-tz1a",
            null,
            "os-1",
            "r-1",
            false,
            "r-2",
            PASSWORD,
            null,
            null,
            null,
            null,
            Map.of());
    return spec(CloudName.JDCloud, "cn-east-tz1", "cps-abc123", null, block);
  }

  private static ReinstallSpec spec(
      CloudName cloud, String region, String id, TencentCloudSpec tencent, JdCloudSpec jd) {
    return new ReinstallSpec(
        cloud, region, id, new SecretRef("c"), NOW, tencent, jd, null, null, null, null, Map.of());
  }

  private static Arguments of(String what, LoopbackServer.Behaviour behaviour) {
    return Arguments.of(what, behaviour);
  }

  private static LoopbackServer.Behaviour json(int status, String body) {
    return sending(answer(status, "", body));
  }

  private static String tencent(String fields) {
    return "{\"Response\":{" + fields + "}}";
  }

  private static String set(String instances) {
    return tencent("\"RequestId\":\"i\",\"InstanceSet\":[" + instances + "]");
  }

  private static String jd(String result) {
    return "{\"requestId\":\"i\",\"result\":{" + result + "}}";
  }
}
