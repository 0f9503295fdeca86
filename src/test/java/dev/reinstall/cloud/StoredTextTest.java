package dev.reinstall.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.StoredText;
import dev.reinstall.cloud.CloudException.Kind;
import dev.reinstall.cloud.Observation.Operation;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.cloud.Observation.Progress;
import dev.reinstall.ledger.SubmissionResult;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoredTextTest {
  private static final String LONG = "x".repeat(600);

  @Test
  void a_text_is_cut_between_characters_as_the_api_server_counts_them() {
    String faces = "\ud83d\ude00".repeat(3);
    assertThat(StoredText.cut(faces, 3)).isSameAs(faces);
    assertThat(StoredText.cut(faces, 2)).isEqualTo("\ud83d\ude00".repeat(2));
    assertThat(StoredText.cut(null, 2)).isNull();
  }

  @Test
  void a_text_for_people_shows_where_it_is_cut() {
    String faces = "\ud83d\ude00".repeat(3);
    assertThat(StoredText.shorten(faces, 3)).isSameAs(faces);
    assertThat(StoredText.shorten(faces, 2)).isEqualTo("\ud83d\ude00…");
    assertThat(StoredText.shorten(StoredText.shorten(faces, 2), 2)).isEqualTo("\ud83d\ude00…");
    assertThat(StoredText.shorten(null, 2)).isNull();
  }

  @Test
  void what_cannot_be_printed_is_a_blank() {
    assertThat(StoredText.printable("a\nb\tc\u001b[31md\u202ee\u2028f\ud800g\u0000\u007f\u0085"))
        .isEqualTo("a b c [31md e f g   ");
    assertThat(StoredText.printable("caf\u00e9 \u4e2d \ud83d\ude00"))
        .isEqualTo("caf\u00e9 \u4e2d \ud83d\ude00");
  }

  @Test
  void an_observation_is_cut_where_it_is_made() {
    Observation observation = observed(Instant.parse("2026-11-01T00:00:00Z"));
    assertThat(observation.rawState()).hasSize(StoredText.STATE);
    assertThat(observation.installed().get("imageId")).hasSize(StoredText.INSTALLED);
    assertThat(observation.updateTime().orElseThrow()).hasSize(StoredText.TIME);
    assertThat(observation.operation().orElseThrow().id()).hasSize(StoredText.ID);
    assertThat(observation.cloudTime()).isPresent();
  }

  /** An HTTP date of the year 9999 or 0 with an offset. */
  @ParameterizedTest
  @CsvSource({
    "+10000-01-01T17:59:59Z, false",
    "9999-12-31T23:59:59Z, true",
    "0001-01-01T00:00:00Z, true",
    "0000-12-31T23:59:59Z, false",
    "-0001-12-31T06:00:00Z, false"
  })
  void a_time_that_the_api_server_refuses_is_left_out(Instant time, boolean kept) {
    assertThat(observed(time).cloudTime().isPresent()).isEqualTo(kept);
  }

  private static Observation observed(Instant time) {
    return new Observation(
        Power.STOPPED,
        LONG,
        Map.of("imageId", LONG),
        Optional.of(new Operation(true, LONG, Progress.DONE)),
        Optional.of(LONG),
        Optional.of(time));
  }

  @Test
  void so_is_what_a_call_returns() {
    assertThat(SubmissionResult.accepted(LONG).requestId()).hasSize(StoredText.ID);
    CloudException failure = new CloudException(Kind.INVALID, LONG, LONG, null);
    assertThat(failure.requestId().orElseThrow()).hasSize(StoredText.ID);
    assertThat(failure).message().hasSize(StoredText.ERROR);
  }
}
