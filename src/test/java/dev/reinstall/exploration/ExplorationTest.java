package dev.reinstall.exploration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Everything that may happen within the bounds happens here, to the shipped pass. One bound alone
 * by words of its name: {@code mvn test -Dtest=ExplorationTest -Dexplore="c: any"}. More than every
 * build explores: {@code -Dexplore=wide}, one of them by {@code -Dexplore="wide c: 2 acts"}, and at
 * most so many states of each: {@code -Dstates=50000000}.
 */
class ExplorationTest {
  private static final String WIDE = "wide";
  private static final long MOST_STATES = Long.getLong("states", 50_000_000);

  @Test
  void no_promise_is_broken_in_any_state() {
    List<Bound> bounds = chosen(System.getProperty("explore", ""));
    assertThat(bounds).as("bounds").isNotEmpty();
    List<Exploration.Result> results = new ArrayList<>();
    for (Bound bound : bounds) {
      Exploration.Result result = new Exploration(bound, MOST_STATES).run();
      System.out.println(result);
      assertThat(result.story())
          .as(() -> String.join("\n", result.story().orElse(List.of())))
          .isEmpty();
      results.add(result);
    }
    assertThat(results).as("states that were left").allMatch(result -> result.left() == 0);
  }

  private static List<Bound> chosen(String words) {
    boolean wide = words.startsWith(WIDE);
    String name = wide ? words.substring(WIDE.length()).trim() : words;
    List<Bound> all = wide ? Bounds.wide() : Bounds.ofEveryBuild();
    return all.stream().filter(b -> b.name().contains(name)).toList();
  }
}
