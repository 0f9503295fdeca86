package dev.reinstall.lifecycle;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/** Weather as a test wants it: at this call of that replica, this happens, once. */
final class Script implements Weather {
  private record Line(Replica replica, Call call, Runnable happens) {}

  Sky sky = Sky.CLEAR;
  boolean refuseTurns;
  Duration glanceAge = Duration.ZERO;
  IntUnaryOperator picks = bound -> 0;

  private final List<Line> lines = new ArrayList<>();
  private final Deque<Fate> fates = new ArrayDeque<>();
  private final Map<Call, Deque<Loss>> losses = new EnumMap<>(Call.class);
  private final Map<Replica, Set<Call>> stale = new HashMap<>();

  /** Before the replica's next call of that kind this happens. */
  void before(Replica replica, Call call, Runnable happens) {
    lines.add(new Line(replica, call, happens));
  }

  /** The process dies before its next call of that kind. */
  void crashBefore(Replica replica, Call call) {
    before(
        replica,
        call,
        () -> {
          throw new Crash();
        });
  }

  /** What becomes of the next orders that are sent, one after the other. */
  void nextOrders(Fate... next) {
    fates.addAll(List.of(next));
  }

  void nextWrites(Call call, Loss... next) {
    losses.computeIfAbsent(call, c -> new ArrayDeque<>()).addAll(List.of(next));
  }

  /** The replica's watch shows nothing new from now on. */
  void freeze(Replica replica, Call... caches) {
    stale.put(replica, EnumSet.copyOf(List.of(caches)));
  }

  void thaw(Replica replica) {
    stale.remove(replica);
  }

  @Override
  public void before(Replica replica, Call call) {
    for (Line line : lines) {
      if (line.replica() == replica && line.call() == call) {
        lines.remove(line);
        line.happens().run();
        return;
      }
    }
  }

  @Override
  public Loss loss(Call call) {
    Deque<Loss> next = losses.get(call);
    return next == null || next.isEmpty() ? Loss.NONE : next.poll();
  }

  @Override
  public Fate fate() {
    return fates.isEmpty() ? Fate.ANSWERED : fates.poll();
  }

  @Override
  public Sky sky() {
    return sky;
  }

  @Override
  public boolean isTurnRefused() {
    return refuseTurns;
  }

  @Override
  public int pick(int bound) {
    return picks.applyAsInt(bound);
  }

  @Override
  public Duration glanceAge() {
    return glanceAge;
  }

  @Override
  public int versionsSeen(Replica replica, Call call, int newer) {
    return stale.getOrDefault(replica, Set.of()).contains(call) ? 0 : newer;
  }
}
