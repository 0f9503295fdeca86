package dev.reinstall.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.reinstall.api.CloudName;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.SecretRef;
import dev.reinstall.api.Server;
import dev.reinstall.cloud.CloudException.Kind;
import dev.reinstall.cloud.jdcloud.JdCloud;
import dev.reinstall.cloud.tencent.TencentCloud;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What every call keeps to, and what is reported of it. */
class CloudCallsTest {
  private static final Instant NOW = Instant.parse("2026-09-01T10:00:00.1Z");
  private static final Server SERVER = new Server(CloudName.TencentCloud, "r-1", "s-1");
  private static final Server OTHER = new Server(CloudName.TencentCloud, "r-1", "s-2");
  private static final Credentials OURS = account("ours", "k");
  private static final Credentials THEIRS = account("theirs", "k");
  private static final ReinstallRequest ORDER = new ReinstallRequest(spec(), Map.of(), null, NOW);
  private static final PowerRequest POWER = new PowerRequest(SERVER, null, NOW);

  private final FakeClock time = new FakeClock();
  private final CountingCloud counted = new CountingCloud(time::currentTimeNanos);
  private final RecordedMetrics metrics = new RecordedMetrics();
  private final List<Duration> throttled = metrics.throttled;
  private final CloudCalls tencent = limited(TencentCloud.LIMITS);
  private final CloudCalls jd = limited(JdCloud.LIMITS);

  private CloudCalls limited(RateLimits limits) {
    return new CloudCalls(provider(limits), metrics, () -> NOW, time, time);
  }

  private static RateLimits each(RateLimits.Rate rate) {
    return new RateLimits(rate, rate);
  }

  private CloudProvider provider(RateLimits limits) {
    return TimedCalls.with(counted, new CountingCloud(time::currentTimeNanos, limits));
  }

  private static ReinstallSpec spec() {
    return new ReinstallSpec(
        SERVER.cloud(),
        SERVER.region(),
        SERVER.instanceId(),
        new SecretRef("c"),
        NOW,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        Map.of());
  }

  private static Credentials account(String id, String key) {
    return new Credentials(Map.of("secretId", id, "accessKey", id, "secretKey", key));
  }

  private void request(CloudCalls cloud, Credentials credentials) throws CloudException {
    awaitTurn(cloud, credentials, "a");
    cloud.reinstall(credentials, ORDER);
  }

  private void awaitTurn(CloudCalls cloud, Credentials credentials, String who)
      throws CloudException {
    Duration wait = cloud.takeTurn(credentials, who);
    while (!wait.isZero()) {
      time.pass(wait);
      wait = cloud.takeTurn(credentials, who);
    }
  }

  /** The most calls in any span of that length. */
  private long mostIn(Duration span) {
    List<Long> times = counted.calls.stream().map(CountingCloud.RecordedCall::at).toList();
    return times.stream()
        .mapToLong(
            from -> times.stream().filter(t -> t >= from && t - from < span.toNanos()).count())
        .max()
        .orElse(0);
  }

  // Rates.

  @Test
  void ten_requests_a_second_reach_tencent_cloud_from_one_account_and_no_more() throws Exception {
    for (int i = 0; i < 50; i++) {
      request(tencent, OURS);
    }
    assertThat(mostIn(Duration.ofSeconds(1))).isEqualTo(10);
    assertThat(mostIn(Duration.ofMinutes(1))).isEqualTo(50);
  }

  @Test
  void forty_descriptions_a_second_reach_tencent_cloud_beside_the_requests() throws Exception {
    for (int i = 0; i < 100; i++) {
      tencent.describe(OURS, List.of(SERVER));
      tencent.describe(OURS, List.of(SERVER, OTHER));
    }
    assertThat(mostIn(Duration.ofSeconds(1))).isEqualTo(40);
    long before = time.currentTimeNanos();
    request(tencent, OURS);
    assertThat(time.currentTimeNanos()).as("looks take no turns of orders").isEqualTo(before);
  }

