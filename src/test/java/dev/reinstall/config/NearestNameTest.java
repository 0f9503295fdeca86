package dev.reinstall.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
  private static final List<String> SETTINGS =
      List.of(
          "POD_NAMESPACE",
          "REINSTALL_ALLOW_UNSAFE_TIMEOUTS",
          "REINSTALL_CALL_TIMEOUT",
          "REINSTALL_FENCE",
          "REINSTALL_JDCLOUD_ENDPOINT",
          "REINSTALL_JDCLOUD_SIGNATURE",
          "REINSTALL_JD_SETTLE_TIME",
          "REINSTALL_NAMESPACES",
          "REINSTALL_ORDER_TIMEOUT",
          "REINSTALL_POLL_INTERVAL",
          "REINSTALL_SETTLE_TIME",
          "REINSTALL_TENCENT_ENDPOINT",
          "REINSTALL_TENCENT_IDENTITY_NAMESPACES",
          "REINSTALL_TENCENT_INSTANCE_ROLE",
          "REINSTALL_TENCENT_METADATA_ENDPOINT",
          "REINSTALL_TENCENT_SIGNATURE",
          "REINSTALL_TENCENT_STS_ENDPOINT",
          "REINSTALL_TOKEN_TRUST");

  @ParameterizedTest
  @CsvSource({
    "port, port, 0",
    "port, '', 4",
    "'', port, 4",
    "port, ports, 1",
    "port, sport, 1",
    "ports, port, 1",
    "sport, port, 1",
    "port, part, 1",
    "port, prot, 2",
    "flaw, lawn, 2",
    "kitten, sitting, 3",
    "poll, fence, 5",
  })
  void it_counts_letters_to_insert_to_drop_or_to_replace(String from, String to, int distance) {
    assertThat(NearestName.nearest(from, List.of(to)))
        .isEqualTo(new NearestName.Nearest(to, distance));
  }

  @Test
  void the_nearest_word_is_found() {
    assertThat(NearestName.nearest("prot", List.of("fence", "port", "poll")).word())
        .isEqualTo("port");
  }

  @ParameterizedTest
  @CsvSource({
    "REINSTALL_POLL, REINSTALL_POLL_INTERVAL", // by edit distance alone: REINSTALL_FENCE
    "REINSTALL_POLL_INT, REINSTALL_POLL_INTERVAL",
    "REINSTALL_INTERVAL, REINSTALL_POLL_INTERVAL",
    "REINSTALL_POLL_INTERVAL_SECONDS, REINSTALL_POLL_INTERVAL",
    "REINSTALL_TIMEOUT, REINSTALL_CALL_TIMEOUT REINSTALL_ORDER_TIMEOUT",
    "REINSTALL_UNSAFE_TIMEOUTS, REINSTALL_ALLOW_UNSAFE_TIMEOUTS",
    "REINSTALL_SETTLE, REINSTALL_SETTLE_TIME",
    "REINSTALL_JD_CLOUD_ENDPOINT, REINSTALL_JDCLOUD_ENDPOINT",
    "REINSTALL_JD_ENDPOINT, REINSTALL_JDCLOUD_ENDPOINT",
    "REINSTALL_ENDPOINT_TENCENT, REINSTALL_TENCENT_ENDPOINT REINSTALL_TENCENT_METADATA_ENDPOINT"
        + " REINSTALL_TENCENT_STS_ENDPOINT",
    "REINSTALL_TENCENT, ''",
    "REINSTALL_STS_ENDPOINT, REINSTALL_TENCENT_STS_ENDPOINT",
    "REINSTALL_IDENTITY_NAMESPACES, REINSTALL_TENCENT_IDENTITY_NAMESPACES",
    "REINSTALL_TENCENT_ROLE, REINSTALL_TENCENT_INSTANCE_ROLE",
    "REINSTALL_TENCENT_URL, REINSTALL_TENCENT_ENDPOINT REINSTALL_TENCENT_SIGNATURE",
    "REINSTALL_POLLING_INTERVAL, REINSTALL_POLL_INTERVAL",
    "REINSTALL_FNECE, REINSTALL_FENCE",
    "REINSTALL_POD_NAMESPACE, POD_NAMESPACE",
    "REINSTALL_NAMESPACE, REINSTALL_NAMESPACES",
    "REINSTALL_COLOUR, ''",
    "REINSTALL_LOG_LEVEL, ''",
    "REINSTALL_TENCENT_SECRET_KEY, ''",
    "REINSTALL_T, ''",
    "REINSTALL_, ''",
  })
  void a_setting_is_found_by_meaning_before_letters_and_nothing_is_guessed_wildly(
      String written, String meant) {
    assertThat(String.join(" ", NearestName.meant(written, SETTINGS))).isEqualTo(meant);
  }
}
