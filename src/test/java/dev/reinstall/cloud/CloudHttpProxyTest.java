package dev.reinstall.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reinstall.cloud.CloudException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a proxy in between changes: never whether a request was sent. */
@Timeout(20)
class CloudHttpProxyTest {
  private static final Duration LONG = Duration.ofSeconds(15);

  private final ConnectProxy proxy = new ConnectProxy();

  @AfterEach
  void close() {
    proxy.close();
  }

  @Test
  void https_goes_through_the_proxy_which_finds_the_name() throws IOException {
    try (ServerSocket closing = listening()) {
      proxy.knows("cloud.invalid", closing.getLocalPort());
      Thread server = new Thread(() -> acceptAndClose(closing));
      server.setDaemon(true);
      server.start();

      CloudException failure = failure(http(proxy.url(), ""), put("https://cloud.invalid"));

      assertThat(failure.getMessage())
          .startsWith("TLS handshake failed with cloud.invalid through the proxy " + proxy.url())
          .doesNotContain("wipe it");
      assertThat(proxy.requests()).hasSize(1);
      assertThat(proxy.requests().get(0))
          .startsWith("CONNECT cloud.invalid:443 HTTP/1.1\r\n")
          .doesNotContainIgnoringCase("X-Mine", "authorization");
    }
  }

  private static ServerSocket listening() throws IOException {
    return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  private static void acceptAndClose(ServerSocket socket) {
    try {
      socket.accept().close();
    } catch (IOException closed) {
      // the test is over
    }
  }

  @Test
  void a_host_of_no_proxy_is_not_called_through_it() {
    CloudException failure = failure(http(proxy.url(), ".invalid"), put("https://cloud.invalid"));
    assertThat(failure).hasMessage("No address found for the host cloud.invalid.");
    assertThat(proxy.requests()).isEmpty();
  }

  @Test
  void plain_http_to_this_machine_is_not_called_through_it() throws CloudException {
    try (var server = ScriptedHttpServer.answering(200, "{}")) {
      assertThat(http(proxy.url(), "").send(put(server.url())).status()).isEqualTo(200);
      assertThat(server.last().headers()).doesNotContainKey("proxy-authorization");
    }
    assertThat(proxy.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 500, 502, 503, 504})
  void a_refused_tunnel_is_certainly_never_sent(int status) {
    proxy.refuses(ScriptedHttpServer.response(status, "", "wipe it"));
    CloudException failure = failure(http(proxy.url(), ""), put("https://cloud.invalid"));
    assertThat(failure.kind()).isEqualTo(Kind.NOT_SENT);
    assertThat(failure)
        .hasMessage(
            "The proxy %s opened no tunnel to cloud.invalid (HTTP %d).", proxy.url(), status);
    assertThat(proxy.requests()).hasSize(1);
  }

  @Test
  void a_proxy_that_requires_a_password_is_no_response_of_the_cloud() {
    proxy.refuses(
        ScriptedHttpServer.response(407, "Proxy-Authenticate: Basic realm=\"a\"\n", "wipe it"));
    for (SignedRequest request : new SignedRequest[] {put("https://c.invalid"), get()}) {
      CloudException failure = failure(http(proxy.url(), ""), request);
      assertThat(failure.kind()).isEqualTo(Kind.NOT_SENT);
      assertThat(failure)
          .hasMessage(
              "The proxy %s does not accept the user and password of HTTPS_PROXY, or requires them"
                  + " (HTTP 407).",
              proxy.url());
    }
  }

  @ParameterizedTest
  @CsvSource({"''", "'HTTP/1.1 20'", "'no proxy\r\n\r\n'", "'HTTP/1.1 200 OK\r\n'"})
  void a_proxy_that_closes_instead_is_certainly_never_sent(String begun) {
    proxy.refuses(begun);
    CloudException failure = failure(http(proxy.url(), ""), put("https://cloud.invalid"));
    assertThat(failure.kind()).isEqualTo(Kind.NOT_SENT);
    assertThat(failure)
        .hasMessageStartingWith("The proxy " + proxy.url() + " opened no tunnel to cloud.invalid (")
        .hasMessageNotContaining("no proxy");
  }

  @Test
  void a_proxy_that_is_not_there_is_named() throws IOException {
    int port;
    try (ServerSocket socket = listening()) {
      port = socket.getLocalPort();
    }
    CloudException failure =
        failure(http("http://me:geheim@127.0.0.1:" + port, ""), put("https://cloud.invalid"));
    assertThat(failure.kind()).isEqualTo(Kind.NOT_SENT);
    assertThat(failure)
        .hasMessage("No connection to proxy http://127.0.0.1:%d of cloud.invalid.", port);
  }

  @Test
  void a_proxy_without_an_address_is_named() {
    CloudException failure = failure(http("http://p.invalid:3128", ""), put("https://c.invalid"));
    assertThat(failure.kind()).isEqualTo(Kind.NOT_SENT);
    assertThat(failure)
        .hasMessage("No address found for the proxy http://p.invalid:3128 of c.invalid.");
  }

  @Test
  void a_proxy_that_never_answers_is_certainly_never_sent() throws IOException {
    try (ServerSocket silent = listening()) {
      String url = "http://127.0.0.1:" + silent.getLocalPort();
      CloudHttp byCall = new CloudHttp(LONG, Duration.ofMillis(300), settings(url, ""));
      CloudException failure = failure(byCall, put("https://cloud.invalid"));
      assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(Kind.NOT_SENT);
      assertThat(failure)
          .hasMessage(
              "No complete response from cloud.invalid through the proxy %s within 300ms.", url);
    }
  }

  private static SignedRequest put(String url) {
    return new SignedRequest("PUT", URI.create(url + "/a"), Map.of("X-Mine", "1"), "wipe it");
  }

  private static SignedRequest get() {
    return new SignedRequest("GET", URI.create("https://c.invalid/a"), Map.of(), "");
  }

  private static CloudHttp http(String url, String exempt) {
    return new CloudHttp(LONG, LONG, settings(url, exempt));
  }

  private static ProxySettings settings(String url, String exempt) {
    return ProxySettings.from(Map.of("HTTPS_PROXY", url, "NO_PROXY", exempt));
  }

  private static CloudException failure(CloudHttp http, SignedRequest call) {
    return catchThrowableOfType(CloudException.class, () -> http.send(call));
  }
}
