package dev.reinstall.exploration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Everything that may happen within the bounds happens here, to the shipped pass. The Maven profile
 * chooses the bounds; {@code -Dexplore} chooses others, with or without a profile:
 *
 * <pre>
 * mvn test -Dtest=ExplorationTest -Dexplore=small               the smallest bound of each cloud
 * mvn test -Dtest=ExplorationTest -Dexplore=deep                all bounds of -Pdeep
 * mvn test -Dtest=ExplorationTest -Dexplore="c: any"            those of them with these words
 * mvn test -Dtest=ExplorationTest -Dexplore=wide                all bounds of -Pwide
 * mvn test -Dtest=ExplorationTest -Dexplore="wide c: 2 acts"    those of them with these words
 * </pre>
 *
 * A bound that is not explored to its end fails, unless {@code -Dstates=20000000} says how many
 * states of each bound are enough.
 */
@Tag("wide")
class ExplorationTest {
  private static final String WIDE = "wide";
  private static final Long ENOUGH = Long.getLong("states");
  private static final long MOST_STATES = ENOUGH == null ? 50_000_000 : ENOUGH;

  @Test
  void no_promise_is_broken_in_any_state() throws IOException {
    String words = System.getProperty("explore", "small");
    List<Bound> bounds = chosen(words);
    assertThat(bounds).as("bounds").isNotEmpty();
    System.out.printf("%d bounds, at most %,d states of each%n", bounds.size(), MOST_STATES);
    List<Exploration.Result> results = new ArrayList<>();
    Transitions changes = new Transitions();
    for (Bound bound : bounds) {
      Exploration.Result result = new Exploration(bound, MOST_STATES).run();
      System.out.println(result);
      assertThat(result.story())
          .as(() -> String.join("\n", result.story().orElse(List.of())))
          .isEmpty();
      results.add(result);
      changes.addAll(result.changes());
    }
    if (ENOUGH == null) {
      assertThat(results).as("states not explored").allMatch(result -> result.left() == 0);
    }
    assertRecorded(changes, words);
  }

  /** The wider bounds may show more; fewer bounds show less. */
  private static void assertRecorded(Transitions changes, String words) throws IOException {
    if (words.equals("deep")) {
      if (Boolean.getBoolean("regenerate")) {
        changes.record();
      }
      assertThat(Transitions.recorded())
          .as("out of date: mvn test -Pdeep -Dtest=ExplorationTest -Dregenerate")
          .isEqualTo(changes.seen());
    } else if (!words.startsWith(WIDE)) {
      assertThat(Transitions.recorded()).containsAll(changes.seen());
    }
  }

  private static List<Bound> chosen(String words) {
    return switch (words) {
      case "small" -> Bounds.small();
      case "deep" -> Bounds.deep();
      default ->
          words.startsWith(WIDE)
              ? named(words.substring(WIDE.length()).trim(), Bounds.wide())
              : named(words, Bounds.deep());
    };
  }

  private static List<Bound> named(String words, List<Bound> bounds) {
    return bounds.stream().filter(bound -> bound.name().contains(words)).toList();
  }
}
