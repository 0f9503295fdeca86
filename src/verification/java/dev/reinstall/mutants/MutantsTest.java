package dev.reinstall.mutants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reinstall.Progress;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Without each guard of {@code mutants.md} the tests listed beside it fail. Some alone, with the
 * output of the tests: {@code mvn test -Pdeep -Dtest=MutantsTest -Dmutant="own clock"}. To see
 * which tests of which classes fail: {@code -DmissedBy=ProtocolTest,PowerTest} as well.
 */
@Tag("deep")
class MutantsTest {
  private static final String WANTED = System.getProperty("mutant");
  private static final String ASKED = System.getProperty("missedBy");

  private static final List<String> ONE_TEST =
      List.of("LedgerTest.an_acceptance_is_better_than_an_operation");
  private static final String ONE_GUARD = "late-acceptance-keeps-the-server";

  private static final Progress PROGRESS = new Progress();
  private static final AtomicInteger TRIED = new AtomicInteger();

  static List<Mutant> mutants() {
    return Mutant.all().stream()
        .filter(mutant -> WANTED == null || mutant.gone().contains(WANTED))
        .toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mutants")
  @Execution(ExecutionMode.CONCURRENT)
  void a_guard_that_is_gone_is_caught(Mutant mutant) throws Exception {
    int number = TRIED.incrementAndGet();
    PROGRESS.report(() -> "mutant " + number + " of " + mutants().size() + ": " + mutant);
    Map<String, Throwable> outcomes =
        outcomes(mutant, ASKED == null ? mutant.missedBy() : List.of(ASKED.split(",")));
    if (WANTED != null || ASKED != null) {
      System.out.print(reported(mutant, outcomes));
    }
    if (ASKED == null) {
      assertMissed(mutant, outcomes);
    }
  }

  private static Map<String, Throwable> outcomes(Mutant mutant, List<String> tests)
      throws IOException {
    return NamedTests.run(new FreshClasses(Compilation.of(mutant.edits(Markers.shipped()))), tests);
  }

  private static void assertMissed(Mutant mutant, Map<String, Throwable> outcomes) {
    for (String test : mutant.missedBy().stream().map(MutantsTest::withoutFolder).toList()) {
      assertThat(outcomes).as("the test ran").containsKey(test);
      assertThat(outcomes.get(test)).as("%s is green, and %s", test, mutant).isNotNull();
      assertThat(outcomes.get(test))
          .as("%s fails, but not by what it demands, where %s", test, mutant)
          .isInstanceOf(AssertionError.class);
    }
  }

  private static String withoutFolder(String test) {
    return test.replaceFirst(".*/", "");
  }

  private static synchronized String reported(Mutant mutant, Map<String, Throwable> outcomes) {
    StringBuilder reported = new StringBuilder("\nWITHOUT THE GUARD: " + mutant + "\n");
    outcomes.forEach(
        (test, thrown) -> {
          if (thrown != null) {
            reported.append("\n").append(test).append("\n").append(thrown).append("\n");
          }
        });
    return reported.toString();
  }

  /** Otherwise the tests fail because of the reloaded classes. */
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
  void a_change_that_nobody_catches_is_reported() throws IOException {
    Mutant unmissed = new Mutant("nothing is gone", becomes("{it}"), ONE_TEST);
    Map<String, Throwable> outcomes = outcomes(unmissed, ONE_TEST);
    assertThatThrownBy(() -> assertMissed(unmissed, outcomes))
        .hasMessageContaining("LedgerTest.an_acceptance_is_better_than_an_operation is green");
  }

  @Test
  void a_test_that_breaks_otherwise_than_by_an_assertion_catches_nothing() throws IOException {
    Mutant mutant = new Mutant("it throws", becomes("{it} && (Boolean) null"), ONE_TEST);
    Map<String, Throwable> outcomes = outcomes(mutant, ONE_TEST);
    assertThatThrownBy(() -> assertMissed(mutant, outcomes))
        .hasMessageContaining("fails, but not by what it demands");
  }

  @Test
  void a_change_that_does_not_compile_is_told() {
    Mutant nonsense = new Mutant("nonsense", becomes("nonsense"), ONE_TEST);
    assertThatThrownBy(() -> outcomes(nonsense, ONE_TEST))
        .hasMessageContainingAll("does not compile", "nonsense");
  }

  private static List<Change> becomes(String what) {
    return List.of(new Change(ONE_GUARD, what));
  }
}
