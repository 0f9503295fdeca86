package dev.reinstall.reconcile;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Reason;
import dev.reinstall.api.Server;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Start;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudException.Kind;
import dev.reinstall.exploration.Transitions;
import dev.reinstall.ledger.Ledger;
import dev.reinstall.ledger.SubmissionResult;
import dev.reinstall.ledger.TestEntry;
import dev.reinstall.reconcile.Result.Act;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The page docs/states.md, generated from the handlers and the ledger, so that it cannot drift. */
final class StatesPage {
  private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");

  private StatesPage() {}

  static String page() throws IOException {
    Set<Taken> taken = Taken.all();
    return """
    # States

    Generated from the transitions that `ExplorationTest` saw, from `StateHandlers` and from the results in `Ledger`.
    `StatesPageTest` fails when this page is out of date; to regenerate it: `mvn test -Dtest=StatesPageTest -Dregenerate`.

    ## States of a ledger entry

    Every change of an entry that the exploration of `-Pdeep` saw, with its causes: a claim, a response, evidence of
    the cloud, or the reason that the entry records. Two kinds of arrows are those of the handlers: `powerAfter`, which
    the exploration leaves out, and a request that is sent again after `RejectedBusy`.

    ```mermaid
    stateDiagram-v2
    """
        + Transitions.diagram()
        + arrowsOfHandlers(taken)
        + """
        ```

        ## What is decided in each state

        The handler of the state decides; each is a file of its own in `reconcile`. A decision without a status leaves
        the status as it is, or shows what the ledger contains.

        The column "act" is what is done: `stay` writes the status only; `stop`, `submit`, `resend` and `start` claim the
        server, and then send the call; `becomes` writes the ledger entry; `fail unsent` ends a request that has sent
        nothing; `read ledger` and `read reinstall` read the object uncached and decide again; `follow orphaned entry`
        continues the entry of a Reinstall that was deleted. "At slow interval" is ten poll intervals, at most 5 minutes.

        | entry | status | act | reconciles again |
        |---|---|---|---|
        """
        + decisions(taken)
        + """

        ## What a response of the cloud does

        To the entry whose claim sent the call. Newest: no later claim of this request was made since. Not sent: the call
        certainly did not reach the cloud. A rejection, or that the call was not sent, resolves an entry that
        became `Unknown` in the meantime: nothing was carried out. The request has ended, so that it is never sent again:
        it is `Released/Rejected`, whatever the response was.

        | call | entry | response | newest | resending | becomes |
        |---|---|---|---|---|---|
        """
        + answers();
  }

  /** One decision, whatever its message. */
  private record Taken(State from, String status, String act, State to, String requeue) {

    static Set<Taken> all() {
      return SituationSamples.some(400_000)
          .flatMap(s -> s.decision().map(result -> of(s.recorded().state(), result)).stream())
          .collect(Collectors.toSet());
    }

    private static Taken of(State from, Result result) {
      State to =
          switch (result.act()) {
            case TRANSITION -> result.entry().state();
            case STOP -> State.Stopping;
            case SUBMIT, RESEND -> State.Submitting;
            case START -> State.Starting;
            case RESTART -> State.Restarting;
            default -> null;
          };
      return new Taken(
          from,
          result.reason() == null ? "" : StatusBuilder.phase(result) + "/" + result.reason(),
          result.act() == Act.TRANSITION ? "becomes " + to : words(result.act()),
          to,
          words(result.requeue()));
    }

    Optional<String> label() {
      if (from == State.Restarting || to == State.Restarting) {
        return Optional.of("onUnsubmitted");
      }
      if (from == State.Starting || to == State.Starting) {
        return Optional.of("powerAfter");
      }
      return from == State.RejectedBusy && to == State.Submitting
          ? Optional.of("claimed to send again")
          : Optional.empty();
    }

    String row() {
      return String.format("| %s | %s | %s | %s |%n", name(from), status, act, requeue);
    }
  }

