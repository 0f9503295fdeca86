package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.Protocol.TIMING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Phase;
import dev.reinstall.api.Reason;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.ledger.SpecHash;
import dev.reinstall.reconcile.FaultSchedule.CallOutcome;
import dev.reinstall.reconcile.FaultSchedule.DescribeOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Simple requests: one replica, one server, and what a user sees. */
class ReconciliationTest {
  private static final Duration HOURS = Duration.ofHours(3);

  private static long writes(Protocol stage) {
    return stage.cluster.counters.ledgerWrites + stage.cluster.counters.statusWrites;
  }

  @Test
  void a_request_takes_six_writes_where_operations_have_names() {
    Protocol stage = Protocol.tencent();
    String web = stage.request("web");
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
    assertThat(writes(stage)).as(stage.reported()).isEqualTo(6);
    stage.assertSends(1);
    assertThat(stage.status(web).requestId()).isEqualTo(stage.entry("web").requestId()).isNotNull();
  }

  @Test
  void a_request_takes_seven_writes_where_the_evidence_is_written_down() {
    Protocol stage = Protocol.jd();
    // All choices of the fault schedule are zero: the record changes at acceptance, the operation
    // starts at once.
    String web = stage.request("web");
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
    assertThat(writes(stage)).as(stage.reported()).isEqualTo(7);
  }

  @ParameterizedTest
  @EnumSource(names = "UNRECOGNIZED", mode = EnumSource.Mode.EXCLUDE)
  void where_no_claim_can_be_made_nothing_is_sent_until_one_can(CloudName cloud) {
    Protocol stage = new Protocol(cloud);
    stage.cluster.claimsRefused = true;
    String web = stage.request("web");
    assertThat(stage.r1.reconcile(web)).contains(TIMING.pollInterval());
    stage.assertStatus(web, Phase.Pending, Reason.UnsupportedField);
    assertThat(stage.status(web).message()).startsWith("the CRDs are older");
    assertThat(stage.status(web).submitTime()).isNull();
    assertThat(stage.cluster.ledger().orders()).isEmpty();
    stage.assertSends(0);

    stage.cluster.claimsRefused = false;
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
    stage.assertSends(1);
  }

  @Test
  void
      where_a_cut_off_request_cannot_be_claimed_again_it_stays_reported_that_it_may_have_been_given() {
    Protocol stage = Protocol.jd();
    String web = stage.request("web");
    stage.dies(stage.r1, web, PortCall.REINSTALL);
    stage.cluster.claimsRefused = true;
    stage.work(stage.r1, web, TIMING.fence());
    stage.assertStatus(web, Phase.Submitting, Reason.AwaitingConfirmation);
    stage.assertSends(0);

    stage.cluster.claimsRefused = false;
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
    stage.assertSends(1);
  }

  @Test
  void nothing_is_written_while_nothing_moves() {
    Protocol stage = Protocol.tencent();
    String web = stage.request("web");
    stage.r1.reconcile(web);
    stage.r1.reconcile(web);
    long before = writes(stage);
    for (int i = 0; i < 20; i++) {
      stage.wait(TIMING.pollInterval());
      stage.r1.reconcile(web);
      stage.r2.reconcile(web);
    }
    assertThat(writes(stage)).as(stage.reported()).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void an_install_that_fails_is_reported_as_failed(CloudName cloud) {
    Protocol stage = new Protocol(cloud);
    stage.cluster.cloud.installsFail = true;
    String web = stage.request("web");
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Failed, Reason.InstallFailed);
    stage.assertSends(1);
  }

  @Test
  void a_running_server_is_waited_for() {
    Protocol stage = Protocol.tencent();
    stage.cluster.cloud.power(Power.RUNNING);
    String web = stage.request("web");
    assertThat(stage.r1.reconcile(web)).contains(TIMING.pollInterval());
    stage.assertStatus(web, Phase.Pending, Reason.ServerRunning);
    assertThat(stage.cluster.ledger().orders()).as("who waits claims nothing").isEmpty();
    stage.cluster.cloud.power(Power.STOPPED);
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
  }