  @Test
  void calls_to_catalogues_take_the_turns_of_descriptions() throws Exception {
    CatalogueQuery query = new CatalogueQuery("DescribeImages", "r-1", "img-1");
    for (int i = 0; i < 50; i++) {
      tencent.describe(OURS, List.of(SERVER));
      tencent.catalogue(OURS, List.of(query));
    }
    assertThat(mostIn(Duration.ofSeconds(1))).isEqualTo(40);
    counted.outcome = asked -> new CloudException(Kind.DENIED, "no permission");
    fails(() -> tencent.catalogue(OURS, List.of(query)));
    assertThat(metrics.calls)
        .last()
        .satisfies(
            call -> {
              assertThat(call.action()).isEqualTo("catalogue");
              assertThat(call.failure()).isPresent();
            });
  }

  @Test
  void at_most_a_thousand_calls_a_minute_reach_jd_cloud_from_one_account_whatever_they_do()
      throws Exception {
    for (int i = 0; i < 2_400; i++) { // two minutes, and always somebody who waits
      if (jd.takeTurn(OURS, "next").isZero()) {
        jd.reinstall(OURS, ORDER);
      }
      if (i % 3 == 0) {
        jd.describe(OURS, List.of(SERVER, OTHER));
      }
      time.pass(Duration.ofMillis(50));
    }
    assertThat(mostIn(Duration.ofMinutes(1))).isBetween(950L, 1000L);
  }

  @Test
  void a_line_of_requests_keeps_no_server_from_being_described() throws Exception {
    for (int i = 0; i < 3_000; i++) {
      jd.takeTurn(OURS, "request " + i);
    }
    long before = time.currentTimeNanos();
    jd.describe(OURS, List.of(SERVER));
    assertThat(time.currentTimeNanos()).isEqualTo(before);
  }

  @Test
  void each_request_in_line_learns_its_turn_and_nobody_waits() throws Exception {
    assertThat(tencent.takeTurn(OURS, "a")).isZero();
    assertThat(tencent.takeTurn(OURS, "b")).isEqualTo(Duration.ofMillis(100));
    assertThat(tencent.takeTurn(OURS, "c")).isEqualTo(Duration.ofMillis(200));
    assertThat(tencent.takeTurn(OURS, "b")).as("it has one").isEqualTo(Duration.ofMillis(100));
    time.pass(Duration.ofMillis(100));
    assertThat(tencent.takeTurn(OURS, "b")).isZero();
    assertThat(tencent.takeTurn(OURS, "c")).isEqualTo(Duration.ofMillis(100));
    assertThat(tencent.takeTurn(OURS, "b")).as("another one").isEqualTo(Duration.ofMillis(200));
  }

  @Test
  void turns_that_are_taken_late_are_spaced_out_again() throws Exception {
    for (int i = 0; i < 50; i++) {
      tencent.takeTurn(OURS, "request " + i);
    }
    time.pass(Duration.ofSeconds(30)); // a pause of the process: all of them are due
    for (int i = 1; i < 50; i++) {
      awaitTurn(tencent, OURS, "request " + i);
      tencent.reinstall(OURS, ORDER);
    }
    assertThat(mostIn(Duration.ofSeconds(1))).isEqualTo(10);
  }

  @Test
  void a_turn_that_nobody_takes_is_given_up() throws Exception {
    assertThat(tencent.takeTurn(OURS, "a")).isZero();
    assertThat(tencent.takeTurn(OURS, "gone")).isPositive();
    time.pass(Duration.ofSeconds(62));
    tencent.takeTurn(OURS, "a");
    assertThat(tencent.takeTurn(OURS, "gone")).as("a new one").isPositive();
  }

  @Test
  void an_account_that_was_silent_for_long_has_saved_nothing_up() throws Exception {
    tencent.describe(OURS, List.of(SERVER));
    time.pass(Duration.ofSeconds(100));
    for (int i = 0; i < 60; i++) {
      tencent.describe(OURS, List.of(SERVER));
    }
    assertThat(mostIn(Duration.ofSeconds(1))).isEqualTo(40);
  }

