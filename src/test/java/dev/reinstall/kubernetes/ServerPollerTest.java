package dev.reinstall.kubernetes;

import static dev.reinstall.kubernetes.PolledRequests.POLL;
import static dev.reinstall.kubernetes.PolledRequests.SLOW;
import static dev.reinstall.kubernetes.PolledRequests.account;
import static dev.reinstall.kubernetes.PolledRequests.id;
import static dev.reinstall.kubernetes.PolledRequests.server;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.Server;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudException.Kind;
import dev.reinstall.cloud.CountingCloud.RecordedCall;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerPollerTest {
  private static final Duration A_MOMENT = Duration.ofSeconds(1);
  private static final CloudException DENIED =
      new CloudException(Kind.DENIED, "no such key", "r", null);

  private final PolledRequests requests = new PolledRequests();

  private RecordedCall lastCall() {
    return requests.cloud.calls.get(requests.cloud.calls.size() - 1);
  }

  private static List<Server> servers(int from, int until) {
    return IntStream.range(from, until).mapToObj(PolledRequests::server).toList();
  }

  private void passPolls(int polls) {
    requests.pass(POLL.multipliedBy(polls));
  }

  // What it costs.

  @ParameterizedTest(name = "{0} requests: {1} calls an interval")
  @CsvSource({"1, 1", "100, 1", "101, 2", "250, 3", "1000, 10"})
  void requests_of_one_account_and_region_share_their_calls(int open, int calls) {
    assertThat(
            requests.callsOf(
                () -> {
                  requests.createAll(0, open);
                  requests.pass(A_MOMENT);
                }))
        .as("at the start")
        .isEqualTo(calls);
    passPolls(3);
    assertThat(requests.callsOf(() -> passPolls(10))).isBetween(10 * calls - calls, 10 * calls);
  }

  @ParameterizedTest(name = "{0} requests: {1} calls an interval")
  @CsvSource({"1, 1", "100, 1", "1000, 10"})
  void requests_that_begin_one_after_the_other_come_to_share_their_calls(int open, int calls) {
    for (int i = 0; i < open; i++) {
      requests.create(i);
      requests.pass(POLL.dividedBy(open));
    }
    passPolls(6);
    assertThat(requests.callsOf(() -> passPolls(10))).isLessThanOrEqualTo(10 * calls);
  }

  @ParameterizedTest(name = "{0} requests: {1} calls an interval")
  @CsvSource({"1, 1", "100, 1", "250, 3", "1000, 10"})
  void however_late_requests_are_reconciled_no_interval_has_more_calls(int open, int calls) {
    Random random = new Random(1);
    requests.lag = () -> POLL.dividedBy(2).multipliedBy(random.nextInt(100)).dividedBy(100);
    for (int i = 0; i < open; i++) {
      requests.create(i);
      requests.pass(POLL.dividedBy(open));
    }
    passPolls(3);
    for (int i = 0; i < 20; i++) {
      assertThat(requests.callsOf(() -> passPolls(1))).isLessThanOrEqualTo(calls);
    }
    Duration longest = POLL.plus(POLL);
    IntStream.range(0, open).forEach(i -> assertThat(requests.longestGap(i)).isLessThan(longest));
  }

  @Test
  void a_burst_that_trickles_in_costs_hardly_more_than_one_call_a_hundred_servers() {
    assertThat(
            requests.callsOf(
                () -> {
                  for (int i = 0; i < 1000; i++) {
                    requests.create(i);
                    requests.pass(Duration.ofMillis(1));
                  }
                  requests.pass(A_MOMENT);
                }))
        .isLessThanOrEqualTo(11);
  }

  @Test
  void no_call_is_about_more_servers_than_a_cloud_takes_or_about_one_twice() {
    requests.createAll(0, 1000);
    passPolls(3);
    assertThat(requests.cloud.calls)
        .allSatisfy(
            call ->
                assertThat(call.servers()).hasSizeLessThanOrEqualTo(100).doesNotHaveDuplicates());
  }

  @Test
  void requests_of_one_server_share_its_description() {
    requests.create(1, PolledRequests.OURS, server(7));
    requests.create(2, PolledRequests.OURS, server(7));
    requests.pass(A_MOMENT);
    assertThat(requests.cloud.calls).hasSize(1);
    assertThat(requests.answers(1)).hasSize(1);
    assertThat(requests.answers(2)).hasSize(1);
  }

  @Test
  void when_nothing_is_open_nothing_is_called_and_nothing_is_remembered() {
    requests.createAll(0, 3);
    passPolls(2);
    IntStream.range(0, 3).forEach(requests::delete);
    assertThat(requests.callsOf(() -> passPolls(10))).isZero();
    assertThat(requests.poller.lanes()).isZero();
    assertThat(requests.poller.waiting()).isZero();
  }

  @Test
  void each_request_is_woken_with_a_new_description_in_every_interval() {
    requests.createAll(0, 250);
    passPolls(10);
    for (int i = 0; i < 250; i++) {
      assertThat(requests.answers(i)).hasSizeGreaterThanOrEqualTo(9);
      Set<Long> begins = new HashSet<>();
      assertThat(requests.answers(i)).allMatch(answer -> begins.add(answer.startedAt()));
    }
  }

  // What a request may use.

  @Test
  void a_description_serves_for_a_while_as_long_as_the_ledger_is_the_same() {
    requests.create(1);
    requests.pass(A_MOMENT);
    assertThat(requests.callsOf(() -> assertThat(requests.ask(1)).isPresent())).isZero();
    requests.pass(PolledRequests.USE.minus(A_MOMENT));
    assertThat(requests.ask(1)).contains(requests.lastAnswer(1));
    requests.pass(A_MOMENT);
    assertThat(requests.ask(1)).as("too old").isEmpty();
  }

  @Test
  void a_description_from_before_the_ledger_changed_is_never_used() {
    requests.create(1);
    requests.pass(A_MOMENT);
    requests.ledgerVersion = "2";
    assertThat(requests.ask(1)).isEmpty();
    long asked = requests.time.currentTimeNanos();
    requests.pass(A_MOMENT);
    assertThat(requests.ask(1))
        .hasValueSatisfying(a -> assertThat(a.startedAt() >= asked).isTrue());
  }

  @Test
  void a_ledger_that_was_created_or_deleted_is_another_one() {
    requests.ledgerVersion = null;
    requests.create(1);
    requests.pass(A_MOMENT);
    assertThat(requests.ask(1)).isPresent();
    requests.ledgerVersion = "2";
    assertThat(requests.ask(1)).isEmpty();
    requests.pass(A_MOMENT);
    requests.ledgerVersion = null;
    assertThat(requests.ask(1)).isEmpty();
  }

  @Test
  void a_call_that_is_under_way_does_not_answer_who_asks_on_a_newer_ledger() {
    requests.hangs = call -> true;
    requests.create(1);
    requests.pass(A_MOMENT);
    requests.ledgerVersion = "2";
    assertThat(requests.ask(1)).isEmpty();
    long asked = requests.time.currentTimeNanos();
    requests.release();
    requests.pass(A_MOMENT);
    assertThat(requests.cloud.calls).hasSize(2);
    assertThat(requests.answers(1))
        .singleElement()
        .satisfies(answer -> assertThat(answer.startedAt() >= asked).isTrue());
  }

  @Test
  void a_write_of_its_own_ledger_makes_a_request_look_again_at_its_next_poll_only() {
    requests.create(1);
    requests.pass(A_MOMENT);
    requests.ledgerVersion = "2";
    requests.poller.follow(id(1), "2", POLL);
    int before = requests.cloud.calls.size();
    requests.pass(POLL);
    assertThat(requests.cloud.calls).hasSize(before + 1);
    assertThat(requests.answers(1)).hasSize(2);
  }

  @Test
  void a_request_that_was_woken_and_has_not_run_yet_keeps_its_description() {
    requests.create(1);
    requests.pass(A_MOMENT);
    requests.poller.due(id(1));
    requests.pass(DescribeLane.GATHER); // it is woken; others call meanwhile
    for (int i = 2; i < 5; i++) {
      requests.create(i);
      requests.pass(DescribeLane.GATHER_AT_MOST);
      assertThat(requests.ask(1)).isPresent();
    }
  }

  @Test
  void a_request_that_a_call_took_along_keeps_its_description_when_its_time_comes() {
    requests.create(1);
    requests.pass(POLL.dividedBy(2).plus(A_MOMENT));
    requests.lag = () -> POLL;
    requests.create(2);
    requests.pass(POLL.dividedBy(2));
    int before = requests.cloud.calls.size();
    assertThat(requests.cloud.calls.get(before - 1).servers()).contains(server(1), server(2));
    assertThat(requests.ask(1)).isPresent();
    requests.pass(A_MOMENT);
    assertThat(requests.cloud.calls).hasSize(before);
  }

  @Test
  void a_request_whose_reconciliation_failed_is_described_again_when_it_is_retried() {
    requests.create(1);
    requests.pass(A_MOMENT);
    requests.failNext();
    passPolls(1);
    int answers = requests.answers(1).size();
    requests.poller.due(id(1));
    requests.pass(A_MOMENT);
    assertThat(requests.answers(1)).hasSize(answers + 1);
  }

  @Test
  void who_follows_nothing_is_not_described_when_it_is_due() {
    assertThat(requests.poller.due(id(1))).isFalse();
    requests.poller.follow(id(1), "1", POLL);
    assertThat(requests.poller.due(id(1))).isFalse();
    assertThat(requests.callsOf(() -> passPolls(2))).isZero();
  }

  // Who shares with whom.

  @Test
  void only_equal_credentials_share() {
    requests.create(1);
    requests.create(2, account("theirs"), server(2));
    requests.pass(A_MOMENT);
    assertThat(requests.cloud.calls)
        .extracting(RecordedCall::credentials)
        .containsExactlyInAnyOrder(PolledRequests.OURS, account("theirs"));
  }

  @Test
  void only_one_region_is_in_one_call() {
    requests.create(1);
    requests.create(2, PolledRequests.OURS, new Server(server(2).cloud(), "r-2", "s-2"));
    requests.pass(A_MOMENT);
    assertThat(requests.cloud.calls).hasSize(2);
  }

  @Test
  void credentials_that_are_replaced_are_used_from_the_next_question_on() {
    requests.create(1);
    requests.pass(A_MOMENT);
    requests.create(1, account("new key"), server(1));
    requests.pass(A_MOMENT);
    assertThat(lastCall().credentials()).isEqualTo(account("new key"));
    passPolls(2);
    assertThat(lastCall().credentials()).isEqualTo(account("new key"));
    assertThat(requests.poller.lanes()).isEqualTo(1);
  }

  // What holds up whom.

  @Test
  void an_account_that_hangs_holds_up_no_other_account_and_no_other_region() {
    requests.hangs = call -> true;
    requests.create(1, account("hangs"), server(1));
    requests.pass(A_MOMENT);
    requests.hangs = call -> false;
    requests.create(2);
    requests.create(3, account("hangs"), new Server(server(3).cloud(), "r-2", "s-3"));
    requests.pass(A_MOMENT);
    assertThat(requests.answers(1)).isEmpty();
    assertThat(requests.answers(2)).hasSize(1);
    assertThat(requests.answers(3)).hasSize(1);
  }

  @Test
  void those_that_ask_while_a_call_hangs_share_the_next_one() {
    requests.hangs = call -> true;
    requests.create(0);
    requests.pass(A_MOMENT);
    requests.createAll(1, 51);
    requests.pass(A_MOMENT);
    assertThat(requests.hanging).as("one call at a time").hasSize(1);
    requests.release();
    requests.pass(A_MOMENT);
    assertThat(lastCall().servers()).containsExactlyInAnyOrderElementsOf(servers(1, 51));
  }

  @Test
  void a_server_that_is_missing_in_a_shared_response_is_described_alone_at_once() {
    requests.cloud.unlisted = List.of(server(2));
    requests.createAll(0, 5);
    requests.pass(A_MOMENT);
    assertThat(lastCall().servers()).containsExactly(server(2));
    assertThat(requests.lastAnswer(2).observation()).isNotNull();
  }

  @Test
  void after_a_shared_failure_each_server_is_described_alone_and_only_the_cause_fails() {
    requests.cloud.outcome = call -> call.servers().contains(server(2)) ? DENIED : null;
    requests.createAll(0, 5);
    requests.pass(A_MOMENT);
    for (int i = 0; i < 5; i++) {
      assertThat(requests.lastAnswer(i).failure()).isEqualTo(i == 2 ? DENIED : null);
    }
    passPolls(2);
    assertThat(requests.callsOf(() -> passPolls(10)))
        .as("one for the others, one for the cause")
        .isBetween(18, 20);
  }

  @Test
  void a_server_shares_again_once_a_description_of_it_is_clear() {
    requests.cloud.outcome = call -> call.servers().contains(server(2)) ? DENIED : null;
    requests.createAll(0, 5);
    requests.pass(A_MOMENT);
    requests.cloud.outcome = call -> null;
    passPolls(2);
    assertThat(requests.callsOf(() -> passPolls(10))).isBetween(9, 10);
  }

  @Test
  void a_cloud_that_asks_for_fewer_calls_gets_no_more_of_them() {
    CloudException throttled = new CloudException(Kind.THROTTLED, "slowly", "r", null);
    requests.cloud.outcome = call -> throttled;
    requests.createAll(0, 100);
    requests.pass(A_MOMENT);
    assertThat(requests.cloud.calls).hasSize(1);
    IntStream.range(0, 100)
        .forEach(i -> assertThat(requests.lastAnswer(i).failure()).isSameAs(throttled));
  }

  @Test
  void a_bug_in_a_call_still_wakes_those_that_wait_for_it() {
    requests.cloud.outcome =
        call -> {
          throw new IllegalStateException("a bug");
        };
    requests.create(1);
    requests.pass(A_MOMENT);
    assertThat(requests.lastAnswer(1).failure().kind()).isEqualTo(Kind.AMBIGUOUS);
  }

  // A region whose calls time out.

  private CloudException timesOut() {
    CloudException timeout = new CloudException(Kind.AMBIGUOUS, "no response within 20s");
    requests.cloud.outcome =
        call -> {
          requests.time.pass(Duration.ofSeconds(20));
          return timeout;
        };
    return timeout;
  }

  @Test
  void a_region_whose_calls_time_out_is_described_rarely_and_its_requests_know_why() {
    CloudException timeout = timesOut();
    requests.createAll(0, 60);
    requests.pass(Duration.ofMinutes(1));
    assertThat(requests.cloud.calls).hasSize(2);
    IntStream.range(0, 60)
        .forEach(i -> assertThat(requests.lastAnswer(i).failure()).isSameAs(timeout));
    assertThat(requests.callsOf(() -> requests.pass(SLOW.multipliedBy(4)))).isBetween(3, 4);
  }

  @Test
  void a_new_request_in_such_a_region_has_its_answer_at_once() {
    CloudException timeout = timesOut();
    requests.createAll(0, 2);
    requests.pass(Duration.ofMinutes(1));
    assertThat(requests.callsOf(() -> requests.create(7))).isZero();
    assertThat(requests.lastAnswer(7).failure()).isSameAs(timeout);
  }

  @Test
  void a_slow_region_that_responds_again_is_described_as_before() {
    timesOut();
    requests.createAll(0, 60);
    requests.pass(Duration.ofMinutes(1));
    requests.cloud.outcome = call -> null;
    requests.pass(SLOW.plus(POLL.multipliedBy(6)));
    IntStream.range(0, 60)
        .forEach(i -> assertThat(requests.lastAnswer(i).observation()).isNotNull());
    assertThat(requests.callsOf(() -> passPolls(10))).isBetween(9, 12);
  }

  @Test
  void one_server_that_always_times_out_makes_its_region_no_slow_one() {
    CloudException timeout = new CloudException(Kind.AMBIGUOUS, "no response within 4s");
    requests.cloud.outcome =
        call -> {
          boolean poison = call.servers().contains(server(2));
          requests.time.pass(poison ? Duration.ofSeconds(4) : Duration.ofMillis(20));
          return poison ? timeout : null;
        };
    requests.createAll(0, 5);
    requests.pass(Duration.ofMinutes(10));
    assertThat(requests.lastAnswer(2).failure()).isSameAs(timeout);
    for (int i : List.of(0, 1, 3, 4)) {
      assertThat(requests.lastAnswer(i).observation()).isNotNull();
      assertThat(requests.answers(i)).hasSizeGreaterThan(15);
    }
  }
}