  @Test
  void a_running_server_ends_a_request_that_does_not_want_to_wait() {
    Protocol stage = Protocol.tencent();
    stage.cluster.cloud.power(Power.RUNNING);
    String web =
        stage.cluster.create(
            "ns/web", stage.cluster.spec("img-new", stage.inHours(4), WhenRunning.Fail, false));
    assertThat(stage.r1.reconcile(web)).isEmpty();
    stage.assertStatus(web, Phase.Failed, Reason.ServerRunning);
    stage.cluster.cloud.power(Power.STOPPED);
    stage.r1.reconcile(web);
    stage.assertSends(0);
  }

  @Test
  void a_suspended_request_waits_for_its_release_or_its_end() {
    Protocol stage = Protocol.tencent();
    String web =
        stage.cluster.create(
            "ns/web", stage.cluster.spec("img-new", stage.inHours(4), WhenRunning.Wait, true));
    assertThat(stage.r1.reconcile(web)).contains(Duration.ofHours(4).plusMillis(1));
    stage.assertStatus(web, Phase.Pending, Reason.Suspended);
    stage.cluster.suspend(web, false);
    stage.r1.reconcile(web);
    stage.assertSends(1);
  }

  @Test
  void suspending_does_not_stop_what_was_given_to_the_cloud() {
    Protocol stage = Protocol.tencent();
    String web = stage.request("web");
    stage.r1.reconcile(web);
    stage.cluster.suspend(web, true);
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
  }

  @Test
  void a_request_whose_time_has_passed_is_never_started() {
    Protocol stage = Protocol.tencent();
    String web = stage.request("web");
    stage.wait(Duration.ofHours(4).plusMillis(1));
    assertThat(stage.r1.reconcile(web)).isEmpty();
    stage.assertStatus(web, Phase.Failed, Reason.DeadlineExceeded);
    stage.cluster.editStatus(web, null);
    stage.r1.reconcile(web);
    stage.assertStatus(web, Phase.Failed, Reason.DeadlineExceeded);
    stage.assertSends(0);
  }

  @Test
  void who_waits_past_not_after_ends_when_it_passes() {
    Protocol stage = Protocol.tencent();
    stage.cluster.cloud.power(Power.RUNNING);
    Instant soon = stage.cluster.trueTime().plusSeconds(5);
    String web = stage.cluster.create("ns/web", stage.cluster.spec(null, soon));
    assertThat(stage.r1.reconcile(web)).contains(Duration.ofMillis(5001));
  }

  @Test
  void who_waits_for_another_request_is_shown_its_name() {
    Protocol stage = Protocol.tencent();
    String first = stage.request("first");
    String second = stage.request("second");
    stage.r1.reconcile(first);
    stage.r1.reconcile(second);
    stage.assertStatus(second, Phase.Pending, Reason.Queued);
    assertThat(stage.status(second).message()).contains("ns/first");
    stage.work(stage.r1, first, HOURS);
    stage.cluster.cloud.power(Power.STOPPED);
    stage.work(stage.r1, second, HOURS);
    stage.assertStatus(second, Phase.Succeeded, Reason.Installed);
    stage.assertWipes(2);
  }

  @Test
  void a_request_that_was_done_is_not_done_again_for_a_new_object() {
    Protocol stage = Protocol.tencent();
    String web = stage.request("web");
    stage.work(stage.r1, web, HOURS);
    ReinstallStatus first = stage.status(web);
    stage.cluster.delete(web);
    stage.request("web");
    assertThat(stage.r1.reconcile(web)).isEmpty();
    stage.assertStatus(web, Phase.Succeeded, Reason.AlreadyCompleted);
    assertThat(stage.status(web).requestId()).isEqualTo(first.requestId());
    assertThat(stage.status(web).completionTime()).isEqualTo(first.completionTime());
    assertThat(stage.status(web).message())
        .isEqualTo(
            "This reinstall was already requested at 2026-11-01T00:00:00Z by Reinstall ns/web. No"
                + " request was sent now. To reinstall again, create a Reinstall with a new name."
                + " Previous result: The cloud confirmed that the reinstall is complete.");
    stage.assertSends(1);
  }

