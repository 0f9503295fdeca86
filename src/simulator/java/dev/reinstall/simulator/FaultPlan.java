package dev.reinstall.simulator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/** Which call is hit by which fault. */
final class FaultPlan {
  private record Nth(String action, String server, int nth, SimulatedFault fault) {}

  private final List<Nth> nths = new ArrayList<>();
  private final Map<String, Queue<SimulatedFault>> next = new HashMap<>();
  private final Map<String, SimulatedFault> always = new HashMap<>();

  synchronized void onNext(String action, SimulatedFault fault) {
    next.computeIfAbsent(action, any -> new ArrayDeque<>()).add(fault);
  }

  synchronized void always(String action, SimulatedFault fault) {
    always.put(action, fault);
  }

  synchronized void on(String action, String server, int nth, SimulatedFault fault) {
    nths.add(new Nth(action, server, nth, fault));
  }

  synchronized void clear() {
    nths.clear();
    next.clear();
    always.clear();
  }

  /**
   * The most specific first: the n-th call on a server, then the next call, then every call.
   *
   * @param counts how often each of the given servers received this action, this call included
   */
  synchronized Optional<SimulatedFault> strike(String action, Map<String, Integer> counts) {
    for (Nth one : nths) {
      if (one.action().equals(action) && counts.getOrDefault(one.server(), 0) == one.nth()) {
        return Optional.of(one.fault());
      }
    }
    Queue<SimulatedFault> waiting = next.get(action);
    if (waiting != null && !waiting.isEmpty()) {
      return Optional.of(waiting.remove());
    }
    return Optional.ofNullable(always.get(action));
  }
}
