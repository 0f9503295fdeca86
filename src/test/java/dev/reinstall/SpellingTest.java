package dev.reinstall;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
  @ParameterizedTest
  @CsvSource({
    "port, port, 0",
    "port, '', 4",
    "'', port, 4",
    "port, ports, 1",
    "port, sport, 1",
    "ports, port, 1",
    "sport, port, 1",
    "port, part, 1",
    "port, prot, 2",
    "flaw, lawn, 2",
    "kitten, sitting, 3",
    "poll, fence, 5",
  })
  void it_counts_letters_to_insert_to_drop_or_to_replace(String from, String to, int distance) {
    assertThat(Spelling.nearest(from, List.of(to))).isEqualTo(new Spelling.Nearest(to, distance));
  }

  @Test
  void the_nearest_word_is_found() {
    assertThat(Spelling.nearest("prot", List.of("fence", "port", "poll")).word()).isEqualTo("port");
  }
}