  @Test
  void the_same_name_in_another_namespace_is_the_same_request() {
    Protocol stage = Protocol.tencent();
    String web = stage.request("web");
    stage.r1.reconcile(web);
    String moved = stage.cluster.create("elsewhere/web", stage.spec());
    stage.work(stage.r1, moved, HOURS);
    stage.assertStatus(moved, Phase.Succeeded, Reason.AlreadyCompleted);
    stage.assertSends(1);
  }

  @Test
  void the_same_name_with_other_contents_is_refused() {
    Protocol stage = Protocol.tencent();
    String web = stage.request("web");
    stage.r1.reconcile(web);
    String other =
        stage.cluster.create("elsewhere/web", stage.cluster.spec("img-other", stage.inHours(4)));
    assertThat(stage.r1.reconcile(other)).isEmpty();
    stage.assertStatus(other, Phase.Failed, Reason.NameConflict);
  }

  @Test
  void a_request_that_was_refused_permanently_may_be_fixed_and_applied_again() {
    Protocol stage = Protocol.jd();
    String web = stage.request("web", "os-wrong");
    stage.script.nextRequests(CallOutcome.REJECTED_INVALID);
    assertThat(stage.r1.reconcile(web)).isEmpty();
    stage.assertStatus(web, Phase.Failed, Reason.Rejected);
    assertThat(stage.status(web).requestId()).isNotNull();
    stage.r1.reconcile(web);
    stage.assertSends(1);
    stage.cluster.delete(web);
    stage.request("web", "os-right");
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
    assertThat(stage.entry("web").attempt()).isEqualTo(2);
  }

  @Test
  void a_token_never_stands_for_other_contents() {
    Protocol stage = Protocol.jd();
    String web = stage.request("web", "os-a");
    stage.script.nextRequests(CallOutcome.REJECTED_THROTTLED, CallOutcome.REQUEST_LOST);
    stage.r1.reconcile(web);
    stage.cluster.delete(web);
    stage.request("web", "os-b");
    stage.r1.reconcile(web);
    assertThat(stage.entry("web").attempt()).as(stage.reported()).isEqualTo(2);
    assertThat(stage.entry("web").token()).isEqualTo(SpecHash.token(stage.spec(), "web", "2"));
  }

  @Test
  void what_a_person_must_fix_is_tried_slowly_and_at_once_after_an_edit() {
    Protocol stage = Protocol.tencent();
    String web = stage.request("web");
    stage.script.nextRequests(CallOutcome.REJECTED_DENIED, CallOutcome.REJECTED_DENIED);
    assertThat(stage.r1.reconcile(web)).contains(TIMING.slowInterval());
    stage.assertStatus(web, Phase.Pending, Reason.AccessDenied);
    for (int i = 0; i < 9; i++) {
      stage.wait(TIMING.pollInterval());
      stage.r1.reconcile(web); // the watch reports the ledger's own writes
    }
    stage.assertSends(1);
    stage.cluster.suspend(web, true);
    stage.cluster.suspend(web, false);
    stage.r1.reconcile(web);
    stage.assertSends(2);
    stage.wait(TIMING.slowInterval());
    stage.r1.reconcile(web);
    stage.assertSends(3);
  }

  @Test
  void a_throttled_request_keeps_its_token_and_is_tried_again_at_the_next_poll() {
    Protocol stage = Protocol.jd();
    String web = stage.request("web");
    stage.script.nextRequests(CallOutcome.REJECTED_THROTTLED, CallOutcome.NOT_SENT);
    assertThat(stage.r1.reconcile(web)).contains(TIMING.pollInterval());
    stage.assertStatus(web, Phase.Pending, Reason.Throttled);
    stage.r1.reconcile(web);
    stage.assertSends(1);
    stage.wait(TIMING.pollInterval());
    stage.r1.reconcile(web);
    stage.assertStatus(web, Phase.Pending, Reason.CloudUnreachable);
    stage.wait(TIMING.pollInterval());
    stage.r1.reconcile(web);
    stage.assertSends(3);
    assertThat(stage.entry("web").attempt()).isEqualTo(1);
    assertThat(stage.status(web).requestId()).isNotNull();
  }

