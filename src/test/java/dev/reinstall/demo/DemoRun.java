package dev.reinstall.demo;

import static org.awaitility.Awaitility.await;

import dev.reinstall.api.Reinstall;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.awaitility.core.ConditionTimeoutException;

/** What happens to the samples while the demo runs. */
final class DemoRun {
  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final Duration GLANCE = Duration.ofMillis(150);

  private final DemoCluster stage;
  private final TableView screen;
  private final Deque<DemoStep> scenes = new ArrayDeque<>();
  private List<TableRow> rows = List.of();

  /** Starts when the table says so. */
  private record DemoStep(Predicate<DemoRun> cue, String news, Runnable action) {}

  DemoRun(DemoCluster stage, SimulatedClouds clouds, TableView screen) {
    this.stage = stage;
    this.screen = screen;
    scenes.add(
        new DemoStep(
            play -> play.rows.size() == Samples.OUTCOMES.size(),
            Samples.RUNNING + " waits for its server to be stopped",
            () -> {}));
    scenes.add(
        new DemoStep(
            play ->
                play.has(Samples.REPLAYED, "Succeeded", "Installed")
                    && play.has(Samples.RUNNING, "Pending", "ServerRunning"),
            "A user stops " + Samples.RUNNING_SERVER + ", the server of " + Samples.RUNNING,
            () -> clouds.server(Samples.RUNNING_SERVER).pullPlug()));
    scenes.add(
        new DemoStep(
            play -> play.has(Samples.RUNNING, "Installing", "Installing"),
            Samples.REPLAYED + " succeeded; now it is deleted and applied again",
            () -> {
              stage.delete(Samples.REPLAYED_FILE);
              stage.apply(Samples.REPLAYED_FILE);
            }));
  }

  /** The final table, or the one at the time-out. */
  List<TableRow> run() {
    screen.report("Applying " + Samples.COMMITTED);
    stage.apply(Samples.FOLDER);
    try {
      await().pollDelay(Duration.ZERO).pollInterval(GLANCE).atMost(LONGEST).until(this::isOver);
    } catch (ConditionTimeoutException e) {
      screen.report("Not finished after " + LONGEST.toMinutes() + " minutes");
    }
    return rows;
  }

  private boolean isOver() {
    describe();
    if (!scenes.isEmpty() && scenes.peek().cue().test(this)) {
      DemoStep state = scenes.remove();
      screen.report(state.news());
      state.action().run();
      return false;
    }
    return scenes.isEmpty()
        && rows.size() == Samples.OUTCOMES.size()
        && rows.stream().allMatch(TableRow::isFinished);
  }

  private void describe() {
    rows =
        stage
            .client()
            .resources(Reinstall.class)
            .inNamespace(Samples.NAMESPACE)
            .list()
            .getItems()
            .stream()
            .map(TableRow::of)
            .sorted(Comparator.comparing(TableRow::name))
            .toList();
    screen.show(rows);
  }

  private boolean has(String order, String phase, String reason) {
    return rows.stream().anyMatch(row -> row.name().equals(order) && row.is(phase, reason));
  }
}