  @Test
  void each_account_has_turns_of_its_own() throws Exception {
    request(tencent, OURS);
    long before = time.currentTimeNanos();
    request(tencent, THEIRS);
    assertThat(time.currentTimeNanos()).isEqualTo(before);
  }

  @Test
  void whoever_invents_a_secret_key_has_no_share_in_the_turns_of_the_true_one() throws Exception {
    Credentials invented = account("ours", "another key");
    isAskedToPause(
        new CloudException(Kind.THROTTLED, "slowly", "r", Duration.ofSeconds(30)), invented);
    for (int i = 0; i < 50; i++) {
      request(tencent, account("ours", "key " + i));
    }
    long before = time.currentTimeNanos();
    request(tencent, OURS);
    tencent.describe(OURS, List.of(SERVER));
    assertThat(time.currentTimeNanos()).isEqualTo(before);
    isPaused(invented, Duration.ofSeconds(30));
  }

  @Test
  void a_session_token_is_a_part_of_the_credentials() throws Exception {
    request(tencent, OURS);
    long before = time.currentTimeNanos();
    Map<String, String> more = new HashMap<>(OURS.values());
    more.put("token", "t");
    request(tencent, new Credentials(more));
    assertThat(time.currentTimeNanos()).isEqualTo(before);
    request(tencent, account("ours", "k"));
    assertThat(time.currentTimeNanos()).as("equal credentials share").isGreaterThan(before);
  }

  @Test
  void a_request_waits_where_its_turn_is_reserved_and_nowhere_else() throws Exception {
    awaitTurn(tencent, OURS, "a");
    awaitTurn(tencent, OURS, "b");
    long before = time.currentTimeNanos();
    tencent.stop(OURS, POWER);
    tencent.reinstall(OURS, ORDER);
    tencent.start(OURS, POWER);
    assertThat(time.currentTimeNanos()).isEqualTo(before);
  }

  @Test
  void nobody_waits_in_a_line_that_is_too_long() throws Exception {
    CloudCalls slow = limited(each(new RateLimits.Rate(1, Duration.ofMinutes(1))));
    slow.describe(OURS, List.of(SERVER));
    CloudException e = fails(() -> slow.describe(OURS, List.of(SERVER)));
    assertThat(e.kind()).isEqualTo(Kind.THROTTLED);
    assertThat(counted.calls).hasSize(1);
  }

  // The pause after throttling.

  private void isPaused(Credentials credentials, Duration remaining) {
    int before = counted.calls.size();
    for (ThrowingCall call :
        List.<ThrowingCall>of(
            () -> tencent.takeTurn(credentials, "a"),
            () -> tencent.describe(credentials, List.of(SERVER)),
            () -> tencent.describe(credentials, List.of(SERVER, OTHER)),
            () ->
                tencent.catalogue(
                    credentials, List.of(new CatalogueQuery("DescribeImages", "r-1", "img-1"))),
            () -> tencent.stop(credentials, POWER),
            () -> tencent.start(credentials, POWER),
            () -> tencent.reinstall(credentials, ORDER))) {
      CloudException e = fails(call);
      assertThat(e.kind()).isEqualTo(Kind.THROTTLED);
      assertThat(e.retryAfter()).contains(remaining);
      assertThat(e.getMessage())
          .matches(
              "Not sent: the cloud asked for a pause of this account until"
                  + " 2026-09-01T1[0-9:]{7}Z [(]Retry-After[)][.]");
    }
    assertThat(counted.calls).as("nothing is sent").hasSize(before);
  }

  private static CloudException fails(ThrowingCall call) {
    return catchThrowableOfType(CloudException.class, call::make);
  }

  @FunctionalInterface
  private interface ThrowingCall {
    void make() throws CloudException;
  }

  private void isAskedToPause(CloudException response) {
    isAskedToPause(response, OURS);
  }

  private void isAskedToPause(CloudException response, Credentials credentials) {
    counted.outcome = asked -> response;
    fails(() -> tencent.describe(credentials, List.of(SERVER)));
    counted.outcome = asked -> null;
  }

