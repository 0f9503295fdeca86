package dev.reinstall.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reinstall.cloud.tencent.TencentCloud;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorConfigTest {
  private static final String NAMESPACES =
      "'names of namespaces, separated by commas, or empty for all namespaces'";

  /** Every setting, with a value other than the default. */
  private static final Map<String, String> EVERY =
      Map.ofEntries(
          Map.entry("REINSTALL_NAMESPACES", "team-a, team-b,team-a"),
          Map.entry("REINSTALL_REQUIRE_SERVER_GRANT", "true"),
          Map.entry("REINSTALL_TENCENT_ENDPOINT", "https://127.0.0.1:8081/{region}"),
          Map.entry("REINSTALL_TENCENT_SIGNATURE", "V1-SHA256"),
          Map.entry("REINSTALL_JDCLOUD_ENDPOINT", "http://127.0.0.1:9000/jd"),
          Map.entry("REINSTALL_JDCLOUD_SIGNATURE", "JDCLOUD3"),
          Map.entry("REINSTALL_POLL_INTERVAL", "500ms"),
          Map.entry("REINSTALL_SETTLE_TIME", "2s"),
          Map.entry("REINSTALL_JD_SETTLE_TIME", "3s"),
          Map.entry("REINSTALL_SEND_WITHIN", "4s"),
          Map.entry("REINSTALL_FENCE", "5m"),
          Map.entry("REINSTALL_TOKEN_TRUST", "6m"),
          Map.entry("REINSTALL_CALL_TIMEOUT", "7s"),
          Map.entry("REINSTALL_ORDER_TIMEOUT", "8h"),
          Map.entry("REINSTALL_ALLOW_UNSAFE_TIMEOUTS", "true"),
          Map.entry("REINSTALL_CONCURRENCY", "9"),
          Map.entry("REINSTALL_LEADER_ELECTION", "false"),
          Map.entry("POD_NAMESPACE", "elsewhere"),
          Map.entry("REINSTALL_HTTP_PORT", "0"),
          Map.entry("REINSTALL_LOG_FORMAT", "json"),
          Map.entry("REINSTALL_LOG_LEVEL", "WARN"));

  @Test
  void an_empty_environment_gives_the_defaults_that_are_promised() {
    assertThat(WiredSettings.config(Map.of()))
        .isEqualTo(
            new OperatorConfig(
                List.of(),
                false,
                Duration.ofSeconds(15),
                Duration.ofSeconds(10),
                Duration.ofMinutes(10),
                Duration.ofMinutes(20),
                Duration.ofSeconds(20),
                Duration.ofHours(2),
                false,
                64,
                true,
                "reinstall-system",
                8080));
  }

  @Test
  void every_setting_is_read_from_its_own_variable() {
    assertThat(WiredSettings.config(EVERY))
        .isEqualTo(
            new OperatorConfig(
                List.of("team-a", "team-b"),
                true,
                Duration.ofMillis(500),
                Duration.ofSeconds(4),
                Duration.ofMinutes(5),
                Duration.ofMinutes(6),
                Duration.ofSeconds(7),
                Duration.ofHours(8),
                true,
                9,
                false,
                "elsewhere",
                0));
  }

  @Test
  void every_cloud_is_made_from_its_own_settings() {
    assertThat(WiredSettings.read(Map.of()).clouds())
        .extracting(cloud -> cloud.name() + " " + cloud.capabilities().settleTime())
        .containsExactly("TencentCloud PT2M", "JDCloud PT10M");
    assertThat(WiredSettings.read(EVERY).clouds())
        .extracting(cloud -> cloud.name() + " " + cloud.capabilities().settleTime())
        .containsExactly("TencentCloud PT2S", "JDCloud PT3S");
  }

  @Test
  void all_namespaces_are_watched_when_none_is_named() {
    assertThat(WiredSettings.config(Map.of("REINSTALL_NAMESPACES", " ")).namespaces()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "REINSTALL_POL_INTERVAL, REINSTALL_POLL_INTERVAL",
    "REINSTALL_NAMESPACE, REINSTALL_NAMESPACES",
    "REINSTALL_JD_ENDPOINT, REINSTALL_JDCLOUD_ENDPOINT",
    "REINSTALL_TIMEOUT, REINSTALL_CALL_TIMEOUT or REINSTALL_ORDER_TIMEOUT",
    "REINSTALL_HTP_PORT, REINSTALL_HTTP_PORT",
    "REINSTALL_HTTP_PROT, REINSTALL_HTTP_PORT",
    "REINSTALL_POLL, REINSTALL_POLL_INTERVAL",
    "REINSTALL_POD_NAMESPACE, POD_NAMESPACE",
  })
  void an_unknown_setting_is_refused_with_the_nearest_right_one(String written, String meant) {
    assertThat(problems(Map.of(written, "10s")))
        .containsExactly(written + " is not a known setting. Did you mean " + meant + "?");
  }

  @Test
  void a_name_that_is_near_to_none_gets_the_list_of_all() {
    assertThat(problems(Map.of("REINSTALL_COLOUR", "red")))
        .containsExactly(
            "REINSTALL_COLOUR is not a known setting. The settings are POD_NAMESPACE,"
                + " REINSTALL_ALLOW_UNSAFE_TIMEOUTS, REINSTALL_CALL_TIMEOUT,"
                + " REINSTALL_CONCURRENCY, REINSTALL_FENCE, REINSTALL_HTTP_PORT,"
                + " REINSTALL_JDCLOUD_ENDPOINT, REINSTALL_JDCLOUD_SIGNATURE, REINSTALL_JD_SETTLE_TIME,"
                + " REINSTALL_LEADER_ELECTION, REINSTALL_LOG_FORMAT, REINSTALL_LOG_LEVEL,"
                + " REINSTALL_NAMESPACES, REINSTALL_ORDER_TIMEOUT, REINSTALL_POLL_INTERVAL,"
                + " REINSTALL_REQUIRE_SERVER_GRANT, REINSTALL_SEND_WITHIN,"
                + " REINSTALL_SETTLE_TIME, REINSTALL_TENCENT_ENDPOINT,"
                + " REINSTALL_TENCENT_IDENTITY_NAMESPACES, REINSTALL_TENCENT_INSTANCE_ROLE,"
                + " REINSTALL_TENCENT_METADATA_ENDPOINT, REINSTALL_TENCENT_SIGNATURE,"
                + " REINSTALL_TENCENT_STS_ENDPOINT, REINSTALL_TOKEN_TRUST.");
  }

  @Test
  void several_of_them_get_the_list_once() {
    assertThat(problems(Map.of("REINSTALL_COLOUR", "red", "REINSTALL_WORKERS", "3")))
        .singleElement()
        .asString()
        .startsWith(
            "REINSTALL_COLOUR is not a known setting. REINSTALL_WORKERS is not a known setting."
                + " The settings are POD_NAMESPACE, ");
  }

  @Test
  void a_setting_that_was_removed_is_refused_by_its_name() {
    assertThat(problems(Map.of("REINSTALL_MEMORY_FILE", "")))
        .containsExactly("REINSTALL_MEMORY_FILE is no longer a setting. Remove it.");
  }

  static Stream<String> names() {
    return EVERY.keySet().stream().filter(name -> name.startsWith("REINSTALL_"));
  }

  @ParameterizedTest
  @MethodSource("names")
  void every_setting_is_meant_by_its_name_without_a_letter(String name) {
    String misspelt = new StringBuilder(name).deleteCharAt(name.length() - 2).toString();

    assertThat(problems(Map.of(misspelt, "")))
        .containsExactly(misspelt + " is not a known setting. Did you mean " + name + "?");
  }

  @ParameterizedTest
  @MethodSource("names")
  void every_malformed_setting_is_refused(String name) {
    assertThat(problems(Map.of(name, "?")))
        .singleElement()
        .asString()
        .startsWith(name + " must be")
        .endsWith(name.endsWith("_ENDPOINT") ? "/path." : ", but is \"?\".");
  }

  @Test
  void a_bad_endpoint_is_named_by_its_setting_and_never_shown_because_it_may_hold_a_password() {
    assertThat(
            problems(
                Map.of(
                    "REINSTALL_TENCENT_ENDPOINT", "https://user:pass@cvm.example.com",
                    "REINSTALL_JDCLOUD_ENDPOINT", "http://127.0.0.1.example.com")))
        .containsExactly(
            "REINSTALL_TENCENT_ENDPOINT must not contain a user or password. Use a URL such as"
                + " https://cloud.example.com or https://cloud.{region}.example.com/path.",
            "REINSTALL_JDCLOUD_ENDPOINT must begin with https:// (http:// is allowed only for"
                + " 127.0.0.0/8, [::1] and localhost). Use a URL such as"
                + " https://cloud.example.com or https://cloud.{region}.example.com/path.");
  }

  @Test
  void the_value_of_an_unknown_setting_is_not_reported_because_it_may_be_a_secret() {
    assertThat(problems(Map.of("REINSTALL_TENCENT_SECRET_KEY", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE")))
        .singleElement()
        .asString()
        .contains("REINSTALL_TENCENT_SECRET_KEY")
        .doesNotContain("Gu5t9");
  }

  @ParameterizedTest
  @CsvSource({
    "REINSTALL_HTP_PORT, 80",
    "REINSTALL_HTPT_PORT, 80",
    "REINSTALL_HTP_PORT, http://10.96.0.7:80",
  })
  void a_slip_of_the_finger_is_not_taken_for_a_service(String written, String value) {
    assertThat(problems(Map.of(written, value)))
        .containsExactly(written + " is not a known setting. Did you mean REINSTALL_HTTP_PORT?");
  }

  @ParameterizedTest
  @CsvSource({
    "REINSTALL_SERVICE_HOST, 10.96.0.7",
    "REINSTALL_SERVICE_PORT, 443",
    "REINSTALL_SERVICE_PORT_HTTPS, 443",
    "REINSTALL_PORT, tcp://10.96.0.7:443",
    "REINSTALL_PORT_443_TCP, tcp://10.96.0.7:443",
    "REINSTALL_PORT_443_TCP_PROTO, tcp",
    "REINSTALL_PORT_443_TCP_PORT, 443",
    "REINSTALL_PORT_443_TCP_ADDR, 10.96.0.7",
    "REINSTALL_OPERATOR_SERVICE_HOST, 10.96.0.7",
    "REINSTALL_OPERATOR_PORT, tcp://10.96.0.7:443",
    "REINSTALL_HTTPS_PORT, tcp://10.96.0.7:443",
    "REINSTALL_HTTPS_PORT, udp://10.96.0.7:443",
    "REINSTALL_HTTPS_PORT, sctp://10.96.0.7:443",
    "REINSTALL_PORT_443_UDP_PROTO, udp",
    "REINSTALL_PORT_443_SCTP_PROTO, sctp",
    "REINSTALL_HYZX_PORT, 443",
  })
  void what_kubernetes_injects_for_a_service_is_ignored(String name, String value) {
    assertThat(WiredSettings.config(Map.of(name, value))).isEqualTo(WiredSettings.config(Map.of()));
  }

  @Test
  void a_port_that_kubernetes_injects_under_the_name_of_a_real_setting_is_explained() {
    assertThat(problems(Map.of("REINSTALL_HTTP_PORT", "tcp://10.96.0.7:80")))
        .containsExactly(
            "REINSTALL_HTTP_PORT must be a number from 0 to 65535, but is \"tcp://10.96.0.7:80\"."
                + " Kubernetes set it for a Service:"
                + " set enableServiceLinks: false in the pod's spec.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "10", "0s", "-1s", "1.5s", "10 s", "10S", "1d", "1m30s", "9999999999s", "١s"})
  void a_malformed_duration_is_refused(String value) {
    assertThat(problems(Map.of("REINSTALL_POLL_INTERVAL", value)))
        .containsExactly(
            "REINSTALL_POLL_INTERVAL must be a duration greater than zero, such as 500ms, 10s, 2m"
                + " or 1h, but is \""
                + value
                + "\".");
  }

  @ParameterizedTest
  @CsvSource({
    "REINSTALL_CONCURRENCY, 0, a number from 1 to 90",
    "REINSTALL_CONCURRENCY, 91, a number from 1 to 90",
    "REINSTALL_CONCURRENCY, many, a number from 1 to 90",
    "REINSTALL_CONCURRENCY, 0000000001, a number from 1 to 90",
    "REINSTALL_CONCURRENCY, ١, a number from 1 to 90",
    "REINSTALL_HTTP_PORT, -0, a number from 0 to 65535",
    "REINSTALL_HTTP_PORT, 65536, a number from 0 to 65535",
    "REINSTALL_HTTP_PORT, -1, a number from 0 to 65535",
    "REINSTALL_LEADER_ELECTION, yes, true or false",
    "REINSTALL_LEADER_ELECTION, TRUE, true or false",
    "REINSTALL_REQUIRE_SERVER_GRANT, 1, true or false",
    "REINSTALL_ALLOW_UNSAFE_TIMEOUTS, yes, true or false",
    "REINSTALL_ALLOW_UNSAFE_TIMEOUTS, '', true or false",
    "REINSTALL_JDCLOUD_SIGNATURE, jdcloud3, JDCLOUD2 or JDCLOUD3",
    "REINSTALL_JDCLOUD_SIGNATURE, JDCLOUD4, JDCLOUD2 or JDCLOUD3",
    "REINSTALL_TENCENT_SIGNATURE, TC4, TC3 or V1-SHA256 or V1-SHA1",
    "REINSTALL_TENCENT_SIGNATURE, tc3, TC3 or V1-SHA256 or V1-SHA1",
    "REINSTALL_TENCENT_SIGNATURE, V1, TC3 or V1-SHA256 or V1-SHA1",
    "REINSTALL_NAMESPACES, Team_A, " + NAMESPACES,
    "REINSTALL_NAMESPACES, team.a, " + NAMESPACES,
    "REINSTALL_NAMESPACES, -team, " + NAMESPACES,
    "REINSTALL_NAMESPACES, team-, " + NAMESPACES,
    "REINSTALL_NAMESPACES, 'team-a,', " + NAMESPACES,
    "REINSTALL_NAMESPACES, ',', " + NAMESPACES,
    "POD_NAMESPACE, '', the name of a namespace",
    "REINSTALL_LOG_FORMAT, JSON, plain or json",
    "REINSTALL_LOG_LEVEL, TRACE, INFO or DEBUG or WARN or ERROR",
    "REINSTALL_LOG_LEVEL, info, INFO or DEBUG or WARN or ERROR",
  })
  void a_malformed_value_is_refused(String name, String value, String rule) {
    assertThat(problems(Map.of(name, value)))
        .containsExactly(name + " must be " + rule + ", but is \"" + value + "\".");
  }

  @ParameterizedTest
  @CsvSource({
    "REINSTALL_CONCURRENCY, 1, 90",
    "REINSTALL_HTTP_PORT, 0, 65535",
    "REINSTALL_POLL_INTERVAL, 1ms, 999999999h",
  })
  void at_its_bounds_a_value_is_accepted(String name, String least, String most) {
    assertThat(WiredSettings.config(Map.of(name, least)))
        .isNotEqualTo(WiredSettings.config(Map.of(name, most)));
  }

  @Test
  void a_namespace_has_up_to_63_letters() {
    String longest = "a".repeat(63);

    assertThat(WiredSettings.config(Map.of("REINSTALL_NAMESPACES", "a," + longest)).namespaces())
        .containsExactly("a", longest);
    assertThat(problems(Map.of("REINSTALL_NAMESPACES", "a" + longest))).hasSize(1);
  }

  @Test
  void a_long_value_is_shown_in_part() {
    String shown = "x".repeat(60);

    assertThat(problems(Map.of("REINSTALL_CONCURRENCY", shown)).get(0))
        .contains("\"" + shown + "\"");
    assertThat(problems(Map.of("REINSTALL_CONCURRENCY", shown + "y")).get(0))
        .contains("\"" + shown + "...\"");
  }

  @Test
  void unknown_settings_are_reported_by_the_alphabet() {
    assertThat(problems(Map.of("REINSTALL_C", "1", "REINSTALL_A", "1", "REINSTALL_B", "1")))
        .singleElement()
        .asString()
        .startsWith(
            "REINSTALL_A is not a known setting. REINSTALL_B is not a known setting."
                + " REINSTALL_C is not a known setting. The settings are ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TC3", "V1-SHA256", "V1-SHA1"})
  void every_signature_of_tencent_cloud_can_be_chosen(String name) {
    assertThat(WiredSettings.read(Map.of("REINSTALL_TENCENT_SIGNATURE", name))).isNotNull();
    assertThat(TencentCloud.signature(name, () -> 1)).isNotNull();
  }

  @Test
  void an_empty_endpoint_is_refused_and_not_taken_for_the_default() {
    assertThat(problems(Map.of("REINSTALL_TENCENT_ENDPOINT", "")))
        .containsExactly(
            "REINSTALL_TENCENT_ENDPOINT must begin with https://. Use a URL such as"
                + " https://cloud.example.com or https://cloud.{region}.example.com/path.");
  }

  @Test
  void all_problems_are_reported_at_once() {
    assertThat(
            problems(
                Map.of(
                    "REINSTALL_POLL_INTERVAL", "soon",
                    "REINSTALL_CONCURRENCY", "0",
                    "REINSTALL_FENCE", "5m",
                    "REINSTALL_COLOUR", "red")))
        .hasSize(4);
  }

  @ParameterizedTest
  @MethodSource("unsafe")
  void timeouts_that_would_let_a_request_be_carried_out_twice_are_refused(
      String name, String just, String tooFar, String reason) {
    assertThat(WiredSettings.config(Map.of(name, just))).isNotNull();
    assertThat(problems(Map.of(name, tooFar))).containsExactly(reason);
  }

  static Stream<Arguments> unsafe() {
    return Stream.of(
        Arguments.of(
            "REINSTALL_FENCE",
            "600s",
            "599s",
            "REINSTALL_FENCE must be at least 10m, but is 9m59s: a cloud may still accept a"
                + " delayed copy of a request for that long."),
        Arguments.of(
            "REINSTALL_CALL_TIMEOUT",
            "590s",
            "591s",
            "REINSTALL_FENCE must be at least REINSTALL_SEND_WITHIN plus REINSTALL_CALL_TIMEOUT"
                + " (10m1s), but is 10m: until then another process may still be sending the"
                + " request."),
        Arguments.of(
            "REINSTALL_SEND_WITHIN",
            "300s",
            "301s",
            "REINSTALL_FENCE must be at least twice REINSTALL_SEND_WITHIN (10m2s), but is 10m:"
                + " another process may start to measure it later."),
        Arguments.of(
            "REINSTALL_SETTLE_TIME",
            "600s",
            "601s",
            "REINSTALL_FENCE must be at least the settle time of TencentCloud (10m1s), but is 10m: until"
                + " then the cloud may not show an operation that it has started."),
        Arguments.of(
            "REINSTALL_ORDER_TIMEOUT",
            "600s",
            "599s",
            "REINSTALL_ORDER_TIMEOUT must be at least REINSTALL_FENCE (10m), but is 9m59s: a"
                + " request must not be given up while a delayed copy of it can still take"
                + " effect."));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://cloud.example.com",
        "http://127.0.0.1:8081",
        "https://localhost/jd",
        "http://[::1]:1"
      })
  void no_endpoint_makes_unsafe_timeouts_acceptable_not_even_a_loopback_address(String endpoint) {
    Map<String, String> quick =
        Map.of(
            "REINSTALL_TENCENT_ENDPOINT", endpoint,
            "REINSTALL_JDCLOUD_ENDPOINT", endpoint,
            "REINSTALL_FENCE", "5m");

    assertThat(problems(quick))
        .containsExactly(
            "REINSTALL_FENCE must be at least 10m, but is 5m: a cloud may still accept a"
                + " delayed copy of a request for that long.");
  }

  @Test
  void unsafe_timeouts_can_be_allowed_and_the_warning_names_every_relation_that_does_not_hold() {
    Settings settings =
        WiredSettings.read(
            Map.of(
                "REINSTALL_ALLOW_UNSAFE_TIMEOUTS", "true",
                "REINSTALL_FENCE", "150s",
                "REINSTALL_ORDER_TIMEOUT", "5ms"));

    assertThat(settings.operator().fence()).isEqualTo(Duration.ofSeconds(150));
    assertThat(TimeoutValidation.warning(settings.unsafe()))
        .contains(
            "REINSTALL_ALLOW_UNSAFE_TIMEOUTS is true: a server may be reinstalled more than once."
                + " Use it only for tests and demos. Safety relations that do not hold:"
                + " REINSTALL_FENCE must be at least 10m, but is 2m30s: a cloud may still"
                + " accept a delayed copy of a request for that long."
                + " REINSTALL_ORDER_TIMEOUT must be at least REINSTALL_FENCE (2m30s), but is 5ms:"
                + " a request must not be given up while a delayed copy of it can still take"
                + " effect.");
  }

  @Test
  void safe_timeouts_give_no_warning_even_where_unsafe_ones_are_allowed() {
    assertThat(
            TimeoutValidation.warning(
                WiredSettings.read(Map.of("REINSTALL_ALLOW_UNSAFE_TIMEOUTS", "true")).unsafe()))
        .isEmpty();
  }

  private static List<String> problems(Map<String, String> environment) {
    return catchThrowableOfType(SettingsException.class, () -> WiredSettings.config(environment))
        .problems();
  }
}
