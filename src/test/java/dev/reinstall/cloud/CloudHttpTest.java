package dev.reinstall.cloud;

import static dev.reinstall.cloud.ScriptedHttpServer.cutAfter;
import static dev.reinstall.cloud.ScriptedHttpServer.response;
import static dev.reinstall.cloud.ScriptedHttpServer.send;
import static dev.reinstall.cloud.ScriptedHttpServer.sending;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reinstall.cloud.CloudException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class CloudHttpTest {

  private static final Duration LONG = Duration.ofSeconds(15);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final int MOST = CloudHttp.MAX_BYTES;
  private static final int ALERT = 21;
  private static final int HANDSHAKE = 22;

  private final CloudHttp http = new CloudHttp(LONG, LONG);

  @Test
  void an_answer_comes_back_whatever_its_status() throws CloudException {
    try (var server = new ScriptedHttpServer(sending(response(418, "X-A: b\n", "tea, \u00e9")))) {
      HttpResult result = http.send(put(server.url()));
      assertThat(result.status()).isEqualTo(418);
      assertThat(result.headers().firstValue("x-a")).contains("b");
      assertThat(result.body()).isEqualTo("tea, \u00e9");
      assertThat(server.last().line()).isEqualTo("PUT /a:b HTTP/1.1");
      assertThat(server.last().headers())
          .containsEntry("x-mine", "1")
          .doesNotContainKeys("upgrade", "expect");
      assertThat(server.last().body()).isEqualTo("wipe it");
    }
  }

  @Test
  void the_host_that_is_signed_is_the_host_that_is_sent() throws CloudException {
    try (var server = ScriptedHttpServer.answering(200, "")) {
      http.send(put(server.url()));
      assertThat(server.last().headers().get("host"))
          .isEqualTo(CloudHttp.hostHeader(URI.create(server.url() + "/a")));
    }
    assertThat(CloudHttp.hostHeader(URI.create("https://h.example/a"))).isEqualTo("h.example");
    assertThat(CloudHttp.hostHeader(URI.create("https://h.example:443/"))).isEqualTo("h.example");
    assertThat(CloudHttp.hostHeader(URI.create("http://h.example:80/"))).isEqualTo("h.example");
    assertThat(CloudHttp.hostHeader(URI.create("https://h.example:80/"))).isEqualTo("h.example:80");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void a_redirect_is_never_followed(int status) throws CloudException {
    try (var server = new ScriptedHttpServer((request, connection) -> {})) {
      server.now(sending(response(status, "Location: " + server.url() + "/b\n", "")));
      assertThat(http.send(put(server.url())).status()).isEqualTo(status);
      assertThat(server.received()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT"})
  void a_request_is_not_sent_again_when_a_pooled_connection_closes_without_an_answer(String method)
      throws CloudException {
    try (var server = ScriptedHttpServer.answering(200, "")) {
      http.send(call(method, server.url()));
      server.now((request, connection) -> connection.close());
      assertUnclear(http, call(method, server.url()));
      assertThat(server.received()).hasSize(2);
    }
  }

  @Test
  void a_get_is_not_sent_again_either_by_java() throws CloudException {
    try (var server = ScriptedHttpServer.answering(200, "")) {
      http.send(get(server.url(), 1));
      server.now((request, connection) -> connection.close());
      assertUnclear(http, get(server.url(), 2));
      assertUnclear(http, get(server.url(), 3)); // on a new connection
      assertThat(server.received()).hasSize(3);
    }
  }

  @Test
  void a_request_that_reads_is_signed_again_when_a_pooled_connection_closes()
      throws CloudException {
    var nonce = new AtomicInteger();
    try (var server = ScriptedHttpServer.answering(200, "")) {
      CloudHttp.Signed signed = () -> get(server.url(), nonce.incrementAndGet());
      http.read(signed);
      server.now(
          (request, connection) -> {
            server.nowAnswers(200, "seen");
            connection.close();
          });
      assertThat(http.read(signed).body()).isEqualTo("seen");
      assertThat(server.received())
          .extracting(received -> received.headers().get("x-nonce"))
          .containsExactly("1", "2", "3");
    }
  }

  @Test
  void a_request_that_reads_is_sent_twice_at_most() {
    var nonce = new AtomicInteger();
    try (var server = new ScriptedHttpServer((request, connection) -> connection.close())) {
      CloudException failure =
          catchThrowableOfType(
              CloudException.class,
              () -> http.read(() -> get(server.url(), nonce.incrementAndGet())));
      assertThat(failure)
          .hasMessage("The connection to 127.0.0.1 broke before the response was complete.");
      assertThat(failure.kind()).isNotEqualTo(Kind.NOT_SENT);
      assertThat(server.received())
          .extracting(received -> received.headers().get("x-nonce"))
          .containsExactly("1", "2");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 20", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"})
  void a_request_that_reads_is_sent_once_when_its_response_had_begun(String begun) {
    try (var server = new ScriptedHttpServer(cutAfter(begun))) {
      assertThat(
              catchThrowableOfType(
                  CloudException.class, () -> http.read(() -> get(server.url(), 1))))
          .isNotNull();
      assertThat(server.received()).hasSize(1);
    }
  }

  private static SignedRequest get(String url, int nonce) {
    return new SignedRequest(
        "GET", URI.create(url + "/a"), Map.of("X-Nonce", Integer.toString(nonce)), "");
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 407, 408, 425, 429, 500, 502, 503, 504})
  void a_request_is_not_sent_again_whatever_status_asks_for_it(int status) throws CloudException {
    String headers =
        "Retry-After: 0\nWWW-Authenticate: Basic realm=a\nProxy-Authenticate: Basic realm=a\n";
    try (var server = new ScriptedHttpServer(sending(response(status, headers, "")))) {
      assertThat(http.send(put(server.url())).status()).isEqualTo(status);
      assertThat(server.received()).hasSize(1);
    }
  }

  @Test
  void it_is_not_made_while_java_would_resend_every_method() {
    String property = "jdk.httpclient.enableAllMethodRetry";
    System.setProperty(property, "");
    try {
      assertThatThrownBy(() -> new CloudHttp(LONG, LONG))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "The system property jdk.httpclient.enableAllMethodRetry must not be set:"
                  + " Java could send a request to a cloud twice. Remove it.");
    } finally {
      System.clearProperty(property);
    }
  }

  @Test
  void a_refused_connection_is_certainly_never_sent() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    assertThat(failure(http, put("http://127.0.0.1:" + port)).kind()).isEqualTo(Kind.NOT_SENT);
  }

  @Test
  void a_name_without_an_address_is_certainly_never_sent() {
    CloudException failure = failure(http, put("https://cloud.invalid"));
    assertThat(failure.kind()).isEqualTo(Kind.NOT_SENT);
    assertThat(failure).hasMessage("No address found for the host cloud.invalid.");
  }

  @Test
  void a_connection_that_does_not_come_about_is_certainly_never_sent() throws IOException {
    List<Socket> waiting = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      for (int i = 0; i < 8; i++) { // the backlog is full: further connections get no response
        Socket socket = new Socket();
        waiting.add(socket);
        try {
          socket.connect(full.getLocalSocketAddress(), 20);
        } catch (IOException queueIsFull) {
          break;
        }
      }
      CloudException failure =
          failure(new CloudHttp(SHORT, LONG), put("http://127.0.0.1:" + full.getLocalPort()));
      assertThat(failure.kind()).isEqualTo(Kind.NOT_SENT);
      assertThat(failure).hasMessage("No connection to 127.0.0.1 within the time-out.");
    } finally {
      for (Socket socket : waiting) {
        socket.close();
      }
    }
  }

  @Test
  void a_tls_handshake_that_fails_is_certainly_never_sent() throws Exception {
    try (ServerSocket tls =
        SSLContext.getDefault() // it has no certificate
            .getServerSocketFactory()
            .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      serving(() -> handshake(tls));
      CloudException failure = failure(http, put("https://127.0.0.1:" + tls.getLocalPort()));
      assertThat(failure.kind()).isEqualTo(Kind.NOT_SENT);
      assertThat(failure).hasMessageStartingWith("TLS handshake failed with 127.0.0.1: ");
    }
  }

  private static void serving(Runnable once) {
    Thread thread = new Thread(once, "one-connection");
    thread.setDaemon(true);
    thread.start();
  }

  private static void handshake(ServerSocket tls) {
    try (Socket connection = tls.accept()) {
      connection.getInputStream().read();
    } catch (IOException expected) {
      // the handshake cannot succeed
    }
  }

  /**
   * It is known as not submitted, except for a race in Java: sometimes its client starts the body
   * beside the failing handshake. Then it is ambiguous, and still nothing was sent.
   */
  @Test
  void a_server_that_speaks_no_tls_gets_nothing_but_the_beginning_of_a_handshake()
      throws Exception {
    CompletableFuture<byte[]> received = new CompletableFuture<>();
    try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      serving(
          () -> {
            try (Socket connection = plain.accept()) {
              DataInputStream in = new DataInputStream(connection.getInputStream());
              int kind = in.readUnsignedByte();
              send(connection, response(400, "", "no TLS here"));
              ByteArrayOutputStream all = new ByteArrayOutputStream();
              all.write(kind);
              in.transferTo(all);
              received.complete(all.toByteArray());
            } catch (IOException e) {
              received.completeExceptionally(e);
            }
          });
      CloudException failure = failure(http, put("https://127.0.0.1:" + plain.getLocalPort()));
      assertThat(failure).hasMessageStartingWith("TLS handshake failed with 127.0.0.1: ");
      assertThat(kindsOfRecords(received.get())).isNotEmpty().isSubsetOf(HANDSHAKE, ALERT);
    }
  }

  /** Of each TLS record: its type, two bytes of version, two of length, and that many bytes. */
  private static List<Integer> kindsOfRecords(byte[] sent) {
    List<Integer> kinds = new ArrayList<>();
    ByteBuffer rest = ByteBuffer.wrap(sent);
    while (rest.hasRemaining()) {
      kinds.add(Byte.toUnsignedInt(rest.get()));
      rest.getShort();
      int length = Short.toUnsignedInt(rest.getShort());
      rest.position(rest.position() + length);
    }
    return kinds;
  }

  static Stream<Arguments> broken() {
    return Stream.of(
        Arguments.of("cut before any answer", cutAfter("")),
        Arguments.of("cut in the status line", cutAfter("HTTP/1.1 20")),
        Arguments.of("cut in the headers", cutAfter("HTTP/1.1 200 OK\r\nContent-Le")),
        Arguments.of(
            "cut in the body", cutAfter("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":")),
        Arguments.of(
            "cut in a chunk",
            cutAfter("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n{\"a\":")),
        Arguments.of(
            "cut between chunks",
            cutAfter("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n")),
        Arguments.of("not HTTP", cutAfter("wipe it? with pleasure\r\n\r\n")),
        Arguments.of("another protocol", cutAfter("HTTP/1.1 101 Switching\r\nUpgrade: h\r\n\r\n")),
        Arguments.of("larger than told", cutAfter(response(200, "", "x".repeat(MOST + 1)))),
        Arguments.of(
            "larger without a length",
            cutAfter("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + "x".repeat(MOST + 1))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  void a_broken_answer_is_ambiguous_and_quotes_nothing(
      String how, ScriptedHttpServer.Behaviour behaviour) {
    try (var server = new ScriptedHttpServer(behaviour)) {
      assertThat(assertUnclear(http, put(server.url()))).hasMessageNotContaining("wipe it");
      assertThat(server.received()).as(how).hasSize(1);
    }
  }

  @Test
  void a_body_of_just_the_cap_is_taken() throws CloudException {
    try (var server = ScriptedHttpServer.answering(200, "x".repeat(MOST))) {
      assertThat(http.send(put(server.url())).body()).hasSize(MOST);
    }
  }

  @Test
  void an_endless_body_is_hung_up_on() throws InterruptedException {
    var hungUp = new CountDownLatch(1);
    try (var server =
        new ScriptedHttpServer(
            (request, connection) -> {
              try {
                send(connection, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
                while (true) {
                  send(connection, "x".repeat(1 << 16));
                }
              } catch (IOException e) {
                hungUp.countDown();
              }
            })) {
      assertThat(assertUnclear(http, put(server.url()))).hasMessageContaining("larger");
      assertThat(hungUp.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"})
  @Timeout(6) // far less than the connect time-out
  void the_time_out_covers_headers_and_body_and_hangs_up(String begun) throws InterruptedException {
    var hungUp = new CountDownLatch(1);
    try (var server =
        new ScriptedHttpServer(
            (request, connection) -> {
              send(connection, begun);
              try {
                connection.getInputStream().readAllBytes(); // until the client closes
              } finally {
                hungUp.countDown();
              }
            })) {
      assertThat(assertUnclear(new CloudHttp(LONG, SHORT), put(server.url())))
          .hasMessage("No complete response from 127.0.0.1 within 300ms.");
      assertThat(hungUp.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void an_interrupted_call_is_ambiguous_and_stays_interrupted() {
    Thread caller = Thread.currentThread();
    try (var server = new ScriptedHttpServer((request, connection) -> caller.interrupt())) {
      CloudException failure = failure(http, put(server.url()));
      assertThat(Thread.interrupted()).isTrue();
      assertThat(failure.kind()).isEqualTo(Kind.AMBIGUOUS);
      assertThat(failure.kind()).isNotEqualTo(Kind.NOT_SENT);
    }
  }

  @Test
  void who_is_interrupted_already_sends_nothing() {
    try (var server = ScriptedHttpServer.answering(200, "")) {
      Thread.currentThread().interrupt();
      CloudException failure = failure(http, put(server.url()));
      assertThat(Thread.interrupted()).isTrue();
      assertThat(failure.kind()).isEqualTo(Kind.NOT_SENT);
      assertThat(server.received()).isEmpty();
    }
  }

  @Test
  void a_header_that_cannot_be_sent_is_not_quoted() {
    SignedRequest call =
        new SignedRequest("PUT", URI.create("http://127.0.0.1:9/"), Map.of("a", "se\ncret"), "b");
    CloudException failure = failure(http, call);
    assertThat(failure.kind()).isEqualTo(Kind.NOT_SENT);
    assertThat(failure).hasMessageNotContaining("cret");
  }

  @Test
  void what_is_sent_and_what_comes_back_is_not_printed() {
    assertThat(put("http://127.0.0.1:9").toString()).isEqualTo("Call[PUT http://127.0.0.1:9/a:b]");
  }

  private static SignedRequest put(String url) {
    return call("PUT", url);
  }

  private static SignedRequest call(String method, String url) {
    return new SignedRequest(method, URI.create(url + "/a:b"), Map.of("X-Mine", "1"), "wipe it");
  }

  private static CloudException failure(CloudHttp http, SignedRequest call) {
    return catchThrowableOfType(CloudException.class, () -> http.send(call));
  }

  private static CloudException assertUnclear(CloudHttp http, SignedRequest call) {
    CloudException failure = failure(http, call);
    assertThat(failure).isNotNull();
    assertThat(failure.kind()).isEqualTo(Kind.AMBIGUOUS);
    assertThat(failure.kind()).isNotEqualTo(Kind.NOT_SENT);
    return failure;
  }
}
