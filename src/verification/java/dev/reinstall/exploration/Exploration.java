package dev.reinstall.exploration;

import dev.reinstall.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Explores everything that can happen within a bound, breadth first, so that the first story found
 * is a short one.
 */
final class Exploration {
  private static final int CHUNK = 16;

  private final Bound bound;
  private final long mostStates;
  private final NextEvents moves;
  private final RecoveryCheck healing;
  private final Visited visited = new Visited();
  private final LongAdder transitions = new LongAdder();
  private final Progress progress = new Progress();

  Exploration(Bound bound, long mostStates) {
    this.bound = bound;
    this.mostStates = mostStates;
    moves = new NextEvents(bound);
    healing = new RecoveryCheck(moves);
  }

  /**
   * @param left states that were found but not explored: 0 if the exploration is complete
   * @param changes of ledger entries
   * @param story of the first broken invariant, if any
   */
  record Result(
      Bound bound,
      long states,
      long transitions,
      long left,
      double seconds,
      Transitions changes,
      Optional<List<String>> story) {

    @Override
    public String toString() {
      return String.format(
          "%-34s %,12d states %,13d transitions %7.1f s, %s",
          bound.name(),
          states,
          transitions,
          seconds,
          left == 0 ? "complete" : left + " NOT EXPLORED");
    }
  }

  /** The broken invariant, and the state in which it broke. */
  private record Found(ModelState in, String what) {}

  Result run() {
    long from = System.nanoTime();
    ModelState beginning = moves.beginning();
    visited.add(beginning.fingerprint, 0);
    List<ModelState> frontier = List.of(beginning);
    int threads = Runtime.getRuntime().availableProcessors();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    Optional<Found> found = Optional.empty();
    try {
      while (!frontier.isEmpty() && found.isEmpty() && visited.size() < mostStates) {
        Level level = level(frontier, pool, threads);
        frontier = level.next();
        found = level.found();
      }
    } finally {
      pool.shutdownNow();
    }
    return new Result(
        bound,
        visited.size(),
        transitions.sum(),
        frontier.size(),
        (System.nanoTime() - from) / 1e9,
        moves.effects.transitions,
        found.map(this::story));
  }

  private record Level(List<ModelState> next, Optional<Found> found) {}

  private Level level(List<ModelState> frontier, ExecutorService pool, int threads) {
    AtomicInteger at = new AtomicInteger();
    List<Future<Level>> parts = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Callable<Level> part = () -> part(frontier, at);
      parts.add(pool.submit(part));
    }
    List<ModelState> next = new ArrayList<>();
    Optional<Found> found = Optional.empty();
    for (Future<Level> each : parts) {
      try {
        Level part = each.get();
        next.addAll(part.next());
        found = found.isPresent() ? found : part.found();
      } catch (InterruptedException | ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
    return new Level(next, found);
  }

  private Level part(List<ModelState> frontier, AtomicInteger at) {
    List<ModelState> next = new ArrayList<>();
    for (int from = at.getAndAdd(CHUNK); from < frontier.size(); from = at.getAndAdd(CHUNK)) {
      progress.report(
          () -> String.format("%-34s %,12d states so far", bound.name(), visited.size()));
      for (ModelState state : frontier.subList(from, Math.min(from + CHUNK, frontier.size()))) {
        try {
          explore(state, next);
        } catch (AssertionError | RuntimeException e) {
          at.set(frontier.size());
          return new Level(next, Optional.of(new Found(state, reported(e))));
        }
      }
    }
    return new Level(next, Optional.empty());
  }

  private static String reported(Throwable e) {
    return e instanceof InvariantBroken
        ? e.getMessage()
        : e + "\n" + Arrays.toString(e.getStackTrace());
  }

  private void explore(ModelState state, List<ModelState> next) {
    healing.check(state);
    moves.of(
        state,
        (after, reported) -> {
          transitions.increment();
          moves.fingerprint(after);
          if (visited.add(after.fingerprint, state.fingerprint)) {
            next.add(after);
          }
        });
  }

  // The story.

  private List<String> story(Found found) {
    List<Long> way = new ArrayList<>();
    for (long at = found.in().fingerprint; at != 0; at = visited.before(at).orElseThrow()) {
      way.add(0, at);
    }
    List<String> story = new ArrayList<>();
    story.add(bound.toString());
    ModelState state = moves.beginning();
    int[] names = new int[bound.replicas()];
    Arrays.setAll(names, i -> i + 1);
    for (long fingerprint : way.subList(1, way.size())) {
      Step step = step(state, fingerprint);
      story.add(line(step.told(), names));
      names = renamed(names, step.next().was);
      state = step.next();
    }
    story.add(line(found.what(), names));
    return story;
  }

  private record Step(ModelState next, String told) {}

  private Step step(ModelState from, long to) {
    List<Step> steps = new ArrayList<>();
    moves.of(
        from,
        (after, reported) -> {
          moves.fingerprint(after);
          if (after.fingerprint == to && steps.isEmpty()) {
            steps.add(new Step(after, reported.get()));
          }
        });
    return steps.get(0);
  }

  private static String line(String reported, int[] names) {
    String line = reported;
    for (int i = 0; i < names.length; i++) {
      line = line.replace("{" + i + "}", "r" + names[i]);
    }
    return line;
  }

  private static int[] renamed(int[] names, Integer[] was) {
    if (was == null) {
      return names;
    }
    int[] next = new int[names.length];
    for (int i = 0; i < names.length; i++) {
      next[i] = names[was[i]];
    }
    return next;
  }
}
