package dev.reinstall.kubernetes;

import dev.reinstall.api.Reinstall;
import io.javaoperatorsdk.operator.health.Status;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Has a Reinstall reconciled again after a time, by a monotonic clock. The timer of the framework
 * runs by the wall clock: while that is behind where it once was, it wakes nothing.
 */
final class RequeueTimer extends AbstractEventSource<Void, Reinstall>
    implements ResourceEventAware<Reinstall> {
  private final Map<ResourceID, ScheduledFuture<?>> pending = new HashMap<>();
  private final ServerPoller poller;
  private ScheduledThreadPoolExecutor executor;

  /**
   * @param poller describes the server of a request that follows one, before it is reconciled
   */
  RequeueTimer(ServerPoller poller) {
    super(Void.class, "requeue");
    this.poller = poller;
  }

  /** In place of what was scheduled for it before. */
  synchronized void schedule(ResourceID id, Duration delay) {
    cancel(id);
    if (isRunning()) {
      pending.put(id, executor.schedule(() -> due(id), delay.toNanos(), TimeUnit.NANOSECONDS));
    }
  }

  synchronized void cancel(ResourceID id) {
    ScheduledFuture<?> before = pending.remove(id);
    if (before != null) {
      before.cancel(false);
    }
  }

  /** Until it is reconciled again; empty: nothing is scheduled. */
  synchronized Optional<Duration> remaining(ResourceID id) {
    return Optional.ofNullable(pending.get(id))
        .map(next -> Duration.ofNanos(next.getDelay(TimeUnit.NANOSECONDS)));
  }

  /** By how much the latest one is overdue; empty: all are in time. */
  synchronized Optional<Duration> late() {
    return pending.values().stream()
        .map(next -> Duration.ofNanos(-next.getDelay(TimeUnit.NANOSECONDS)))
        .filter(late -> !late.isNegative())
        .max(Comparator.naturalOrder());
  }

  private void due(ResourceID id) {
    synchronized (this) {
      pending.remove(id);
    }
    if (!poller.due(id)) {
      wake(id);
    }
  }

  /** Has it reconciled at once. */
  void wake(ResourceID id) {
    getEventHandler().handleEvent(new Event(id));
  }

  @Override
  public void onResourceDeleted(Reinstall resource) {
    ResourceID id = ResourceID.fromResource(resource);
    cancel(id);
    poller.forget(id);
  }

  @Override
  public synchronized void start() {
    if (!isRunning()) {
      executor = new ScheduledThreadPoolExecutor(1, RequeueTimer::daemon);
      executor.setRemoveOnCancelPolicy(true);
      super.start();
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "requeue");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public synchronized void stop() {
    if (isRunning()) {
      super.stop();
      executor.shutdownNow();
      pending.clear();
    }
  }

  @Override
  public Status getStatus() {
    return isRunning() ? Status.HEALTHY : Status.UNHEALTHY;
  }

  @Override
  public Set<Void> getSecondaryResources(Reinstall primary) {
    return Set.of();
  }
}