  @Test
  void a_missing_secret_is_waited_for_and_blocks_nobody() {
    Protocol stage = Protocol.tencent();
    stage.cluster.secretsThere = false;
    String web = stage.request("web");
    stage.r1.reconcile(web);
    stage.assertStatus(web, Phase.Pending, Reason.SecretNotReady);
    assertThat(stage.cluster.ledger().orders()).isEmpty();
    stage.cluster.secretsThere = true;
    stage.r1.reconcile(web);
    stage.assertSends(1);
  }

  @Test
  void who_cannot_reach_a_server_cannot_block_it() {
    Protocol stage = Protocol.tencent();
    String web = stage.request("web");
    stage.script.describeOutcome = DescribeOutcome.DENIED;
    assertThat(stage.r1.reconcile(web)).contains(TIMING.slowInterval());
    stage.assertStatus(web, Phase.Pending, Reason.AccessDenied);
    stage.script.describeOutcome = DescribeOutcome.UNREACHABLE;
    assertThat(stage.r1.reconcile(web)).contains(TIMING.pollInterval());
    stage.assertStatus(web, Phase.Pending, Reason.CloudUnreachable);
    assertThat(stage.cluster.ledger().orders()).isEmpty();
    assertThat(stage.cluster.ledger().orders()).isEmpty();
  }

  /** The status is the only record of a failure without a claim; docs/decisions has the reasons. */
  @Test
  void a_failure_without_a_claim_is_evaluated_again_where_its_status_is_deleted() {
    Protocol stage = Protocol.tencent();
    stage.cluster.cloud.power(Power.RUNNING);
    String web =
        stage.cluster.create(
            "ns/web", stage.cluster.spec("img-new", stage.inHours(4), WhenRunning.Fail, false));
    stage.r1.reconcile(web);
    stage.assertStatus(web, Phase.Failed, Reason.ServerRunning);
    assertThat(stage.cluster.ledger().orders()).isEmpty();
    stage.wait(Duration.ofMinutes(5));
    stage.cluster.cloud.power(Power.STOPPED);
    stage.wait(Duration.ofMinutes(5));
    stage.r1.reconcile(web);
    stage.assertSends(0);
    stage.cluster.editStatus(web, null);
    stage.r1.reconcile(web);
    stage.assertSends(1);
  }

  @Test
  void a_held_server_is_neither_claimed_nor_stopped_until_it_is_free() {
    Protocol stage = Protocol.tencent();
    stage.cluster.hold("disk swap, ask the on-call engineer");
    String web = stage.request("web");
    stage.r1.reconcile(web);
    stage.assertStatus(web, Phase.Pending, Reason.ServerHeld);
    assertThat(stage.status(web).message()).contains("disk swap, ask the on-call engineer.");
    stage.assertSends(0);
    assertThat(stage.cluster.ledger().orders()).isEmpty();
    stage.cluster.hold(null);
    stage.r1.reconcile(web);
    stage.assertSends(1);
  }

  @Test
  void a_hold_without_a_reason_holds() {
    Protocol stage = Protocol.jd();
    stage.cluster.hold("");
    String web = stage.request("web");
    stage.r1.reconcile(web);
    stage.assertStatus(web, Phase.Pending, Reason.ServerHeld);
  }

  @Test
  void a_hold_that_the_watch_has_not_shown_is_seen_by_the_claim() {
    Protocol stage = Protocol.tencent();
    String web = stage.request("web");
    stage.script.freeze(stage.r1, PortCall.CACHED_LEDGER);
    stage.cluster.hold("repair");
    stage.r1.reconcile(web);
    stage.assertSends(0);
    stage.assertStatus(web, Phase.Pending, Reason.ServerHeld);
  }