  private static String decisions(Set<Taken> all) {
    Map<State, Set<String>> rows = new TreeMap<>(Comparator.nullsFirst(Comparator.naturalOrder()));
    all.forEach(taken -> rows.computeIfAbsent(taken.from(), s -> new TreeSet<>()).add(taken.row()));
    return rows.values().stream().flatMap(Set::stream).collect(Collectors.joining());
  }

  private static String name(State state) {
    return state == null ? "no entry" : state.name();
  }

  // The diagram.

  /** Those that the exploration does not show. */
  private static String arrowsOfHandlers(Set<Taken> all) {
    return all.stream()
        .filter(taken -> taken.to() != null)
        .flatMap(taken -> taken.label().map(label -> arrow(taken, label)).stream())
        .sorted()
        .distinct()
        .collect(Collectors.joining());
  }

  private static String arrow(Taken taken, String label) {
    return "  %s --> %s: %s%n".formatted(name(taken.from()), taken.to(), label);
  }

  private static String words(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  // The responses.

  private enum SentAction {
    STOP,
    REINSTALL,
    START,
    RESTART;

    Ledger answered(Ledger ledger, SubmissionResult result) {
      return switch (this) {
        case STOP -> ledger.withStopResult("web", "mine", result, NOW);
        case REINSTALL -> ledger.withReinstallResult("web", "mine", result, NOW);
        case START -> ledger.withStartResult("web", "mine", result, NOW);
        case RESTART -> ledger.withRestartResult("web", "mine", result, NOW);
      };
    }
  }

  private record Case(
      SentAction sent,
      State state,
      String result,
      boolean newest,
      boolean recovering,
      State after,
      String says) {}

  /** All that can come of a call, by its name. */
  private static Map<String, SubmissionResult> results() {
    Map<String, SubmissionResult> results = new LinkedHashMap<>();
    results.put("accepted", SubmissionResult.accepted("req-1"));
    results.put("not needed", SubmissionResult.NOT_NEEDED);
    for (Kind kind : Kind.values()) {
      results.put(
          words(kind),
          SubmissionResult.failed(new CloudException(kind, "words", "req-1", null), "words"));
    }
    return results;
  }

  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (SentAction sent : SentAction.values()) {
      for (State state : State.values()) {
        for (Map.Entry<String, SubmissionResult> result : results().entrySet()) {
          for (boolean newest : new boolean[] {true, false}) {
            for (boolean resending : new boolean[] {false, true}) {
              cases.add(of(sent, state, result, newest, resending));
            }
          }
        }
      }
    }
    return cases;
  }

  private static Case of(
      SentAction sent,
      State state,
      Map.Entry<String, SubmissionResult> result,
      boolean newest,
      boolean resending) {
    TestEntry builder = new TestEntry(state, NOW);
    builder.claimId(newest ? "mine" : "another's");
    builder.resending(resending ? true : null);
    builder.notAfter(NOW);
    builder.reason(state == State.Restarting ? Reason.DeadlineExceeded.name() : null);
    builder.start(
        sent == SentAction.START || sent == SentAction.RESTART
            ? new Start(newest ? "mine" : "another's", null, null, null, Map.of())
            : null);
    Entry before = builder.build();
    Ledger ledger =
        new Ledger(
            new Server(CloudName.TencentCloud, "r-1", "i"),
            new Ledger.Metadata("1", Map.of(), Map.of()),
            null,
            1,
            Map.of("web", before),
            Map.of());
    Entry after = sent.answered(ledger, result.getValue()).entry("web").orElseThrow();
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
    return new Case(sent, state, result.getKey(), newest, resending, after.state(), says);
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
                each.result(),
                each.newest() ? "yes" : "no",
                each.recovering() ? "yes" : "no",
                each.says()));
      }
    }
    table.append("\nEverything else leaves the entry as it is.\n");
    return table.toString();
  }
}
