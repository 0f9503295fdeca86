package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reinstall.controlplane.FreePorts;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HealthServerTest {
  /** Far below the time-out of the probes in the Deployment. */
  private static final Duration SOON = Duration.ofSeconds(2);

  /** More than the buffers of a connection hold. */
  private static final String LARGE = "x".repeat(8_000_000);

  private final int port = FreePorts.free();
  private final List<Socket> others = new ArrayList<>();
  private volatile Supplier<Optional<String>> stuck = Optional::empty;
  private volatile Supplier<Optional<String>> problem = Optional::empty;
  private volatile Supplier<String> metrics = () -> "# TYPE one counter\n";
  private HealthServer server;

  @BeforeEach
  void start() throws IOException {
    server = HealthServer.start(port, () -> stuck.get(), () -> problem.get(), () -> metrics.get());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    for (Socket other : others) {
      other.close();
    }
  }

  @Test
  void it_answers_each_path() throws IOException {
    assertThat(get("/livez")).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nok\n");
    assertThat(get("/readyz?verbose")).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nok\n");
    assertThat(get("/metrics")).endsWith("\r\n\r\n# TYPE one counter\n");
    assertThat(get("/nothing")).startsWith("HTTP/1.1 404 ");
  }

  @Test
  void the_length_of_a_response_is_in_bytes() throws IOException {
    metrics = () -> "é\n";

    assertThat(get("/metrics")).contains("\r\nContent-Length: 3\r\n").endsWith("\r\n\r\né\n");
  }

  @Test
  void readiness_says_what_is_wrong_and_liveness_does_not_depend_on_it() throws IOException {
    problem = () -> Optional.of("The CRDs could not be checked.");

    assertThat(get("/readyz"))
        .startsWith("HTTP/1.1 503 ")
        .endsWith("\r\n\r\nThe CRDs could not be checked.\n");
    assertThat(get("/livez")).startsWith("HTTP/1.1 200 OK\r\n");
  }

  @Test
  void liveness_says_what_is_stuck_and_readiness_does_not_depend_on_it() throws IOException {
    stuck = () -> Optional.of("the reconciliation of team-a/web-1 has not ended for 19m");

    assertThat(get("/livez"))
        .startsWith("HTTP/1.1 503 ")
        .endsWith("\r\n\r\nthe reconciliation of team-a/web-1 has not ended for 19m\n");
    assertThat(get("/readyz")).startsWith("HTTP/1.1 200 OK\r\n");
  }

  @Test
  void one_connection_that_sends_half_a_request_holds_nobody_up() throws IOException {
    open("GET /livez HT");

    for (String path : List.of("/livez", "/readyz", "/metrics")) {
      assertThat(get(path)).as(path).startsWith("HTTP/1.1 200 OK\r\n");
    }
  }

  @Test
  void many_slow_connections_hold_nobody_up() throws IOException {
    for (int i = 0; i < 5 * HealthListener.MAX_CONNECTIONS; i++) {
      open(i % 2 == 0 ? "GET /livez HT" : "");
    }

    for (int i = 0; i < 5; i++) {
      assertThat(get("/livez")).startsWith("HTTP/1.1 200 OK\r\n");
    }
  }

  @Test
  void slow_readers_of_the_metrics_hold_nobody_up() throws IOException {
    metrics = () -> LARGE;
    for (int i = 0; i < 20; i++) {
      open("GET /metrics HTTP/1.1\r\nHost: here\r\n\r\n");
    }

    assertThat(get("/livez")).startsWith("HTTP/1.1 200 OK\r\n");
    assertThat(get("/readyz")).startsWith("HTTP/1.1 200 OK\r\n");
  }

  @Test
  void a_connection_is_closed_at_its_deadline_however_it_dribbles() throws IOException {
    Socket dribbling = open("GET /livez HT");

    Awaitility.await("the connection to be closed")
        .atMost(HealthListener.DEADLINE.multipliedBy(3))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> isClosedAfter(dribbling, "T"));
  }

  @Test
  void what_is_no_request_is_refused() throws IOException {
    assertThat(send("get /livez HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(send("\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(send("GET /livez HTTP/1.1\r\nX: " + "x".repeat(9000))).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void a_request_whose_end_does_not_come_is_refused() throws IOException {
    Socket half = open("GET /livez HT");
    half.shutdownOutput();

    assertThat(text(half)).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void head_is_answered_as_get_without_the_body() throws IOException {
    problem = () -> Optional.of("The CRDs could not be checked.");

    for (String path : List.of("/livez", "/readyz", "/metrics", "/nothing")) {
      String head = send("HEAD " + path + " HTTP/1.1\r\nHost: here\r\n\r\n");
      assertThat(head).isEqualTo(get(path).replaceFirst("(?s)\r\n\r\n.*", "\r\n\r\n"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS"})
  void another_method_is_refused_with_those_that_are_allowed(String method) throws IOException {
    assertThat(send(method + " /livez HTTP/1.1\r\n\r\n"))
        .startsWith("HTTP/1.1 405 Method Not Allowed\r\n")
        .contains("\r\nAllow: GET, HEAD\r\n");
    assertThat(get("/livez")).doesNotContain("Allow");
  }

  @Test
  void a_port_that_is_taken_is_named_with_what_to_do() {
    assertThatThrownBy(() -> HealthServer.start(port, stuck, problem, metrics))
        .isInstanceOf(StartException.class)
        .hasMessage(
            "REINSTALL_HTTP_PORT must be a free port, but port "
                + port
                + " cannot be opened (Address already in use). Set another port, or 0 to disable"
                + " the probes and metrics.");
  }

  @Test
  void it_keeps_no_more_threads_than_connections() throws IOException {
    for (int i = 0; i < 5 * HealthListener.MAX_CONNECTIONS; i++) {
      open("GET /livez HT");
    }
    get("/livez");

    assertThat(answering()).hasSizeLessThanOrEqualTo(2 * HealthListener.MAX_CONNECTIONS);
  }

  private static List<Thread> answering() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("health"))
        .toList();
  }

  @Test
  void quick_requests_cut_off_nobody_who_is_slower_within_the_deadline() throws IOException {
    CountDownLatch done = new CountDownLatch(1);
    metrics = () -> after(done, "many\n");
    Socket scrape = open("GET /metrics HTTP/1.1\r\nHost: here\r\n\r\n");

    for (int i = 0; i < HealthListener.MAX_CONNECTIONS; i++) {
      get("/livez");
    }
    Awaitility.await("some looks for late connections")
        .pollDelay(Duration.ofMillis(700))
        .until(() -> true);
    done.countDown();

    assertThat(text(scrape)).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nmany\n");
  }

  @Test
  void nothing_is_kept_for_a_reader_who_is_cut_off() throws IOException {
    metrics = () -> LARGE;
    Socket reader = open("GET /metrics HTTP/1.1\r\nHost: here\r\n\r\n");
    for (int i = 0; i < HealthListener.MAX_CONNECTIONS; i++) {
      open("");
    }
    get("/livez"); // so the others have been accepted

    assertThatThrownBy(() -> text(reader)).isInstanceOf(SocketException.class);
  }

  @Test
  void answers_that_do_not_come_cost_a_bounded_number_of_threads_and_it_goes_on_after_them()
      throws IOException, InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    Semaphore asked = new Semaphore(0);
    problem =
        () -> {
          asked.release();
          return after(done, Optional.empty());
        };
    for (int i = 0; i < 2 * HealthListener.MAX_CONNECTIONS; i++) {
      open("GET /readyz HTTP/1.1\r\nHost: here\r\n\r\n");
      assertThat(asked.tryAcquire(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    Socket oneMore = open("");
    assertThatThrownBy(() -> text(oneMore)).as("closed").isInstanceOf(SocketException.class);

    done.countDown();
    Awaitility.await("a response")
        .ignoreExceptions()
        .until(() -> get("/livez").startsWith("HTTP/1.1 200 OK\r\n"));
  }

  @Test
  void after_a_close_nobody_listens() {
    server.close();

    // Until the thread that accepts has ended, the kernel resets connections.
    Awaitility.await("a refusal")
        .untilAsserted(
            () -> assertThatThrownBy(() -> get("/livez")).isInstanceOf(ConnectException.class));
  }

  private static <T> T after(CountDownLatch done, T value) {
    try {
      done.await();
      return value;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isClosedAfter(Socket socket, String more) {
    try {
      socket.getOutputStream().write(more.getBytes(StandardCharsets.ISO_8859_1));
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private Socket open(String sent) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    others.add(socket);
    socket.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
    return socket;
  }

  private String get(String path) throws IOException {
    return send("GET " + path + " HTTP/1.1\r\nHost: here\r\n\r\n");
  }

  /** The whole response, which must come soon. */
  private String send(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return text(socket);
    }
  }

  private static String text(Socket socket) throws IOException {
    socket.setSoTimeout((int) SOON.toMillis());
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