  @Test
  void a_request_for_a_held_server_is_not_sent_again() {
    Protocol stage = Protocol.jd();
    String web = stage.request("web");
    stage.script.nextRequests(CallOutcome.REQUEST_LOST);
    stage.r1.reconcile(web);
    stage.cluster.hold("repair");
    stage.wait(Duration.ofSeconds(21));
    stage.r1.reconcile(web);
    stage.assertSends(1);
    stage.assertStatus(web, Phase.Submitting, Reason.AwaitingConfirmation);
    assertThat(stage.status(web).message()).contains("repair");
    stage.cluster.hold(null);
    stage.r1.reconcile(web);
    stage.assertSends(2);
  }

  @Test
  void a_server_that_is_not_found_for_the_settling_time_ends_the_request() {
    for (Protocol stage : List.of(Protocol.tencent(), Protocol.jd())) {
      Duration settling = stage.cluster.cloud.capabilities.settleTime();
      String web = stage.request("web");
      stage.script.describeOutcome = DescribeOutcome.NOT_FOUND;
      assertThat(stage.r1.reconcile(web)).contains(TIMING.pollInterval());
      stage.assertStatus(web, Phase.Pending, Reason.ServerNotFound);
      stage.wait(settling.minusMillis(1));
      stage.r1.reconcile(web);
      stage.assertStatus(web, Phase.Pending, Reason.ServerNotFound);
      stage.wait(Duration.ofMillis(1));
      stage.r1.reconcile(web);
      stage.assertStatus(web, Phase.Failed, Reason.ServerNotFound);
      assertThat(stage.cluster.ledger().orders()).isEmpty();
    }
  }

