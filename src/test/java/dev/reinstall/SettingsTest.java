package dev.reinstall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reinstall.cloud.Endpoint;
import dev.reinstall.cloud.tencent.Signature;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  /** Every setting there is, and another value than the default. */
  private static final Map<String, String> EVERY =
      Map.ofEntries(
          Map.entry("REINSTALL_NAMESPACES", "team-a, team-b,team-a"),
          Map.entry("REINSTALL_TENCENT_ENDPOINT", "https://127.0.0.1:8081/{region}"),
          Map.entry("REINSTALL_TENCENT_SIGNATURE", "V1-SHA256"),
          Map.entry("REINSTALL_JDCLOUD_ENDPOINT", "http://127.0.0.1:9000/jd"),
          Map.entry("REINSTALL_POLL_INTERVAL", "500ms"),
          Map.entry("REINSTALL_SETTLE_TIME", "2s"),
          Map.entry("REINSTALL_JD_SETTLE_TIME", "3s"),
          Map.entry("REINSTALL_SEND_WITHIN", "4s"),
          Map.entry("REINSTALL_FENCE", "5m"),
          Map.entry("REINSTALL_TOKEN_TRUST", "6m"),
          Map.entry("REINSTALL_CALL_TIMEOUT", "7s"),
          Map.entry("REINSTALL_ORDER_TIMEOUT", "8h"),
          Map.entry("REINSTALL_CONCURRENCY", "9"),
          Map.entry("REINSTALL_LEADER_ELECTION", "false"),
          Map.entry("POD_NAMESPACE", "elsewhere"),
          Map.entry("REINSTALL_HTTP_PORT", "0"),
          Map.entry("REINSTALL_MEMORY_FILE", "/tmp/seen"));

  @Test
  void an_empty_environment_gives_the_defaults_that_are_promised() {
    assertThat(Settings.from(Map.of()))
        .isEqualTo(
            new Settings(
                List.of(),
                "https://cvm.{region}.tencentcloudapi.com",
                "TC3",
                "https://edcps.jdcloud-api.com",
                Duration.ofSeconds(15),
                Duration.ofMinutes(2),
                Duration.ofMinutes(10),
                Duration.ofSeconds(10),
                Duration.ofMinutes(10),
                Duration.ofMinutes(20),
                Duration.ofSeconds(20),
                Duration.ofHours(2),
                10,
                true,
                "reinstall-system",
                8080,
                Optional.empty()));
  }

  @Test
  void every_setting_is_read_from_its_own_variable() {
    assertThat(Settings.from(EVERY))
        .isEqualTo(
            new Settings(
                List.of("team-a", "team-b"),
                "https://127.0.0.1:8081/{region}",
                "V1-SHA256",
                "http://127.0.0.1:9000/jd",
                Duration.ofMillis(500),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                Duration.ofSeconds(4),
                Duration.ofMinutes(5),
                Duration.ofMinutes(6),
                Duration.ofSeconds(7),
                Duration.ofHours(8),
                9,
                false,
                "elsewhere",
                0,
                Optional.of(Path.of("/tmp/seen"))));
  }

  @Test
  void all_namespaces_are_watched_when_none_is_named() {
    assertThat(Settings.from(Map.of("REINSTALL_NAMESPACES", " ")).namespaces()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "REINSTALL_POL_INTERVAL, REINSTALL_POLL_INTERVAL",
    "REINSTALL_NAMESPACE, REINSTALL_NAMESPACES",
    "REINSTALL_JD_ENDPOINT, REINSTALL_JDCLOUD_ENDPOINT",
    "REINSTALL_TIMEOUT, REINSTALL_CALL_TIMEOUT",
    "REINSTALL_HTP_PORT, REINSTALL_HTTP_PORT",
    "REINSTALL_HTTP_PROT, REINSTALL_HTTP_PORT",
  })
  void an_unknown_setting_is_refused_with_the_nearest_right_one(String written, String meant) {
    assertThat(problems(Map.of(written, "10s")))
        .containsExactly(written + " is no setting: did you mean " + meant + "?");
  }

  static Stream<String> names() {
    return EVERY.keySet().stream().filter(name -> name.startsWith("REINSTALL_"));
  }

  @ParameterizedTest
  @MethodSource("names")
  void every_setting_is_meant_by_its_name_without_a_letter(String name) {
    String misspelt = new StringBuilder(name).deleteCharAt(name.length() - 2).toString();

    assertThat(problems(Map.of(misspelt, "")))
        .containsExactly(misspelt + " is no setting: did you mean " + name + "?");
  }

  @ParameterizedTest
  @MethodSource("names")
  void every_malformed_setting_is_refused_or_told_by_its_adapter(String name) {
    if (name.endsWith("_ENDPOINT")) {
      assertThatThrownBy(() -> new Endpoint("?")).isInstanceOf(IllegalArgumentException.class);
    } else {
      assertThat(problems(Map.of(name, "?")))
          .singleElement()
          .asString()
          .startsWith(name + " is malformed: \"?\"; write ");
    }
  }

  @Test
  void the_value_of_an_unknown_setting_is_not_told_because_it_may_be_a_secret() {
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
        .containsExactly(written + " is no setting: did you mean REINSTALL_HTTP_PORT?");
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
    assertThat(Settings.from(Map.of(name, value))).isEqualTo(Settings.from(Map.of()));
  }

  @Test
  void a_port_that_kubernetes_injects_under_the_name_of_a_real_setting_is_explained() {
    assertThat(problems(Map.of("REINSTALL_HTTP_PORT", "tcp://10.96.0.7:80")))
        .singleElement()
        .asString()
        .startsWith("REINSTALL_HTTP_PORT is malformed")
        .contains("enableServiceLinks: false");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "10", "0s", "-1s", "1.5s", "10 s", "10S", "1d", "1m30s", "9999999999s", "١s"})
  void a_malformed_duration_is_refused(String value) {
    assertThat(problems(Map.of("REINSTALL_POLL_INTERVAL", value)))
        .singleElement()
        .asString()
        .startsWith("REINSTALL_POLL_INTERVAL is malformed: \"" + value + "\"")
        .contains("500ms, 10s, 2m or 1h");
  }

  @ParameterizedTest
  @CsvSource({
    "REINSTALL_CONCURRENCY, 0",
    "REINSTALL_CONCURRENCY, 91",
    "REINSTALL_CONCURRENCY, many",
    "REINSTALL_CONCURRENCY, 0000000001",
    "REINSTALL_CONCURRENCY, ١",
    "REINSTALL_HTTP_PORT, -0",
    "REINSTALL_HTTP_PORT, 65536",
    "REINSTALL_HTTP_PORT, -1",
    "REINSTALL_LEADER_ELECTION, yes",
    "REINSTALL_LEADER_ELECTION, TRUE",
    "REINSTALL_TENCENT_SIGNATURE, TC4",
    "REINSTALL_TENCENT_SIGNATURE, tc3",
    "REINSTALL_TENCENT_SIGNATURE, V1",
    "REINSTALL_NAMESPACES, Team_A",
    "REINSTALL_NAMESPACES, team.a",
    "REINSTALL_NAMESPACES, -team",
    "REINSTALL_NAMESPACES, team-",
    "REINSTALL_NAMESPACES, 'team-a,'",
    "REINSTALL_NAMESPACES, ','",
    "POD_NAMESPACE, ''",
  })
  void a_malformed_value_is_refused(String name, String value) {
    assertThat(problems(Map.of(name, value)))
        .singleElement()
        .asString()
        .startsWith(name + " is malformed: \"" + value + "\"; write ");
  }

  @ParameterizedTest
  @CsvSource({
    "REINSTALL_CONCURRENCY, 1, 90",
    "REINSTALL_HTTP_PORT, 0, 65535",
    "REINSTALL_POLL_INTERVAL, 1ms, 999999999h",
  })
  void at_its_bounds_a_value_is_accepted(String name, String least, String most) {
    assertThat(Settings.from(Map.of(name, least))).isNotEqualTo(Settings.from(Map.of(name, most)));
  }

  @Test
  void a_namespace_has_up_to_63_letters() {
    String longest = "a".repeat(63);

    assertThat(Settings.from(Map.of("REINSTALL_NAMESPACES", "a," + longest)).namespaces())
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
  void unknown_settings_are_told_by_the_alphabet() {
    assertThat(
            problems(Map.of("REINSTALL_C", "1", "REINSTALL_A", "1", "REINSTALL_B", "1")).stream()
                .map(problem -> problem.substring(0, 11)))
        .containsExactly("REINSTALL_A", "REINSTALL_B", "REINSTALL_C");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TC3", "V1-SHA256", "V1-SHA1"})
  void every_signature_of_tencent_cloud_can_be_chosen(String name) {
    assertThat(Settings.from(Map.of("REINSTALL_TENCENT_SIGNATURE", name)).tencentSignature())
        .isEqualTo(name);
    assertThat(Signature.named(name, () -> 1)).isNotNull();
  }

  @Test
  void an_empty_endpoint_is_refused_and_not_taken_for_the_default() {
    assertThat(problems(Map.of("REINSTALL_TENCENT_ENDPOINT", "")))
        .singleElement()
        .asString()
        .startsWith("REINSTALL_TENCENT_ENDPOINT is empty");
  }

  @Test
  void all_problems_are_told_at_once() {
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
  @CsvSource({
    "REINSTALL_FENCE,         600s, 599s, REINSTALL_FENCE must be 10m or longer",
    "REINSTALL_CALL_TIMEOUT,  590s, 591s, REINSTALL_SEND_WITHIN and REINSTALL_CALL_TIMEOUT together",
    "REINSTALL_SEND_WITHIN,   300s, 301s, twice REINSTALL_SEND_WITHIN",
    "REINSTALL_SETTLE_TIME,   600s, 601s, shorter than REINSTALL_SETTLE_TIME",
    "REINSTALL_ORDER_TIMEOUT, 600s, 599s, REINSTALL_ORDER_TIMEOUT must not be shorter than REINSTALL_FENCE",
  })
  void durations_that_would_let_an_order_be_carried_out_twice_are_refused(
      String name, String just, String tooFar, String reason) {
    assertThat(Settings.from(Map.of(name, just))).isNotNull();
    assertThat(problems(Map.of(name, tooFar))).singleElement().asString().contains(reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:8081", "https://localhost/jd", "http://[::1]:1"})
  void against_simulators_everything_may_be_quick(String simulator) {
    Settings settings =
        Settings.from(
            Map.of(
                "REINSTALL_TENCENT_ENDPOINT",
                simulator,
                "REINSTALL_JDCLOUD_ENDPOINT",
                simulator,
                "REINSTALL_FENCE",
                "1s",
                "REINSTALL_ORDER_TIMEOUT",
                "5ms"));

    assertThat(settings.fence()).isEqualTo(Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"REINSTALL_TENCENT_ENDPOINT", "REINSTALL_JDCLOUD_ENDPOINT"})
  void one_real_cloud_is_enough_for_the_fence_to_be_kept(String simulated) {
    assertThat(problems(Map.of(simulated, "http://127.0.0.1:8081", "REINSTALL_FENCE", "5m")))
        .singleElement()
        .asString()
        .contains("REINSTALL_FENCE must be 10m or longer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://localhost.example.com",
        "https://127.0.0.1.example.com",
        "https://my-localhost",
        "https://127.0.1",
      })
  void a_cloud_whose_name_looks_like_a_loopback_address_is_no_simulator(String endpoint) {
    assertThat(
            problems(
                Map.of(
                    "REINSTALL_TENCENT_ENDPOINT", endpoint,
                    "REINSTALL_JDCLOUD_ENDPOINT", endpoint,
                    "REINSTALL_FENCE", "5m")))
        .hasSize(1);
  }

  private static List<String> problems(Map<String, String> environment) {
    return catchThrowableOfType(SettingsException.class, () -> Settings.from(environment))
        .problems();
  }
}
