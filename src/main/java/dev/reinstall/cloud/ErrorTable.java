package dev.reinstall.cloud;

import dev.reinstall.cloud.CloudException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a cloud's error codes mean for us; the rows stand in a CSV file beside the adapter. */
public final class ErrorTable {
  private final Map<List<String>, Kind> rows;

  private ErrorTable(Map<List<String>, Kind> rows) {
    this.rows = rows;
  }

  /**
   * Reads a table: a first line of column names, of which one is {@code class}, a {@link Kind} in
   * lower case. No quoting; only the last column may hold commas.
   *
   * @param keyColumns names of the columns that together are the key
   */
  public static ErrorTable read(Class<?> adapter, String resource, String... keyColumns) {
    List<String> lines = lines(adapter, resource);
    List<String> columns = List.of(lines.get(0).split(","));
    Map<List<String>, Kind> rows = new HashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      List<String> cells = List.of(line.split(",", columns.size()));
      List<String> key =
          List.of(keyColumns).stream().map(name -> cells.get(columns.indexOf(name))).toList();
      String meaning = cells.get(columns.indexOf("class"));
      if (rows.put(key, Kind.valueOf(meaning.toUpperCase(Locale.ROOT))) != null) {
        throw new IllegalStateException(resource + " has two rows for " + key);
      }
    }
    return new ErrorTable(Map.copyOf(rows));
  }

  /** The row of exactly this key. */
  public Optional<Kind> find(String... key) {
    return Optional.ofNullable(rows.get(List.of(key)));
  }

  /** Whether any row has this word in its key. */
  public boolean names(String word) {
    return rows.keySet().stream().anyMatch(key -> key.contains(word));
  }

  private static List<String> lines(Class<?> adapter, String resource) {
    try (InputStream file = adapter.getResourceAsStream(resource)) {
      if (file == null) {
        throw new IllegalStateException("no " + resource + " beside " + adapter.getName());
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).strip().lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
