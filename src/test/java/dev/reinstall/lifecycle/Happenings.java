package dev.reinstall.lifecycle;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** Counts what happened, so that a test can show that it was not about nothing. */
final class Happenings {
  long runs;
  long passes;
  long sends;
  long wipes;
  long crashes;
  long outages;
  long conflicts;
  long statusWrites;
  long bookWrites;
  final Map<Weather.Fate, Long> fates = new EnumMap<>(Weather.Fate.class);
  final Map<String, Long> others = new TreeMap<>();

  void count(String what) {
    others.merge(what, 1L, Long::sum);
  }

  void add(Happenings other) {
    runs += other.runs;
    passes += other.passes;
    sends += other.sends;
    wipes += other.wipes;
    crashes += other.crashes;
    outages += other.outages;
    conflicts += other.conflicts;
    statusWrites += other.statusWrites;
    bookWrites += other.bookWrites;
    other.fates.forEach((fate, count) -> fates.merge(fate, count, Long::sum));
    other.others.forEach((what, count) -> others.merge(what, count, Long::sum));
  }

  @Override
  public String toString() {
    return runs
        + " runs, "
        + passes
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
        + bookWrites
        + " ledger writes, "
        + fates
        + ", "
        + others;
  }
}
