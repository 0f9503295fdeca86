package dev.reinstall.cloud.tencent;

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
import dev.reinstall.cloud.Observation.Disk;
import dev.reinstall.cloud.Observation.Operation;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.cloud.Observation.Progress;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TencentCloudTest {

  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory()).registerModule(new JavaTimeModule());
  private static final Instant NOW = Instant.parse("2026-09-01T10:00:00Z");
  private static final Instant CLAIMED = Instant.parse("2026-08-31T23:59:59.9Z");
  private static final Server SERVER =
      new Server(CloudName.TencentCloud, "ap-guangzhou", "ins-r8hr2upy");
  private static final Credentials ACCOUNT =
      new Credentials(Map.of("secretId", "AKIDexample", "secretKey", "the-secret-key"));
  private static final SecretKeyRef PASSWORD = new SecretKeyRef("web-1-login", "password");
  private static final SecretKeyRef SCRIPT = new SecretKeyRef("boot", "script");
  private static final String YES =
      "{\"Response\":{\"RequestId\":\"a0a66377-b79f-4a21-846c-d997d6022968\"}}";

  private final ScriptedHttpServer server = ScriptedHttpServer.answering(200, YES);
  private final TencentCloud provider = provider("");
  private final CloudClient cloud = provider.client();

  @AfterEach
  void close() {
    server.close();
  }

  private TencentCloud provider(String path) {
    return new TencentCloud(
        new CloudHttp(Duration.ofSeconds(10), Duration.ofSeconds(10)),
        new Endpoint(server.url() + path),
        Duration.ofMinutes(2),
        () -> NOW,
        new Tc3Signing());
  }

  @Test
  void the_seeds_example_yields_exactly_its_call_and_its_answer() throws Exception {
    ReinstallSpec spec =
        spec(
            """
            imageId: img-pmqg1cw7
            systemDisk: {diskSize: 60}
            loginSettings: {passwordRef: {name: web-1-login, key: password}}
            enhancedService: {securityService: {enabled: true}, monitorService: {enabled: true}}
            """);
    assertThat(provider.validateSpec(spec)).isEmpty();
    String response =
        cloud.reinstall(
            ACCOUNT,
            new ReinstallRequest(
                spec, Map.of(PASSWORD, SecretBytes.ofText("Qcloud@TestApi123++")), null, CLAIMED));

    assertThat(response).isEqualTo("a0a66377-b79f-4a21-846c-d997d6022968");
    assertThat(server.received()).hasSize(1);
    assertThat(server.last().body())
        .isEqualTo(
            """
            {"InstanceId":"ins-r8hr2upy","ImageId":"img-pmqg1cw7","SystemDisk":{"DiskSize":60},\
            "LoginSettings":{"Password":"Qcloud@TestApi123++"},\
            "EnhancedService":{"SecurityService":{"Enabled":true},\
            "MonitorService":{"Enabled":true}}}\
            """);
  }

  @Test
  void a_request_is_signed_with_the_time_of_its_claim() throws CloudException {
    request("{}", Map.of());
    assertThat(server.last().line()).isEqualTo("POST / HTTP/1.1");
    assertThat(server.last().headers())
        .containsEntry("x-tc-action", "ResetInstance")
        .containsEntry("x-tc-version", "2017-03-12")
        .containsEntry("x-tc-region", "ap-guangzhou")
        .containsEntry("x-tc-timestamp", Long.toString(CLAIMED.getEpochSecond()))
        .containsEntry("content-type", "application/json; charset=utf-8")
        .doesNotContainKey("x-tc-token");
    assertSigned("/", CLAIMED);
  }

  @Test
  void a_description_is_signed_with_the_time_of_the_description() throws CloudException {
    responseInstance("");
    cloud.describe(ACCOUNT, SERVER);
    assertThat(server.last().body()).isEqualTo("{\"InstanceIds\":[\"ins-r8hr2upy\"]}");
    assertThat(server.last().headers())
        .containsEntry("x-tc-action", "DescribeInstances")
        .containsEntry("x-tc-timestamp", Long.toString(NOW.getEpochSecond()));
    assertSigned("/", NOW);
  }

  @Test
  void the_path_of_an_endpoint_is_sent_and_signed() throws CloudException {
    responseInstance("");
    provider("/gate/cvm").client().describe(ACCOUNT, SERVER);
    assertThat(server.last().line()).isEqualTo("POST /gate/cvm HTTP/1.1");
    assertSigned("/gate/cvm", NOW);
  }

  @Test
  void temporary_credentials_bring_their_token() throws CloudException {
    Credentials temporary =
        new Credentials(Map.of("secretId", "i", "secretKey", "k", "token", "the-token"));
    responseInstance("");
    cloud.describe(temporary, SERVER);
    assertThat(server.last().headers()).containsEntry("x-tc-token", "the-token");
  }

  @ParameterizedTest
  @ValueSource(strings = {"secretId", "secretKey"})
  void nothing_is_sent_without_credentials(String absent) {
    Map<String, String> some = new TreeMap<>(ACCOUNT.values());
    some.remove(absent);
    CloudException failure =
        catchThrowableOfType(
            CloudException.class, () -> cloud.describe(new Credentials(Map.copyOf(some)), SERVER));
    assertThat(failure.kind()).isEqualTo(Kind.DENIED);
    assertThat(failure).hasMessageContaining(absent);
    assertThat(server.received()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ins-1", "ins-r8hr2upy\",\"ins-r8hr2upz", "", "../x"})
  void nothing_is_sent_for_a_malformed_instance(String id) {
    var server2 = new Server(CloudName.TencentCloud, "ap-guangzhou", id);
    CloudException failure =
        catchThrowableOfType(CloudException.class, () -> cloud.describe(ACCOUNT, server2));
    assertThat(failure.kind()).isEqualTo(Kind.INVALID);
    assertThat(server.received()).isEmpty();
  }

  static List<String[]> bodies() {
    return List.of(
        new String[] {"{}", ""},
        new String[] {"{loginSettings: {}, enhancedService: {}}", ""},
        new String[] {
          "loginSettings: {keyIds: [skey-aaaaaaaa, skey-bbbbbbbb]}",
          ",\"LoginSettings\":{\"KeyIds\":[\"skey-aaaaaaaa\",\"skey-bbbbbbbb\"]}"
        },
        new String[] {
          "loginSettings: {keepImageLogin: true}",
          ",\"LoginSettings\":{\"KeepImageLogin\":\"TRUE\"}"
        },
        new String[] {
          "loginSettings: {keepImageLogin: false}",
          ",\"LoginSettings\":{\"KeepImageLogin\":\"FALSE\"}"
        },
        new String[] {
          "enhancedService: {securityService: {enabled: false}, automationService: {enabled:"
              + " true}}",
          ",\"EnhancedService\":{\"SecurityService\":{\"Enabled\":false},"
              + "\"AutomationService\":{\"Enabled\":true}}"
        },
        new String[] {
          "hostName: web-1\nuserData: \"#!/bin/sh\\necho \u00e9\\n\"",
          ",\"HostName\":\"web-1\",\"UserData\":\"IyEvYmluL3NoCmVjaG8gw6kK\""
        },
        new String[] {
          "userDataRef: {name: boot, key: script}", ",\"UserData\":\"IyEvYmluL3NoCmVjaG8gw6kK\""
        });
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void what_is_omitted_stays_omitted_and_what_is_written_is_sent(String block, String fields)
      throws CloudException {
    request(block, Map.of(SCRIPT, SecretBytes.ofText("#!/bin/sh\necho \u00e9\n")));
    assertThat(server.last().body()).isEqualTo("{\"InstanceId\":\"ins-r8hr2upy\"" + fields + "}");
  }

  @Test
  void user_data_in_a_secret_is_sent_byte_for_byte() throws CloudException {
    String zipped = "H4sIAAAAAAACA1NW1E/KzNNPSizO4AIANz9SBgwAAAA=";
    request("userDataRef: {name: boot, key: script}", Map.of(SCRIPT, SecretBytes.ofBase64(zipped)));
    assertThat(server.last().body()).contains("\"UserData\":\"" + zipped + "\"");
  }

  @Test
  void the_line_break_at_the_end_of_a_password_is_not_sent() throws CloudException {
    request(
        "loginSettings: {passwordRef: {name: web-1-login, key: password}}",
        Map.of(PASSWORD, SecretBytes.ofText("Passw0rd!\r\n")));
    assertThat(server.last().body()).contains("{\"Password\":\"Passw0rd!\"}");
  }

  @Test
  void a_generated_password_is_sent() throws CloudException {
    request(
        "loginSettings: {generatePassword: {secretName: web-1-login, key: password}}",
        Map.of(PASSWORD, SecretBytes.ofText("Passw0rd!")));
    assertThat(server.last().body()).contains("\"LoginSettings\":{\"Password\":\"Passw0rd!\"}");
  }

  @Test
  void a_request_whose_secret_is_not_there_is_never_sent() {
    CloudException failure =
        catchThrowableOfType(
            CloudException.class,
            () ->
                request(
                    "loginSettings: {passwordRef: {name: web-1-login, key: password}}", Map.of()));
    assertThat(failure.kind()).isEqualTo(Kind.NOT_SENT);
    assertThat(server.received()).isEmpty();
  }

  static List<String[]> errors() throws IOException {
    try (var table = TencentCloud.class.getResourceAsStream("errors.csv")) {
      return new String(table.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .skip(1)
          .map(line -> line.split(","))
          .toList();
    }
  }

  @Test
  void the_table_of_errors_is_whole() throws IOException {
    assertThat(errors()).hasSize(106).allMatch(row -> row.length == 3);
  }

  /** Of the error with the text "No." */
  static String message(String code) {
    return code.equals("AuthFailure.TokenFailure")
        ? code
            + ": No. (Temporary credentials are valid for a limited time, and only together. Replace"
            + " secretId, secretKey and token in the Secret by new ones. For permanent credentials,"
            + " remove token.)"
        : code + ": No.";
  }

  @ParameterizedTest
  @MethodSource("errors")
  void every_error_means_what_its_row_says(String code, String where, String meaning) {
    server.nowAnswers(200, error(code, "No."));
    for (CloudException failure : List.of(requestFails(), describeFails())) {
      assertThat(failure.kind()).isEqualTo(Kind.valueOf(meaning.toUpperCase(Locale.ROOT)));
      assertThat(failure).hasMessage(message(code));
      assertThat(failure.requestId()).contains("the-id");
      assertThat(failure.kind()).isNotEqualTo(Kind.NOT_SENT);
    }
    assertThat(where).isIn("ResetInstance", "StopInstances", "StartInstances", "common");
  }

  @ParameterizedTest
  @CsvSource({
    "InvalidParameterValue.SomethingNew, AMBIGUOUS",
    "InvalidInstanceId.NotFound.More, AMBIGUOUS",
    "invalidinstanceid.notfound, AMBIGUOUS",
    "InvalidInstanceId.NotFound, NOT_FOUND",
    "InvalidInstance.NotSupported, BUSY",
    "MutexOperation.TaskRunning, BUSY",
    "RequestLimitExceeded, THROTTLED",
    "AuthFailure.SignatureExpire, DENIED",
    "InvalidParameterValue.InvalidPassword, INVALID",
    "InternalServerError, AMBIGUOUS",
    "'', AMBIGUOUS"
  })
  void a_code_that_no_row_names_is_ambiguous(String code, Kind meaning) {
    server.nowAnswers(200, error(code, "No."));
    assertThat(requestFails().kind()).isEqualTo(meaning);
  }

  @Test
  void a_gateways_429_is_throttling_for_a_description_and_ambiguous_for_a_request() {
    server.now(
        ScriptedHttpServer.sending(ScriptedHttpServer.response(429, "Retry-After: 7\n", "slow")));
    assertThat(describeFails().kind()).isEqualTo(Kind.THROTTLED);
    assertThat(describeFails().retryAfter()).contains(Duration.ofSeconds(7));
    assertThat(requestFails().kind()).isEqualTo(Kind.AMBIGUOUS);
    assertThat(requestFails().retryAfter()).contains(Duration.ofSeconds(7));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "InstanceState":"STOPPED" | | | false
          "InstanceState":"STOPPED","StopChargingMode":null,"SystemDisk":null | | | false
          "InstanceState":"STOPPED","SystemDisk":{"DiskType":null,"DiskSize":null} | | | false
          "InstanceState":"STOPPED","SystemDisk":{"DiskType":"LOCAL_BASIC","DiskSize":50} | LOCAL_BASIC | 50 | false
          "InstanceState":"STOPPED","StopChargingMode":"KEEP_CHARGING" | | | false
          "InstanceState":"STOPPED","StopChargingMode":"STOP_CHARGING" | | | true
          "InstanceState":"RUNNING","StopChargingMode":"STOP_CHARGING" | | | false
          """)
  void what_limits_a_request_is_seen_where_the_cloud_reports_it(
      String fields, String type, Integer size, boolean withoutCharge) throws CloudException {
    server.nowAnswers(200, instance("," + fields));
    Details details = cloud.describe(ACCOUNT, SERVER).details();

    assertThat(details.systemDisk().flatMap(Disk::type)).isEqualTo(Optional.ofNullable(type));
    assertThat(details.systemDisk().flatMap(Disk::size)).isEqualTo(Optional.ofNullable(size));
    assertThat(details.stoppedWithoutCharge()).isEqualTo(withoutCharge);
  }

  @Test
  void what_is_only_shown_to_people_may_have_any_form() throws CloudException {
    server.nowAnswers(
        200,
        instance(
            """
            ,"InstanceState":"STOPPED","InstanceName":"web-1","OsName":"TencentOS 4",
            "PrivateIpAddresses":["10.0.0.8","10.0.0.7"],"PublicIpAddresses":null,
            "Placement":{"Zone":"ap-1"},
            "Tags":[{"Key":"role","Value":"web"},{"Key":"none"},{"Value":"none"},"odd"],
            "RestrictState":"NORMAL","SystemDisk":{"DiskId":"disk-s","DiskSize":50},
            "DataDisks":[{"DiskSize":"x"},{"DiskId":"disk-e"},
              {"DiskId":"disk-d","DiskType":"CLOUD_SSD","DiskSize":200}]
            """));
    Details details = cloud.describe(ACCOUNT, SERVER).details();

    assertThat(details.name()).contains("web-1");
    assertThat(details.labels()).isEqualTo(Map.of("instanceName", "web-1", "tags.role", "web"));
    assertThat(details.addresses()).as("sorted").containsExactly("10.0.0.7", "10.0.0.8");
    assertThat(details.system()).contains("TencentOS 4");
    assertThat(details.zone()).contains("ap-1");
    assertThat(details.restriction()).isEmpty();
    assertThat(details.systemDisk().map(Disk::toString)).contains("disk-s (50 GiB)");
    assertThat(details.dataDisks())
        .extracting(Disk::toString)
        .as("sorted")
        .containsExactly("disk-d (CLOUD_SSD, 200 GiB)", "disk-e", "without an ID");

    server.nowAnswers(
        200,
        instance(
            ",\"InstanceState\":\"STOPPED\",\"InstanceName\":7,\"DataDisks\":\"none\","
                + "\"PrivateIpAddresses\":\"10.0.0.7\",\"Placement\":[],\"OsName\":{}"));
    assertThat(cloud.describe(ACCOUNT, SERVER).details()).isEqualTo(Details.NONE);
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
                    ,"InstanceState":"STOPPED","RestrictState":"NORMAL","ImageId":"img-pmqg1cw7",
                    "LatestOperation":"ResetInstance","LatestOperationState":"FAILED",
                    "LatestOperationRequestId":"the-reset","LatestOperationErrorMsg":"no disk"
                    """))));
    assertThat(cloud.describe(ACCOUNT, SERVER))
        .isEqualTo(
            new Observation(
                Power.STOPPED,
                "STOPPED",
                Map.of("imageId", "img-pmqg1cw7"),
                Optional.of(new Operation(true, "the-reset", Progress.FAILED)),
                Optional.empty(),
                Optional.of(NOW)));
  }

  @ParameterizedTest
  @CsvSource({
    "RUNNING, NORMAL, RUNNING, RUNNING",
    "STOPPED, NORMAL, STOPPED, STOPPED",
    "LAUNCH_FAILED, NORMAL, BROKEN, LAUNCH_FAILED",
    "PENDING, NORMAL, CHANGING, PENDING",
    "STARTING, NORMAL, CHANGING, STARTING",
    "STOPPING, NORMAL, CHANGING, STOPPING",
    "REBOOTING, NORMAL, CHANGING, REBOOTING",
    "SHUTDOWN, NORMAL, CHANGING, SHUTDOWN",
    "TERMINATING, NORMAL, CHANGING, TERMINATING",
    "RESCUE_MODE, NORMAL, CHANGING, RESCUE_MODE",
    "stopped, NORMAL, CHANGING, stopped",
    "SOMETHING_NEW, NORMAL, CHANGING, SOMETHING_NEW",
    "STOPPED, EXPIRED, CHANGING, STOPPED/EXPIRED",
    "STOPPED, PROTECTIVELY_ISOLATED, CHANGING, STOPPED/PROTECTIVELY_ISOLATED",
    "RUNNING, EXPIRED, CHANGING, RUNNING/EXPIRED"
  })
  void only_a_stopped_and_unrestricted_server_is_stopped(
      String state, String restriction, Power power, String word) throws CloudException {
    responseInstance(
        ",\"InstanceState\":\"" + state + "\",\"RestrictState\":\"" + restriction + "\"");
    Observation observation = cloud.describe(ACCOUNT, SERVER);
    assertThat(observation.power()).isEqualTo(power);
    assertThat(observation.rawState()).isEqualTo(word);
  }

  @Test
  void what_the_cloud_does_not_report_is_not_made_up() throws CloudException {
    responseInstance(
        """
        ,"InstanceState":null,"ImageId":null,"LatestOperation":"ResetInstance",
        "LatestOperationState":"SUCCESS","LatestOperationRequestId":null
        """);
    Observation observation = cloud.describe(ACCOUNT, SERVER);
    assertThat(observation.power()).isEqualTo(Power.CHANGING);
    assertThat(observation.rawState()).isEqualTo("none");
    assertThat(observation.installed()).isEmpty();
    assertThat(observation.operation()).isEmpty();
    assertThat(observation.updateTime()).isEmpty();
    assertThat(observation.cloudTime()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "\"ResetInstance\", \"SUCCESS\", true, DONE",
    "\"ResetInstance\", \"OPERATING\", true, IN_PROGRESS",
    "\"ResetInstance\", \"FAILED\", true, FAILED",
    "\"ResetInstance\", \"success\", true, IN_PROGRESS",
    "\"ResetInstance\", null, true, IN_PROGRESS",
    "\"StopInstances\", \"SUCCESS\", false, DONE",
    "null, \"SUCCESS\", false, DONE"
  })
  void an_operation_is_over_only_in_the_clouds_own_words(
      String operation, String state, boolean reinstall, Progress progress) throws CloudException {
    responseInstance(
        ",\"LatestOperation\":%s,\"LatestOperationState\":%s,\"LatestOperationRequestId\":\"i\""
            .formatted(operation, state));
    assertThat(cloud.describe(ACCOUNT, SERVER).operation())
        .contains(new Operation(reinstall, "i", progress));
  }

  @Test
  void an_empty_set_means_there_is_no_such_server() {
    server.nowAnswers(200, "{\"Response\":{\"InstanceSet\":[],\"RequestId\":\"the-id\"}}");
    CloudException failure = describeFails();
    assertThat(failure.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(failure).hasMessageContaining("ins-r8hr2upy");
    assertThat(failure.requestId()).contains("the-id");
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
                        "InvalidParameterValue.InvalidPassword",
                        (request.body() + request.headers())
                                .replace("\\", "\\\\")
                                .replace("\"", "\\\"")
                            + " Passw0rd! #!/bin/sh\\necho boot\\n"))));
    CloudException failure =
        catchThrowableOfType(
            CloudException.class,
            () ->
                request(
                    """
                    loginSettings: {passwordRef: {name: web-1-login, key: password}}
                    userData: "#!/bin/sh\\necho boot\\n"
                    """,
                    Map.of(PASSWORD, SecretBytes.ofText("Passw0rd!"))));
    assertThat(failure.kind()).isEqualTo(Kind.INVALID);
    assertThat(failure.getMessage())
        .contains("InvalidPassword", "the text of the cloud is not shown")
        .doesNotContain("Passw0rd!", "AKIDexample", "the-secret-key", "echo boot", "IyEvYmluL3No");
  }

  @Test
  void a_request_id_that_is_a_secret_is_none() {
    server.nowAnswers(200, "{\"Response\":{\"RequestId\":\"the-secret-key\"}}");
    assertThat(requestFails().kind()).isEqualTo(Kind.AMBIGUOUS);
    assertThat(requestFails().requestId()).isEmpty();
  }

  @Test
  void a_description_of_several_is_not_sent_where_one_id_is_malformed() {
    Server malformed = new Server(CloudName.TencentCloud, "ap-guangzhou", "ins-1");
    CloudException failure =
        catchThrowableOfType(
            CloudException.class, () -> cloud.describeAll(ACCOUNT, List.of(SERVER, malformed)));
    assertThat(failure.kind()).isEqualTo(Kind.INVALID);
    assertThat(server.received()).isEmpty();
  }

  @Test
  void its_traits_are_those_of_the_facts() {
    assertThat(provider.capabilities())
        .isEqualTo(new CloudCapabilities(false, true, Duration.ofMinutes(2)));
    assertThat(provider.credentialKeys())
        .isEqualTo(new CredentialKeys(List.of("secretId", "secretKey"), List.of("token")));
    assertThat(new Endpoint(TencentCloud.DEFAULT_ENDPOINT).resolve("ap-shanghai-fsi", ""))
        .hasToString("https://cvm.ap-shanghai-fsi.tencentcloudapi.com/");
  }

  private void request(String block, Map<SecretKeyRef, SecretBytes> secrets) throws CloudException {
    cloud.reinstall(ACCOUNT, new ReinstallRequest(spec(block), secrets, null, CLAIMED));
  }

  private CloudException requestFails() {
    return catchThrowableOfType(CloudException.class, () -> request("{}", Map.of()));
  }

  private CloudException describeFails() {
    return catchThrowableOfType(CloudException.class, () -> cloud.describe(ACCOUNT, SERVER));
  }

  private void responseInstance(String fields) {
    server.nowAnswers(200, instance(fields));
  }

  private static String instance(String fields) {
    return "{\"Response\":{\"TotalCount\":1,\"InstanceSet\":[{\"InstanceId\":\"ins-r8hr2upy\""
        + fields
        + "}],\"RequestId\":\"the-id\"}}";
  }

  private static String error(String code, String message) {
    return "{\"Response\":{\"Error\":{\"Code\":\"%s\",\"Message\":\"%s\"},\"RequestId\":\"the-id\"}}"
        .formatted(code, message);
  }

  /** The signature over what was received: Host and path as the server saw them. */
  private void assertSigned(String path, Instant at) {
    assertSigned(server.last(), path, at);
  }

  static void assertSigned(ScriptedHttpServer.Received sent, String path, Instant at) {
    var headers = new TreeMap<String, String>();
    for (String name : List.of("content-type", "host", "x-tc-action")) {
      headers.put(name, sent.headers().get(name));
    }
    assertThat(sent.headers().get("authorization"))
        .isEqualTo(
            new Tc3Signer("AKIDexample", "the-secret-key", "cvm")
                .authorization(new Tc3Signer.Request("POST", path, "", headers, sent.body()), at));
  }

  static ReinstallSpec spec(String block) {
    String indented = block.strip().indent(2);
    try {
      return YAML.readValue(
          """
          cloud: TencentCloud
          region: ap-guangzhou
          instanceId: ins-r8hr2upy
          credentialsRef: {name: tencent}
          notAfter: "2026-12-01T00:00:00Z"
          tencentCloud:
          """
              + indented,
          ReinstallSpec.class);
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
