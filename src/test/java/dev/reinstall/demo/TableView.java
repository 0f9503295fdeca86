package dev.reinstall.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The table: redrawn in place on a terminal, otherwise a line for every change. */
final class TableView {
  private static final String UP = "\033[%dA";
  private static final String CLEAR_LINE = "\033[2K";
  private static final String CUT_LONG_LINES =
      "\033[?7l"; // otherwise a row takes two lines, and UP is wrong
  private static final String WRAP_LONG_LINES = "\033[?7h";

  private final PrintStream out;
  private final boolean live;
  private final long started = System.nanoTime();
  private final Map<String, String> shown = new HashMap<>();
  private List<TableRow> rows = List.of();
  private String news = "";
  private int height;

  TableView(PrintStream out, boolean live) {
    this.out = out;
    this.live = live;
  }

  Duration age() {
    return Duration.ofNanos(System.nanoTime() - started);
  }

  /** A line that stays. */
  void say(String line) {
    out.println(line);
    out.flush();
  }

  /** What happens now: below the table, or between its lines. */
  void report(String what) {
    news = "%5.1f s  %s".formatted(age().toMillis() / 1000.0, what);
    if (live) {
      draw();
    } else {
      say(news);
    }
  }

  void show(List<TableRow> now) {
    rows = now;
    if (live) {
      draw();
      return;
    }
    if (shown.isEmpty() && !now.isEmpty()) {
      say("         " + TableRow.HEADING);
    }
    for (TableRow row : now) {
      String line = row.line();
      if (!line.equals(shown.put(row.name(), line))) {
        say("%5.1f s  %s".formatted(age().toMillis() / 1000.0, line));
      }
    }
  }

  private void draw() {
    StringBuilder picture = new StringBuilder(CUT_LONG_LINES);
    if (height > 0) {
      picture.append(UP.formatted(height));
    }
    height = 0;
    add(picture, TableRow.HEADING);
    rows.forEach(row -> add(picture, row.line()));
    for (int i = rows.size(); i < Samples.OUTCOMES.size(); i++) {
      add(
          picture,
          ""); // a row between its deletion and its re-creation: the table keeps its height
    }
    add(picture, "");
    add(picture, news);
    out.print(picture.append(WRAP_LONG_LINES));
    out.flush();
  }

  private void add(StringBuilder picture, String line) {
    picture.append(CLEAR_LINE).append(line).append('\n');
    height++;
  }
}
