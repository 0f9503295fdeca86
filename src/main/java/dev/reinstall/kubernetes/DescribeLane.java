package dev.reinstall.kubernetes;

import dev.reinstall.api.Server;
import dev.reinstall.cloud.CloudCalls;
import dev.reinstall.cloud.CloudClient;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.Observation;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The descriptions of the servers of one account in one region: one call at a time for up to 100
 * servers, and beside it one for a single server that must be described alone. All but the calls
 * themselves happens under the lock of the poller.
 */
final class DescribeLane {
  private static final Logger LOG = LoggerFactory.getLogger(DescribeLane.class);

  /** Requests that ask one after the other, as after a start, share one call. */
  static final Duration GATHER = Duration.ofMillis(40);

  static final Duration GATHER_AT_MOST = Duration.ofMillis(200);

  /** A call that fails after so long is taken for a time-out: it holds up those behind it. */
  private static final Duration SLOW_FAILURE = Duration.ofSeconds(3);

  /** After so many of them in a row the region is described rarely. */
  private static final int MAX_TIMEOUTS = 2;

  /** The result of a call about one server: an observation or a failure. */
  record Answer(long startedAt, Observation observation, CloudException failure) {
    Duration age() {
      return Duration.ofNanos(System.nanoTime() - startedAt);
    }
  }

  /** What one request follows. */
  static final class Interest {
    final ResourceID id;
    final DescribeLane lane;
    final Server server;

    /** The versions of the ledger and of the spec that the request decides on. */
    String decidedOn;

    /** For a call to start, or to end. */
    boolean waiting;

    Answer answer;

    /** A reconciliation had it. */
    boolean answerUsed;

    boolean scheduled;
    private long dueAt;

    /** Waits for a call that is made anyway, or until the interval allows another. */
    private boolean patient;

    Interest(ResourceID id, DescribeLane lane, Server server) {
      this.id = id;
      this.lane = lane;
      this.server = server;
    }
  }

  private final LaneSurroundings of;
  private final CloudCalls cloud;
  private final Credentials credentials;
  private final Set<Interest> interests = new LinkedHashSet<>();

  /** Those that wait for a call to start. */
  private final Set<Interest> queue = new LinkedHashSet<>();

  /** What may make a shared call fail: described alone until a description of it is clear. */
  private final Set<Server> separate = new LinkedHashSet<>();

  /** When the last calls started that only polls made: as many as they may make an interval. */
  private final Queue<Long> pollCalls = new ArrayDeque<>();

  private boolean paused;
  private boolean gathering;
  private long gatheringSince;
  private long queuedAt;
  private boolean sharedCall;
  private boolean separateCall;
  private int timeouts;
  private long quietUntil;
  private CloudException timeout;

  DescribeLane(LaneSurroundings of, CloudCalls cloud, Credentials credentials) {
    this.of = of;
    this.cloud = cloud;
    this.credentials = credentials;
  }

  void add(Interest interest) {
    interests.add(interest);
  }

  /** Returns whether nobody is interested any more. */
  boolean remove(Interest interest) {
    interests.remove(interest);
    queue.remove(interest);
    if (interests.stream().noneMatch(other -> other.server.equals(interest.server))) {
      separate.remove(interest.server);
    }
    return interests.isEmpty();
  }

  boolean isYoung(Answer answer) {
    return now() - answer.startedAt() < of.use();
  }

  void schedule(Interest interest, Duration delay) {
    interest.scheduled = true;
    interest.dueAt = now() + delay.toNanos();
    interest.patient = delay.toNanos() >= of.poll();
  }

  private long now() {
    return of.nanos().getAsLong();
  }

  /** Has the server described, by a call that has not started yet unless it is waited for. */
  void describe(Interest interest) {
    interest.patient = false;
    poll(interest);
  }

  /** As {@link #describe}, for a request whose time has come: its call may wait for others. */
  void poll(Interest interest) {
    if (interest.waiting) {
      startCalls();
      return;
    }
    if (isQuiet()) {
      interest.answer = new Answer(now(), null, timeout);
      return;
    }
    await(interest);
    queuedAt = now();
    startCalls();
  }

  private void await(Interest interest) {
    interest.waiting = true;
    interest.scheduled = false;
    interest.answer = null;
    queue.add(interest);
  }

  // A region whose calls time out.

  private boolean isSlow() {
    return timeouts >= MAX_TIMEOUTS;
  }

  private boolean isQuiet() {
    return isSlow() && now() - quietUntil < 0;
  }

  /** One at a time where the region is slow. */
  private boolean mayCall(boolean underWay) {
    return !underWay && !(isSlow() && (sharedCall || separateCall));
  }

  // Calls.

  private void startCalls() {
    if (mayCall(separateCall)) {
      queue.stream()
          .map(interest -> interest.server)
          .filter(separate::contains)
          .findFirst()
          .ifPresent(server -> start(Set.of(server), true));
    }
    if (gathering || sharedCall || serversToShare().isEmpty()) {
      return;
    }
    Duration wait = untilNextCall();
    if (wait.isZero()) {
      gathering = true;
      gatheringSince = now();
      of.later().accept(GATHER, this::gathered);
    } else if (!paused) {
      paused = true;
      of.later().accept(wait, this::resume);
    }
  }

  private void resume() {
    synchronized (of.lock()) {
      paused = false;
      startCalls();
    }
  }

  /**
   * Polls make as many calls an interval as their number needs, however late and unevenly they
   * come. A request that asks does not wait for that.
   */
  private Duration untilNextCall() {
    int atMost = 1 + (interests.size() - 1) / CloudClient.MAX_SERVERS_PER_CALL;
    while (pollCalls.size() > atMost) {
      pollCalls.remove();
    }
    if (!arePolls(serversToShare()) || pollCalls.size() < atMost) {
      return Duration.ZERO;
    }
    return Duration.ofNanos(Math.max(0, pollCalls.peek() + of.poll() - now()));
  }