  @Test
  void after_a_rejection_with_retry_after_no_call_of_that_account_leaves_until_it_is_over()
      throws Exception {
    isAskedToPause(new CloudException(Kind.THROTTLED, "slowly", "r", Duration.ofSeconds(30)));
    isPaused(OURS, Duration.ofSeconds(30));
    time.pass(Duration.ofSeconds(29));
    isPaused(OURS, Duration.ofSeconds(1));
    time.pass(Duration.ofSeconds(1));
    tencent.describe(OURS, List.of(SERVER));
    request(tencent, OURS);
    assertThat(counted.calls).hasSize(3);
  }

  @Test
  void an_ambiguous_answer_with_retry_after_is_obeyed_as_well() {
    isAskedToPause(new CloudException(Kind.AMBIGUOUS, "HTTP 503", null, Duration.ofSeconds(7)));
    isPaused(OURS, Duration.ofSeconds(7));
  }

  @Test
  void a_refused_request_asks_for_a_pause_too() throws Exception {
    counted.outcome = asked -> new CloudException(Kind.BUSY, "busy", "r", Duration.ofSeconds(9));
    awaitTurn(tencent, OURS, "a");
    fails(() -> tencent.reinstall(OURS, ORDER));
    isPaused(OURS, Duration.ofSeconds(9));
  }

  @Test
  void the_longest_pause_that_was_asked_for_counts() {
    isAskedToPause(new CloudException(Kind.AMBIGUOUS, "HTTP 503", null, Duration.ofSeconds(30)));
    time.pass(Duration.ofSeconds(30));
    isAskedToPause(new CloudException(Kind.AMBIGUOUS, "HTTP 503", null, Duration.ofSeconds(20)));
    isPaused(OURS, Duration.ofSeconds(20));
  }

  @Test
  void a_shorter_pause_that_a_call_under_way_brings_home_ends_no_longer_one() {
    counted.outcome =
        asked -> {
          counted.outcome = now -> null;
          isAskedToPause(
              new CloudException(Kind.AMBIGUOUS, "HTTP 503", null, Duration.ofSeconds(40)));
          return new CloudException(Kind.AMBIGUOUS, "HTTP 503", null, Duration.ofSeconds(2));
        };
    fails(() -> tencent.describe(OURS, List.of(SERVER)));
    isPaused(OURS, Duration.ofSeconds(40));
  }

  @Test
  void a_pause_holds_no_other_account_back_and_no_other_cloud() throws Exception {
    isAskedToPause(new CloudException(Kind.AMBIGUOUS, "HTTP 503", null, Duration.ofSeconds(30)));
    tencent.describe(THEIRS, List.of(SERVER));
    request(tencent, THEIRS);
    jd.describe(OURS, List.of(SERVER));
    isPaused(OURS, Duration.ofSeconds(30));
  }

  @Test
  void a_rejection_that_asks_for_no_pause_pauses_nothing() throws Exception {
    isAskedToPause(new CloudException(Kind.THROTTLED, "slowly", "r", null));
    tencent.describe(OURS, List.of(SERVER));
    isAskedToPause(new CloudException(Kind.THROTTLED, "slowly", "r", Duration.ZERO));
    tencent.describe(OURS, List.of(SERVER));
    assertThat(counted.calls).hasSize(4);
  }

  /** Or a request whose catalogue is throttled would never be sent. */
  @Test
  void a_catalogue_that_asks_for_a_pause_does_not_pause_the_account() throws Exception {
    CloudException slowly = new CloudException(Kind.THROTTLED, "slowly", "r", Duration.ofHours(1));
    counted.outcome = asked -> slowly;
    CloudException e =
        fails(
            () ->
                tencent.catalogue(
                    OURS, List.of(new CatalogueQuery("DescribeImages", "r-1", "img-1"))));
    assertThat(e).as("who asked is to wait").isEqualTo(slowly);
    counted.outcome = asked -> null;
    tencent.describe(OURS, List.of(SERVER));
    request(tencent, OURS);
    assertThat(counted.calls).hasSize(3);
  }

