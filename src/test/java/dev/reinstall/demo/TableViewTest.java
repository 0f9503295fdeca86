package dev.reinstall.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableViewTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @Test
  void piped_the_table_is_a_line_for_every_change_and_never_the_same_line_twice() {
    TableView screen = screen(false);

    screen.show(List.of(row("web-1", "Pending"), row("web-2", "Pending")));
    screen.show(List.of(row("web-1", "Pending"), row("web-2", "Succeeded")));
    screen.report("somebody stops it");

    assertThat(printed().lines().map(line -> line.replaceAll("^ *[0-9.]+ s +| {2,}.*", "")))
        .containsExactly("", "web-1", "web-2", "web-2", "somebody stops it");
    assertThat(printed()).doesNotContain("\033");
  }

  @Test
  void on_a_terminal_the_table_is_drawn_again_in_its_place_with_what_happens_below() {
    TableView screen = screen(true);

    screen.show(List.of(row("web-1", "Pending")));
    screen.report("somebody stops it");

    String again = printed().substring(printed().lastIndexOf("NAME "));
    int height = (int) again.lines().count() - 1; // the last line is empty
    assertThat(printed()).contains("\033[%dA\033[2KNAME ".formatted(height));
    assertThat(again).containsSubsequence("web-1", "somebody stops it");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void the_table_fits_80_columns_whatever_it_shows(boolean live) {
    TableView screen = screen(live);

    for (String phase : List.of("Submitting", "Installing", "Succeeded")) {
      for (String reason : List.of("AwaitingConfirmation", "PreconditionFailed")) {
        screen.show(
            List.of(
                new TableRow(
                    "web-replayed",
                    "ins-running1",
                    phase,
                    reason,
                    "8a4b1c9e-0f5d-4a37-9d2e-7c1b6f3e5d80",
                    "")));
      }
    }

    assertThat(printed().lines().map(line -> line.replaceAll("\033\\[[0-9?]*[A-Za-z]", "")))
        .anySatisfy(
            line ->
                assertThat(line)
                    .endsWith("ins-running1  Submitting  AwaitingConfirmation  8a4b1c9e"))
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
  }

  private TableView screen(boolean live) {
    return new TableView(new PrintStream(printed, true, StandardCharsets.UTF_8), live);
  }

  private String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  private static TableRow row(String name, String phase) {
    return new TableRow(name, "cps-1", phase, "why", "", "");
  }
}
