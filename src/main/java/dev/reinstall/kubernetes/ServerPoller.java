package dev.reinstall.kubernetes;

import dev.reinstall.api.Server;
import dev.reinstall.cloud.CloudCalls;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.kubernetes.DescribeLane.Answer;
import dev.reinstall.kubernetes.DescribeLane.Interest;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Describes the servers of the requests that follow them, on threads of its own, and wakes each
 * request once its server is described. The requests of one account and region share their calls,
 * and no account or region holds up another. It calls only for a request that asks, or whose next
 * poll is due, and so not at all when nothing is open.
 *
 * <p>A request learns nothing that its own credentials would not show: only requests with equal
 * credentials share.
 */
final class ServerPoller {

  /** Only calls to a region that responds slowly last: more of them than this wait for a thread. */
  private static final int THREADS = 128;

  /** The calls that may be shared. */
  private record LaneKey(CloudCalls cloud, String region, String account) {}

  private final LaneSurroundings surroundings;
  private final Map<ResourceID, Interest> interests = new HashMap<>();
  private final Map<LaneKey, DescribeLane> lanes = new HashMap<>();

  /**
   * @param wake has a request reconciled
   * @param poll interval at which an open request describes its server
   * @param slow interval at which a region is described whose calls time out
   * @param use how long a description may be used, from the start of its call
   */
  ServerPoller(Consumer<ResourceID> wake, Duration poll, Duration slow, Duration use) {
    this(wake, poll, slow, use, System::nanoTime, CallThreads.named("describe", THREADS));
  }

  private ServerPoller(
      Consumer<ResourceID> wake,
      Duration poll,
      Duration slow,
      Duration use,
      LongSupplier nanos,
      Executor calls) {
    this(
        wake,
        poll,
        slow,
        use,
        nanos,
        calls,
        (delay, work) ->
            CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS, calls)
                .execute(work));
  }

  /**
   * @param later runs something after a while
   */
  ServerPoller(
      Consumer<ResourceID> wake,
      Duration poll,
      Duration slow,
      Duration use,
      LongSupplier nanos,
      Executor calls,
      BiConsumer<Duration, Runnable> later) {
    surroundings =
        new LaneSurroundings(
            this, wake, poll.toNanos(), slow.toNanos(), use.toNanos(), nanos, calls, later);
  }

  /**
   * The server, by a call that started not long ago, and after the request had asked for it on this
   * very copy of the ledger.
   *
   * @param decidedOn the versions of the ledger and of the spec that it decides on
   * @return empty: the request will be woken when the server is described
   */
  synchronized Optional<Answer> describe(
      ResourceID id, CloudCalls cloud, Credentials credentials, Server server, String decidedOn) {
    LaneKey key = new LaneKey(cloud, server.region(), credentials.fingerprint());
    Interest interest = interests.get(id);
    boolean same =
        interest != null
            && interest.lane == lanes.get(key)
            && interest.server.equals(server)
            // guard: description-is-newer-than-the-ledger-copy
            && Objects.equals(interest.decidedOn, decidedOn);
    if (same && hasYoungAnswer(interest)) {
      interest.answerUsed = true;
      return Optional.of(interest.answer);
    }
    if (!same) {
      forget(id);
      DescribeLane lane =
          lanes.computeIfAbsent(key, k -> new DescribeLane(surroundings, cloud, credentials));
      interest = new Interest(id, lane, server);
      interest.decidedOn = decidedOn;
      interests.put(id, interest);
      lane.add(interest);
    }
    interest.lane.describe(interest);
    return Optional.ofNullable(interest.answer);
  }

  private static boolean hasYoungAnswer(Interest interest) {
    return interest.answer != null && interest.lane.isYoung(interest.answer);
  }

  /**
   * After a reconciliation that described its server: it is described again when that is due.
   *
   * @param decidedOn the newest versions that the reconciliation has seen
   * @param delay until it is due
   */
  synchronized void follow(ResourceID id, String decidedOn, Duration delay) {
    Interest interest = interests.get(id);
    if (interest == null || interest.waiting) {
      return;
    }
    if (!Objects.equals(interest.decidedOn, decidedOn)) {
      interest.decidedOn = decidedOn;
      interest.answer = null;
    }
    interest.lane.schedule(interest, delay);
  }

  /**
   * The time of a request has come.
   *
   * @return false: it follows no server, and can be woken at once
   */
  synchronized boolean due(ResourceID id) {
    Interest interest = interests.get(id);
    if (interest == null) {
      return false;
    }
    if (interest.scheduled) {
      interest.lane.poll(interest);
    } else if (interest.answerUsed || !hasYoungAnswer(interest)) { // its reconciliation failed
      interest.lane.describe(interest);
    } else { // it has been woken
      return true;
    }
    if (interest.answer != null) {
      surroundings.wake().accept(id);
    }
    return true;
  }

  /** The request follows its server no more. */
  synchronized void forget(ResourceID id) {
    Interest interest = interests.remove(id);
    if (interest != null && interest.lane.remove(interest)) {
      lanes.values().remove(interest.lane);
    }
  }

  /** How many accounts and regions are remembered. */
  synchronized int lanes() {
    return lanes.size();
  }

  /** How many requests wait for a call to start or to end. */
  synchronized int waiting() {
    return (int) interests.values().stream().filter(interest -> interest.waiting).count();
  }
}
