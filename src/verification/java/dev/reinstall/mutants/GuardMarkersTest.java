package dev.reinstall.mutants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reinstall.mutants.Markers.Marker;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rows of {@code mutants.md} and the markers in the code match. */
class GuardMarkersTest {
  private static final Path FILE = Path.of("A.java").toAbsolutePath();

  /** Names of the language and of libraries: not ours, so they are not renamed. */
  private static final Set<String> WORDS =
      Set.of(
          "null",
          "Duration",
          "ZERO",
          "between",
          "withResourceVersion",
          "build",
          "Optional",
          "empty");

  @Test
  void every_guard_that_is_marked_has_a_row() {
    assertThat(inRows(changes().map(Change::guard))).isEqualTo(marked(true));
  }

  @Test
  void every_other_marker_is_used_by_a_row() {
    assertThat(inRows(changes().flatMap(change -> change.others().stream())))
        .containsAll(marked(false));
  }

  @Test
  void every_row_can_be_carried_out_and_changes_something() {
    assertThat(Mutant.all())
        .hasSizeGreaterThan(140)
        .allSatisfy(mutant -> assertThat(mutant.edits(Markers.shipped())).isNotEmpty());
  }

  @Test
  void no_row_holds_a_name_of_our_code() {
    assertThat(changes())
        .allSatisfy(
            change ->
                assertThat(
                        Pattern.compile("\\w+")
                            .matcher(change.code())
                            .results()
                            .map(MatchResult::group))
                    .isSubsetOf(WORDS));
  }

  @Test
  void no_two_rows_have_the_same_words() {
    assertThat(Mutant.all()).extracting(Mutant::gone).doesNotHaveDuplicates();
  }

  @Test
  void no_two_rows_take_away_the_same() {
    assertThat(Mutant.all()).extracting(Mutant::changes).doesNotHaveDuplicates();
  }

  private static Stream<Change> changes() {
    return Mutant.all().stream().flatMap(mutant -> mutant.changes().stream());
  }

  private static Set<String> inRows(Stream<String> names) {
    return names.collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> marked(boolean guard) {
    return inRows(
        Markers.shipped().all().stream().filter(m -> m.guard() == guard).map(Marker::name));
  }

  // What a marker is bound to, and how it changes.

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        // a statement
        "// guard: x@ f(); # gone # ;",
        "// guard: x@ if (p && q) { f(); } # false # if (false) { f(); }",
        "// guard: x@ if (p && q && r) { f(); } # first gone # if (q && r) { f(); }",
        "// guard: x@ if (p ? q : r) { f(); } # true # if (true ? q : r) { f(); }",
        "// guard: x@ return p || q; # true # return true;",
        "// guard: x@ return p ? q : r; # false # return false ? q : r;",
        "// guard: x@ int i = f(p); # null # int i = null;",
        "// guard: x@ i = f(p); # {argument} # i = (p);",
        "// guard: x@ f(); g(); // named: y@ h(); # after y # ; g(); // named: y@ h(); f();",
        "f(); // named: y@ g(); // guard: x@ h(); # before y # f(); // named: y@ h(); g(); // guard: x@ ;",
        "// guard: x@ f(); // named: y@ g(); # also after y # // guard: x@ f(); // named: y@ g(); f();",
        // an operand
        "return /* guard: x */ p && q; # gone # return q;",
        "return p && /* guard: x */ q.r() && s; # gone # return p && s;",
        "return p // guard: x@ || q; # gone # return p;",
        "return /* guard: x */ p && q ? r : s; # false # return false && q ? r : s;",
        "return p || /* guard: x */ (q && r); # first gone # return p || (r);",
        "f(i + /* guard: x */ 1); # gone # f(i);",
        // an argument
        "f(/* guard: x */ p, q); # gone # f(q);",
        "f(p, /* guard: x */ q); # gone # f(p);",
        "f(p, /* guard: x */ q.r(), /* named: y */ s.t()); # {y} # f(p, (s.t()), s.t());",
        "f(/* guard: x */ e -> p && q); # true # f(e -> true);",
        "f(/* guard: x */ A::p); # false # f(any$ -> false);",
        // a call
        "p.q() // guard: x@ .r(s) .t(); # gone # p.q() .t();",
        "i = /* guard: x */ p.q(r); j = /* named: y */ s.t(u); # calls y # i = p.t(r); j = s.t(u);",
        "i = /* guard: x */ p.q(r); # {receiver} # i = (p);",
      })
  void a_place_is_changed_in_all_its_code(String code, String becomes, String changed) {
    assertThat(words(changed("{ " + lines(code) + " }", becomes)))
        .isEqualTo(words("{ " + lines(changed) + " }"));
  }

  @Test
  void a_marker_may_stand_before_an_argument_that_is_told_in_many_calls() {
    assertThat(words(changed("return of(a(), // guard: x\n in(b).then(c), d());", "gone")))
        .isEqualTo("return of(a(),d());");
  }

  @Test
  void a_name_that_is_not_marked_is_told() {
    assertThatThrownBy(() -> changed("f();", "gone")).hasMessageContaining("no marker");
    assertThatThrownBy(() -> changed("/* guard: x */ f();", "after y"))
        .hasMessageContaining("no marker");
  }

  @Test
  void a_name_that_is_marked_twice_is_told() {
    assertThatThrownBy(() -> changed("/* guard: x */ f(); /* guard: x */ g();", "gone"))
        .hasMessageContaining("two markers have the name x");
  }

  @Test
  void a_marker_that_is_misspelt_or_marks_nothing_is_told() {
    assertThatThrownBy(() -> changed("/* guard: X y */ f();", "gone"))
        .hasMessageContaining("not the name of a marker");
    assertThatThrownBy(() -> changed("f(); /* guard: x */", "gone"))
        .hasMessageContaining("nothing begins behind the marker x");
  }

  @Test
  void what_a_place_cannot_become_is_told() {
    assertThatThrownBy(() -> changed("int i = /* guard: x */ f();", "gone"))
        .hasMessageContaining("cannot be gone");
    assertThatThrownBy(() -> changed("int i = /* guard: x */ f(); /* named: y */ g();", "after y"))
        .hasMessageContaining("only statements");
  }

  private static String changed(String body, String becomes) {
    String source = "class A { Object m() { " + body + " } }";
    Markers markers = Markers.of(Map.of(FILE, source));
    String changed = Edit.all(source, new Change("x", becomes).edits(markers));
    return changed.substring(changed.indexOf("{ ", 9) + 2, changed.length() - 4);
  }

  private static String lines(String code) {
    return code.replace("@", "\n");
  }

  /** Without comments, and ignoring whitespace. */
  private static String words(String code) {
    return code.replaceAll("/[*].*?[*]/|//[^\n]*", "")
        .replaceAll("\\s+", " ")
        .replaceAll(" ?([;.(){},]) ?", "$1")
        .trim();
  }
}
