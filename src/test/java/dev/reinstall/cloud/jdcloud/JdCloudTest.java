package dev.reinstall.cloud.jdcloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.reinstall.api.CloudName;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.Server;
import dev.reinstall.cloud.CloudCapabilities;
import dev.reinstall.cloud.CloudClient;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudException.Kind;
import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.CredentialKeys;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.Endpoint;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Details;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.cloud.OperatorIdentity;
import dev.reinstall.cloud.ReinstallRequest;
import dev.reinstall.cloud.ScriptedHttpServer;
import dev.reinstall.cloud.SecretBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class JdCloudTest {

  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory()).registerModule(new JavaTimeModule());
  private static final Instant NOW = Instant.parse("2026-09-01T10:00:00Z");
  private static final Instant CLAIMED = Instant.parse("2024-01-02T03:04:05.9Z");
  private static final Server SERVER = new Server(CloudName.JDCloud, "cn-east-tz1", "cps-abc123");
  private static final Credentials ACCOUNT =
      new Credentials(Map.of("accessKey", "the-access-key", "secretKey", "the-secret-key"));
  private static final SecretKeyRef PASSWORD = new SecretKeyRef("login", "password");
  private static final SecretKeyRef SCRIPT = new SecretKeyRef("boot", "script");
  private static final String TOKEN = "11111111-2222-3333-4444-555555555555";
  private static final String YES = "{\"requestId\":\"the-id\",\"result\":{\"success\":true}}";
  static final String BLOCK =
      """
      az: cn-east-tz1a
      osTypeId: os-1
      sysRaidTypeId: raid-1
      keepData: true
      dataRaidTypeId: raid-2
      passwordRef: {name: login, key: password}
      """;

  private final AtomicLong nonces = new AtomicLong();
  private final ScriptedHttpServer server = ScriptedHttpServer.answering(200, YES);
  private final JdCloud provider = provider("");
  private final CloudClient cloud = provider.client();

  @AfterEach
  void close() {
    server.close();
  }

  private JdCloud provider(String path) {
    return new JdCloud(
        new CloudHttp(Duration.ofSeconds(10), Duration.ofSeconds(10)),
        new Endpoint(server.url() + path),
        Duration.ofMinutes(10),
        () -> NOW,
        () -> new UUID(0, nonces.incrementAndGet()),
        JdSignature.JDCLOUD2);
  }

  @Test
  void the_vectors_request_yields_exactly_its_call() throws CloudException {
    assertThat(request(BLOCK + "hostname: node-1\n")).isEqualTo("the-id");
    assertThat(server.received()).hasSize(1);
    assertThat(server.last().line())
        .isEqualTo("PUT /v1/regions/cn-east-tz1/instances/cps-abc123:reinstallInstance HTTP/1.1");
    assertThat(server.last().body())
        .isEqualTo(
            """
            {"clientToken":"11111111-2222-3333-4444-555555555555","instanceSpec":{\
            "az":"cn-east-tz1a","imageType":"standard","osTypeId":"os-1",\
            "sysRaidTypeId":"raid-1","keepData":"yes","dataRaidTypeId":"raid-2",\
            "password":"P@ssw0rd","hostname":"node-1"}}""");
  }

  @Test
  void a_generated_password_is_sent() throws CloudException {
    request(BLOCK.replace("passwordRef: {name", "generatePassword: {secretName"));
    assertThat(server.last().body()).contains("\"password\":\"P@ssw0rd\"");
  }

  @Test
  void every_other_field_is_sent_as_it_is_written() throws CloudException {
    request(
        BLOCK.replace("true", "false")
            + """
            userDataRef: {name: boot, key: script}
            keypairId: key-1
            """);
    assertThat(server.last().body())
        .contains("\"keepData\":\"no\"")
        .endsWith(
            "\"password\":\"P@ssw0rd\",\"userData\":\"IyEvYmluL2Jhc2gKZWNobyDDqQo=\","
                + "\"keypairId\":\"key-1\"}}");
    request(BLOCK + "userData: \"#!/bin/bash\\necho \u00e9\\n\"");
    assertThat(server.last().body()).endsWith("\"userData\":\"IyEvYmluL2Jhc2gKZWNobyDDqQo=\"}}");
  }

  @Test
  void a_request_is_signed_with_the_time_of_its_claim_and_a_description_with_its_own()
      throws CloudException {
    request(BLOCK);
    assertThat(server.last().headers())
        .containsEntry("content-type", "application/json")
        .containsEntry("x-jdcloud-date", "20240102T030405Z");
    assertSigned("PUT", "", ":reinstallInstance", CLAIMED);

    responseInstance("");
    cloud.describe(ACCOUNT, SERVER);
    assertThat(server.last().line())
        .isEqualTo("GET /v1/regions/cn-east-tz1/instances/cps-abc123 HTTP/1.1");
    assertThat(server.last().headers()).containsEntry("x-jdcloud-date", "20260901T100000Z");
    assertThat(server.last().body()).isEmpty();
    assertSigned("GET", "", "", NOW);
  }

  @Test
  void the_path_of_an_endpoint_is_sent_and_signed() throws CloudException {
    responseInstance("");
    provider("/gate/jd/").client().describe(ACCOUNT, SERVER);
    assertThat(server.last().line())
        .isEqualTo("GET /gate/jd/v1/regions/cn-east-tz1/instances/cps-abc123 HTTP/1.1");
    assertSigned("GET", "/gate/jd", "", NOW);
  }

  @Test
  void the_same_request_sent_again_has_a_new_nonce_and_the_same_token() throws CloudException {
    request(BLOCK);
    request(BLOCK);
    assertThat(server.received())
        .extracting(request -> request.headers().get("x-jdcloud-nonce"))
        .containsExactly(
            "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002");
    assertThat(server.received().get(0).body()).isEqualTo(server.received().get(1).body());
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(strings = "1111111111111111111111111111111111111")
  void a_request_without_a_token_the_cloud_takes_is_never_sent(String token) {
    CloudException failure =
        catchThrowableOfType(
            CloudException.class,
            () ->
                cloud.reinstall(
                    ACCOUNT, new ReinstallRequest(spec(BLOCK), secrets(), token, CLAIMED)));
    assertThat(failure.kind()).isEqualTo(Kind.NOT_SENT);
    assertThat(server.received()).isEmpty();
  }

  @Test
  void a_request_whose_secret_is_not_there_is_never_sent() {
    CloudException failure =
        catchThrowableOfType(
            CloudException.class,
            () ->
                cloud.reinstall(
                    ACCOUNT, new ReinstallRequest(spec(BLOCK), Map.of(), TOKEN, CLAIMED)));
    assertThat(failure.kind()).isEqualTo(Kind.NOT_SENT);
    assertThat(server.received()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "a:b", "a?b", "a%2f", "a b"})
  void nothing_is_sent_for_an_instance_id_that_could_lead_elsewhere(String id) {
    var other = new Server(CloudName.JDCloud, "cn-east-tz1", id);
    CloudException failure =
        catchThrowableOfType(CloudException.class, () -> cloud.describe(ACCOUNT, other));
    assertThat(failure.kind()).isEqualTo(Kind.INVALID);
    assertThat(server.received()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"requestId\":\"i\",\"result\":{\"success\":false}}",
        "{\"requestId\":\"i\",\"result\":{}}",
        "{\"requestId\":\"i\",\"result\":{\"success\":null}}",
        "{\"requestId\":\"i\",\"result\":{\"success\":\"true\"}}",
        "{\"requestId\":\"i\",\"result\":{\"success\":1}}",
        "{\"requestId\":\"i\",\"result\":null}",
        "{\"requestId\":\"i\",\"success\":true}",
        "{\"requestId\":\"i\",\"result\":{\"success\":true},\"error\":{}}",
        "{\"requestId\":\"i\",\"result\":{\"success\":true},\"error\":"
            + "{\"code\":400,\"status\":\"INVALID_ARGUMENT\"}}"
      })
  void only_success_true_is_success(String body) {
    server.nowAnswers(200, body);
    assertThat(requestFails().kind()).isEqualTo(Kind.AMBIGUOUS);
  }

  @Test
  void success_is_any_2xx_and_only_2xx() throws CloudException {
    server.nowAnswers(202, YES);
    assertThat(request(BLOCK)).isEqualTo("the-id");
    for (int status : List.of(300, 302, 400, 404, 429, 500, 503)) {
      server.nowAnswers(status, YES);
      assertThat(requestFails().kind()).as("" + status).isEqualTo(Kind.AMBIGUOUS);
    }
  }

  @Test
  void the_request_id_is_the_bodys_or_else_the_headers() throws CloudException {
    String header = "x-jdcloud-request-id: of-the-header\n";
    server.now(ScriptedHttpServer.sending(ScriptedHttpServer.response(200, header, YES)));
    assertThat(request(BLOCK)).isEqualTo("the-id");
    String none = YES.replace("\"requestId\":\"the-id\",", "");
    server.now(ScriptedHttpServer.sending(ScriptedHttpServer.response(200, header, none)));
    assertThat(request(BLOCK)).isEqualTo("of-the-header");
    server.nowAnswers(200, none);
    assertThat(request(BLOCK)).isEmpty();
  }

  static List<String[]> errors() throws IOException {
    try (var table = JdCloud.class.getResourceAsStream("errors.csv")) {
      return new String(table.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .skip(1)
          .map(line -> line.split(",", 4))
          .toList();
    }
  }

  @Test
  void the_table_of_errors_is_whole() throws IOException {
    assertThat(errors()).hasSize(20).allMatch(row -> row.length == 4);
  }

  @ParameterizedTest
  @MethodSource("errors")
  void every_error_means_what_its_row_says(int http, String word, String meaning, String why) {
    server.nowAnswers(http, error(http, word, "No."));
    for (CloudException failure : List.of(requestFails(), describeFails())) {
      assertThat(failure.kind()).as(why).isEqualTo(Kind.valueOf(meaning.toUpperCase(Locale.ROOT)));
      assertThat(failure).hasMessageStartingWith("HTTP " + http + " " + word + ": No.");
      assertThat(failure.requestId()).contains("the-id");
      assertThat(failure.kind()).isNotEqualTo(Kind.NOT_SENT);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"UNAUTHENTICATED", "ACCESS_ERROR", "NEW_WORD"})
  void a_refused_signature_names_the_setting_that_chooses_its_form(String word) {
    server.nowAnswers(401, error(401, word, "Bad signature."));

    assertThat(requestFails())
        .hasMessage(
            "HTTP 401 "
                + word
                + ": Bad signature. (The call was signed in the form JDCLOUD2. If the credentials"
                + " are right, try REINSTALL_JDCLOUD_SIGNATURE=JDCLOUD3.)");
  }

  @ParameterizedTest
  @CsvSource({
    "400, FAILED_PRECONDITION, BUSY",
    "404, NOT_FOUND, NOT_FOUND",
    "429, RATE_LIMIT, THROTTLED",
    "429, QUOTA_EXCEEDED, DENIED",
    "500, INTERNAL, AMBIGUOUS",
    "400, NEW_WORD, INVALID",
    "400, '', INVALID",
    "401, NEW_WORD, DENIED",
    "403, NEW_WORD, DENIED",
    "404, NEW_WORD, NOT_FOUND",
    "429, NEW_WORD, THROTTLED",
    "409, NEW_WORD, AMBIGUOUS",
    "418, NEW_WORD, AMBIGUOUS",
    "500, NEW_WORD, AMBIGUOUS",
    "302, NEW_WORD, AMBIGUOUS",
    "200, NEW_WORD, AMBIGUOUS",
    "400, INTERNAL, AMBIGUOUS",
    "400, RATE_LIMIT, AMBIGUOUS",
    "404, UNAVAILABLE, AMBIGUOUS",
    "500, INVALID_ARGUMENT, AMBIGUOUS"
  })
  void a_word_that_no_row_names_goes_by_the_http_status(int http, String word, Kind meaning) {
    server.nowAnswers(http, error(http, word, "No."));
    assertThat(requestFails().kind()).isEqualTo(meaning);
  }

  @Test
  void a_code_of_another_class_than_the_http_status_is_ambiguous() {
    server.nowAnswers(400, error(500, "INVALID_ARGUMENT", "No."));
    assertThat(requestFails().kind()).isEqualTo(Kind.AMBIGUOUS);
    server.nowAnswers(400, error(400, "INVALID_ARGUMENT", "No.").replace("\"code\":400,", ""));
    assertThat(requestFails().kind()).isEqualTo(Kind.INVALID);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 429, 502, 503})
  void a_gateways_page_is_ambiguous_and_its_pause_is_kept(int status) {
    server.now(
        ScriptedHttpServer.sending(
            ScriptedHttpServer.response(status, "Retry-After: 7\n", "<html>nginx</html>")));
    for (CloudException failure : List.of(requestFails(), describeFails())) {
      assertThat(failure.kind()).isEqualTo(Kind.AMBIGUOUS);
      assertThat(failure.retryAfter()).contains(Duration.ofSeconds(7));
    }
  }

  @Test
  void throttling_keeps_its_pause() {
    server.now(
        ScriptedHttpServer.sending(
            ScriptedHttpServer.response(
                429, "Retry-After: 7\n", error(429, "RATE_LIMIT", "Slow."))));
    assertThat(requestFails().retryAfter()).contains(Duration.ofSeconds(7));
  }

  @Test
  void a_server_is_seen_as_the_cloud_shows_it() throws CloudException {
    server.now(
        ScriptedHttpServer.sending(
            ScriptedHttpServer.response(
                200,
                "Date: Tue, 01 Sep 2026 10:00:00 GMT\n",
                instance(
                    """
                    ,"region":"cn-east-tz1","az":"cn-east-tz1b","status":"stopped","osTypeId":"os-1",
                    "sysRaidTypeId":"raid-1","dataRaidTypeId":"raid-2","osName":"x",
                    "updateTime":"2026-08-31 10:00:00","name":"web-1","deviceType":"cps.c.1",
                    "privateIp":"10.0.0.7","publicIp":null,"charge":{"chargeStatus":"overdue"}
                    """))));
    assertThat(cloud.describe(ACCOUNT, SERVER))
        .isEqualTo(
            new Observation(
                Power.STOPPED,
                "stopped",
                Map.of("osTypeId", "os-1", "sysRaidTypeId", "raid-1", "dataRaidTypeId", "raid-2"),
                Optional.empty(),
                Optional.of("2026-08-31 10:00:00"),
                Optional.of(NOW),
                new Details(
                    Optional.of("web-1"),
                    List.of("10.0.0.7"),
                    Optional.of("x"),
                    Optional.of("cn-east-tz1b"),
                    Optional.of("cps.c.1"),
                    Optional.empty(),
                    List.of(),
                    Optional.of("overdue"),
                    false,
                    Map.of("name", "web-1"))));
  }

  @ParameterizedTest
  @CsvSource({
    "running, RUNNING",
    "stopped, STOPPED",
    "error, BROKEN",
    "reinstalling, CHANGING",
    "STOPPED, CHANGING",
    "'', CHANGING"
  })
  void only_three_words_are_rest(String word, Power power) throws CloudException {
    responseInstance(",\"status\":\"" + word + "\"");
    assertThat(cloud.describe(ACCOUNT, SERVER).power()).isEqualTo(power);
    assertThat(cloud.describe(ACCOUNT, SERVER).rawState()).isEqualTo(word);
  }

  @Test
  void what_the_cloud_does_not_report_is_not_made_up() throws CloudException {
    responseInstance(",\"status\":null,\"osTypeId\":null");
    assertThat(cloud.describe(ACCOUNT, SERVER))
        .isEqualTo(
            new Observation(
                Power.CHANGING,
                "none",
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"requestId\":\"i\",\"result\":{\"instance\":{\"status\":\"stopped\"}}}",
        "{\"requestId\":\"i\",\"result\":{\"instance\":{\"instanceId\":\"cps-other\"}}}",
        "{\"requestId\":\"i\",\"result\":{\"instance\":{\"instanceId\":\"CPS-abc123\"}}}",
        "{\"requestId\":\"i\",\"result\":{\"instance\":{\"instanceId\":\"cps-abc123\","
            + "\"region\":\"cn-north-1\"}}}",
        "{\"requestId\":\"i\",\"result\":{\"instance\":null}}",
        "{\"requestId\":\"i\",\"result\":{}}",
        "{\"requestId\":\"i\"}"
      })
  void an_answer_about_another_server_is_ambiguous(String body) {
    server.nowAnswers(200, body);
    assertThat(describeFails().kind()).isEqualTo(Kind.AMBIGUOUS);
  }

  /** The gateway may take a request with the same nonce for a replay and deny it. */
  @Test
  void a_description_on_a_connection_that_the_cloud_has_closed_is_sent_with_another_nonce()
      throws CloudException {
    responseInstance("");
    cloud.describe(ACCOUNT, SERVER);
    server.now(
        (request, connection) -> {
          responseInstance("");
          connection.close();
        });
    cloud.describe(ACCOUNT, SERVER);
    assertThat(server.received())
        .hasSize(3)
        .extracting(received -> received.headers().get("x-jdcloud-nonce"))
        .doesNotHaveDuplicates();
  }

  @Test
  void no_secret_comes_back_out_of_an_error() {
    server.now(
        (request, connection) ->
            ScriptedHttpServer.send(
                connection,
                ScriptedHttpServer.response(
                    400,
                    "",
                    error(
                        400,
                        "INVALID_ARGUMENT",
                        (request.body() + request.headers())
                                .replace("\\", "\\\\")
                                .replace("\"", "\\\"")
                            + " P@ssw0rd #!/bin/bash\\necho \u00e9\\n"))));
    CloudException failure =
        catchThrowableOfType(
            CloudException.class,
            () -> request(BLOCK + "userDataRef: {name: boot, key: script}\n"));
    assertThat(failure.kind()).isEqualTo(Kind.INVALID);
    assertThat(failure.getMessage())
        .contains("INVALID_ARGUMENT", "the text of the cloud is not shown")
        .doesNotContain(
            "P@ssw0rd", "the-access-key", "the-secret-key", "echo \u00e9", "IyEvYmluL2Jhc2gK");
  }

  @Test
  void a_description_of_several_is_not_sent_where_one_id_is_malformed() {
    Server malformed = new Server(CloudName.JDCloud, "cn-east-tz1", "a&pageSize=1");
    CloudException failure =
        catchThrowableOfType(
            CloudException.class, () -> cloud.describeAll(ACCOUNT, List.of(SERVER, malformed)));
    assertThat(failure.kind()).isEqualTo(Kind.INVALID);
    assertThat(server.received()).isEmpty();
  }

  @Test
  void its_traits_are_those_of_the_facts() {
    assertThat(provider.capabilities())
        .isEqualTo(new CloudCapabilities(true, false, Duration.ofMinutes(10)));
    assertThat(provider.credentialKeys())
        .isEqualTo(
            new CredentialKeys(
                List.of("accessKey", "secretKey"),
                List.of(),
                List.of("securityToken"),
                OperatorIdentity.NONE));
    assertThat(provider.expectedInstallation(spec(BLOCK)))
        .isEqualTo(
            Map.of("osTypeId", "os-1", "sysRaidTypeId", "raid-1", "dataRaidTypeId", "raid-2"));
    assertThat(new Endpoint(JdCloud.DEFAULT_ENDPOINT).resolve("cn-east-tz1", "/v1"))
        .hasToString("https://edcps.jdcloud-api.com/v1");
  }

  private String request(String block) throws CloudException {
    return cloud.reinstall(ACCOUNT, new ReinstallRequest(spec(block), secrets(), TOKEN, CLAIMED));
  }

  private static Map<SecretKeyRef, SecretBytes> secrets() {
    return Map.of(
        PASSWORD,
        SecretBytes.ofText("P@ssw0rd\n"),
        SCRIPT,
        SecretBytes.ofText("#!/bin/bash\necho \u00e9\n"));
  }

  private CloudException requestFails() {
    return catchThrowableOfType(CloudException.class, () -> request(BLOCK));
  }

  private CloudException describeFails() {
    return catchThrowableOfType(CloudException.class, () -> cloud.describe(ACCOUNT, SERVER));
  }

  private void responseInstance(String fields) {
    server.nowAnswers(200, instance(fields));
  }

  private static String instance(String fields) {
    return "{\"requestId\":\"the-id\",\"result\":{\"instance\":{\"instanceId\":\"cps-abc123\""
        + fields
        + "}}}";
  }

  private static String error(int code, String word, String message) {
    return "{\"requestId\":\"the-id\",\"error\":{\"code\":%d,\"status\":\"%s\",\"message\":\"%s\"}}"
        .formatted(code, word, message);
  }

  private void assertSigned(String method, String path, String action, Instant at) {
    assertSigned(server.last(), method, path, action, at);
  }

  /** The signature over what was received: Host, path and code as the server saw them. */
  static void assertSigned(
      ScriptedHttpServer.Received sent, String method, String path, String action, Instant at) {
    var headers = new TreeMap<String, String>();
    for (String name :
        List.of(
            "content-type",
            "host",
            "x-jdcloud-date",
            "x-jdcloud-nonce",
            "x-jdcloud-security-token")) {
      if (sent.headers().containsKey(name)) {
        headers.put(name, sent.headers().get(name));
      }
    }
    assertThat(sent.headers().get("authorization"))
        .isEqualTo(
            new JdSigner(
                    JdSignature.JDCLOUD2,
                    "the-access-key",
                    "the-secret-key",
                    "cn-east-tz1",
                    "edcps")
                .authorization(
                    new JdSigner.Request(
                        method,
                        path + "/v1/regions/cn-east-tz1/instances/cps-abc123" + action,
                        List.of(),
                        headers,
                        sent.body()),
                    at));
  }

  static ReinstallSpec spec(String block) {
    try {
      return YAML.readValue(
          """
          cloud: JDCloud
          region: cn-east-tz1
          instanceId: cps-abc123
          credentialsRef: {name: jd}
          notAfter: "2026-12-01T00:00:00Z"
          jdCloud:
          """
              + block.strip().indent(2),
          ReinstallSpec.class);
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
