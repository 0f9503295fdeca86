package dev.reinstall.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.Phase;
import dev.reinstall.api.Reason;
import dev.reinstall.api.ServerLedger.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What {@code docs/safety.md} names in code font exists: the page must not describe an invariant
 * whose guard or test was removed.
 */
class SafetyTest {
  private static final Path DOCUMENT = Path.of("docs", "safety.md");
  private static final List<Path> SOURCES =
      Stream.of("main", "test", "simulator", "verification")
          .map(tree -> Path.of("src", tree, "java"))
          .toList();

  private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");

  /** A class, or a member of one, or a value of a status or a ledger. */
  private static final Pattern NAME = Pattern.compile("[A-Z][a-z]\\w*([.]\\w+)*");

  private static final Pattern TOLD = Pattern.compile("([A-Z][a-z]\\w*)/([A-Z][a-z]\\w*)");
  private static final Pattern FILE = Pattern.compile("(src|docs|deploy|crds)/[\\w./-]*");

  private static final Set<String> WORDS =
      Stream.of(Phase.values(), Reason.values(), State.values())
          .flatMap(Stream::of)
          .map(Enum::name)
          .collect(Collectors.toSet());

  @Test
  void every_class_and_every_method_that_it_names_exists() throws IOException {
    Set<String> names = inCode(NAME);
    names.removeAll(WORDS);
    assertThat(names).as("names that were found").hasSizeGreaterThan(50);
    assertThat(names).allSatisfy(name -> assertThat(named(name)).as(name).isNotEmpty());
  }

  @Test
  void every_test_that_it_names_is_run() throws IOException {
    Set<String> tests = inCode(Pattern.compile("\\w+(Test|IT)[.]\\w+"));
    assertThat(tests).as("tests that were found").hasSizeGreaterThan(50);
    assertThat(tests).allSatisfy(name -> assertThat(named(name)).as(name).anyMatch(this::isRun));
  }

  private boolean isRun(AnnotatedElement test) {
    return Stream.of(test.getAnnotations())
        .anyMatch(a -> a.annotationType().getName().startsWith("org.junit.jupiter."));
  }

  @Test
  void every_status_that_it_names_can_be_shown() throws IOException {
    Set<String> reported = inCode(TOLD);
    assertThat(reported).as("statuses that were found").hasSizeGreaterThan(9);
    assertThat(reported)
        .allSatisfy(
            words -> {
              MatchResult match = TOLD.matcher(words).results().findFirst().orElseThrow();
              assertThat(Reason.valueOf(match.group(2)).phases())
                  .as(words)
                  .contains(Phase.valueOf(match.group(1)));
            });
  }

  @Test
  void every_file_that_it_names_is_there() throws IOException {
    Set<String> files = inCode(FILE);
    assertThat(files).as("files that were found").isNotEmpty();
    assertThat(files).allSatisfy(file -> assertThat(Path.of(file)).exists());
  }

  private static Set<String> inCode(Pattern whole) throws IOException {
    return CODE.matcher(Files.readString(DOCUMENT))
        .results()
        .map(code -> code.group(1))
        .filter(whole.asMatchPredicate())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  // By simple names: if two classes have the same one, either will do.

  private static Collection<? extends AnnotatedElement> named(String name) {
    String[] parts = name.split("[.]");
    List<? extends AnnotatedElement> found = classes(parts[0]).toList();
    for (String part : List.of(parts).subList(1, parts.length)) {
      found = found.stream().flatMap(of -> members(of, part)).toList();
    }
    return found;
  }

  private static Stream<Class<?>> classes(String simpleName) {
    return SOURCES.stream().flatMap(root -> classes(root, simpleName));
  }

  private static Stream<Class<?>> classes(Path root, String simpleName) {
    Path file = Path.of(simpleName + ".java");
    try (Stream<Path> files = Files.find(root, 20, (path, is) -> path.endsWith(file))) {
      return files.toList().stream().map(path -> type(root.relativize(path)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Class<?> type(Path file) {
    String name = file.toString().replaceFirst("[.]java$", "").replaceAll("[/\\\\]", ".");
    try {
      return Class.forName(name, false, SafetyTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static Stream<? extends AnnotatedElement> members(AnnotatedElement of, String name) {
    if (!(of instanceof Class<?> type)) {
      return Stream.empty();
    }
    Stream<Method> methods =
        Stream.of(type.getDeclaredMethods()).filter(m -> m.getName().equals(name));
    Stream<Field> fields =
        Stream.of(type.getDeclaredFields()).filter(f -> f.getName().equals(name));
    Stream<Class<?>> types =
        Stream.of(type.getDeclaredClasses()).filter(t -> t.getSimpleName().equals(name));
    return Stream.of(methods, fields, types).flatMap(s -> s);
  }
}
