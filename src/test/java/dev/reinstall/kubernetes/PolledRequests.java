package dev.reinstall.kubernetes;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Server;
import dev.reinstall.cloud.CloudCalls;
import dev.reinstall.cloud.CountingCloud;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.FakeClock;
import dev.reinstall.cloud.RateLimits;
import dev.reinstall.cloud.TimedCalls;
import dev.reinstall.kubernetes.DescribeLane.Answer;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Requests that go on waiting, their timer and their reconciliations, by a clock of the test. */
final class PolledRequests {
  static final Duration POLL = Duration.ofSeconds(15);
  static final Duration SLOW = Duration.ofSeconds(150);
  static final Duration USE = Duration.ofSeconds(10);
  static final Credentials OURS = account("ours");

  private record Task(long at, long nth, Runnable work) {}

  /** What one request asks for, and what it was told. */
  private record Request(Credentials credentials, Server server, List<Answer> answers) {}

  final FakeClock time = new FakeClock();
  final CountingCloud cloud =
      new CountingCloud(
          time::currentTimeNanos,
          new RateLimits(
              new RateLimits.Rate(1_000_000, Duration.ofSeconds(1)),
              new RateLimits.Rate(1_000_000, Duration.ofSeconds(1))));
  final CloudCalls calls = TimedCalls.over(cloud, cloud, time::currentTimeNanos);
  final ServerPoller poller =
      new ServerPoller(
          this::wake,
          POLL,
          SLOW,
          USE,
          time::currentTimeNanos,
          call -> callsUnderWay().add(call),
          this::after);

  /** Of the ledgers of all of them. */
  String ledgerVersion = "1";

  /** How long a request that is woken waits for a thread. */
  Supplier<Duration> lag = () -> Duration.ZERO;

  /** Calls that it holds back go on when they are released. */
  Predicate<Runnable> hangs = call -> false;

  final Deque<Runnable> hanging = new ArrayDeque<>();

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(
          (a, b) ->
              a.at() == b.at() ? Long.compare(a.nth(), b.nth()) : Long.compare(a.at(), b.at()));
  private final Map<ResourceID, Request> requests = new LinkedHashMap<>();
  private final Map<ResourceID, Long> timer = new HashMap<>();
  private final Deque<Runnable> started = new ArrayDeque<>();
  private long nth;
  private boolean failing;

  private Deque<Runnable> callsUnderWay() {
    return started;
  }

  static Credentials account(String key) {
    return new Credentials(Map.of("id", "id", "key", key));
  }

  static Server server(int number) {
    return new Server(CloudName.TencentCloud, "r-1", "s-" + number);
  }

  static ResourceID id(int number) {
    return new ResourceID("web-" + number, "ns");
  }

  private void after(Duration delay, Runnable work) {
    tasks.add(new Task(time.currentTimeNanos() + delay.toNanos(), nth++, work));
  }

  private void wake(ResourceID id) {
    after(lag.get(), () -> reconcile(id));
  }

  void create(int number) {
    create(number, OURS, server(number));
  }

  void create(int number, Credentials credentials, Server server) {
    requests.put(id(number), new Request(credentials, server, new ArrayList<>()));
    reconcile(id(number));
  }

  void createAll(int from, int until) {
    for (int i = from; i < until; i++) {
      create(i);
    }
  }

  void delete(int number) {
    requests.remove(id(number));
    poller.forget(id(number));
    timer.remove(id(number));
  }

  private void reconcile(ResourceID id) {
    timer.remove(id);
    ask(id)
        .filter(answer -> !failsNext())
        .ifPresent(
            answer -> {
              requests.get(id).answers().add(answer);
              poller.follow(id, ledgerVersion, POLL);
              schedule(id, POLL);
            });
  }

  /** The next reconciliation that has a description ends by an exception. */
  void failNext() {
    failing = true;
  }

  private boolean failsNext() {
    boolean fails = failing;
    failing = false;
    return fails;
  }

  /** As a reconciliation does. */
  Optional<Answer> ask(int number) {
    return ask(id(number));
  }

  private Optional<Answer> ask(ResourceID id) {
    Request request = requests.get(id);
    return request == null
        ? Optional.empty()
        : poller.describe(id, calls, request.credentials(), request.server(), ledgerVersion);
  }

  private void schedule(ResourceID id, Duration delay) {
    long at = time.currentTimeNanos() + delay.toNanos();
    timer.put(id, at);
    after(
        delay,
        () -> {
          if (timer.remove(id, at) && !poller.due(id)) {
            reconcile(id);
          }
        });
  }

  List<Answer> answers(int number) {
    return requests.get(id(number)).answers();
  }

  Answer lastAnswer(int number) {
    List<Answer> answers = answers(number);
    return answers.get(answers.size() - 1);
  }

  /** Between the descriptions of a request. */
  Duration longestGap(int number) {
    List<Answer> answers = answers(number);
    return IntStream.range(1, answers.size())
        .mapToObj(i -> answers.get(i).startedAt() - answers.get(i - 1).startedAt())
        .map(Duration::ofNanos)
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  /** What happens in this time. */
  void pass(Duration duration) {
    long until = time.currentTimeNanos() + duration.toNanos();
    runCalls();
    while (!tasks.isEmpty() && tasks.peek().at() <= until) {
      Task next = tasks.poll();
      if (next.at() > time.currentTimeNanos()) {
        time.pass(Duration.ofNanos(next.at() - time.currentTimeNanos()));
      }
      next.work().run();
      runCalls();
    }
    if (until > time.currentTimeNanos()) {
      time.pass(Duration.ofNanos(until - time.currentTimeNanos()));
    }
  }

  private void runCalls() {
    while (!started.isEmpty()) {
      Runnable call = started.poll();
      if (hangs.test(call)) {
        hanging.add(call);
      } else {
        call.run();
      }
    }
  }

  /** The calls that hang come to their end. */
  void release() {
    hangs = call -> false;
    while (!hanging.isEmpty()) {
      hanging.poll().run();
    }
  }

  /** How many calls this makes. */
  int callsOf(Runnable work) {
    int before = cloud.calls.size();
    work.run();
    return cloud.calls.size() - before;
  }
}