  @Test
  void a_pause_that_starts_while_a_call_waits_for_its_turn_holds_it_back() throws Exception {
    FakeClock other = new FakeClock();
    CloudCalls[] cloud = new CloudCalls[1];
    cloud[0] =
        new CloudCalls(
            provider(TencentCloud.LIMITS),
            metrics,
            () -> NOW,
            other,
            nanos -> {
              other.park(nanos);
              counted.outcome =
                  asked -> new CloudException(Kind.AMBIGUOUS, "503", null, Duration.ofSeconds(5));
              fails(() -> cloud[0].reinstall(OURS, ORDER));
            });
    cloud[0].describe(OURS, List.of(SERVER));
    CloudException e = fails(() -> cloud[0].describe(OURS, List.of(SERVER)));
    assertThat(e.kind()).isEqualTo(Kind.THROTTLED);
    assertThat(counted.calls)
        .extracting(CountingCloud.RecordedCall::action)
        .containsExactly("look", "order");
  }

  // What is reported of it.

  @Test
  void a_call_that_need_not_wait_is_not_throttled() throws Exception {
    tencent.describe(OURS, List.of(SERVER));
    time.pass(Duration.ofSeconds(1));
    tencent.describe(OURS, List.of(SERVER));
    assertThat(throttled).isEmpty();
  }

  @Test
  void the_time_that_calls_wait_for_their_turn_is_reported() throws Exception {
    for (int i = 0; i < 41; i++) {
      tencent.describe(OURS, List.of(SERVER));
    }
    assertThat(throttled.stream().mapToLong(Duration::toMillis).sum()).isEqualTo(1000);
  }

  @Test
  void a_pause_is_reported_once_however_many_responses_ask_for_it() throws Exception {
    isAskedToPause(new CloudException(Kind.AMBIGUOUS, "HTTP 503", null, Duration.ofSeconds(60)));
    assertThat(throttled).containsExactly(Duration.ofSeconds(60));
    isPaused(OURS, Duration.ofSeconds(60));
    assertThat(throttled).hasSize(1);
  }

  @Test
  void each_call_is_measured_by_itself_and_a_wait_for_its_turn_is_no_part() throws Exception {
    counted.outcome = takes(Duration.ofMillis(300), null);
    CloudCalls slow = limited(each(new RateLimits.Rate(1, Duration.ofSeconds(20))));
    slow.describe(OURS, List.of(SERVER));
    slow.describe(OURS, List.of(SERVER, OTHER));
    awaitTurn(slow, OURS, "a");
    slow.stop(OURS, POWER);
    slow.reinstall(OURS, ORDER);
    slow.start(OURS, POWER);

    assertThat(throttled).isNotEmpty();
    assertThat(metrics.calls)
        .extracting(RecordedMetrics.MeasuredCall::action)
        .containsExactly("describe", "describe", "stop", "reinstall", "start");
    assertThat(metrics.calls)
        .allSatisfy(
            call -> {
              assertThat(call.time()).isEqualTo(Duration.ofMillis(300));
              assertThat(call.cloud()).isEqualTo(CloudName.TencentCloud);
              assertThat(call.failure()).isEmpty();
            });
  }

  @Test
  void a_call_that_failed_is_measured_with_its_failure_and_one_that_a_pause_held_back_is_not() {
    CloudException failure =
        new CloudException(Kind.AMBIGUOUS, "HTTP 503", null, Duration.ofSeconds(30));
    counted.outcome = takes(Duration.ofSeconds(2), failure);
    assertThat(fails(() -> tencent.start(OURS, POWER))).isSameAs(failure);
    isPaused(OURS, Duration.ofSeconds(30));
    assertThat(metrics.calls)
        .containsExactly(
            new RecordedMetrics.MeasuredCall(
                CloudName.TencentCloud, "start", Optional.of(failure), Duration.ofSeconds(2)));
  }

  private CountingCloud.CallOutcome takes(Duration duration, CloudException failure) {
    return asked -> {
      time.pass(duration);
      return failure;
    };
  }

