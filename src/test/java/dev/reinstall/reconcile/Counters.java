package dev.reinstall.reconcile;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** Counts events, so that a test can show that they happened at all. */
final class Counters {
  long runs;
  long reconciliations;
  long sends;
  long wipes;
  long crashes;
  long outages;
  long conflicts;
  long statusWrites;
  long ledgerWrites;
  final Map<FaultSchedule.CallOutcome, Long> outcomes =
      new EnumMap<>(FaultSchedule.CallOutcome.class);
  final Map<String, Long> others = new TreeMap<>();

  void count(String what) {
    others.merge(what, 1L, Long::sum);
  }

  void add(Counters other) {
    runs += other.runs;
    reconciliations += other.reconciliations;
    sends += other.sends;
    wipes += other.wipes;
    crashes += other.crashes;
    outages += other.outages;
    conflicts += other.conflicts;
    statusWrites += other.statusWrites;
    ledgerWrites += other.ledgerWrites;
    other.outcomes.forEach((outcome, count) -> outcomes.merge(outcome, count, Long::sum));
    other.others.forEach((what, count) -> others.merge(what, count, Long::sum));
  }

  @Override
  public String toString() {
    return runs
        + " runs, "
        + reconciliations
        + " passes, "
        + sends
        + " sends, "
        + wipes
        + " wipes, "
        + crashes
        + " crashes, "
        + outages
        + " outages, "
        + conflicts
        + " conflicts, "
        + statusWrites
        + " status writes, "
        + ledgerWrites
        + " ledger writes, "
        + outcomes
        + ", "
        + others;
  }
}
