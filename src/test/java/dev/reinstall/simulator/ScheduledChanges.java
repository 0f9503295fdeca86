package dev.reinstall.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What will become of a server, and when. Nothing runs in the background: whoever looks calls
 * {@link #settle} first, so a look at a given time always shows the same.
 *
 * <p>Guarded by the server it belongs to.
 */
public final class ScheduledChanges {
  private record Due(Instant at, long order, boolean ending, Runnable change) {}

  private final SimClock clock;
  private final List<Due> due = new ArrayList<>();
  private long order;
  private boolean endless;

  public ScheduledChanges(SimClock clock) {
    this.clock = clock;
  }

  public void in(Duration delay, Runnable change) {
    due.add(new Due(clock.now().plus(delay), order++, false, change));
  }

  /** Like {@link #in}, but does not come while operations are {@link #endless}. */
  public void endIn(Duration delay, Runnable change) {
    due.add(new Due(clock.now().plus(delay), order++, true, change));
  }

  /** While true, operations begin and never end. */
  public void endless(boolean stuck) {
    endless = stuck;
  }

  /** Forgets all that was to come. */
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
