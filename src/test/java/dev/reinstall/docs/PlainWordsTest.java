package dev.reinstall.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No word of {@code banned-words.txt} in what people read. */
class PlainWordsTest {
  private static final Path MAIN = Path.of("src/main/java");

  private enum Group {
    MESSAGES,
    CRDS,
    DEPLOY,
    TEXTS,
    COMMENTS,
    README,
    DOCS,
    CHANGELOG,
    CONTRIBUTING,
    VERIFICATION
  }

  private record Text(String where, String text) {}

  private static List<Text> texts(Group group) {
    return switch (group) {
      case MESSAGES -> lines(Stream.of(MessagesPage.FILE));
      case CRDS -> lines(under(Path.of("crds")));
      case DEPLOY -> lines(under(Path.of("deploy")).filter(PlainWordsTest::isManifest));
      case TEXTS ->
          java(file -> JavaText.texts(file).stream().map(t -> new Text(file.toString(), t)));
      case COMMENTS ->
          java(file -> JavaText.comments(file).stream().map(t -> new Text(file.toString(), t)));
      case README -> lines(Stream.of(Path.of("README.md")));
      case DOCS -> lines(under(Path.of("docs")).filter(file -> file.toString().endsWith(".md")));
      case CHANGELOG -> // without its table of old and new words
          lines(Stream.of(Path.of("CHANGELOG.md"))).stream()
              .filter(line -> !line.text().startsWith("|"))
              .toList();
      case CONTRIBUTING -> lines(Stream.of(Path.of("CONTRIBUTING.md")));
      case VERIFICATION -> lines(Stream.of(Path.of("src", "verification", "README.md")));
    };
  }

  static Set<Group> groups() {
    return EnumSet.allOf(Group.class);
  }

  @ParameterizedTest
  @MethodSource("groups")
  void no_banned_word_is_left(Group group) {
    List<Text> texts = texts(group);
    assertThat(texts).isNotEmpty();
    List<String> hits = new ArrayList<>();
    List<Pattern> words = words();
    for (Text text : texts) {
      for (Pattern word : words) {
        for (Matcher hit = word.matcher(text.text()); hit.find(); ) {
          hits.add(text.where() + ": \"" + hit.group() + "\" in: " + shortened(text.text(), hit));
        }
      }
    }
    assertThat(hits).as(hits.size() + " hits in " + group).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "the user is told",
        "It shall wait.",
        "waits for good",
        "the server rests stopped",
        "in one pass",
        "an order for the server",
        "restored anew",
        "AlreadyDone",
        "within PT2M30S"
      })
  void each_of_these_is_caught(String text) {
    assertThat(words()).anyMatch(word -> word.matcher(text).find());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "in order to",
        "in that order",
        "the order of the calls",
        "spec.orders",
        "REINSTALL_ORDER_TIMEOUT",
        "the order time-out has passed",
        "the check passed",
        "look up the name",
        "docs/troubleshooting.md",
        "the decision rests on it",
        "the REST API"
      })
  void none_of_these_is(String text) {
    assertThat(words()).noneMatch(word -> word.matcher(text).find());
  }

  private static List<Pattern> words() {
    try (var file = PlainWordsTest.class.getResourceAsStream("/banned-words.txt")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.replaceFirst(" # [^#]*$", "").strip())
          .map(word -> Pattern.compile(word, Pattern.CASE_INSENSITIVE))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String shortened(String text, Matcher hit) {
    return text.substring(Math.max(0, hit.start() - 60), Math.min(text.length(), hit.end() + 40))
        .replaceAll("\\s+", " ");
  }

  private interface Reader {
    Stream<Text> read(Path file);
  }

  private static List<Text> java(Reader reader) {
    return JavaText.files(MAIN).stream().flatMap(reader::read).toList();
  }

  private static Stream<Path> under(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().collect(Collectors.toList()).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isManifest(Path file) {
    return file.toString().matches(".*[.](ya?ml|md|txt|tpl)");
  }

  private static List<Text> lines(Stream<Path> files) {
    return files.flatMap(PlainWordsTest::linesOf).toList();
  }

  private static Stream<Text> linesOf(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      return IntStream.range(0, lines.size())
          .mapToObj(i -> new Text(file + ":" + (i + 1), lines.get(i)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
