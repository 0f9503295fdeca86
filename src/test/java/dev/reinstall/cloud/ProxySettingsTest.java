package dev.reinstall.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxySettingsTest {
  private static final URI CLOUD = URI.create("https://cvm.example.com/a");

  @ParameterizedTest
  @ValueSource(strings = {"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"})
  void each_variable_names_a_proxy(String variable) {
    ProxySettings settings = ProxySettings.from(Map.of(variable, " proxy.example.com:3128 "));
    assertThat(settings.proxyFor(CLOUD)).hasToString("Optional[http://proxy.example.com:3128]");
    assertThat(settings.proxyFor(CLOUD).orElseThrow().source()).isEqualTo(variable);
    assertThat(settings.authorizationFor(CLOUD)).isEmpty();
  }

  @Test
  void the_first_variable_that_is_not_empty_counts() {
    Map<String, String> both =
        Map.of("HTTPS_PROXY", "", "https_proxy", "http://a:1", "ALL_PROXY", "http://b:1");
    assertThat(ProxySettings.from(both).proxyFor(CLOUD).orElseThrow().host()).isEqualTo("a");
    assertThat(ProxySettings.from(Map.of("HTTPS_PROXY", " ")).proxy()).isEmpty();
  }

  @Test
  void plain_http_goes_through_no_proxy() {
    ProxySettings settings = ProxySettings.from(Map.of("HTTPS_PROXY", "http://p:3128"));
    assertThat(settings.proxyFor(URI.create("http://127.0.0.1:8080/"))).isEmpty();
  }

  @Test
  void a_loopback_address_is_called_through_the_proxy_unless_it_is_exempt() {
    URI loopback = URI.create("https://127.0.0.1:6443/");
    Map<String, String> proxy = Map.of("HTTPS_PROXY", "http://p:3128");
    assertThat(ProxySettings.from(proxy).proxyFor(loopback)).isPresent();
  }

  @Test
  void user_and_password_are_decoded_for_the_proxy_and_never_printed() {
    ProxySettings settings =
        ProxySettings.from(Map.of("HTTPS_PROXY", "http://me:pa%40ss%C3%A9@[::1]:3128/"));
    assertThat(settings.authorizationFor(CLOUD)).contains("Basic bWU6cGFAc3PDqQ==");
    assertThat(settings.authorizationFor(URI.create("http://127.0.0.1/"))).isEmpty();
    assertThat(settings.toString() + settings.proxyFor(CLOUD))
        .contains("http://[::1]:3128")
        .doesNotContain("me:", "pa%40", "pa@");
    assertThat(ProxySettings.from(Map.of("HTTPS_PROXY", "http://me@p:1")).authorizationFor(CLOUD))
        .contains("Basic bWU6");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://me:geheim@p:3128 | begin with http:// (the connection to a proxy by TLS or SOCKS"
            + " is not supported)",
        "socks5://me:geheim@p:1080 | begin with http:// (the connection to a proxy by TLS or SOCKS"
            + " is not supported)",
        "http://me:geheim@p | have a port from 1 to 65535",
        "me:geheim@p | have a port from 1 to 65535",
        "http://me:geheim@p:70000 | have a port from 1 to 65535",
        "http://me:geheim@p:0 | have a port from 1 to 65535",
        "http://me:geheim@p:3128/path | have nothing after the port",
        "http://me:geheim@p:3128?a | have nothing after the port",
        "http://me:geheim@p_q:3128 | have a host",
        "http://me:geheim@@p:3128 | have a host",
        "http://me:geh eim@p:3128 | be a URL",
      })
  void a_malformed_proxy_is_refused_without_its_value(String value, String rule) {
    assertThatThrownBy(() -> ProxySettings.from(Map.of("https_proxy", value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "https_proxy must " + rule + ". Use a URL such as http://proxy.example.com:3128.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "* | cvm.example.com",
        "example.com | example.com",
        "example.com | cvm.example.com",
        ".example.com | cvm.example.com",
        ".example.com | example.com",
        "*.example.com | cvm.example.com",
        "EXAMPLE.com | cvm.Example.COM",
        "a.b, example.com | cvm.example.com",
        "a.b example.com | cvm.example.com",
        ".svc,.cluster.local | kubernetes.default.svc",
        "10.96.0.1 | 10.96.0.1",
        "10.0.0.0/8 | 10.96.0.1",
        "10.96.0.0/31 | 10.96.0.1",
        "0.0.0.0/0 | 10.96.0.1",
        "fd00::/8 | [fd00:1::1]",
        "[::1] | [::1]",
        "::1 | [0:0:0:0:0:0:0:1]",
      })
  void a_host_of_no_proxy_is_called_without(String exempt, String host) {
    assertThat(settings("NO_PROXY", exempt).proxyFor(URI.create("https://" + host))).isEmpty();
    assertThat(settings("no_proxy", exempt).proxyFor(URI.create("https://" + host))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | cvm.example.com",
        "ample.com | cvm.example.com",
        "vm.example.com | cvm.example.com",
        "cvm.example.com.cn | cvm.example.com",
        "10.96.0.2/32 | 10.96.0.1",
        "10.96.0.2/31 | 10.96.0.1",
        "10.96.0.0/33 | 10.96.0.1",
        "10.96.0.0/x | 10.96.0.1",
        "0.1 | 10.96.0.1",
        "999.1.1.1 | 10.96.0.1",
        "::/0 | 10.96.0.1",
        "0.0.0.0/0 | [::1]",
        "10.0.0.0/8 | ten.example.com",
      })
  void any_other_host_is_called_through_the_proxy(String exempt, String host) {
    assertThat(settings("NO_PROXY", exempt).proxyFor(URI.create("https://" + host))).isPresent();
  }

  private static ProxySettings settings(String variable, String exempt) {
    return ProxySettings.from(Map.of("HTTPS_PROXY", "http://p:3128", variable, exempt));
  }
}
