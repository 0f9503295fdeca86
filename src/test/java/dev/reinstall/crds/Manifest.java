package dev.reinstall.crds;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One file of {@code src/test/resources/admission}: documents that are applied one after the other.
 * In {@code refused} the last one must be rejected, with a message that contains every line {@code
 * # expect: ...} of the file and no {@code # hide: ...}. If the message of server-side apply
 * differs, it is in {@code # server-side: ...}.
 */
record Manifest(
    Path file,
    List<String> documents,
    List<String> expected,
    List<String> serverSide,
    List<String> hidden) {

  static final Path FOLDER = Path.of("src/test/resources/admission");
  private static final Pattern DIVIDER = Pattern.compile("^---\n", Pattern.MULTILINE);

  private static final Pattern NAME =
      Pattern.compile("^metadata: \\{name: ([^,}]+)", Pattern.MULTILINE);

  static List<Manifest> in(String folder) {
    try (Stream<Path> files = Files.list(FOLDER.resolve(folder))) {
      return files.sorted().map(Manifest::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Manifest read(Path file) {
    try {
      String text = Files.readString(file);
      return new Manifest(
          file,
          List.of(DIVIDER.split(text)),
          marked(text, "# expect: "),
          marked(text, "# server-side: "),
          marked(text, "# hide: "));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> marked(String text, String mark) {
    return text.lines()
        .filter(line -> line.startsWith(mark))
        .map(line -> line.substring(mark.length()))
        .toList();
  }

  /** The metadata.name in the last document. */
  String name() {
    Matcher name = NAME.matcher(last());
    if (!name.find()) {
      throw new IllegalStateException("no name in " + file);
    }
    return name.group(1);
  }

  List<String> expected(boolean byServer) {
    return byServer && !serverSide.isEmpty() ? serverSide : expected;
  }

  List<String> before() {
    return documents.subList(0, documents.size() - 1);
  }

  String last() {
    return documents.get(documents.size() - 1);
  }

  @Override
  public String toString() {
    return file.getFileName().toString();
  }
}
