package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.NeedsControlPlane;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs a section of {@code replays.md}, which has the name of the test class: all of its requests
 * are brought to their stages, the event happens to each of them, and each ends as its row says.
 * They share the operators; each has its own server.
 */
@Tag("deep")
@NeedsControlPlane
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ReplayedRequests {
  private final List<Replay> rows = ReplayTable.of(getClass().getSimpleName());
  private final Map<Replay, GivenReinstall> before = new LinkedHashMap<>();
  private final Map<Replay, GivenReinstall> after = new HashMap<>();
  private final Map<Replay, Backup> backups = new HashMap<>();
  private final Map<Replay, Integer> calls = new HashMap<>();

  /** Where the requests are at first. */
  TestCluster site;

  /** Starts the site, and an operator. */
  abstract void start();

  /** All are at the stage of their backup, except those of a stage that passes quickly. */
  void save() {}

  /** All that stay at their stage are there; next come the others. */
  void beforeFleetingStages() {}

  /** What happens to all of them; it calls {@link #happenToEach}. */
  abstract void happen();

  /**
   * What happens to one of them.
   *
   * @return it, where it is then
   */
  GivenReinstall happenTo(Replay row, GivenReinstall given, Backup backup) {
    return row.event().happen(given, backup);
  }

  @BeforeAll
  void replay() {
    start();
    rows.forEach(row -> before.put(row, newRequest(row)));
    List<Replay> late = rows(row -> row.stage().isFleeting());
    List<Replay> early = rows(row -> row.first().isFleeting() && !late.contains(row));
    List<Replay> steady = rows(row -> !row.first().isFleeting());
    begin(early);
    begin(steady);
    save();
    Stream.of(early, steady).flatMap(List::stream).forEach(this::moveOn);
    Stream.of(early, steady).flatMap(List::stream).forEach(this::awaitStage);
    beforeFleetingStages();
    begin(late);
    rows.forEach(row -> calls.put(row, before.get(row).calls()));
    happen();
    rows.stream().filter(Replay::continuesAnInstall).forEach(this::awaitThatItContinues);
    rows.forEach(this::letGo);
    awaitEnds();
  }

  @AfterAll
  void close() {
    site.close();
  }

  private List<Replay> rows(Predicate<Replay> which) {
    return rows.stream().filter(which).toList();
  }

  private GivenReinstall newRequest(Replay row) {
    // Ledgers are known by servers, and classes share a cluster.
    String five = getClass().getSimpleName().substring(0, 5).toLowerCase(Locale.ROOT);
    String eight = "%s%03d".formatted(five, rows.indexOf(row));
    RequestStage stage = row.saved().orElse(RequestStage.FINISHED);
    GivenReinstall given = GivenReinstall.of(site, row.cloud(), eight, stage);
    return given.with(row.event().manifest(given));
  }

  /** Brings each of them to the stage of its backup, after another request where it says so. */
  private void begin(List<Replay> some) {
    List<Replay> second = some.stream().filter(row -> row.saved().isEmpty()).toList();
    second.forEach(row -> before.get(row).another("former").create());
    second.forEach(row -> before.get(row).another("former").awaitStage());
    for (Replay row : second) {
      backups.put(row, Backup.of(before.get(row)));
      prepare(row);
    }
    some.forEach(row -> before.get(row).create());
    for (Replay row : some) {
      before.get(row).awaitReported(row.first().words);
      backups.computeIfAbsent(row, r -> Backup.of(before.get(r)));
    }
  }

  private void prepare(Replay row) {
    GivenReinstall given = before.get(row);
    row.stage().prepare(site, row.cloud(), given.id(), given.answer());
  }

  private void moveOn(Replay row) {
    if (row.first() != row.stage()) {
      prepare(row);
      row.first().letGo(site, row.cloud(), before.get(row).id());
    }
    before.computeIfPresent(row, (same, given) -> given.movedTo(row.stage()));
  }

  private void awaitStage(Replay row) {
    before.get(row).awaitStage();
  }

  /** To be called once, by {@link #happen}. Most of an event is waiting for kubectl. */
  final void happenToEach() {
    Map<Replay, CompletableFuture<GivenReinstall>> happening = new LinkedHashMap<>();
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      for (Replay row : rows) {
        happening.put(
            row,
            CompletableFuture.supplyAsync(
                () -> happenTo(row, before.get(row), backups.get(row)), pool));
      }
      happening.forEach((row, then) -> after.put(row, then.join()));
    } finally {
      pool.shutdownNow();
    }
  }

  private void awaitThatItContinues(Replay row) {
    after.get(row).awaitReported("Installing/Installing");
    assertThat(after.get(row).ledger()).isIn("Accepted", "Installing");
    before.get(row).assertSent(1, 1);
  }

  private void letGo(Replay row) {
    if (!row.end().ledger().equals(ReplayEnd.OF_THE_FIRST)) {
      before.get(row).letGo();
    }
  }

  /** Ignores a failure: each row reports its own. */
  private void awaitEnds() {
    try {
      rows.forEach(row -> after.get(row).awaitReported(row.end().reported()));
      site.staysTheSame(
          "the requests that were sent",
          () -> before.values().stream().mapToInt(GivenReinstall::sends).sum());
    } catch (AssertionError e) {
      return;
    }
  }

  /** The requests before the event. */
  final List<GivenReinstall> given(Predicate<Replay> which) {
    return rows(which).stream().map(before::get).toList();
  }

  final List<Backup> backups(Predicate<Replay> which) {
    return rows(which).stream().map(backups::get).toList();
  }

  List<Replay> replays() {
    return new ArrayList<>(rows);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("replays")
  void it_ends_as_the_table_says_and_is_sent_no_more_often(Replay row) {
    GivenReinstall first = before.get(row);

    row.end().check(first, after.get(row));
    first.assertSent(row.sent(), row.wiped());
    if (row.callsNothing()) {
      assertThat(first.calls()).as("all calls for the server").isEqualTo(calls.get(row));
    }
  }
}
