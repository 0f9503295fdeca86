package dev.reinstall.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Compares the table with the expected outcomes, and with what the clouds recorded. */
final class Verdict {
  private final List<TableRow> rows;
  private final SimulatedClouds clouds;
  private final List<String> differences = new ArrayList<>();

  Verdict(List<TableRow> rows, SimulatedClouds clouds) {
    this.rows = rows;
    this.clouds = clouds;
    Samples.OUTCOMES.forEach(this::check);
    servers().forEach(this::check);
  }

  /** One sentence each; none: everything is as expected. */
  List<String> differences() {
    return differences;
  }

  private void check(Samples.Outcome outcome) {
    Optional<TableRow> row =
        rows.stream().filter(r -> r.name().equals(outcome.order())).findFirst();
    if (row.isEmpty()) {
      differences.add(outcome.order() + " does not exist.");
      return;
    }
    if (!row.get().is(outcome.phase(), outcome.reason())) {
      differences.add(
          "%s must be %s/%s, but is %s/%s: %s"
              .formatted(
                  outcome.order(),
                  outcome.phase(),
                  outcome.reason(),
                  row.get().phase(),
                  row.get().reason(),
                  row.get().message()));
    }
    if (row.get().requestId().isEmpty()) {
      differences.add(outcome.order() + " has no request ID.");
    }
  }

  /** As many wipes as Reinstalls that succeeded, each by the request in its status. */
  private void check(String server) {
    List<String> wipes = clouds.wipes(server).stream().sorted().toList();
    List<String> reported = carriedOut(server).stream().map(TableRow::requestId).sorted().toList();
    if (!wipes.equals(reported)) {
      differences.add(
          "%s was reinstalled by the requests %s, but the Reinstalls name %s."
              .formatted(server, wipes, reported));
    }
  }

  private Set<String> servers() {
    return rows.stream().map(TableRow::server).collect(Collectors.toCollection(TreeSet::new));
  }

  private List<TableRow> carriedOut(String server) {
    return rows.stream()
        .filter(row -> row.server().equals(server) && row.phase().equals("Succeeded"))
        .toList();
  }

  List<String> summary() {
    List<String> lines = new ArrayList<>();
    lines.add(TableRow.outcome("NAME", "RESULT", "REQUEST ID"));
    rows.forEach(row -> lines.add(row.outcome()));
    lines.add("");
    String format = "%-12s  %5s  %s";
    lines.add(format.formatted("SERVER", "WIPES", "REINSTALLS"));
    TreeMap<String, Integer> wipes = new TreeMap<>();
    servers().forEach(server -> wipes.put(server, clouds.wipes(server).size()));
    wipes.forEach(
        (server, count) ->
            lines.add(
                format
                    .formatted(
                        server,
                        count,
                        carriedOut(server).stream()
                            .map(TableRow::name)
                            .collect(Collectors.joining(", ")))
                    .stripTrailing()));
    return lines;
  }
}
