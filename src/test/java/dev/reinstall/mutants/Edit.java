package dev.reinstall.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text of a shipped source, and what stands in its place. Line ends and indents are the
 * formatter's: the text is looked for without them.
 *
 * @param type simple name of the class whose file it is
 */
record Edit(String type, String text, String instead) {
  private static final Path SOURCES = Path.of("src/main/java");
  private static final Pattern TOKEN = Pattern.compile("\"(?:\\\\.|[^\"\\\\])*\"|\\w+|\\S");

  /** The source with the edit; the text must be there exactly once. */
  String in(String source) {
    List<MatchResult> found = pattern().matcher(source).results().toList();
    if (found.size() != 1) {
      throw new AssertionError(
          "mutants.md speaks of a text that %s.java has %d times, not once: %s"
              .formatted(type, found.size(), text));
    }
    return source.substring(0, found.get(0).start())
        + instead
        + source.substring(found.get(0).end());
  }

  private Pattern pattern() {
    StringBuilder pattern = new StringBuilder();
    Matcher tokens = TOKEN.matcher(text);
    String last = "";
    while (tokens.find()) {
      String token = tokens.group();
      boolean words = isWord(last) && isWord(token);
      pattern.append(last.isEmpty() ? "" : words ? "\\s+" : "\\s*");
      pattern.append(isWord(token) ? "\\b" + token + "\\b" : Pattern.quote(token));
      last = token;
    }
    return Pattern.compile(pattern.toString());
  }

  private static boolean isWord(String token) {
    return token.matches("\\w+");
  }

  /** The one file of that name. */
  Path file() {
    return only(SOURCES, type + ".java");
  }

  static Path only(Path tree, String name) {
    try (var files = Files.walk(tree)) {
      List<Path> found = files.filter(file -> file.endsWith(Path.of(name))).toList();
      if (found.size() != 1) {
        throw new AssertionError("not one " + name + " in " + tree + ": " + found);
      }
      return found.get(0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
