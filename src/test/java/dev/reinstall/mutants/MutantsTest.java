package dev.reinstall.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each guard of {@code mutants.md} is missed by the tests that stand beside it. Some alone, with
 * what the tests say: {@code mvn test -Dtest=MutantsTest -Dmutant="own clock"}. Which tests of
 * which classes miss them: {@code -DmissedBy=ProtocolTest,PowerTest} as well.
 */
class MutantsTest {
  private static final String WANTED = System.getProperty("mutant");
  private static final String ASKED = System.getProperty("missedBy");

  static List<Mutant> mutants() {
    return Mutant.all().stream()
        .filter(mutant -> WANTED == null || mutant.gone().contains(WANTED))
        .toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mutants")
  @Execution(ExecutionMode.CONCURRENT)
  void a_guard_that_is_gone_is_missed(Mutant mutant) throws Exception {
    List<String> tests = ASKED == null ? mutant.missedBy() : List.of(ASKED.split(","));
    FreshClasses classes = new FreshClasses(Compilation.of(mutant.edits()));
    Map<String, Throwable> outcomes = NamedTests.run(classes, tests);
    if (WANTED != null || ASKED != null) {
      System.out.print(told(mutant, outcomes));
    }
    if (ASKED != null) {
      return;
    }
    for (String test : tests.stream().map(MutantsTest::withoutFolder).toList()) {
      assertThat(outcomes).as("the test ran").containsKey(test);
      assertThat(outcomes.get(test))
          .as("what %s says without the guard: %s", test, mutant)
          .isInstanceOf(AssertionError.class);
    }
  }

  private static String withoutFolder(String test) {
    return test.replaceFirst(".*/", "");
  }

  private static synchronized String told(Mutant mutant, Map<String, Throwable> outcomes) {
    StringBuilder told = new StringBuilder("\nWITHOUT THE GUARD: " + mutant + "\n");
    outcomes.forEach(
        (test, thrown) -> {
          if (thrown != null) {
            told.append("\n").append(test).append("\n").append(thrown).append("\n");
          }
        });
    return told.toString();
  }

  /** Else the classes that are defined anew are what a test misses. */
  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void the_same_tests_are_green_where_nothing_is_gone() {
    List<String> tests = mutants().stream().flatMap(m -> m.missedBy().stream()).distinct().toList();
    Map<String, Throwable> outcomes = NamedTests.run(new FreshClasses(Map.of()), tests);
    assertThat(outcomes)
        .containsKeys(tests.stream().map(MutantsTest::withoutFolder).toArray(String[]::new));
    assertThat(outcomes.values()).containsOnlyNulls();
  }

  @Test
  void no_two_have_the_same_words() {
    assertThat(Mutant.all())
        .hasSizeGreaterThan(40)
        .extracting(Mutant::gone)
        .doesNotHaveDuplicates();
  }
}
