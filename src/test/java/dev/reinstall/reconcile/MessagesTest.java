package dev.reinstall.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.cloud.Finding;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How many of many are listed in a message. */
class MessagesTest {

  private static List<String> fields(int count) {
    return IntStream.range(0, count).mapToObj(i -> "spec.f" + i).toList();
  }

  private static List<Finding> errors(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Finding.correctable("spec.f" + i, "f" + i + " is wrong"))
        .toList();
  }

  @Test
  void five_unknown_fields_are_listed_and_that_there_are_more() {
    assertThat(NotStartedMessages.unsupportedField(fields(5)))
        .contains("value: spec.f0, spec.f1, spec.f2, spec.f3, spec.f4. No reinstall");
    assertThat(NotStartedMessages.unsupportedField(fields(6)))
        .contains("value: spec.f0, spec.f1, spec.f2, spec.f3, spec.f4, and more. No reinstall");
  }

  @Test
  void three_errors_are_listed_and_where_the_others_are() {
    assertThat(CheckMessages.list(errors(3))).isEqualTo("f0 is wrong. f1 is wrong. f2 is wrong.");
    assertThat(CheckMessages.checkFailed(errors(4), List.of(), Duration.ofSeconds(15)))
        .isEqualTo(
            "f0 is wrong. f1 is wrong. f2 is wrong. The others are in status.findings. No"
                + " reinstall request is sent. The server is left as it is. Correct this; it is"
                + " checked again every 15s.");
  }
}
