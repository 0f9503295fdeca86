package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.fabric8.kubernetes.client.http.WebSocketUpgradeResponse;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WatchMonitorTest {
  private static final String PATH = "/apis/reinstall.dev/v1alpha1/namespaces/team-a/reinstalls";
  private static final String WATCH =
      "https://10.0.0.1:6443"
          + PATH
          + "?resourceVersion=7&timeoutSeconds=600&allowWatchBookmarks=true&watch=true";

  private final AtomicLong now = new AtomicLong();
  private final WatchMonitor monitor = new WatchMonitor(Duration.ofSeconds(15), now::get);

  @Test
  void each_watch_is_to_end_after_two_poll_intervals() {
    assertThat(open(WATCH).toString())
        .isEqualTo(WATCH.replace("timeoutSeconds=600", "timeoutSeconds=30"));
  }

  @Test
  void the_interval_is_neither_too_short_for_the_api_server_nor_too_long_for_people() {
    assertThat(new WatchMonitor(Duration.ofMillis(200)).limit()).isEqualTo(Duration.ofSeconds(10));
    assertThat(new WatchMonitor(Duration.ofHours(1)).limit()).isEqualTo(Duration.ofMinutes(2));
  }

  @Test
  void other_calls_and_watches_that_end_sooner_are_left_alone() {
    for (String other :
        new String[] {
          WATCH.replace("&watch=true", ""),
          WATCH.replace("timeoutSeconds=600", "timeoutSeconds=1"),
          WATCH.replace("timeoutSeconds=600&", ""),
          WATCH.replaceFirst("[?].*", "/web-1")
        }) {
      assertThat(open(other).toString()).isEqualTo(other);
      established(other);
    }
    later(Duration.ofHours(1));

    assertThat(monitor.problem()).isEmpty();
    assertThat(monitor.stalled()).isEmpty();
  }

  @Test
  void a_watch_that_is_followed_by_the_next_one_is_no_problem() {
    for (int i = 0; i < 100; i++) {
      open(WATCH);
      established(WATCH);
      later(Duration.ofSeconds(30));
    }

    assertThat(monitor.problem()).isEmpty();
    assertThat(monitor.stalled()).isEmpty();
  }

  @Test
  void a_watch_that_does_not_end_is_named_and_only_a_new_connection_helps() {
    open(WATCH);
    established(WATCH);
    later(monitor.limit());
    assertThat(monitor.problem()).isEmpty();

    later(Duration.ofSeconds(1));

    assertThat(monitor.problem())
        .contains("the watch of " + PATH + " has received nothing for 60s");
    assertThat(monitor.stalled()).as("it is named for a while before").isEmpty();

    later(Duration.ofSeconds(30));

    assertThat(monitor.stalled())
        .contains("The watch of " + PATH + " has received nothing for 90s");
  }

  @Test
  void a_watch_that_cannot_be_opened_is_named_and_a_restart_does_not_help() {
    open(WATCH);
    established(WATCH);
    for (int i = 0; i < 10; i++) {
      later(Duration.ofSeconds(10));
      open(WATCH);
    }

    assertThat(monitor.problem()).isPresent();
    assertThat(monitor.stalled()).isEmpty();

    established(WATCH);
    assertThat(monitor.problem()).isEmpty();
  }

  @Test
  void a_watch_that_is_rejected_is_not_established() {
    open(WATCH);
    established(WATCH);
    for (int i = 0; i < 10; i++) {
      later(Duration.ofSeconds(10));
      open(WATCH);
      response(WATCH, 403);
    }

    assertThat(monitor.problem())
        .contains(
            "the watch of "
                + PATH
                + " has received nothing for 60s: the API server responds with HTTP 403. Check the"
                + " operator's ServiceAccount and its permissions (deploy/rights.yaml)");
  }

  /** As where something between does not let the protocol be changed. */
  @Test
  void a_watch_by_plain_http_is_a_watch_too() {
    String plain = WATCH.replace("watch=true", "watch=1");
    for (int i = 0; i < 10; i++) {
      assertThat(open(plain).toString()).contains("timeoutSeconds=30");
      response(plain, 200);
      later(Duration.ofSeconds(30));
    }
    assertThat(monitor.problem()).isEmpty();

    later(Duration.ofMinutes(2));
    assertThat(monitor.problem()).isPresent();
  }

  private void later(Duration time) {
    now.addAndGet(time.toNanos());
  }

  private URI open(String uri) {
    HttpRequest.Builder builder = new StandardHttpRequest.Builder().uri(uri);
    monitor.before(builder, builder.build(), null);
    return builder.build().uri();
  }

  private void established(String uri) {
    response(uri, 101);
  }

  private void response(String uri, int code) {
    HttpRequest request = new StandardHttpRequest.Builder().uri(uri).build();
    monitor.after(request, new WebSocketUpgradeResponse(request, code), null);
  }
}
