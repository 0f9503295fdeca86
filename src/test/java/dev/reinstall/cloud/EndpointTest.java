package dev.reinstall.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {

  @ParameterizedTest
  @CsvSource({
    "https://cvm.tencentcloudapi.com, '', https://cvm.tencentcloudapi.com/",
    "https://cvm.tencentcloudapi.com/, '', https://cvm.tencentcloudapi.com/",
    "https://cvm.{region}.tencentcloudapi.com, '', https://cvm.ap-x.tencentcloudapi.com/",
    "https://gate.example.com/cvm, '', https://gate.example.com/cvm",
    "https://gate.example.com/cvm/, '', https://gate.example.com/cvm/",
    "https://gate.example.com/{region}/cvm, '', https://gate.example.com/ap-x/cvm",
    "https://edcps.jdcloud-api.com, /v1/a:b, https://edcps.jdcloud-api.com/v1/a:b",
    "https://gate.example.com:8443/jd/, /v1/a, https://gate.example.com:8443/jd/v1/a",
    "HTTPS://Gate.Example.COM/Jd, /v1, https://gate.example.com/Jd/v1",
    "http://127.0.0.1:8080, /v1, http://127.0.0.1:8080/v1",
    "http://127.255.0.254, /v1, http://127.255.0.254/v1",
    "http://localhost:1/x, '', http://localhost:1/x",
    "http://[::1]:8080/x, '', http://[::1]:8080/x",
  })
  void the_path_is_kept_and_the_region_filled_in(String template, String path, String url) {
    assertThat(new Endpoint(template).resolve("ap-x", path)).hasToString(url);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          "" | begin with https://
          cvm.tencentcloudapi.com | begin with https://
          ftp://cvm.tencentcloudapi.com | begin with https://
          file:///etc/passwd | begin with https://
          https:// | be a URL
          https:///path | have a host
          https://exa mple.com | be a URL
          https://us_er.example.com | have a host
          https://h.example.com:0 | have a port from 1 to 65535
          https://h.example.com:65536 | have a port from 1 to 65535
          https://h.example.com:x | have a host
          https://user@h.example.com | not contain a user or password
          https://user:pass@h.example.com | not contain a user or password
          https://h.example.com/?a=b | not contain a query (?)
          https://h.example.com/#a | not contain a fragment (#)
          https://h.example.com/a%2Fb | have a path of only letters, digits, '.', '_', '~', '-' and '/'
          https://h.example.com/a/../b | have a path of only letters, digits, '.', '_', '~', '-' and '/'
          https://h.example.com/./b | have a path of only letters, digits, '.', '_', '~', '-' and '/'
          https://h.example.com/a b | be a URL
          https://h.example.com/{zone} | be a URL
          https://{zone}.example.com | be a URL
          https://{region} | have a host that does not end with {region}
          https://cvm.{region} | have a host that does not end with {region}
          https://cvm.x{region}y | have a host that does not end with {region}
          https://h.example.com:{region} | have a host
          http://127.0.0.256 | have a host
          http://127.0.1 | have a host
          http://1270.0.1 | have a host
          """)
  void a_bad_one_is_refused_with_what_it_must_be_and_is_not_shown(String template, String rule) {
    assertThatThrownBy(() -> new Endpoint(template))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "must "
                + rule
                + ". Use a URL such as https://cloud.example.com or"
                + " https://cloud.{region}.example.com/path.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://h.example.com",
        "http://10.0.0.1",
        "http://128.0.0.1",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://my-localhost",
        "http://localhost.",
        "http://{region}.localhost",
        "http://[::2]",
        "http://[::ffff:127.0.0.1]",
        "http://0.0.0.0"
      })
  void plain_http_is_refused_to_everything_but_a_loopback_address(String template) {
    assertThatThrownBy(() -> new Endpoint(template))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "must begin with https:// (http:// is allowed only for 127.0.0.0/8, [::1] and"
                + " localhost). Use a URL such as https://cloud.example.com or"
                + " https://cloud.{region}.example.com/path.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "evil.example", "a/b", "a@b", "a:1", "a#", "a?", "A", "a b", "-a", "a\n"})
  void no_region_can_choose_a_host(String region) {
    Endpoint endpoint = new Endpoint("https://cvm.{region}.example.com");
    assertThatThrownBy(() -> endpoint.resolve(region, ""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void it_shows_what_was_written() {
    assertThat(new Endpoint("https://cvm.{region}.example.com"))
        .hasToString("https://cvm.{region}.example.com");
  }
}
