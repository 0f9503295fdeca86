package dev.reinstall.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SharedDescriptionsTest {
  private static final Duration POLL = Duration.ofSeconds(15);
  private static final Credentials OURS = account("key");

  private final FakeClock time = new FakeClock();
  private final CountingCloud counted = new CountingCloud(time::currentTimeNanos);
  private final SharedDescriptions cloud = shared(Duration.ofMinutes(1));

  private SharedDescriptions shared(Duration patience) {
    return new SharedDescriptions(
        TimedCalls.describing(counted), POLL, time::currentTimeNanos, patience);
  }

  private static Credentials account(String key) {
    return new Credentials(Map.of("id", "ours", "key", key));
  }

  private static Server server(int number) {
    return new Server(CloudName.JDCloud, "r-1", "s-" + number);
  }

  private static List<Server> servers(int from, int until) {
    return IntStream.range(from, until).mapToObj(SharedDescriptionsTest::server).toList();
  }

  private CachedObservation cachedDescription(int number) {
    try {
      return cloud.describeCached(OURS, server(number));
    } catch (CloudException e) {
      throw new AssertionError(e);
    }
  }

  private CloudException fails(int number) {
    return catchThrowableOfType(
        CloudException.class, () -> cloud.describeCached(OURS, server(number)));
  }

  private List<Server> lastAsked() {
    return counted.calls.get(counted.calls.size() - 1).servers();
  }

  /** They poll one after the other, in rounds. */
  private void pollAll(int servers) {
    for (int i = 0; i < servers; i++) {
      cachedDescription(i);
      time.pass(POLL.dividedBy(servers));
    }
  }

  // Cost.

  @ParameterizedTest(name = "{0} orders: {1} calls an interval")
  @CsvSource({"1, 1", "2, 2", "3, 2", "99, 2", "100, 2", "200, 2", "250, 3", "1000, 10"})
  void requests_that_poll_one_after_the_other_share_their_calls(int orders, int most) {
    pollAll(orders);
    for (int interval = 0; interval < 5; interval++) {
      int before = counted.calls.size();
      pollAll(orders);
      assertThat(counted.calls.size() - before).isLessThanOrEqualTo(most);
    }
  }

  @ParameterizedTest(name = "{0} orders: {1} calls an interval")
  @CsvSource({"1, 1", "100, 1", "101, 2", "1000, 10"})
  void requests_that_poll_all_at_once_share_their_calls(int orders, int calls) {
    IntStream.range(0, orders).forEach(this::cachedDescription);
    for (int interval = 0; interval < 5; interval++) {
      time.pass(POLL);
      int before = counted.calls.size();
      IntStream.range(0, orders).forEach(this::cachedDescription);
      assertThat(counted.calls.size() - before).isEqualTo(calls);
    }
  }

  @Tag("deep")
  @ParameterizedTest(name = "an interval of {0} s")
  @CsvSource({"1", "3", "15"})
  void requests_that_wait_for_their_turn_in_any_order_come_to_share_their_calls(int seconds)
      throws Exception {
    Duration poll = Duration.ofSeconds(seconds);
    SharedDescriptions hurried =
        new SharedDescriptions(
            TimedCalls.describing(counted), poll, time::currentTimeNanos, Duration.ofMinutes(1));
    long begin = time.currentTimeNanos();
    Map<Server, Long> due = new HashMap<>();
    servers(0, 1000).forEach(server -> due.put(server, begin));
    Random random = new Random(1);
    long settled = begin + Duration.ofSeconds(60).plus(poll).toNanos();
    long end = settled + poll.multipliedBy(5).toNanos();
    while (time.currentTimeNanos() < end) {
      long now = time.currentTimeNanos();
      List<Server> waiting = due.keySet().stream().filter(s -> due.get(s) <= now).toList();
      if (waiting.isEmpty()) {
        time.pass(Duration.ofMillis(1));
        continue;
      }
      Server next = waiting.get(random.nextInt(Math.min(300, waiting.size())));
      boolean called = hurried.describeCached(OURS, next).fresh();
      time.pass(called ? Duration.ofMillis(25) : Duration.ofNanos(500_000));
      due.put(next, time.currentTimeNanos() + poll.toNanos());
    }
    assertThat(counted.calls.stream().filter(c -> c.at() >= settled))
        .as("in five intervals")
        .hasSizeLessThanOrEqualTo(5 * 11);
  }

  @Test
  void no_call_asks_for_more_servers_than_a_cloud_takes_or_for_one_twice() {
    pollAll(1000);
    pollAll(1000);
    assertThat(counted.calls)
        .allSatisfy(
            call ->
                assertThat(call.servers()).hasSizeLessThanOrEqualTo(100).doesNotHaveDuplicates());
    assertThat(counted.calls).anySatisfy(call -> assertThat(call.servers()).hasSize(100));
  }

  @Test
  void a_call_carries_those_that_were_asked_for_longest_ago() {
    IntStream.range(0, 300).forEach(this::cachedDescription);
    time.pass(POLL);
    cachedDescription(299);
    assertThat(lastAsked()).startsWith(server(299)).containsAll(servers(0, 99)).hasSize(100);
  }

  @Test
  void one_request_alone_has_every_description_for_itself() {
    for (int i = 0; i < 3; i++) {
      assertThat(cachedDescription(1).fresh()).isTrue();
      time.pass(POLL);
    }
    assertThat(counted.calls)
        .extracting(CountingCloud.RecordedCall::action)
        .containsOnly("look")
        .hasSize(3);
  }

  // Cached observations.

  private void keepOneOf2() {
    cachedDescription(1);
    cachedDescription(2);
    time.pass(POLL);
    assertThat(cachedDescription(1).fresh()).isTrue();
    assertThat(lastAsked()).containsExactly(server(1), server(2));
  }

  @Test
  void what_a_call_for_another_brought_serves_one_cached_observation() {
    keepOneOf2();
    CachedObservation kept = cachedDescription(2);
    assertThat(kept.fresh()).isFalse();
    assertThat(kept.observation().rawState()).isEqualTo("s-2 by call 3");
    assertThat(counted.calls).hasSize(3);
    assertThat(cachedDescription(2).fresh()).as("the next one").isTrue();
    assertThat(counted.calls).hasSize(4);
  }

  @Test
  void what_was_kept_for_an_interval_serves_nobody() {
    keepOneOf2();
    time.pass(POLL);
    assertThat(cachedDescription(2).fresh()).isTrue();
    assertThat(counted.calls).hasSize(4);
  }

  @Test
  void its_age_counts_from_the_beginning_of_the_call_that_brought_it() {
    cachedDescription(1);
    cachedDescription(2);
    time.pass(POLL);
    counted.outcome =
        asked -> {
          time.pass(Duration.ofSeconds(2)); // the call takes that long
          return null;
        };
    cachedDescription(1);
    counted.outcome = asked -> null;
    time.pass(POLL.minusSeconds(2));
    assertThat(cachedDescription(2).fresh()).isTrue();
  }

  @Test
  void a_description_starts_when_it_is_asked_for_whatever_is_kept() throws Exception {
    keepOneOf2();
    assertThat(cloud.describe(OURS, server(2)).rawState()).isEqualTo("s-2 by call 4");
    assertThat(cachedDescription(2).fresh()).as("what is older than a look is gone").isTrue();
  }

  @Test
  void a_description_carries_others_as_a_cached_observation_does() throws Exception {
    cachedDescription(1);
    cachedDescription(2);
    time.pass(POLL);
    cloud.describe(OURS, server(1));
    assertThat(cachedDescription(2).fresh()).isFalse();
  }

  @Test
  void who_has_other_credentials_shares_nothing() throws Exception {
    Credentials theirs = account("another key");
    cachedDescription(1);
    cloud.describeCached(theirs, server(2));
    cachedDescription(2);
    time.pass(POLL);
    cachedDescription(1);
    assertThat(cloud.describeCached(theirs, server(2)).fresh()).as("kept for us alone").isTrue();
    assertThat(counted.calls.get(4).credentials()).isEqualTo(theirs);
    assertThat(counted.calls.get(4).servers()).as("not ours").containsExactly(server(2));
    assertThat(cachedDescription(2).fresh()).isFalse();
  }

  @Test
  void credentials_are_compared_as_they_are_and_not_as_they_read_one_after_the_other()
      throws Exception {
    Credentials one = new Credentials(Map.of("id", "a1:b", "key", "c"));
    Credentials other = new Credentials(Map.of("id", "a", "key", "1:bc"));
    cloud.describeCached(one, server(1));
    cloud.describeCached(other, server(1));
    assertThat(cloud.accountsRemembered()).isEqualTo(2);
  }

  @Test
  void servers_of_another_region_go_by_another_call() throws Exception {
    Server elsewhere = new Server(CloudName.JDCloud, "r-2", "s-1");
    cachedDescription(1);
    cloud.describeCached(OURS, elsewhere);
    time.pass(POLL);
    cachedDescription(1);
    assertThat(lastAsked()).containsExactly(server(1));
  }

  // Errors.

  @Test
  void a_server_that_is_not_in_the_answer_is_described_alone_and_spoils_nothing() {
    IntStream.range(0, 4).forEach(this::cachedDescription);
    counted.unlisted = List.of(server(2));
    time.pass(POLL);
    assertThat(cachedDescription(0).fresh()).isTrue();
    int before = counted.calls.size();
    assertThat(cachedDescription(1).fresh()).isFalse();
    assertThat(cachedDescription(3).fresh()).isFalse();
    assertThat(counted.calls).as("the others have theirs").hasSize(before);
    time.pass(POLL);
    assertThat(cachedDescription(2).fresh()).isTrue();
    assertThat(lastAsked()).containsExactly(server(2));
    assertThat(counted.calls).as("not by a shared call first").hasSize(before + 1);
  }

  @Test
  void who_asks_for_a_server_that_is_not_in_the_answer_has_a_description_of_his_own_at_once() {
    IntStream.range(0, 3).forEach(this::cachedDescription);
    counted.unlisted = List.of(server(0));
    time.pass(POLL);
    int before = counted.calls.size();
    assertThat(cachedDescription(0).observation().rawState()).startsWith("s-0");
    assertThat(counted.calls.subList(before, before + 2))
        .extracting(CountingCloud.RecordedCall::action)
        .containsExactly("lookAtAll", "look");
  }

  @Test
  void a_shared_call_that_is_refused_because_of_one_harms_no_other_and_next_time_goes_without() {
    IntStream.range(0, 4).forEach(this::cachedDescription);
    CloudException denied =
        CloudException.rejected(CloudErrorKind.DENIED, "s-2 is not yours", "r", null);
    counted.outcome = asked -> asked.servers().contains(server(2)) ? denied : null;
    for (int interval = 0; interval < 3; interval++) {
      time.pass(POLL);
      assertThat(cachedDescription(0).observation().rawState()).startsWith("s-0");
      assertThat(cachedDescription(1).observation().rawState()).startsWith("s-1");
      assertThat(fails(2)).isSameAs(denied);
      assertThat(cachedDescription(3).observation().rawState()).startsWith("s-3");
    }
    time.pass(POLL);
    cachedDescription(0);
    assertThat(lastAsked())
        .containsExactlyInAnyOrderElementsOf(List.of(server(0), server(1), server(3)));
    counted.outcome = asked -> null;
    cachedDescription(2);
    time.pass(POLL);
    cachedDescription(0);
    assertThat(lastAsked()).as("once it can be looked at again").contains(server(2));
  }

  @Test
  void a_refused_server_that_is_asked_for_seldom_is_not_carried_again_by_the_others() {
    CloudException denied =
        CloudException.rejected(CloudErrorKind.DENIED, "s-9 is not yours", "r", null);
    counted.outcome = asked -> asked.servers().contains(server(9)) ? denied : null;
    assertThat(fails(9)).isSameAs(denied);
    for (int interval = 0; interval < 10; interval++) {
      cachedDescription(0);
      cachedDescription(1);
      time.pass(POLL);
    }
    assertThat(fails(9)).isSameAs(denied);
    assertThat(counted.calls.stream().filter(c -> c.servers().contains(server(9))))
        .as("two looks at it, both alone")
        .hasSize(2)
        .allMatch(c -> c.servers().size() == 1);
  }

  @Test
  void a_cloud_that_asks_for_fewer_calls_gets_no_second_one_at_once() {
    IntStream.range(0, 3).forEach(this::cachedDescription);
    time.pass(POLL);
    for (CloudException reported :
        List.of(
            CloudException.rejected(CloudErrorKind.THROTTLED, "slowly", "r", null),
            CloudException.ambiguous("HTTP 503", null, Duration.ofSeconds(3)),
            CloudException.notSent("no route"))) {
      int before = counted.calls.size();
      counted.outcome = asked -> reported;
      assertThat(fails(0)).isSameAs(reported);
      assertThat(counted.calls).hasSize(before + 1);
      counted.outcome = asked -> null;
      cachedDescription(1);
      assertThat(lastAsked()).as("they share on").hasSizeGreaterThan(1);
      cachedDescription(2);
      time.pass(POLL);
    }
  }

  @Test
  void a_shared_call_that_took_longer_than_an_interval_is_not_followed_by_another() {
    IntStream.range(0, 3).forEach(this::cachedDescription);
    time.pass(POLL);
    int before = counted.calls.size();
    counted.outcome =
        asked -> {
          time.pass(POLL);
          return CloudException.ambiguous("no answer in time", null, null);
        };
    assertThat(fails(0)).hasMessage("no answer in time");
    assertThat(counted.calls).hasSize(before + 1);
    counted.outcome = asked -> null;
    cachedDescription(1);
    assertThat(lastAsked()).as("the next time alone").containsExactly(server(1));
  }

  @Test
  void a_failure_is_reported_only_to_who_asked() {
    IntStream.range(0, 3).forEach(this::cachedDescription);
    time.pass(POLL);
    CloudException reported =
        CloudException.rejected(CloudErrorKind.THROTTLED, "slowly", "r", null);
    counted.outcome = asked -> reported;
    assertThat(fails(0)).isSameAs(reported);
    counted.outcome = asked -> null;
    assertThat(cachedDescription(1).observation().rawState()).startsWith("s-1");
  }

  // Memory.

  @Test
  void a_server_that_nobody_asks_for_any_more_is_carried_no_longer_after_a_while() {
    IntStream.range(0, 3).forEach(this::cachedDescription);
    for (int interval = 0; interval < 4; interval++) {
      time.pass(POLL);
      cachedDescription(0);
      assertThat(lastAsked()).contains(server(2));
      cachedDescription(1);
    }
    time.pass(POLL);
    cachedDescription(0);
    assertThat(lastAsked()).containsExactly(server(0), server(1));
  }

  @Test
  void what_nobody_asks_for_is_forgotten_with_its_credentials() throws Exception {
    IntStream.range(0, 500).forEach(this::cachedDescription);
    cloud.describeCached(account("another key"), server(1));
    assertThat(cloud.accountsRemembered()).isEqualTo(2);
    time.pass(POLL.multipliedBy(25));
    cloud.describeCached(account("another key"), server(1));
    assertThat(cloud.accountsRemembered()).isEqualTo(1);
    time.pass(POLL.multipliedBy(11));
    cachedDescription(1);
    cachedDescription(2);
    assertThat(cloud.accountsRemembered()).isEqualTo(2);
  }

  // Threads.

  @Test
  void who_asks_while_a_call_is_under_way_shares_the_next_one_or_what_it_brings() throws Exception {
    IntStream.range(0, 4).forEach(this::cachedDescription);
    time.pass(POLL);
    CountDownLatch response = new CountDownLatch(1);
    counted.outcome =
        asked -> {
          await(response);
          return null;
        };
    int before = counted.calls.size();
    ExecutorService pool = Executors.newCachedThreadPool();
    try {
      Future<CachedObservation> first = pool.submit(() -> cachedDescription(0));
      Awaitility.await().until(() -> counted.calls.size() == before + 1);
      Future<CachedObservation> carried = pool.submit(() -> cachedDescription(1));
      Future<Observation> mustBeFresh = pool.submit(() -> cloud.describe(OURS, server(2)));
      List<Future<CachedObservation>> strangers = new ArrayList<>();
      for (int i = 10; i < 20; i++) {
        int number = i;
        strangers.add(pool.submit(() -> cachedDescription(number)));
      }
      Awaitility.await().until(() -> cloud.waiting(OURS, "r-1") == 12);
      response.countDown();
      assertThat(first.get().fresh()).isTrue();
      for (Future<CachedObservation> stranger : strangers) {
        assertThat(stranger.get().fresh()).isTrue();
      }
      assertThat(mustBeFresh.get().rawState()).isEqualTo("s-2 by call " + (before + 2));
      assertThat(carried.get().observation().rawState()).startsWith("s-1");
      assertThat(counted.calls).as("one for all that waited").hasSize(before + 2);
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  @Timeout(60)
  void a_call_that_hangs_is_overtaken_and_what_it_brings_late_replaces_nothing_newer()
      throws Exception {
    SharedDescriptions impatient = shared(Duration.ofMillis(20));
    for (int i = 0; i < 3; i++) {
      impatient.describeCached(OURS, server(i));
    }
    time.pass(POLL);
    CountDownLatch response = new CountDownLatch(1);
    counted.outcome =
        asked -> {
          if (asked.servers().get(0).equals(server(0))) {
            await(response);
          }
          return null;
        };
    ExecutorService pool = Executors.newCachedThreadPool();
    try {
      Future<CachedObservation> hanging =
          pool.submit(() -> impatient.describeCached(OURS, server(0)));
      Awaitility.await().until(() -> counted.calls.size() == 4);
      assertThat(lastAsked()).containsExactly(server(0), server(1), server(2));
      time.pass(Duration.ofSeconds(1));
      assertThat(impatient.describeCached(OURS, server(1)).fresh()).isTrue();
      assertThat(impatient.describe(OURS, server(2)).rawState()).startsWith("s-2");
      response.countDown();
      assertThat(hanging.get().observation().rawState()).startsWith("s-0");
      assertThat(impatient.describeCached(OURS, server(1)).fresh()).isTrue();
      assertThat(impatient.describeCached(OURS, server(2)).fresh()).isTrue();
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void an_interrupt_ends_the_wait_as_never_sent_and_stays_set() throws Exception {
    CountDownLatch response = new CountDownLatch(1);
    counted.outcome =
        asked -> {
          await(response);
          return null;
        };
    ExecutorService pool = Executors.newCachedThreadPool();
    try {
      Future<CachedObservation> first = pool.submit(() -> cachedDescription(0));
      Awaitility.await().until(() -> counted.calls.size() == 1);
      Thread.currentThread().interrupt();
      CloudException e = fails(1);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(e.isNotSent()).isTrue();
      response.countDown();
      first.get();
      assertThat(cloud.waiting(OURS, "r-1")).isZero();
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void who_waits_for_a_call_that_breaks_off_asks_on_his_own() throws Exception {
    IntStream.range(0, 2).forEach(this::cachedDescription);
    CountDownLatch response = new CountDownLatch(1);
    Set<Integer> broken = Set.of(3);
    counted.outcome =
        asked -> {
          await(response);
          if (broken.contains(counted.calls.size())) {
            throw new IllegalStateException("a bug");
          }
          return null;
        };
    ExecutorService pool = Executors.newCachedThreadPool();
    try {
      Future<CachedObservation> first = pool.submit(() -> cachedDescription(0));
      Awaitility.await().until(() -> counted.calls.size() == 3);
      Future<CachedObservation> second = pool.submit(() -> cachedDescription(1));
      Awaitility.await().until(() -> cloud.waiting(OURS, "r-1") == 1);
      response.countDown();
      assertThat(first).failsWithin(Duration.ofSeconds(10));
      assertThat(second.get().fresh()).isTrue();
    } finally {
      pool.shutdownNow();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
