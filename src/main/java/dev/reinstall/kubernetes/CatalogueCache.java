package dev.reinstall.kubernetes;

import dev.reinstall.cloud.CatalogueAnswer;
import dev.reinstall.cloud.CatalogueEntry;
import dev.reinstall.cloud.CatalogueQuery;
import dev.reinstall.cloud.CloudCalls;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.Credentials;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the catalogues of the clouds answered, for a short time, and the calls that ask them, on
 * threads of its own: a request that asks is woken once its answers are there. Requests with equal
 * credentials share answers and calls, and no others: nobody learns what the own credentials would
 * not show.
 */
final class CatalogueCache {
  private static final Logger LOG = LoggerFactory.getLogger(CatalogueCache.class);

  /** How long an answer is used; a failure at least as long, or each request would ask again. */
  static final Duration KEPT = Duration.ofSeconds(60);

  /** Requests that ask one after the other, as after a start, share one call. */
  static final Duration GATHER = Duration.ofMillis(40);

  /** Only calls to a region that responds slowly last: more of them than this wait for a thread. */
  private static final int THREADS = 16;

  /** The queries that one call may ask; one such call is made at a time. */
  private record LaneKey(
      CloudCalls cloud, String account, String region, String action, CatalogueQuery.By by) {}

  /**
   * @param kept how long it is used, in nanoseconds
   */
  private record Known(CatalogueAnswer answer, long since, long kept) {}

  private static final class Lane {
    final CloudCalls cloud;
    final Map<CatalogueQuery, Known> known = new HashMap<>();

    /** The failure with which the cloud asked for a pause; null: it never did. */
    Known pause;

    /** Those that wait for a call to start. */
    final Set<CatalogueQuery> queue = new LinkedHashSet<>();

    /** What a cloud rejected together with others: asked alone. */
    final Set<CatalogueQuery> alone = new LinkedHashSet<>();

    /** Whom an answer wakes; also while the call is under way. */
    final Map<CatalogueQuery, Set<ResourceID>> waiting = new HashMap<>();

    /** Of the request that asked last: only equal ones share a lane. */
    Credentials credentials;

    boolean busy;

    Lane(CloudCalls cloud) {
      this.cloud = cloud;
    }

    boolean isIdle() {
      return !busy && waiting.isEmpty() && known.isEmpty();
    }
  }

  private final Consumer<ResourceID> wake;
  private final LongSupplier nanos;
  private final Executor calls;
  private final BiConsumer<Duration, Runnable> later;
  private final Map<LaneKey, Lane> lanes = new HashMap<>();
  private long sweptAt;

  /**
   * @param wake has a request reconciled
   */
  CatalogueCache(Consumer<ResourceID> wake) {
    this(wake, System::nanoTime, CallThreads.named("catalogue", THREADS));
  }

  private CatalogueCache(Consumer<ResourceID> wake, LongSupplier nanos, Executor calls) {
    this(
        wake,
        nanos,
        calls,
        (delay, work) ->
            CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
                .execute(work));
  }

  /**
   * @param later runs something short after a while, although no thread of {@code calls} is free
   */
  CatalogueCache(
      Consumer<ResourceID> wake,
      LongSupplier nanos,
      Executor calls,
      BiConsumer<Duration, Runnable> later) {
    this.wake = wake;
    this.nanos = nanos;
    this.calls = calls;
    this.later = later;
    sweptAt = nanos.getAsLong();
  }

  /**
   * The answer to each query, if all of them are known.
   *
   * @param id of the request that asks; it is woken when an answer that it lacks is there
   * @return empty: it is to ask again once it is woken
   */
  synchronized Optional<Map<CatalogueQuery, CatalogueAnswer>> ask(
      ResourceID id, CloudCalls cloud, Credentials credentials, List<CatalogueQuery> queries) {
    sweep();
    Map<CatalogueQuery, CatalogueAnswer> answers = new HashMap<>();
    for (CatalogueQuery query : queries) {
      LaneKey key =
          new LaneKey(cloud, credentials.fingerprint(), query.region(), query.action(), query.by());
      Lane lane = lanes.computeIfAbsent(key, any -> new Lane(cloud));
      Optional<Known> known =
          Stream.of(lane.known.get(query), lane.pause)
              .filter(found -> found != null && isYoung(found))
              .findFirst();
      if (known.isPresent()) {
        answers.put(query, known.get().answer());
      } else {
        await(lane, query, id, credentials);
      }
    }
    return answers.size() == Set.copyOf(queries).size() ? Optional.of(answers) : Optional.empty();
  }

  /** How many accounts, regions and catalogues are remembered. */
  synchronized int lanes() {
    return lanes.size();
  }

