package dev.reinstall.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reinstall.cloud.CloudException.Kind;
import org.junit.jupiter.api.Test;

class ErrorTableTest {

  @Test
  void a_row_is_found_by_exactly_its_key() {
    ErrorTable table = ErrorTable.read(ErrorTableTest.class, "good.csv", "code");
    assertThat(table.find("A")).contains(Kind.BUSY);
    assertThat(table.find("B")).contains(Kind.DENIED);
    assertThat(table.find("a")).isEmpty();
    assertThat(table.find("A", "B")).isEmpty();
    assertThat(table.names("A")).isTrue();
    assertThat(table.names("C")).isFalse();
  }

  @Test
  void a_table_that_says_two_things_of_one_code_is_not_read() {
    assertThatThrownBy(() -> ErrorTable.read(ErrorTableTest.class, "twice.csv", "code"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("two rows");
    assertThatThrownBy(() -> ErrorTable.read(ErrorTableTest.class, "none.csv", "code"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("none.csv");
  }
}
