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
  @ValueSource(
      strings = {
        "",
        "cvm.tencentcloudapi.com",
        "ftp://cvm.tencentcloudapi.com",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "https://exa mple.com",
        "https://us_er.example.com",
        "https://h.example.com:0",
        "https://h.example.com:65536",
        "https://h.example.com:x",
        "https://user@h.example.com",
        "https://user:pass@h.example.com",
        "https://h.example.com/?a=b",
        "https://h.example.com/#a",
        "https://h.example.com/a%2Fb",
        "https://h.example.com/a/../b",
        "https://h.example.com/./b",
        "https://h.example.com/a b",
        "https://h.example.com/{zone}",
        "https://{zone}.example.com",
        "https://{region}",
        "https://cvm.{region}",
        "https://cvm.x{region}y",
        "https://h.example.com:{region}",
        "http://h.example.com",
        "http://10.0.0.1",
        "http://128.0.0.1",
        "http://127.0.0.1.example.com",
        "http://127.0.0.256",
        "http://localhost.example.com",
        "http://{region}.localhost",
        "http://[::2]",
        "http://0.0.0.0"
      })
  void a_bad_one_is_refused_with_what_to_write(String template) {
    assertThatThrownBy(() -> new Endpoint(template))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("write a URL such as https://")
        .hasMessageNotContaining("pass@");
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
