package dev.reinstall.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Server;
import dev.reinstall.api.ServerLedger.Baseline;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.RecordedEvidence;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.CloudCapabilities;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Operation;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.cloud.Observation.Progress;
import dev.reinstall.ledger.Ledger;
import dev.reinstall.ledger.TestEntry;
import dev.reinstall.reconcile.Evidence.LostRequestEvidence;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What counts as evidence of an install, on either kind of cloud. */
class EvidenceTest {
  private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
  private static final CloudCapabilities TENCENT =
      new CloudCapabilities(false, true, Duration.ofMinutes(2));
  private static final CloudCapabilities JD =
      new CloudCapabilities(true, false, Duration.ofMinutes(10));
  private static final Server SERVER = new Server(CloudName.JDCloud, "cn-east-tz1", "cps-a");

  private final TestEntry builder = new TestEntry(State.Accepted, NOW);

  EvidenceTest() {
    builder.requestId("mine");
    builder.expected(Map.of("osTypeId", "new"));
    builder.baseline(new Baseline("before", "u0", Map.of("osTypeId", "old"), NOW, Map.of()));
  }

  private Entry entry() {
    return builder.build();
  }

  private Entry noted(RecordedEvidence.Kind kind) {
    builder.state(State.Installing);
    builder.evidence(new RecordedEvidence(kind, NOW, Map.of()));
    return builder.build();
  }

  private static Observation tencent(
      String id, boolean reinstall, Progress progress, String installed) {
    return new Observation(
        Power.RUNNING,
        "RUNNING",
        Map.of("osTypeId", installed),
        Optional.of(new Operation(reinstall, id, progress)),
        Optional.empty(),
        Optional.empty());
  }

  private static Observation jd(Power power, String updated, String installed) {
    return new Observation(
        power,
        power.name(),
        installed == null ? Map.of() : Map.of("osTypeId", installed),
        Optional.empty(),
        Optional.ofNullable(updated),
        Optional.empty());
  }

  private static Evidence named(Entry entry, Observation observation) {
    return Evidence.of(entry, observation, TENCENT, false);
  }

  private static Evidence unnamed(Entry entry, Observation observation, boolean settled) {
    return Evidence.of(entry, observation, JD, settled);
  }

  @Test
  void only_the_reinstall_of_our_own_request_is_the_end_of_our_request() {
    assertThat(named(entry(), tencent("mine", true, Progress.DONE, "new")))
        .isEqualTo(Evidence.DONE);
    assertThat(named(entry(), tencent("mine", true, Progress.FAILED, "new")))
        .isEqualTo(Evidence.FAILED);
    assertThat(named(entry(), tencent("mine", true, Progress.IN_PROGRESS, "new")))
        .isEqualTo(Evidence.NONE);
    assertThat(named(entry(), tencent("other", true, Progress.DONE, "new")))
        .isEqualTo(Evidence.NONE);
    assertThat(named(entry(), tencent("mine", false, Progress.DONE, "new")))
        .isEqualTo(Evidence.NONE);
  }

  @Test
  void without_names_a_server_at_work_and_then_at_rest_is_done() {
    assertThat(unnamed(entry(), jd(Power.CHANGING, "u0", "old"), false))
        .isEqualTo(Evidence.TRANSITION);
    Entry noted = noted(RecordedEvidence.Kind.Transition);
    assertThat(unnamed(noted, jd(Power.CHANGING, "u1", "old"), false)).isEqualTo(Evidence.NONE);
    assertThat(unnamed(noted, jd(Power.RUNNING, "u1", "new"), false)).isEqualTo(Evidence.DONE);
    assertThat(unnamed(noted, jd(Power.STOPPED, "u1", null), false)).isEqualTo(Evidence.DONE);
    assertThat(unnamed(noted, jd(Power.BROKEN, "u1", "old"), false)).isEqualTo(Evidence.FAILED);
  }

  @Test
  void what_is_at_rest_with_another_system_than_ordered_is_not_done() {
    assertThat(
            unnamed(noted(RecordedEvidence.Kind.Transition), jd(Power.RUNNING, "u1", "old"), false))
        .isEqualTo(Evidence.NONE);
  }

  @Test
  void a_record_that_changed_counts_only_once_the_server_has_rested() {
    assertThat(unnamed(entry(), jd(Power.STOPPED, "u0", "old"), false)).isEqualTo(Evidence.NONE);
    assertThat(unnamed(entry(), jd(Power.STOPPED, "u1", "old"), false)).isEqualTo(Evidence.CHANGED);
    assertThat(unnamed(entry(), jd(Power.STOPPED, null, "new"), false)).isEqualTo(Evidence.CHANGED);
    Entry noted = noted(RecordedEvidence.Kind.Changed);
    assertThat(unnamed(noted, jd(Power.STOPPED, "u1", "new"), false)).isEqualTo(Evidence.NONE);
    assertThat(unnamed(noted, jd(Power.STOPPED, "u1", "new"), true)).isEqualTo(Evidence.DONE);
    assertThat(unnamed(noted, jd(Power.CHANGING, "u1", "new"), true))
        .isEqualTo(Evidence.TRANSITION);
  }