  // What is logged.

  /** The lines of the calls, with their levels. */
  private static List<String> logged(ThrowingCall calls) throws CloudException {
    Logger log = (Logger) LoggerFactory.getLogger(CloudCalls.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    log.setLevel(Level.DEBUG);
    log.addAppender(lines);
    try {
      calls.make();
    } finally {
      log.detachAppender(lines);
      log.setLevel(null);
    }
    return lines.list.stream()
        .map(line -> line.getLevel() + " " + line.getFormattedMessage().strip())
        .toList();
  }

  @Test
  void each_call_that_changes_a_server_is_one_line_with_its_request_id() throws Exception {
    assertThat(
            logged(
                () -> {
                  tencent.stop(OURS, POWER);
                  request(tencent, OURS);
                  tencent.start(OURS, POWER);
                  counted.stopNeeded = false;
                  tencent.stop(OURS, POWER);
                  tencent.describe(OURS, List.of(SERVER));
                }))
        .containsExactly(
            "INFO stop of " + SERVER + ": accepted (request ID r)",
            "INFO reinstall of " + SERVER + ": accepted (request ID r)",
            "INFO start of " + SERVER + ": accepted (request ID r)",
            "INFO stop of " + SERVER + ": not needed, an installation has failed on the server");
  }

  @Test
  void each_call_that_failed_is_one_line_that_says_whether_it_was_sent() throws Exception {
    assertThat(
            logged(
                () -> {
                  counted.outcome = asked -> new CloudException(Kind.BUSY, "busy", "r-1", null);
                  fails(() -> tencent.reinstall(OURS, ORDER));
                  fails(() -> tencent.describe(OURS, List.of(SERVER)));
                  fails(() -> tencent.describe(OURS, List.of(SERVER, OTHER)));
                  counted.outcome = asked -> CloudException.notSent("no connection");
                  fails(() -> tencent.stop(OURS, POWER));
                  counted.outcome =
                      asked ->
                          new CloudException(Kind.AMBIGUOUS, "503", null, Duration.ofSeconds(9));
                  fails(() -> tencent.start(OURS, POWER));
                  fails(() -> tencent.start(OURS, POWER));
                }))
        .containsExactly(
            "WARN reinstall of " + SERVER + ": BUSY: busy (request ID r-1)",
            "DEBUG describe " + SERVER + ": BUSY busy (request ID r-1)",
            "DEBUG describe " + SERVER + " and 1 others: BUSY busy (request ID r-1)",
            "WARN stop of " + SERVER + ": NOT_SENT: no connection",
            "WARN start of " + SERVER + ": AMBIGUOUS: 503",
            "WARN start of "
                + SERVER
                + ": THROTTLED: Not sent: the cloud asked for a pause of this account until"
                + " 2026-09-01T10:00:10Z (Retry-After).");
  }

  // Other calls.

  @Test
  void an_interrupt_ends_the_wait_as_never_sent_and_stays_set() throws Exception {
    tencent.describe(OURS, List.of(SERVER));
    Thread.currentThread().interrupt();
    CloudException e = fails(() -> tencent.describe(OURS, List.of(SERVER)));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(e.kind()).isEqualTo(Kind.NOT_SENT);
    assertThat(counted.calls).hasSize(1);
  }

  @Test
  void idle_accounts_are_forgotten_but_not_while_they_are_to_be_left_alone() throws Exception {
    isAskedToPause(new CloudException(Kind.AMBIGUOUS, "HTTP 503", null, Duration.ofHours(1)));
    for (int i = 0; i < 100; i++) {
      tencent.describe(account("tenant-" + i, "k"), List.of(SERVER));
    }
    assertThat(tencent.accountsRemembered()).isEqualTo(101);
    time.pass(Duration.ofMinutes(30));
    tencent.describe(THEIRS, List.of(SERVER));
    assertThat(tencent.accountsRemembered()).isEqualTo(2);
    isPaused(OURS, Duration.ofMinutes(30));
  }
}