  private boolean arePolls(Set<Server> servers) {
    return queue.stream().filter(i -> servers.contains(i.server)).allMatch(i -> i.patient);
  }

  private void gathered() {
    synchronized (of.lock()) {
      Set<Server> servers = serversToShare();
      boolean more =
          servers.size() < CloudClient.MAX_SERVERS_PER_CALL
              && now() - queuedAt < GATHER.toNanos()
              && now() - gatheringSince < GATHER_AT_MOST.toNanos();
      if (more) {
        of.later().accept(GATHER, this::gathered);
        return;
      }
      gathering = false;
      if (!servers.isEmpty() && mayCall(sharedCall)) {
        if (arePolls(servers)) {
          pollCalls.add(now());
        }
        addDue(servers);
        start(servers, false);
      }
    }
  }

  /** The servers of those that have waited longest, for one call. */
  private Set<Server> serversToShare() {
    Set<Server> servers = new LinkedHashSet<>();
    for (Interest interest : queue) {
      if (servers.size() == CloudClient.MAX_SERVERS_PER_CALL) {
        break;
      }
      if (!separate.contains(interest.server)) {
        servers.add(interest.server);
      }
    }
    return servers;
  }

  /** Those that are due next are taken along, if that is soon, and poll together from then on. */
  private void addDue(Set<Server> servers) {
    long now = now();
    interests.stream()
        .filter(interest -> interest.scheduled && interest.dueAt - now < of.poll() / 2)
        .filter(interest -> !separate.contains(interest.server))
        .sorted(Comparator.comparingLong(interest -> interest.dueAt - now))
        .limit(CloudClient.MAX_SERVERS_PER_CALL - servers.size())
        .toList()
        .forEach(
            interest -> {
              servers.add(interest.server);
              await(interest);
            });
  }

  private void start(Set<Server> servers, boolean alone) {
    if (alone) {
      separateCall = true;
    } else {
      sharedCall = true;
    }
    List<Interest> carried =
        queue.stream().filter(interest -> servers.contains(interest.server)).toList();
    carried.forEach(queue::remove);
    of.calls().execute(() -> call(List.copyOf(servers), carried, alone));
  }

  private void call(List<Server> servers, List<Interest> carried, boolean alone) {
    long startedAt = now();
    Map<Server, Observation> observations = Map.of();
    CloudException failure = null;
    try {
      observations = cloud.describe(credentials, servers);
    } catch (CloudException e) {
      failure = e;
    } catch (RuntimeException | Error e) { // those that wait for it must be woken
      LOG.error("The description of {} failed", servers.get(0), e);
      failure =
          new CloudException(
              CloudException.Kind.AMBIGUOUS, "The description failed: " + e.getMessage());
    }
    synchronized (of.lock()) {
      if (alone) {
        separateCall = false;
      } else {
        sharedCall = false;
      }
      if (failure == null) {
        succeeded(servers, observations, carried, startedAt);
      } else {
        failed(servers, carried, failure, startedAt);
      }
      startCalls();
    }
  }

  private void succeeded(
      List<Server> servers,
      Map<Server, Observation> observations,
      List<Interest> carried,
      long startedAt) {
    timeouts = 0;
    if (servers.size() == 1) {
      separate.removeAll(servers);
    }
    for (Interest interest : carried) {
      Observation observation = observations.get(interest.server);
      if (observation == null) {
        describeAlone(interest);
      } else {
        answer(interest, new Answer(startedAt, observation, null));
      }
    }
  }

  /**
   * Unless the failure concerns no server, one of the servers may be the cause: each is described
   * alone then; at once, unless the call took so long that another one would not end before the
   * next poll.
   */
  private void failed(
      List<Server> servers, List<Interest> carried, CloudException failure, long startedAt) {
    long took = now() - startedAt;
    boolean aboutServers = isAboutServers(failure);
    if (aboutServers) {
      separate.addAll(servers);
    }
    if (!isAnswered(failure) && took >= SLOW_FAILURE.toNanos()) {
      timeouts++;
      timeout = failure;
      quietUntil = now() + of.slow();
    }
    boolean again = aboutServers && servers.size() > 1 && took < of.poll() && !isSlow();
    for (Interest interest : carried) {
      if (again) {
        describeAlone(interest);
      } else {
        answer(interest, new Answer(startedAt, null, failure));
      }
    }
    if (isQuiet()) {
      for (Interest interest : List.copyOf(queue)) {
        answer(interest, new Answer(now(), null, failure));
      }
    }
  }

  /** Not so: nothing was sent, or the cloud asks for fewer calls, whatever they are about. */
  private static boolean isAboutServers(CloudException e) {
    return e.kind() != CloudException.Kind.NOT_SENT
        && e.kind() != CloudException.Kind.THROTTLED
        && e.retryAfter().isEmpty();
  }

  private static boolean isAnswered(CloudException e) {
    return e.kind() != CloudException.Kind.NOT_SENT && e.kind() != CloudException.Kind.AMBIGUOUS;
  }

  private void describeAlone(Interest interest) {
    if (interests.contains(interest)) {
      separate.add(interest.server);
      queue.add(interest);
    }
  }

  private void answer(Interest interest, Answer answer) {
    queue.remove(interest);
    interest.waiting = false;
    interest.answer = answer;
    interest.answerUsed = false;
    if (interests.contains(interest)) { // or it asked again, or follows the server no more
      of.wake().accept(interest.id);
    }
  }
}
