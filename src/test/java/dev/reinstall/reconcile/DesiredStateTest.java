package dev.reinstall.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.ReinstallSpec.WhenRunning;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DesiredStateTest {

  private static DesiredState desiredState(
      boolean understood,
      boolean deleted,
      boolean suspended,
      boolean expired,
      ReportedProgress reported) {
    return new DesiredState(
        true,
        understood ? List.of() : List.of("spec.precondition"),
        Optional.empty(),
        deleted,
        suspended,
        expired,
        Instant.MAX,
        WhenRunning.Wait,
        false,
        Map.of(),
        reported,
        Optional.empty());
  }

  @ParameterizedTest(name = "understood {0}, deleted {1}, suspended {2}, expired {3}, told {4}")
  @CsvSource({
    "false, false, false, false, NONE",
    "true, true, false, false, NONE",
    "true, false, true, false, NONE",
    "true, false, false, true, NONE",
    "true, false, false, false, ACCEPTED",
    "true, false, false, false, UNKNOWN",
    "true, false, false, false, FINISHED",
  })
  void each_of_these_alone_closes_the_gate(
      boolean understood,
      boolean deleted,
      boolean suspended,
      boolean expired,
      ReportedProgress reported) {
    assertThat(desiredState(understood, deleted, suspended, expired, reported).isGateClosed())
        .isTrue();
  }

  @Test
  void a_status_that_says_that_it_is_to_be_sent_closes_no_gate() {
    assertThat(desiredState(true, false, false, false, ReportedProgress.NONE).isGateClosed())
        .isFalse();
    assertThat(desiredState(true, false, false, false, ReportedProgress.SUBMITTING).isGateClosed())
        .isFalse();
  }
}
