package dev.reinstall.exploration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Everything that may happen within the bounds happens here, to the shipped pass. More than every
 * build explores: {@code mvn test -Dtest=ExplorationTest -Dexplore=wide}, one bound alone by words
 * of its name, {@code -Dexplore="c: any"}, and at most so many states of each, {@code
 * -Dstates=50000000}.
 */
class ExplorationTest {
  private static final long MOST_STATES = Long.getLong("states", 50_000_000);

  @Test
  void no_promise_is_broken_in_any_state() {
    List<Bound> bounds = chosen(System.getProperty("explore", ""));
    assertThat(bounds).as("bounds").isNotEmpty();
    for (Bound bound : bounds) {
      Exploration.Result result = new Exploration(bound, MOST_STATES).run();
      System.out.println(result);
      assertThat(result.story())
          .as(() -> String.join("\n", result.story().orElse(List.of())))
          .isEmpty();
      assertThat(result.left()).as("states that were left: %s", result).isZero();
    }
  }

  private static List<Bound> chosen(String words) {
    if (words.equals("wide")) {
      return Bounds.wide();
    }
    return Bounds.ofEveryBuild().stream().filter(b -> b.name().contains(words)).toList();
  }
}
