package dev.reinstall.reconcile;

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

/** Faults scripted by a test: at this call of that replica, this happens, once. */
final class ScriptedFaults implements FaultSchedule {
  private record ScriptedFault(Replica replica, PortCall call, Runnable happens) {}

  DescribeOutcome describeOutcome = DescribeOutcome.CLEAR;
  boolean refuseTurns;
  boolean describesLater;
  IntUnaryOperator picks = bound -> 0;

  private final List<ScriptedFault> lines = new ArrayList<>();
  private final Deque<CallOutcome> outcomes = new ArrayDeque<>();
  private final Map<PortCall, Deque<LostReply>> losses = new EnumMap<>(PortCall.class);
  private final Map<Replica, Set<PortCall>> stale = new HashMap<>();

  /** Before the replica's next call of that kind this happens. */
  void before(Replica replica, PortCall call, Runnable happens) {
    lines.add(new ScriptedFault(replica, call, happens));
  }

  /** The process crashes before its next call of that kind. */
  void crashBefore(Replica replica, PortCall call) {
    before(
        replica,
        call,
        () -> {
          throw new Crash();
        });
  }

  /** The outcomes of the next reinstall calls, in order. */
  void nextRequests(CallOutcome... next) {
    outcomes.addAll(List.of(next));
  }

  void nextWrites(PortCall call, LostReply... next) {
    losses.computeIfAbsent(call, c -> new ArrayDeque<>()).addAll(List.of(next));
  }

  /** The replica's watch reports nothing new from now on. */
  void freeze(Replica replica, PortCall... caches) {
    stale.put(replica, EnumSet.copyOf(List.of(caches)));
  }

  void thaw(Replica replica) {
    stale.remove(replica);
  }

  @Override
  public void before(Replica replica, PortCall call) {
    for (ScriptedFault line : lines) {
      if (line.replica() == replica && line.call() == call) {
        lines.remove(line);
        line.happens().run();
        return;
      }
    }
  }

  @Override
  public LostReply lostReply(PortCall call) {
    Deque<LostReply> next = losses.get(call);
    return next == null || next.isEmpty() ? LostReply.NONE : next.poll();
  }

  @Override
  public CallOutcome callOutcome() {
    return outcomes.isEmpty() ? CallOutcome.ANSWERED : outcomes.poll();
  }

  @Override
  public DescribeOutcome describeOutcome() {
    return describeOutcome;
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
  public boolean describesLater() {
    return describesLater;
  }

  @Override
  public int versionsSeen(Replica replica, PortCall call, int newer) {
    return stale.getOrDefault(replica, Set.of()).contains(call) ? 0 : newer;
  }
}
