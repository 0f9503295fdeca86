package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.cloud.CatalogueAnswer;
import dev.reinstall.cloud.CatalogueEntry;
import dev.reinstall.cloud.CatalogueQuery;
import dev.reinstall.cloud.CloudCalls;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudException.Kind;
import dev.reinstall.cloud.CountingCloud;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.FakeClock;
import dev.reinstall.cloud.RateLimits;
import dev.reinstall.cloud.TimedCalls;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogueCacheTest {
  private static final Credentials OURS = account("ours");
  private static final Duration A_MINUTE = Duration.ofSeconds(60);

  private final FakeClock time = new FakeClock();
  private final CountingCloud cloud =
      new CountingCloud(
          time::currentTimeNanos,
          new RateLimits(
              new RateLimits.Rate(1_000_000, Duration.ofSeconds(1)),
              new RateLimits.Rate(1_000_000, Duration.ofSeconds(1))));
  private final CloudCalls calls = TimedCalls.over(cloud, cloud, time::currentTimeNanos);

  /** What waits for a thread, or for a while to pass. */
  private final Deque<Runnable> work = new ArrayDeque<>();

  /** The requests that asked, what they were told, and with which credentials they ask. */
  private final Map<ResourceID, List<CatalogueQuery>> requests = new LinkedHashMap<>();

  private final Map<ResourceID, Credentials> accounts = new LinkedHashMap<>();
  private final Map<ResourceID, List<Map<CatalogueQuery, CatalogueAnswer>>> told =
      new LinkedHashMap<>();
  private final CatalogueCache cache =
      new CatalogueCache(
          this::reconcile, time::currentTimeNanos, this::execute, (delay, run) -> work.add(run));

  /** Whether there is no thread for a call. */
  private boolean noThread;

  private static Credentials account(String key) {
    return new Credentials(Map.of("id", "id", "key", key));
  }

  private static CatalogueQuery image(int number) {
    return new CatalogueQuery("Images", "r-1", "img-" + number);
  }

  private static CatalogueQuery key(int number) {
    return new CatalogueQuery("Keys", "r-1", "key-" + number);
  }

  private void request(String name, CatalogueQuery... queries) {
    request(name, OURS, queries);
  }

  private void request(String name, Credentials credentials, CatalogueQuery... queries) {
    ResourceID id = new ResourceID(name, "ns");
    requests.put(id, List.of(queries));
    accounts.put(id, credentials);
    reconcile(id);
  }

  private void reconcile(ResourceID id) {
    Optional<Map<CatalogueQuery, CatalogueAnswer>> answers =
        cache.ask(id, calls, accounts.get(id), requests.get(id));
    answers.ifPresent(all -> told.computeIfAbsent(id, any -> new ArrayList<>()).add(all));
  }

  private void execute(Runnable call) {
    if (noThread) {
      throw new RejectedExecutionException("no thread");
    }
    work.add(call);
  }

  private void run() {
    while (!work.isEmpty()) {
      work.poll().run();
    }
  }

  private CatalogueAnswer told(String name, CatalogueQuery query) {
    List<Map<CatalogueQuery, CatalogueAnswer>> all = told.get(new ResourceID(name, "ns"));
    return all.get(all.size() - 1).get(query);
  }

  private int calls() {
    return cloud.asked.size();
  }

  @Test
  void a_request_that_asks_is_woken_when_its_answer_is_there() {
    cloud.entries.put("img-1", Map.of("imageState", "NORMAL"));

    request("web-1", image(1));
    assertThat(told).as("nobody waits in a reconciliation").isEmpty();
    run();

    assertThat(told("web-1", image(1)))
        .isEqualTo(
            CatalogueAnswer.of(
                List.of(new CatalogueEntry("img-1", Map.of("imageState", "NORMAL")))));
    assertThat(calls()).isEqualTo(1);
  }

  @Test
  void what_is_not_in_the_catalogue_is_an_answer_without_entries() {
    request("web-1", image(1));
    run();
    assertThat(told("web-1", image(1))).isEqualTo(CatalogueAnswer.of(List.of()));
  }

  @ParameterizedTest(name = "{0} requests for {1} images: {2} calls")
  @CsvSource({"1, 1, 1", "100, 1, 1", "100, 100, 1", "101, 101, 2", "250, 250, 3"})
  void requests_of_one_account_share_their_calls(int number, int images, int expected) {
    for (int i = 0; i < number; i++) {
      request("web-" + i, image(i % images));
    }
    run();
    assertThat(calls()).isEqualTo(expected);
    assertThat(cloud.asked).allSatisfy(call -> assertThat(call).hasSizeLessThanOrEqualTo(100));
    assertThat(told).hasSize(number);
  }

  @Test
  void each_name_is_asked_alone_and_once_for_all_that_give_it() {
    CatalogueQuery one = new CatalogueQuery("Images", "r-1", CatalogueQuery.By.NAME, "Debian");
    CatalogueQuery two = new CatalogueQuery("Images", "r-1", CatalogueQuery.By.NAME, "Ubuntu");
    request("web-1", image(1), one);
    request("web-2", image(2), one, two);
    run();

    assertThat(cloud.asked)
        .containsExactlyInAnyOrder(List.of(image(1), image(2)), List.of(one), List.of(two));
    assertThat(told).hasSize(2);
  }

  @Test
  void an_answer_is_used_for_a_minute() {
    request("web-1", image(1));
    run();
    time.pass(A_MINUTE.minusNanos(1));
    request("web-2", image(1));
    assertThat(told("web-2", image(1)).entries()).isEmpty();
    assertThat(calls()).isEqualTo(1);

    time.pass(Duration.ofNanos(1));
    request("web-3", image(1));
    run();
    assertThat(calls()).isEqualTo(2);
  }

  @Test
  void a_failure_is_used_as_long_and_then_asked_again() {
    CloudException denied = new CloudException(Kind.DENIED, "no permission");
    cloud.outcome = asked -> denied;
    request("web-1", image(1));
    request("web-2", image(2));
    run();
    assertThat(told("web-1", image(1)).failure()).contains(denied);
    assertThat(told("web-2", image(2)).failure()).contains(denied);
    request("web-3", image(1));
    run();
    assertThat(calls()).isEqualTo(1);

    cloud.outcome = asked -> null;
    time.pass(A_MINUTE);
    request("web-1", image(1));
    run();
    assertThat(told("web-1", image(1)).failure()).isEmpty();
  }

  @Test
  void what_the_cloud_rejects_together_is_asked_one_by_one() {
    cloud.entries.put("img-1", Map.of());
    CloudException invalid = new CloudException(Kind.INVALID, "InvalidImageId.Malformed");
    cloud.outcome =
        asked -> asked.catalogue().stream().anyMatch(q -> q.equals(image(2))) ? invalid : null;
    request("web-1", image(1));
    request("web-2", image(2));
    run();
    assertThat(told("web-1", image(1)).entries()).hasSize(1);
    assertThat(told("web-2", image(2)).failure()).contains(invalid);
    assertThat(calls()).isEqualTo(3);
  }

  @Test
  void a_request_has_its_answers_when_all_catalogues_have_answered() {
    request("web-1", image(1), key(1), key(2));
    run();
    assertThat(calls()).as("images, and both keys").isEqualTo(2);
    assertThat(told.get(new ResourceID("web-1", "ns")))
        .hasSize(1)
        .allSatisfy(answers -> assertThat(answers).hasSize(3));
  }

  @Test
  void other_credentials_and_other_regions_share_nothing() {
    request("web-1", image(1));
    request("web-2", account("theirs"), image(1));
    request("web-3", new CatalogueQuery("Images", "r-2", "img-1"));
    run();
    assertThat(calls()).isEqualTo(3);
  }

  @Test
  void who_asks_while_a_call_is_under_way_shares_it() {
    request("web-1", image(1));
    work.poll().run(); // the call starts
    request("web-2", image(1));
    request("web-3", image(2));
    run();
    assertThat(calls()).isEqualTo(2);
    assertThat(told).hasSize(3);
  }

  @Test
  void a_call_that_breaks_wakes_those_that_wait_for_it() {
    cloud.outcome =
        asked -> {
          throw new IllegalStateException("a secret");
        };
    request("web-1", image(1));
    run();
    assertThat(told("web-1", image(1)).failure())
        .hasValueSatisfying(
            failure -> assertThat(failure).hasMessage("The call failed: IllegalStateException"));
    cloud.outcome = asked -> null;
    time.pass(A_MINUTE);
    request("web-1", image(1));
    run();
    assertThat(told("web-1", image(1)).failure()).isEmpty();
  }

  @Test
  void a_call_for_which_there_is_no_thread_has_failed_and_the_next_one_is_made() {
    noThread = true;
    IntStream.range(0, 101).forEach(i -> request("web-" + i, image(i)));
    run();
    assertThat(told("web-0", image(0)).failure())
        .hasValueSatisfying(
            failure ->
                assertThat(failure).hasMessage("The call failed: RejectedExecutionException"));
    assertThat(told).as("those of the second call, too").hasSize(101);

    noThread = false;
    time.pass(A_MINUTE);
    request("web-1", image(1));
    run();
    assertThat(told("web-1", image(1)).failure()).isEmpty();
  }

  @Test
  void a_pause_that_the_cloud_asks_for_is_kept_however_long() {
    Duration pause = Duration.ofMinutes(5);
    CloudException slowly = new CloudException(Kind.THROTTLED, "slowly", "r", pause);
    cloud.outcome = asked -> slowly;
    IntStream.range(0, 101).forEach(i -> request("web-" + i, image(i)));
    run();
    assertThat(calls()).as("those that wait are not asked about").isEqualTo(1);
    assertThat(told).hasSize(101);

    cloud.outcome = asked -> null;
    time.pass(pause.minusNanos(1));
    request("web-1", image(1));
    request("another", image(200));
    run();
    assertThat(told("web-1", image(1)).failure()).contains(slowly);
    assertThat(told("another", image(200)).failure()).contains(slowly);

    time.pass(Duration.ofNanos(1));
    request("web-1", image(1));
    request("another", image(200));
    run();
    assertThat(told("web-1", image(1)).failure()).isEmpty();
    assertThat(told("another", image(200)).failure()).isEmpty();
    assertThat(calls()).isEqualTo(2);
  }

  @Test
  void what_is_known_is_used_during_a_pause_and_a_short_one_is_a_failure_like_others() {
    request("web-1", image(1));
    run();
    cloud.outcome =
        asked -> new CloudException(Kind.THROTTLED, "slowly", "r", Duration.ofSeconds(5));
    request("web-2", image(2));
    run();
    request("web-1", image(1));
    assertThat(told("web-1", image(1)).failure()).isEmpty();

    time.pass(Duration.ofSeconds(6));
    request("web-2", image(2));
    run();
    assertThat(told("web-2", image(2)).failure()).isPresent();
    assertThat(calls()).isEqualTo(2);
    cloud.outcome = asked -> null;
    request("web-3", image(3));
    run();
    assertThat(told("web-3", image(3)).failure()).isEmpty();
  }

  @Test
  void what_is_old_is_forgotten_when_a_call_ends_although_nobody_asks() {
    CatalogueCache unused =
        new CatalogueCache(
            id -> {}, time::currentTimeNanos, work::add, (delay, run) -> work.add(run));
    ResourceID id = new ResourceID("web-1", "ns");
    unused.ask(id, calls, OURS, List.of(image(1)));
    run();
    unused.ask(id, calls, account("theirs"), List.of(image(1)));
    assertThat(unused.lanes()).isEqualTo(2);
    time.pass(A_MINUTE.multipliedBy(2));
    run();
    assertThat(unused.lanes()).isEqualTo(1);
  }

  @Test
  void what_is_old_is_not_remembered() {
    IntStream.range(0, 50).forEach(i -> request("web-" + i, account("key " + i), image(i)));
    run();
    assertThat(cache.lanes()).isEqualTo(50);
    time.pass(A_MINUTE.multipliedBy(2));
    request("web-1", image(1));
    run();
    assertThat(cache.lanes()).isEqualTo(1);
  }
}