  private LostRequestEvidence trace(Observation observation, long claims) {
    Ledger ledger =
        new Ledger(SERVER, Ledger.Metadata.NONE, null, claims, Map.of("web", entry()), Map.of());
    return LostRequestEvidence.of("web", entry(), ledger, observation, TENCENT);
  }

  @Test
  void an_operation_is_a_reinstall_that_was_not_there_before_and_installed_what_was_ordered() {
    builder.requestId(null);
    assertThat(trace(tencent("before", true, Progress.DONE, "new"), 1))
        .isEqualTo(LostRequestEvidence.NONE);
    assertThat(trace(tencent("new", true, Progress.DONE, "new"), 1))
        .isEqualTo(LostRequestEvidence.MATCHES);
    assertThat(trace(tencent("new", true, Progress.IN_PROGRESS, "old"), 1))
        .isEqualTo(LostRequestEvidence.UNDECIDED);
    assertThat(trace(tencent("new", true, Progress.DONE, "third"), 1))
        .isEqualTo(LostRequestEvidence.FOREIGN);
  }

  /**
   * Stopping, and then Unknown because the ledger was restored: what was installed before is not
   * known.
   */
  @Test
  void where_nothing_was_written_down_before_no_reinstall_is_an_operation() {
    builder.requestId(null);
    builder.baseline(null);
    assertThat(trace(tencent("new", true, Progress.DONE, "new"), 1))
        .isEqualTo(LostRequestEvidence.NONE);
  }

  @Test
  void beside_a_later_claim_or_another_owner_an_operation_is_somebody_elses() {
    builder.requestId(null);
    assertThat(trace(tencent("new", true, Progress.DONE, "new"), 2))
        .isEqualTo(LostRequestEvidence.FOREIGN);
    Entry mine = entry();
    builder.requestId("new");
    Ledger ledger =
        new Ledger(
            SERVER, Ledger.Metadata.NONE, null, 1, Map.of("web", mine, "other", entry()), Map.of());
    assertThat(
            LostRequestEvidence.of(
                "web", mine, ledger, tencent("new", true, Progress.DONE, "new"), TENCENT))
        .isEqualTo(LostRequestEvidence.FOREIGN);
  }

  @Test
  void another_operation_may_hide_an_operation_whatever_is_installed() {
    builder.requestId(null);
    assertThat(trace(tencent("start", false, Progress.DONE, "old"), 1))
        .isEqualTo(LostRequestEvidence.HIDDEN);
    assertThat(trace(tencent("start", false, Progress.DONE, "new"), 1))
        .isEqualTo(LostRequestEvidence.HIDDEN);
  }

  @Test
  void where_no_operation_is_shown_what_is_installed_is_no_evidence_of_one() {
    builder.requestId(null);
    builder.baseline(new Baseline(null, "u0", Map.of("osTypeId", "old"), NOW, Map.of()));
    assertThat(trace(jd(Power.STOPPED, "u1", "new"), 1)).isEqualTo(LostRequestEvidence.NONE);
  }

  private LostRequestEvidence unnamedTrace(Observation observation, long claims) {
    Ledger ledger =
        new Ledger(SERVER, Ledger.Metadata.NONE, null, claims, Map.of("web", entry()), Map.of());
    return LostRequestEvidence.of("web", entry(), ledger, observation, JD);
  }

  @Test
  void without_names_only_a_newly_installed_system_on_a_server_that_rests_shows_the_request() {
    builder.requestId(null);
    assertThat(unnamedTrace(jd(Power.STOPPED, "u1", "new"), 1))
        .isEqualTo(LostRequestEvidence.MATCHES);
    assertThat(unnamedTrace(jd(Power.RUNNING, "u1", "new"), 1))
        .isEqualTo(LostRequestEvidence.MATCHES);
    for (Power working : List.of(Power.CHANGING, Power.BROKEN)) {
      assertThat(unnamedTrace(jd(working, "u1", "new"), 1)).isEqualTo(LostRequestEvidence.NONE);
    }
    assertThat(unnamedTrace(jd(Power.STOPPED, "u1", "old"), 1)).isEqualTo(LostRequestEvidence.NONE);
    assertThat(unnamedTrace(jd(Power.STOPPED, "u1", null), 1)).isEqualTo(LostRequestEvidence.NONE);
    assertThat(unnamedTrace(jd(Power.STOPPED, "u1", "new"), 2))
        .isEqualTo(LostRequestEvidence.FOREIGN);
    builder.baseline(new Baseline(null, "u0", Map.of("osTypeId", "new"), NOW, Map.of()));
    assertThat(unnamedTrace(jd(Power.STOPPED, "u1", "new"), 1)).isEqualTo(LostRequestEvidence.NONE);
  }
}
