package dev.reinstall.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.ledger.TestEntry;
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
        Map.of(),
        reported,
        Optional.empty(),
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

  @Test
  void a_status_reports_a_claim_by_its_time_or_a_later_one() {
    Instant claimed = Instant.parse("2026-11-01T00:00:00Z");
    Entry claim = new TestEntry(State.Submitting, claimed).build();
    assertThat(reporting(claimed).statusReportsClaimSince(claim)).isTrue();
    assertThat(reporting(claimed.plusSeconds(1)).statusReportsClaimSince(claim)).isTrue();
    assertThat(reporting(claimed.minusSeconds(1)).statusReportsClaimSince(claim)).isFalse();
    assertThat(reporting(null).statusReportsClaimSince(claim)).isFalse();
  }

  private static DesiredState reporting(Instant claimTime) {
    return new DesiredState(
        true,
        List.of(),
        Optional.empty(),
        false,
        false,
        false,
        Instant.MAX,
        WhenRunning.Wait,
        false,
        Map.of(),
        Map.of(),
        ReportedProgress.ACCEPTED,
        Optional.ofNullable(claimTime),
        Optional.empty());
  }
}