  private boolean isYoung(Known known) {
    return nanos.getAsLong() - known.since() < known.kept();
  }

  private void await(Lane lane, CatalogueQuery query, ResourceID id, Credentials credentials) {
    lane.credentials = credentials;
    Set<ResourceID> others = lane.waiting.get(query);
    if (others != null) { // it is asked already
      others.add(id);
      return;
    }
    lane.waiting.put(query, new LinkedHashSet<>(Set.of(id)));
    lane.queue.add(query);
    if (!lane.busy) {
      lane.busy = true;
      later.accept(GATHER, () -> start(lane));
    }
  }

  private synchronized void start(Lane lane) {
    List<CatalogueQuery> batch = next(lane);
    batch.forEach(lane.queue::remove);
    Credentials credentials = lane.credentials;
    try {
      calls.execute(() -> call(lane, credentials, batch));
    } catch (RuntimeException | Error e) { // there is no thread for it
      ended(lane, batch, Map.of(), unexpected(batch, e));
    }
  }

  /** Those that have waited longest, as many as one call takes. */
  private static List<CatalogueQuery> next(Lane lane) {
    List<CatalogueQuery> together =
        lane.queue.stream()
            .filter(query -> !lane.alone.contains(query))
            .limit(perCall(lane))
            .toList();
    return together.isEmpty() ? lane.queue.stream().limit(1).toList() : together;
  }

  private static int perCall(Lane lane) {
    boolean byId = lane.queue.stream().allMatch(query -> query.by() == CatalogueQuery.By.ID);
    return byId ? lane.cloud.provider().cataloguePerCall() : 1;
  }

  private void call(Lane lane, Credentials credentials, List<CatalogueQuery> batch) {
    Map<CatalogueQuery, List<CatalogueEntry>> entries = Map.of();
    CloudException failure = null;
    try {
      entries = lane.cloud.catalogue(credentials, batch);
    } catch (CloudException e) {
      failure = e;
    } catch (RuntimeException | Error e) { // those that wait for it must be woken
      failure = unexpected(batch, e);
    }
    ended(lane, batch, entries, failure);
  }

  private static CloudException unexpected(List<CatalogueQuery> batch, Throwable e) {
    LOG.error("{} of {} failed", batch.get(0).action(), batch.get(0).key(), e);
    return new CloudException(
        CloudException.Kind.AMBIGUOUS, "The call failed: " + e.getClass().getSimpleName());
  }

  /**
   * @param failure null: the call succeeded
   */
  private synchronized void ended(
      Lane lane,
      List<CatalogueQuery> batch,
      Map<CatalogueQuery, List<CatalogueEntry>> entries,
      CloudException failure) {
    if (failure != null && failure.kind().isFinal() && batch.size() > 1) {
      lane.alone.addAll(batch);
      lane.queue.addAll(batch);
    } else if (failure == null) {
      batch.forEach(
          query ->
              answered(
                  lane, query, CatalogueAnswer.of(entries.getOrDefault(query, List.of())), KEPT));
    } else {
      failed(lane, batch, failure);
    }
    if (lane.queue.isEmpty()) {
      lane.busy = false;
      lane.credentials = null;
    } else {
      start(lane);
    }
    sweep();
  }

  /** Where the cloud asks for a pause, the others that wait in the lane have failed as well. */
  private void failed(Lane lane, List<CatalogueQuery> batch, CloudException failure) {
    CatalogueAnswer answer = CatalogueAnswer.failed(failure);
    Duration pause = failure.retryAfter().orElse(Duration.ZERO);
    Duration kept = pause.compareTo(KEPT) > 0 ? pause : KEPT;
    Set<CatalogueQuery> all = new LinkedHashSet<>(batch);
    if (!pause.isZero()) {
      lane.pause = new Known(answer, nanos.getAsLong(), pause.toNanos());
      all.addAll(lane.queue);
      lane.queue.clear();
    }
    all.forEach(query -> answered(lane, query, answer, kept));
  }

  private void answered(Lane lane, CatalogueQuery query, CatalogueAnswer answer, Duration kept) {
    lane.alone.remove(query);
    lane.known.put(query, new Known(answer, nanos.getAsLong(), kept.toNanos()));
    new ArrayList<>(lane.waiting.remove(query)).forEach(wake);
  }

  private void sweep() {
    long now = nanos.getAsLong();
    if (now - sweptAt < KEPT.toNanos()) {
      return;
    }
    sweptAt = now;
    lanes.values().forEach(lane -> lane.known.values().removeIf(known -> !isYoung(known)));
    lanes.values().removeIf(Lane::isIdle);
  }
}
