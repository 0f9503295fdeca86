package dev.reinstall.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The scheduled changes of a server. Nothing runs in the background: every reader calls {@link
 * #settle} first, so reads at the same simulated time return the same.
 *
 * <p>Guarded by the server it belongs to.
 */
public final class ScheduledChanges {
  private record Due(Instant at, long order, boolean ending, Runnable change) {}

  private final SimClock clock;
  private final List<Due> due = new ArrayList<>();
  private long request;
  private boolean endless;

  public ScheduledChanges(SimClock clock) {
    this.clock = clock;
  }

  public void in(Duration delay, Runnable change) {
    due.add(new Due(clock.now().plus(delay), request++, false, change));
  }

  /** Like {@link #in}, but does not happen while operations are {@link #endless}. */
  public void endIn(Duration delay, Runnable change) {
    due.add(new Due(clock.now().plus(delay), request++, true, change));
  }

  /** While true, operations start and never end. */
  public void endless(boolean stuck) {
    endless = stuck;
  }

  /** Drops all scheduled changes. */
  public void clear() {
    due.clear();
  }

  public void settle() {
    Instant now = clock.now();
    for (Optional<Due> next = nextUntil(now); next.isPresent(); next = nextUntil(now)) {
      due.remove(next.get());
      next.get().change().run();
    }
  }

  private Optional<Due> nextUntil(Instant now) {
    return due.stream()
        .filter(one -> !one.at().isAfter(now) && !(endless && one.ending()))
        .min(Comparator.comparing(Due::at).thenComparing(Due::order));
  }
}
