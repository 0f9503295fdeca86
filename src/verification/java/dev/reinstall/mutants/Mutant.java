package dev.reinstall.mutants;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One removed guard, a row of {@code mutants.md}.
 *
 * @param gone what the code does without it
 * @param changes of the production sources that remove it
 * @param missedBy the tests that must fail, as {@code Class.method}
 */
record Mutant(String gone, List<Change> changes, List<String> missedBy) {

  static List<Mutant> all() {
    try (var table = Mutant.class.getResourceAsStream("/mutants.md")) {
      return read(new String(table.readAllBytes(), StandardCharsets.UTF_8).lines());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Mutant> read(Stream<String> lines) {
    List<Mutant> mutants = new ArrayList<>();
    lines
        .dropWhile(line -> !line.startsWith("## ")) // the text before the table explains it
        .filter(line -> line.startsWith("| ") && !line.startsWith("| without the guard"))
        .map(line -> line.substring(1, line.length() - 1).split(" [|] ", -1))
        .forEach(
            cells -> {
              Change change = new Change(code(cells[1]), code(cells[2]));
              if (cells[0].isBlank()) { // it belongs to the row above
                mutants.get(mutants.size() - 1).changes().add(change);
              } else {
                mutants.add(
                    new Mutant(cells[0].trim(), new ArrayList<>(List.of(change)), names(cells[3])));
              }
            });
    return mutants;
  }

  /** The words in a cell that are in code font. */
  private static String code(String cell) {
    return cell.replace("`", "").replace("\\|", "|").trim();
  }

  private static List<String> names(String cell) {
    return Stream.of(cell.split(",")).map(Mutant::code).toList();
  }

  List<Edit> edits(Markers markers) {
    return changes.stream().flatMap(change -> change.edits(markers).stream()).toList();
  }

  @Override
  public String toString() {
    return gone;
  }
}
