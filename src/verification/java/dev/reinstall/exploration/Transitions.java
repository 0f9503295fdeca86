package dev.reinstall.exploration;

import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.ledger.Ledger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** From which state to which one, and why, the entries of the ledger went. */
public final class Transitions {
  /** What {@code -Pdeep} saw; the diagram in docs/states.md is drawn from it. */
  static final Path FILE = Path.of("src/verification/resources/transitions.csv");

  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  void add(Ledger before, Ledger after) {
    for (Map.Entry<String, Entry> each : after.orders().entrySet()) {
      Entry old = before.orders().get(each.getKey());
      Entry now = each.getValue();
      if (!now.equals(old)) {
        seen.add((old == null ? "[*]" : old.state()) + "," + now.state() + "," + why(old, now));
      }
    }
  }

  void addAll(Transitions others) {
    seen.addAll(others.seen);
  }

  private static String why(Entry old, Entry now) {
    boolean claimed = old == null || !Objects.equals(old.claimNumber(), now.claimNumber());
    if (claimed) {
      return Boolean.TRUE.equals(now.resending()) ? "claimed to send again" : "claimed";
    }
    if (now.reason() != null && !Objects.equals(now.reason(), old.reason())) {
      return now.reason();
    }
    if (Boolean.TRUE.equals(now.adopted()) && !Boolean.TRUE.equals(old.adopted())) {
      return "adopted";
    }
    if (now.state() == old.state()) {
      return "evidence";
    }
    if (now.state() == State.Released) {
      return "not sent";
    }
    return now.requestId() != null && old.requestId() == null ? "response" : "";
  }

  Set<String> seen() {
    return new TreeSet<>(seen);
  }

  static Set<String> recorded() throws IOException {
    return new TreeSet<>(Files.readAllLines(FILE));
  }

  void record() throws IOException {
    Files.writeString(FILE, seen().stream().map(l -> l + "\n").collect(Collectors.joining()));
  }

  /** The lines of a Mermaid diagram: one arrow for two states, with its labels. */
  public static String diagram() throws IOException {
    Map<String, Set<String>> arrows =
        recorded().stream()
            .map(line -> line.split(",", 3))
            .collect(
                Collectors.groupingBy(
                    cells -> cells[0] + " --> " + cells[1],
                    TreeMap::new,
                    Collectors.mapping(cells -> cells[2], Collectors.toCollection(TreeSet::new))));
    return arrows.entrySet().stream().map(Transitions::arrow).collect(Collectors.joining());
  }

  private static String arrow(Map.Entry<String, Set<String>> arrow) {
    String labels =
        arrow.getValue().stream().filter(l -> !l.isEmpty()).collect(Collectors.joining(", "));
    return "  " + arrow.getKey() + (labels.isEmpty() ? "" : ": " + labels) + "\n";
  }
}
