package dev.reinstall.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.reinstall.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The invariants hold in many random runs. One seed alone, with its story: {@code mvn test
 * -Dtest=RandomRunsTest -Dseed=42}. The number of runs comes from the Maven profile; another
 * number: {@code -Druns=1000000}.
 */
@Tag("wide")
class RandomRunsTest {
  private static final long RUNS = Long.getLong("runs", 5_000);

  /** In this many runs each rare event happens as well. */
  private static final long MANY = 100_000;

  private final Progress progress = new Progress();

  @Test
  void every_promise_holds_in_every_run() throws Exception {
    Long seed = Long.getLong("seed");
    if (seed != null) {
      System.out.println(String.join("\n", story(seed)));
      return;
    }
    System.out.printf("%,d random runs%n", RUNS);
    Counters all = runAll();
    System.out.println(all);
    assertThat(all.runs).isEqualTo(RUNS);
    assertThat(all.wipes).as("wipes").isGreaterThan(RUNS / 10);
    assertThat(List.of(all.crashes, all.outages, all.conflicts)).allMatch(n -> n > RUNS / 100);
    if (RUNS >= MANY) {
      assertThatEverythingHappened(all);
    }
  }

  private static void assertThatEverythingHappened(Counters all) {
    for (FaultSchedule.CallOutcome outcome : FaultSchedule.CallOutcome.values()) {
      assertThat(all.outcomes).as("orders that met " + outcome).containsKey(outcome);
      assertThat(all.others).containsKeys("stops sent, " + outcome, "starts sent, " + outcome);
    }
    assertThat(all.others)
        .containsKeys(
            "changed Secrets",
            "created again",
            "deleted",
            "descriptions of later",
            "ledgers deleted",
            "ledgers restored",
            "lost answers to ledger writes",
            "lost answers to status writes",
            "passes within passes",
            "refused turns",
            "replaced",
            "resets by hand",
            "stale ledgers",
            "stale orders",
            "statuses edited",
            "statuses wiped",
            "suspended",
            "unsuspended");
    assertThat(all.others)
        .as("ways of an entry")
        .containsKeys(
            "nothing to Stopping",
            "Stopping to Stopping",
            "Stopping to Submitting",
            "Stopping to Released",
            "Stopping to Unknown",
            "Released to Stopping",
            "nothing to Submitting",
            "Submitting to Submitting",
            "Submitting to Accepted",
            "Submitting to Unknown",
            "Submitting to Released",
            "Accepted to Installing",
            "Accepted to Succeeded",
            "Accepted to Failed",
            "Accepted to Unknown",
            "Installing to Installing",
            "Installing to Succeeded",
            "Installing to Failed",
            "Installing to Unknown",
            "Unknown to Succeeded",
            "Unknown to Unknown",
            "Unknown to Released",
            "Released to Submitting");
  }

  private Counters runAll() throws Exception {
    int threads = Runtime.getRuntime().availableProcessors();
    AtomicLong next = new AtomicLong(1);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Counters>> parts = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        Callable<Counters> part = () -> runSome(next);
        parts.add(pool.submit(part));
      }
      Counters all = new Counters();
      for (Future<Counters> part : parts) {
        all.add(part.get());
      }
      return all;
    } finally {
      pool.shutdownNow();
    }
  }

  private Counters runSome(AtomicLong next) {
    Counters happenings = new Counters();
    for (long seed = next.getAndIncrement(); seed <= RUNS; seed = next.getAndIncrement()) {
      long begun = seed;
      progress.report(() -> String.format("%,d of %,d random runs", begun, RUNS));
      try {
        new RandomRun(seed, happenings, null).run();
      } catch (InvariantViolation | RuntimeException e) {
        next.set(RUNS + 1);
        fail("seed " + seed + "\n" + String.join("\n", story(seed)), e);
      }
    }
    return happenings;
  }

  private static List<String> story(long seed) {
    List<String> story = new ArrayList<>();
    RandomRun run = new RandomRun(seed, new Counters(), story);
    try {
      run.run();
    } catch (InvariantViolation | RuntimeException e) {
      run.cluster().report(() -> "*** " + e);
    }
    story.add("to run it alone: mvn test -Dtest=RandomRunsTest -Dseed=" + seed);
    return story;
  }
}