  @Test
  void a_server_that_is_not_found_once_in_a_while_is_waited_for() {
    Protocol stage = Protocol.tencent();
    stage.cluster.cloud.power(Power.RUNNING);
    String web = stage.request("web");
    for (int hiccup = 0; hiccup < 5; hiccup++) {
      stage.script.describeOutcome = DescribeOutcome.NOT_FOUND;
      stage.r1.reconcile(web);
      stage.assertStatus(web, Phase.Pending, Reason.ServerNotFound);
      stage.script.describeOutcome = DescribeOutcome.CLEAR;
      stage.wait(Duration.ofMinutes(2));
      stage.r1.reconcile(web);
      stage.assertStatus(web, Phase.Pending, Reason.ServerRunning);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DescribeOutcome.class,
      names = {"UNREACHABLE", "DENIED", "NOT_FOUND"})
  void after_a_claim_no_failed_read_makes_a_request_failed(DescribeOutcome describeOutcome) {
    Protocol stage = Protocol.tencent();
    String web = stage.request("web");
    String lost = stage.request("lost");
    stage.r1.reconcile(web);
    stage.script.describeOutcome = describeOutcome;
    stage.r1.reconcile(web);
    stage.assertStatus(web, Phase.Installing, Reason.Installing);
    stage.script.describeOutcome = DescribeOutcome.CLEAR;
    stage.work(stage.r1, web, HOURS);
    stage.cluster.cloud.power(Power.STOPPED);
    stage.script.nextRequests(CallOutcome.REQUEST_LOST);
    stage.r1.reconcile(lost);
    stage.wait(TIMING.fence());
    stage.script.describeOutcome = describeOutcome;
    stage.r1.reconcile(lost);
    stage.assertStatus(lost, Phase.Submitting, Reason.AwaitingConfirmation);
    stage.work(stage.r1, lost, HOURS);
    stage.assertStatus(lost, Phase.Unknown, Reason.OutcomeUnknown);
  }

  @Test
  void a_request_whose_end_is_not_seen_in_time_is_unknown_and_resolved_later() {
    Protocol stage = Protocol.tencent();
    String web = stage.request("web");
    stage.r1.reconcile(web);
    stage.script.describeOutcome = DescribeOutcome.UNREACHABLE;
    stage.wait(TIMING.orderTimeout().plusSeconds(1));
    assertThat(stage.r1.reconcile(web)).contains(TIMING.slowInterval());
    stage.assertStatus(web, Phase.Unknown, Reason.OutcomeUnknown);
    stage.script.describeOutcome = DescribeOutcome.CLEAR;
    assertThat(stage.r1.reconcile(web)).isEmpty();
    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
    assertThat(stage.status(web).message()).doesNotContain("adopted");
  }

  @Test
  void a_status_that_was_wiped_is_written_again_from_the_ledger() {
    Protocol stage = Protocol.tencent();
    String web = stage.request("web");
    stage.work(stage.r1, web, HOURS);
    ReinstallStatus before = stage.status(web);
    stage.cluster.editStatus(web, null);
    stage.r1.reconcile(web);
    assertThat(stage.status(web).phase()).isEqualTo(before.phase());
    assertThat(stage.status(web).requestId()).isEqualTo(before.requestId());
    stage.assertSends(1);
  }

  @Test
  void a_status_that_is_over_is_left_alone_where_the_ledger_knows_nothing() {
    Protocol stage = Protocol.tencent();
    String web = stage.request("web");
    stage.cluster.editStatus(web, Phase.Failed);
    long before = writes(stage);
    assertThat(stage.r1.reconcile(web)).isEmpty();
    assertThat(writes(stage)).isEqualTo(before);
    stage.assertSends(0);
  }

  @Test
  void a_phase_of_a_newer_operator_is_taken_for_a_send() {
    Protocol stage = Protocol.tencent();
    String web = stage.request("web");
    stage.cluster.editStatus(web, Phase.Installing);
    stage.r1.reconcile(web);
    stage.assertStatus(web, Phase.Unknown, Reason.LedgerOutdated);
    stage.assertSends(0);
  }

  @Test
  void a_request_that_is_unsound_or_does_not_fit_ends_before_any_claim() {
    Protocol stage = Protocol.tencent();
    String unsound = stage.request("unsound", "img-unsound");
    String unfit = stage.request("unfit", "img-unfit");
    stage.r1.reconcile(unsound);
    stage.r1.reconcile(unfit);
    stage.assertStatus(unsound, Phase.Failed, Reason.InvalidSpec);
    stage.assertStatus(unfit, Phase.Failed, Reason.InvalidSpec);
    assertThat(stage.cluster.ledger().orders()).isEmpty();
  }

  @Test
  void a_request_with_a_field_of_a_newer_operator_waits_for_it() {
    Protocol stage = Protocol.tencent();
    ReinstallSpec spec = stage.spec();
    String web =
        stage.cluster.create(
            "ns/web",
            new ReinstallSpec(
                spec.cloud(),
                spec.region(),
                spec.instanceId(),
                spec.credentialsRef(),
                spec.notAfter(),
                spec.tencentCloud(),
                null,
                spec.whenRunning(),
                spec.powerAfter(),
                null,
                false,
                Map.of("fromTheFuture", Map.of())));
    assertThat(stage.r1.reconcile(web)).contains(TIMING.slowInterval());
    stage.assertStatus(web, Phase.Pending, Reason.UnsupportedField);
    assertThat(stage.cluster.ledger().entry("web").map(e -> e.state()))
        .isNotEqualTo(Optional.of(State.Submitting));
  }

  @Test
  void a_request_with_a_precondition_of_a_newer_operator_waits_for_it() {
    Protocol stage = Protocol.tencent();
    Map<String, Object> newer = Map.of("imageId", "img-old", "fromTheFuture", List.of());
    String web = stage.cluster.create("ns/web", stage.cluster.onlyFrom(newer, stage.spec()));
    assertThat(stage.r1.reconcile(web)).contains(TIMING.slowInterval());
    stage.assertStatus(web, Phase.Pending, Reason.UnsupportedField);
    stage.assertSends(0);
  }

  private static String onlyFrom(String installed, Protocol stage) {
    return stage.cluster.create("ns/web", stage.cluster.onlyFrom(installed, stage.spec()));
  }

  @ParameterizedTest
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void a_request_starts_where_what_its_preconditions_ask_for_is_installed(CloudName cloud) {
    Protocol stage = new Protocol(cloud);
    String web = onlyFrom("img-old", stage);
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
    stage.assertSends(1);
  }

  private static final String ASK_WHAT_IS_INSTALLED =
      " No reinstall request is sent. The server may have been reinstalled already: check it. To"
          + " reinstall it anyway, delete this Reinstall and create one whose preconditions match"
          + " what is installed, in Git first.";

  @ParameterizedTest
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void a_request_ends_where_something_else_is_installed_and_says_what(CloudName cloud) {
    Protocol stage = new Protocol(cloud);
    String web = onlyFrom("img-other", stage);
    assertThat(stage.r1.reconcile(web)).isEmpty();
    stage.assertStatus(web, Phase.Failed, Reason.PreconditionFailed);
    assertThat(stage.status(web).message())
        .isEqualTo(
            "spec.preconditions requires "
                + stage.cluster.cloud.imageField()
                + " img-other, but img-old is installed."
                + ASK_WHAT_IS_INSTALLED);
    assertThat(stage.cluster.ledger().orders()).isEmpty();
    stage.assertSends(0);
  }

  @ParameterizedTest
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void what_the_cloud_does_not_report_is_not_what_was_asked_for(CloudName cloud) {
    Protocol stage = new Protocol(cloud);
    stage.cluster.cloud.reportsWhatIsInstalled = false;
    String web = onlyFrom("img-old", stage);
    assertThat(stage.r1.reconcile(web)).isEmpty();
    stage.assertStatus(web, Phase.Failed, Reason.PreconditionFailed);
    assertThat(stage.status(web).message())
        .isEqualTo(
            "spec.preconditions requires "
                + stage.cluster.cloud.imageField()
                + " img-old, but the cloud does not report which one is installed."
                + ASK_WHAT_IS_INSTALLED);
    stage.assertSends(0);
  }

  @ParameterizedTest
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void a_cluster_that_was_rebuilt_without_its_ledgers_does_not_reinstall_again(CloudName cloud) {
    Protocol stage = new Protocol(cloud);
    stage.cluster.cloud.tokenRetention = Duration.ZERO;
    String web = onlyFrom("img-old", stage);
    stage.work(stage.r1, web, HOURS);
    stage.cluster.cloud.power(Power.STOPPED);
    stage.wait(HOURS);
    stage.cluster.delete(web);
    stage.cluster.deleteLedger();
    onlyFrom("img-old", stage);
    stage.work(stage.r2, web, HOURS);
    stage.assertStatus(web, Phase.Failed, Reason.PreconditionFailed);
    stage.assertWipes(1);
  }

  @Test
  void a_running_server_with_something_else_installed_is_not_waited_for() {
    Protocol stage = Protocol.tencent();
    stage.cluster.cloud.power(Power.RUNNING);
    String web = onlyFrom("img-other", stage);
    assertThat(stage.r1.reconcile(web)).isEmpty();
    stage.assertStatus(web, Phase.Failed, Reason.PreconditionFailed);
  }

  @Test
  void while_a_server_is_installed_its_preconditions_are_not_judged() {
    Protocol stage = Protocol.jd();
    stage.cluster.cloud.resetByHand("img-other");
    String web = onlyFrom("img-other", stage);
    stage.r1.reconcile(web);
    stage.assertStatus(web, Phase.Pending, Reason.ServerBusy);
    stage.work(stage.r1, web, HOURS);
    stage.cluster.cloud.power(Power.STOPPED);
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
  }

  @Test
  void where_the_requested_system_was_installed_since_it_is_adopted_and_not_sent_again() {
    Protocol stage = Protocol.jd();
    String web = onlyFrom("img-old", stage);
    stage.script.nextRequests(CallOutcome.RESPONSE_LOST);
    stage.r1.reconcile(web);
    stage.wait(Duration.ofMinutes(15));
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
    assertThat(stage.status(web).message()).contains("adopted");
    stage.assertSends(1);
    stage.assertWipes(1);
  }

  @Test
  void a_cloud_that_forgets_its_token_is_not_asked_twice_where_the_work_is_done() {
    for (String image : List.of("img-new", InMemoryCloud.OLD)) {
      Protocol stage = Protocol.jd();
      stage.cluster.cloud.tokenRetention = Duration.ZERO;
      stage.cluster.cloud.endsStopped = true;
      String web = stage.request("web", image);
      stage.script.nextRequests(CallOutcome.RESPONSE_LOST);
      stage.r1.reconcile(web);
      stage.wait(Duration.ofMinutes(15));
      stage.work(stage.r1, web, HOURS);
      stage.assertSends(1);
      stage.assertWipes(1);
      boolean newlyInstalled = image.equals("img-new");
      stage.assertStatus(
          web,
          newlyInstalled ? Phase.Succeeded : Phase.Unknown,
          newlyInstalled ? Reason.Installed : Reason.OutcomeUnknown);
    }
  }

  @Test
  void a_duplicate_that_was_answered_busy_is_found_by_the_system_that_it_installed() {
    Protocol stage = Protocol.jd();
    stage.cluster.cloud.tokenRetention = Duration.ZERO;
    stage.cluster.cloud.endsStopped = true;
    String web = stage.request("web");
    stage.script.nextRequests(CallOutcome.DOUBLED);
    stage.r1.reconcile(web);
    stage.assertStatus(web, Phase.Pending, Reason.ServerBusy);
    stage.work(stage.r1, web, HOURS);
    stage.assertWipes(1);
    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
    assertThat(stage.status(web).message()).contains("adopted");
  }

  @Test
  void an_accepted_request_that_nobody_could_look_at_in_time_is_resolved_by_what_is_seen_later() {
    Protocol stage = Protocol.jd();
    String web = stage.request("web");
    stage.r1.reconcile(web);
    stage.script.describeOutcome = DescribeOutcome.DENIED;
    stage.work(stage.r1, web, TIMING.orderTimeout().plusMinutes(1));
    stage.assertStatus(web, Phase.Unknown, Reason.OutcomeUnknown);
    stage.script.describeOutcome = DescribeOutcome.CLEAR;
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
    stage.assertSends(1);
  }

  @Test
  void a_resend_with_its_token_is_not_sent_where_a_third_thing_is_installed() {
    Protocol stage = Protocol.jd();
    String web = onlyFrom("img-old", stage);
    stage.script.nextRequests(CallOutcome.REQUEST_LOST);
    stage.r1.reconcile(web);
    stage.cluster.cloud.resetByHand("img-other");
    stage.wait(Duration.ofMinutes(15));
    stage.r1.reconcile(web);
    stage.assertStatus(web, Phase.Submitting, Reason.AwaitingConfirmation);
    assertThat(stage.status(web).message()).contains("img-other is installed");
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Unknown, Reason.OutcomeUnknown);
    stage.assertSends(1);
  }

  @Test
  void after_a_busy_rejection_what_is_installed_instead_makes_the_outcome_unknown() {
    Protocol stage = Protocol.jd();
    String web = onlyFrom("img-old", stage);
    stage.script.nextRequests(CallOutcome.REJECTED_BUSY);
    stage.r1.reconcile(web);
    stage.assertStatus(web, Phase.Pending, Reason.ServerBusy);
    stage.cluster.cloud.resetByHand("img-other");
    stage.wait(Duration.ofMinutes(10));
    stage.r1.reconcile(web);
    stage.assertStatus(web, Phase.Pending, Reason.ServerBusy);
    assertThat(stage.state("web")).as("nobody can tell yet").isEqualTo(State.RejectedBusy);
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Unknown, Reason.OutcomeUnknown);
    stage.assertSends(1);
  }

  @Test
  void a_request_that_is_gone_needs_nothing() {
    Protocol stage = Protocol.tencent();
    assertThat(stage.r1.reconcile("ns/nothing")).isEmpty();
  }
}
