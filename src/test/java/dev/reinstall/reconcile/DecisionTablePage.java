package dev.reinstall.reconcile;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Reason;
import dev.reinstall.api.Server;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.api.ServerLedger.Start;
import dev.reinstall.api.ServerLedger.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The page docs/decision-table.md, generated from the table and the ledger, so that it cannot
 * drift.
 */
final class DecisionTablePage {
  private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");

  private DecisionTablePage() {}

  static String page() {
    return """
    # Decision table

    Generated from `DecisionTable.ROWS` and the results in `Ledger`. `DecisionTablePageTest` fails when this page
    is out of date; to regenerate it: `mvn test -Dtest=DecisionTablePageTest -Dregenerate`.

    ## States of a ledger entry

    The tables below say when an entry moves from one state to another.

    ```mermaid
    stateDiagram-v2
    """
        + arrows()
        + """
        ```

        ## The table

        The first row that matches decides. A row without a status leaves the status as it is, or shows
        what the ledger contains. A request fails unsent only by a ledger that was fetched uncached.

        | entry | when | step | status | reconciles again |
        |---|---|---|---|---|
        """
        + rows()
        + """

        ## What a response of the cloud does

        To the entry whose claim sent the call. Newest: no later claim of this request was made since.

        | call | entry | response | newest | resending | becomes |
        |---|---|---|---|---|---|
        """
        + answers();
  }

  private static String name(State state) {
    return state == null ? "no entry" : state.name();
  }

  // The diagram.

  private static String arrows() {
    Set<String> arrows = new TreeSet<>();
    for (DecisionTable.Row row : DecisionTable.ROWS) {
      State to = row.step().to();
      for (State from : sorted(row.states())) {
        if (to != null) {
          arrows.add(arrow(from, to));
        }
      }
    }
    for (Case each : cases()) {
      if (each.after() != each.state()) {
        arrows.add(arrow(each.state(), each.after()));
      }
    }
    return arrows.stream().map(a -> "  " + a + "\n").collect(Collectors.joining());
  }

  private static String arrow(State from, State to) {
    return (from == null ? "[*]" : from.name()) + " --> " + to.name();
  }

  private static List<State> sorted(Set<State> states) {
    List<State> all = new ArrayList<>();
    all.add(null);
    all.addAll(Arrays.asList(State.values()));
    all.retainAll(states);
    return all;
  }

  private static String words(SubmissionResult.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  // The table.

  private static String rows() {
    Map<DecisionTable.Row, Set<Reason>> reasons = new HashMap<>();
    ObservedStates.some(400_000)
        .forEach(
            s -> {
              DecisionTable.Row row = DecisionTable.row(s);
              Reason reason = row.decision(s).reason();
              if (reason != null) {
                reasons.computeIfAbsent(row, r -> new TreeSet<>()).add(reason);
              }
            });
    StringBuilder table = new StringBuilder();
    for (DecisionTable.Row row : DecisionTable.ROWS) {
      table.append(
          String.format(
              "| %s | %s | %s | %s | %s |%n",
              row.states().size() == State.values().length + 1
                  ? "any"
                  : sorted(row.states()).stream()
                      .map(DecisionTablePage::name)
                      .collect(Collectors.joining(", ")),
              row.label(),
              row.step(),
              status(row, reasons.getOrDefault(row, Set.of())),
              words(row)));
    }
    return table.toString();
  }

  private static String status(DecisionTable.Row row, Set<Reason> reasons) {
    if (row.step() == Step.RELEASE || reasons.isEmpty()) {
      return "";
    }
    return reasons.stream()
        .map(r -> StatusBuilder.phase(new Decision(row.step(), r, "", row.requeue())) + "/" + r)
        .collect(Collectors.joining(", "));
  }

  private static String words(DecisionTable.Row row) {
    return row.requeue().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  // The responses.

  private enum SentAction {
    STOP,
    REINSTALL,
    START;

    Ledger answered(Ledger ledger, SubmissionResult result) {
      return switch (this) {
        case STOP -> ledger.withStopResult("web", "mine", result, NOW);
        case REINSTALL -> ledger.withReinstallResult("web", "mine", result, NOW);
        case START -> ledger.withStartResult("web", "mine", result, NOW);
      };
    }
  }

  private record Case(
      SentAction sent,
      State state,
      SubmissionResult.Kind kind,
      boolean newest,
      boolean recovering,
      State after,
      String says) {}

  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (SentAction sent : SentAction.values()) {
      for (State state : State.values()) {
        for (SubmissionResult.Kind kind : SubmissionResult.Kind.values()) {
          for (boolean newest : new boolean[] {true, false}) {
            for (boolean resending : new boolean[] {false, true}) {
              cases.add(of(sent, state, kind, newest, resending));
            }
          }
        }
      }
    }
    return cases;
  }

  private static Case of(
      SentAction sent, State state, SubmissionResult.Kind kind, boolean newest, boolean resending) {
    LedgerEntryBuilder builder = new LedgerEntryBuilder();
    builder.specHash = "d";
    builder.owner = new Owner("ns", "web", "uid");
    builder.state = state;
    builder.claimNumber = 1;
    builder.attempt = 1;
    builder.claimId = newest ? "mine" : "another's";
    builder.resending = resending ? true : null;
    builder.claimTime = NOW;
    builder.notAfter = NOW;
    builder.start =
        sent == SentAction.START
            ? new Start(newest ? "mine" : "another's", null, null, null, Map.of())
            : null;
    Entry before = builder.build();
    Ledger ledger =
        new Ledger(
            new Server(CloudName.TencentCloud, "r-1", "i"),
            new Ledger.Metadata("1", Map.of(), Map.of()),
            1,
            Map.of("web", before),
            Map.of());
    SubmissionResult result = new SubmissionResult(kind, "req-1", "words", Duration.ZERO);
    Entry after = sent.answered(ledger, result).entry("web").orElseThrow();
    String says =
        after.equals(before)
            ? "the same"
            : after.state()
                + (after.reason() == null ? "" : "/" + after.reason())
                + (after.requestId() == null ? "" : ", with the request ID")
                + (after.state() == State.Released && after.completionTime() == null
                    ? ", and may start again"
                    : "")
                + (after.stop() == null
                    ? ""
                    : after.stop().notNeeded() == null ? ", stopped" : ", not to be stopped")
                + (after.start() == null
                    ? ""
                    : after.start().refused() == null ? ", started" : ", to be started again");
    return new Case(sent, state, kind, newest, resending, after.state(), says);
  }

  private static String answers() {
    StringBuilder table = new StringBuilder();
    for (Case each : cases()) {
      boolean possible =
          each.sent() != SentAction.STOP || !each.recovering(); // nothing was sent before
      if (possible && !each.says().equals("the same")) {
        table.append(
            String.format(
                "| %s | %s | %s | %s | %s | %s |%n",
                each.sent().name().toLowerCase(Locale.ROOT),
                each.state(),
                words(each.kind()),
                each.newest() ? "yes" : "no",
                each.recovering() ? "yes" : "no",
                each.says()));
      }
    }
    table.append("\nEverything else leaves the entry as it is.\n");
    return table.toString();
  }
}
