package dev.reinstall.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StatesPageTest {
  private static final Path PAGE = Path.of("docs/states.md");

  @Test
  void the_committed_page_is_what_the_handlers_decide() throws IOException {
    String page = StatesPage.page();
    if (Boolean.getBoolean("regenerate")) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, page);
    }
    assertThat(PAGE)
        .withFailMessage(
            "%s is out of date: run `mvn test -Dtest=StatesPageTest -Dregenerate`"
                + " and commit it.",
            PAGE)
        .exists()
        .hasContent(page);
  }
}
