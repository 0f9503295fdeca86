package dev.reinstall.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DecisionTablePageTest {
  private static final Path PAGE = Path.of("docs/decision-table.md");

  @Test
  void the_committed_page_is_what_the_table_says() throws IOException {
    String page = DecisionTablePage.page();
    if (Boolean.getBoolean("regenerate")) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, page);
    }
    assertThat(PAGE)
        .withFailMessage(
            "%s is not what the table says: run `mvn test -Dtest=DecisionTablePageTest -Dregenerate`"
                + " and commit it.",
            PAGE)
        .exists()
        .hasContent(page);
  }
}
