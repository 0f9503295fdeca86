package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.DOUBLED;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.NOT_SENT;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REJECTED_BUSY;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REJECTED_DENIED;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REJECTED_INVALID;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REJECTED_THROTTLED;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REQUEST_LOST;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.RESPONSE_LOST;
import static dev.reinstall.reconcile.PortCall.CACHED_LEDGER;
import static dev.reinstall.reconcile.PortCall.REINSTALL;
import static dev.reinstall.reconcile.Scenario.HOURS;
import static dev.reinstall.reconcile.Scenario.R1;
import static dev.reinstall.reconcile.Scenario.R2;
import static dev.reinstall.reconcile.Scenario.TIMING;
import static dev.reinstall.reconcile.Scenario.jd;
import static dev.reinstall.reconcile.Scenario.on;
import static dev.reinstall.reconcile.Scenario.tencent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Phase;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.ledger.SpecHash;
import dev.reinstall.reconcile.FaultSchedule.DescribeOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Simple requests: one replica, one server, and what a user sees. */
class ReconciliationTest {

  @Test
  void a_request_takes_six_writes_where_operations_have_names() {
    tencent("web")
        .endsAs("Succeeded/Installed")
        .assertWrites(6)
        .assertSends(1)
        .verify(
            it ->
                assertThat(it.status().requestId()).isEqualTo(it.entry().requestId()).isNotNull());
  }

  @Test
  void a_request_takes_seven_writes_where_the_evidence_is_written_down() {
    jd()
        // All choices of the fault schedule are zero: the record changes at acceptance, the
        // operation
        // starts at once.
        .request("web")
        .endsAs("Succeeded/Installed")
        .assertWrites(7);
  }

  @ParameterizedTest
  @EnumSource(names = "UNRECOGNIZED", mode = EnumSource.Mode.EXCLUDE)
  void where_no_claim_can_be_made_nothing_is_sent_until_one_can(CloudName cloud) {
    on(cloud)
        .cluster(it -> it.claimsRefused = true)
        .request("web")
        .reconcile()
        .assertNext(TIMING.pollInterval())
        .assertStatus("Pending/UnsupportedField")
        .message(it -> assertThat(it).startsWith("the CRDs are older"))
        .verify(it -> assertThat(it.status().submitTime()).isNull())
        .assertNothingClaimed()
        .assertSends(0)
        .cluster(it -> it.claimsRefused = false)
        .endsAs("Succeeded/Installed")
        .assertSends(1);
  }

  @Test
  void
      where_a_cut_off_request_cannot_be_claimed_again_it_stays_reported_that_it_may_have_been_given() {
    jd("web")
        .crash(REINSTALL)
        .cluster(it -> it.claimsRefused = true)
        .work(TIMING.fence())
        .assertStatus("Submitting/AwaitingConfirmation")
        .assertSends(0)
        .cluster(it -> it.claimsRefused = false)
        .endsAs("Succeeded/Installed")
        .assertSends(1);
  }

  @Test
  void nothing_is_written_while_nothing_moves() {
    Scenario stage = tencent("web").reconcile().reconcile();
    long before = stage.writes();
    for (int i = 0; i < 20; i++) {
      stage.reconcileAfter(TIMING.pollInterval()).reconcile(R2);
    }
    stage.assertWrites(before);
  }

  @ParameterizedTest
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void an_install_that_fails_is_reported_as_failed(CloudName cloud) {
    on(cloud)
        .cloud(it -> it.installsFail = true)
        .request("web")
        .endsAs("Failed/InstallFailed")
        .assertSends(1);
  }

  @Test
  void a_running_server_is_waited_for() {
    tencent()
        .power(Power.RUNNING)
        .request("web")
        .reconcile()
        .assertNext(TIMING.pollInterval())
        .assertStatus("Pending/ServerRunning")
        .assertNothingClaimed()
        .power(Power.STOPPED)
        .endsAs("Succeeded/Installed");
  }

  @Test
  void a_running_server_ends_a_request_that_does_not_want_to_wait() {
    tencent()
        .power(Power.RUNNING)
        .requestWith(
            "web", it -> it.cluster.spec("img-new", it.inHours(4), WhenRunning.Fail, false))
        .reconcile()
        .assertNoNext()
        .assertStatus("Failed/ServerRunning")
        .power(Power.STOPPED)
        .reconcile()
        .assertSends(0);
  }

  @Test
  void a_suspended_request_waits_for_its_release_or_its_end() {
    tencent()
        .requestWith("web", it -> it.cluster.spec("img-new", it.inHours(4), WhenRunning.Wait, true))
        .reconcile()
        .assertNext(Duration.ofSeconds(150))
        .assertStatus("Pending/Suspended")
        .verify(
            it -> {
              ReinstallStatus.Plan plan = it.status().plan();
              assertThat(plan.serverName()).isEqualTo("web-1");
              assertThat(plan.installation().to()).containsEntry("imageId", "img-new");
              assertThat(plan.installation().wipedDisks()).containsExactly("system disk");
            })
        .resume()
        .reconcile()
        .assertSends(1);
  }

  @Test
  void a_server_that_is_being_stopped_is_not_released_by_a_suspended_namesake() {
    tencent()
        .requestToStop("web")
        .reconcile()
        .assertState(State.Stopping)
        .requestWith(
            "other/web", it -> it.cluster.spec("img-new", it.inHours(4), WhenRunning.Wait, true))
        .reconcile("other/web")
        .assertStatus("other/web", "Pending/ServerNotGranted")
        .assertState(State.Stopping)
        .endsAs("Succeeded/Installed");
  }

  @Test
  void suspending_does_not_stop_what_was_given_to_the_cloud() {
    tencent("web").reconcile().suspend().endsAs("Succeeded/Installed");
  }

  @Test
  void a_request_whose_time_has_passed_is_never_started() {
    tencent("web")
        .reconcileAfter(Duration.ofHours(4).plusMillis(1))
        .assertNoNext()
        .assertStatus("Failed/DeadlineExceeded")
        .editStatus(null)
        .reconcile()
        .assertStatus("Failed/DeadlineExceeded")
        .assertSends(0);
  }

  @Test
  void who_waits_past_not_after_ends_when_it_passes() {
    tencent()
        .power(Power.RUNNING)
        .requestWith("web", it -> it.cluster.spec(null, it.cluster.trueTime().plusSeconds(5)))
        .reconcile()
        .assertNext(Duration.ofMillis(5001));
  }

  @Test
  void who_waits_for_another_request_is_shown_its_name() {
    tencent("first")
        .request("second")
        .reconcile()
        .reconcile("second")
        .assertStatus("second", "Pending/Queued")
        .verify(it -> assertThat(it.status("second").message()).contains("ns/first"))
        .work()
        .power(Power.STOPPED)
        .endsAs("second", "Succeeded/Installed")
        .assertWipes(2);
  }

  @Test
  void a_request_that_was_done_is_not_done_again_for_a_new_object() {
    Scenario stage = tencent("web").work();
    ReinstallStatus first = stage.status();
    stage
        .delete()
        .request("web")
        .reconcile()
        .assertNoNext()
        .assertStatus("Succeeded/AlreadyCompleted")
        .verify(it -> assertThat(it.status().requestId()).isEqualTo(first.requestId()))
        .verify(it -> assertThat(it.status().completionTime()).isEqualTo(first.completionTime()))
        .assertWholeMessage(
            "This reinstall was already requested at 2026-11-01T00:00:00Z by Reinstall ns/web. No"
                + " request was sent now. To reinstall again, create a Reinstall with a new name."
                + " Previous result: The cloud confirmed that the reinstall is complete.")
        .assertSends(1);
  }

  @Test
  void the_same_name_with_other_contents_is_refused() {
    tencent("web")
        .reconcile()
        .delete()
        .request("web", "img-other")
        .reconcile()
        .assertNoNext()
        .assertStatus("Failed/NameConflict");
  }

  @Test
  void a_request_that_was_refused_permanently_may_be_fixed_and_applied_again() {
    jd().request("web", "os-wrong")
        .next(REJECTED_INVALID)
        .reconcile()
        .assertNoNext()
        .assertStatus("Failed/Rejected")
        .verify(it -> assertThat(it.status().requestId()).isNotNull())
        .reconcile()
        .assertSends(1)
        .delete()
        .request("web", "os-right")
        .endsAs("Succeeded/Installed")
        .verify(it -> assertThat(it.entry().attempt()).isEqualTo(2));
  }

  @Test
  void a_token_never_stands_for_other_contents() {
    jd().request("web", "os-a")
        .send(REJECTED_THROTTLED, REQUEST_LOST)
        .delete()
        .request("web", "os-b")
        .reconcile()
        .verify(it -> assertThat(it.entry().attempt()).isEqualTo(2))
        .verify(
            it -> assertThat(it.entry().token()).isEqualTo(SpecHash.token(it.spec(), "web", "2")));
  }

  @Test
  void what_a_person_must_fix_is_tried_slowly_and_at_once_after_an_edit() {
    Scenario stage =
        tencent("web")
            .grant("ns")
            .next(REJECTED_DENIED, REJECTED_DENIED)
            .reconcile()
            .assertNext(TIMING.slowInterval())
            .assertStatus("Pending/AccessDenied");
    for (int i = 0; i < 9; i++) {
      stage.reconcileAfter(TIMING.pollInterval()); // the watch reports the ledger's own writes
    }
    stage
        .assertSends(1)
        .suspend()
        .resume()
        .reconcile()
        .assertSends(2)
        .reconcileAfter(TIMING.slowInterval())
        .assertSends(3);
  }

  @Test
  void a_throttled_request_keeps_its_token_and_is_tried_again_at_the_next_poll() {
    jd("web")
        .next(REJECTED_THROTTLED, NOT_SENT)
        .reconcile()
        .assertNext(TIMING.pollInterval())
        .assertStatus("Pending/Throttled")
        .reconcile()
        .assertSends(1)
        .reconcileAfter(TIMING.pollInterval())
        .assertStatus("Pending/CloudUnreachable")
        .reconcileAfter(TIMING.pollInterval())
        .assertSends(3)
        .verify(it -> assertThat(it.entry().attempt()).isEqualTo(1))
        .verify(it -> assertThat(it.status().requestId()).isNotNull());
  }

  @Test
  void a_missing_secret_is_waited_for_and_blocks_nobody() {
    tencent()
        .cluster(it -> it.secretsThere = false)
        .request("web")
        .reconcile()
        .assertStatus("Pending/SecretNotReady")
        .assertNothingClaimed()
        .cluster(it -> it.secretsThere = true)
        .reconcile()
        .assertSends(1);
  }

  @Test
  void who_cannot_reach_a_server_cannot_block_it() {
    tencent("web")
        .describe(DescribeOutcome.DENIED)
        .reconcile()
        .assertNext(TIMING.slowInterval())
        .assertStatus("Pending/AccessDenied")
        .describe(DescribeOutcome.UNREACHABLE)
        .reconcile()
        .assertNext(TIMING.pollInterval())
        .assertStatus("Pending/CloudUnreachable")
        .assertNothingClaimed()
        .assertNothingClaimed();
  }

  /** The status is the only record of a failure without a claim; docs/decisions has the reasons. */
  @Test
  void a_failure_without_a_claim_is_evaluated_again_where_its_status_is_deleted() {
    tencent()
        .power(Power.RUNNING)
        .requestWith(
            "web", it -> it.cluster.spec("img-new", it.inHours(4), WhenRunning.Fail, false))
        .reconcile()
        .assertStatus("Failed/ServerRunning")
        .assertNothingClaimed()
        .after(Duration.ofMinutes(5))
        .power(Power.STOPPED)
        .reconcileAfter(Duration.ofMinutes(5))
        .assertSends(0)
        .editStatus(null)
        .reconcile()
        .assertSends(1);
  }

  @Test
  void a_held_server_is_neither_claimed_nor_stopped_until_it_is_free() {
    tencent()
        .hold("disk swap, ask the on-call engineer")
        .request("web")
        .reconcile()
        .assertStatus("Pending/ServerHeld")
        .assertMessage("disk swap, ask the on-call engineer.")
        .assertSends(0)
        .assertNothingClaimed()
        .hold(null)
        .reconcile()
        .assertSends(1);
  }

  @Test
  void a_hold_without_a_reason_holds() {
    jd().hold("").request("web").reconcile().assertStatus("Pending/ServerHeld");
  }

  @Test
  void a_hold_that_the_watch_has_not_shown_is_seen_by_the_claim() {
    tencent("web")
        .freeze(R1, CACHED_LEDGER)
        .hold("repair")
        .reconcile()
        .assertSends(0)
        .assertStatus("Pending/ServerHeld");
  }

  @Test
  void a_request_for_a_held_server_is_not_sent_again() {
    jd("web")
        .send(REQUEST_LOST)
        .hold("repair")
        .reconcileAfter(Duration.ofSeconds(21))
        .assertSends(1)
        .assertStatus("Submitting/AwaitingConfirmation")
        .assertMessage("repair")
        .hold(null)
        .reconcile()
        .assertSends(2);
  }

  @ParameterizedTest
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void a_server_that_is_not_found_for_the_settling_time_ends_the_request(CloudName cloud) {
    Scenario stage = on(cloud, "web").describe(DescribeOutcome.NOT_FOUND);
    stage
        .reconcile()
        .assertNext(TIMING.pollInterval())
        .assertStatus("Pending/ServerNotFound")
        .reconcileAfter(stage.cluster.cloud.capabilities.settleTime().minusMillis(1))
        .assertStatus("Pending/ServerNotFound")
        .reconcileAfter(Duration.ofMillis(1))
        .assertStatus("Failed/ServerNotFound")
        .assertNothingClaimed();
  }

  @Test
  void a_server_that_is_not_found_once_in_a_while_is_waited_for() {
    Scenario stage = tencent().power(Power.RUNNING).request("web");
    for (int hiccup = 0; hiccup < 5; hiccup++) {
      stage
          .describe(DescribeOutcome.NOT_FOUND)
          .reconcile()
          .assertStatus("Pending/ServerNotFound")
          .describe(DescribeOutcome.CLEAR)
          .reconcileAfter(Duration.ofMinutes(2))
          .assertStatus("Pending/ServerRunning");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DescribeOutcome.class,
      names = {"UNREACHABLE", "DENIED", "NOT_FOUND"})
  void after_a_claim_no_failed_read_makes_a_request_failed(DescribeOutcome describeOutcome) {
    tencent("web")
        .request("lost")
        .reconcile()
        .describe(describeOutcome)
        .reconcile()
        .assertStatus("Installing/Installing")
        .describe(DescribeOutcome.CLEAR)
        .work()
        .power(Power.STOPPED)
        .next(REQUEST_LOST)
        .reconcile("lost")
        .after(TIMING.fence())
        .describe(describeOutcome)
        .reconcile("lost")
        .assertStatus("lost", "Submitting/AwaitingConfirmation")
        .endsAs("lost", "Unknown/OutcomeUnknown");
  }

  @Test
  void a_request_whose_end_is_not_seen_in_time_is_unknown_and_resolved_later() {
    tencent("web")
        .reconcile()
        .describe(DescribeOutcome.UNREACHABLE)
        .reconcileAfter(TIMING.orderTimeout().plusSeconds(1))
        .assertNext(TIMING.slowInterval())
        .assertStatus("Unknown/OutcomeUnknown")
        .describe(DescribeOutcome.CLEAR)
        .reconcile()
        .assertNoNext()
        .assertStatus("Succeeded/Installed")
        .message(it -> assertThat(it).doesNotContain("adopted"));
  }

  @Test
  void a_status_that_was_wiped_is_written_again_from_the_ledger() {
    Scenario stage = tencent("web").work();
    ReinstallStatus before = stage.status();
    stage
        .editStatus(null)
        .reconcile()
        .verify(it -> assertThat(it.status().phase()).isEqualTo(before.phase()))
        .verify(it -> assertThat(it.status().requestId()).isEqualTo(before.requestId()))
        .assertSends(1);
  }

  @Test
  void a_status_that_is_over_is_left_alone_where_the_ledger_knows_nothing() {
    Scenario stage = tencent("web").editStatus(Phase.Failed);
    long before = stage.writes();
    stage.reconcile().assertNoNext().assertWrites(before).assertSends(0);
  }

  @Test
  void a_phase_of_a_newer_operator_is_taken_for_a_send() {
    tencent("web")
        .editStatus(Phase.Installing)
        .reconcile()
        .assertStatus("Unknown/LedgerOutdated")
        .assertSends(0);
  }

  @Test
  void a_request_that_is_unsound_or_does_not_fit_ends_before_any_claim() {
    tencent()
        .request("unsound", "img-unsound")
        .request("unfit", "img-unfit")
        .reconcile()
        .reconcile("unfit")
        .assertStatus("Failed/InvalidSpec")
        .assertStatus("unfit", "Failed/InvalidSpec")
        .assertNothingClaimed();
  }

  @Test
  void a_request_with_a_field_of_a_newer_operator_waits_for_it() {
    Scenario stage = tencent();
    ReinstallSpec spec = stage.spec();
    stage.requestWith(
        "web",
        it ->
            new ReinstallSpec(
                spec.cloud(),
                spec.region(),
                spec.instanceId(),
                spec.credentialsRef(),
                spec.notAfter(),
                spec.tencentCloud(),
                null,
                spec.whenRunning(),
                spec.onUnsubmitted(),
                spec.powerAfter(),
                null,
                null,
                false,
                Map.of("fromTheFuture", Map.of())));
    stage
        .reconcile()
        .assertNext(TIMING.slowInterval())
        .assertStatus("Pending/UnsupportedField")
        .verify(
            it ->
                assertThat(it.cluster.ledger().entry("web").map(e -> e.state()))
                    .isNotEqualTo(Optional.of(State.Submitting)));
  }

  @Test
  void a_request_with_a_precondition_of_a_newer_operator_waits_for_it() {
    Scenario stage = tencent();
    Map<String, Object> newer = Map.of("imageId", "img-old", "fromTheFuture", List.of());
    stage.requestWith("web", it -> it.cluster.onlyFrom(newer, it.spec()));
    stage
        .reconcile()
        .assertNext(TIMING.slowInterval())
        .assertStatus("Pending/UnsupportedField")
        .assertSends(0);
  }

  @ParameterizedTest
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void a_request_starts_where_what_its_preconditions_ask_for_is_installed(CloudName cloud) {
    on(cloud).requestOnlyFrom("web", "img-old").endsAs("Succeeded/Installed").assertSends(1);
  }

  private static final String ASK_WHAT_IS_INSTALLED =
      " No reinstall request is sent. The server may have been reinstalled already: check it. To"
          + " reinstall it anyway, delete this Reinstall and create one whose preconditions match"
          + " what is installed, in Git first.";

  @ParameterizedTest
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void a_request_ends_where_something_else_is_installed_and_says_what(CloudName cloud) {
    Scenario stage =
        on(cloud)
            .requestOnlyFrom("web", "img-other")
            .reconcile()
            .assertNoNext()
            .assertStatus("Failed/PreconditionFailed");
    stage.assertWholeMessage(
        "spec.preconditions requires "
            + stage.cluster.cloud.imageField()
            + " img-other, but img-old is installed."
            + ASK_WHAT_IS_INSTALLED);
    stage.assertNothingClaimed().assertSends(0);
  }

  @ParameterizedTest
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void what_the_cloud_does_not_report_is_not_what_was_asked_for(CloudName cloud) {
    Scenario stage =
        on(cloud)
            .cloud(it -> it.reportsWhatIsInstalled = false)
            .requestOnlyFrom("web", "img-old")
            .reconcile()
            .assertNoNext()
            .assertStatus("Failed/PreconditionFailed");
    stage.assertWholeMessage(
        "spec.preconditions requires "
            + stage.cluster.cloud.imageField()
            + " img-old, but the cloud does not report which one is installed."
            + ASK_WHAT_IS_INSTALLED);
    stage.assertSends(0);
  }

  @ParameterizedTest
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void a_cluster_that_was_rebuilt_without_its_ledgers_does_not_reinstall_again(CloudName cloud) {
    on(cloud)
        .cloud(it -> it.tokenRetention = Duration.ZERO)
        .requestOnlyFrom("web", "img-old")
        .work()
        .power(Power.STOPPED)
        .after(HOURS)
        .delete()
        .deleteLedger()
        .requestOnlyFrom("web", "img-old")
        .work(R2)
        .assertStatus("Failed/PreconditionFailed")
        .assertWipes(1);
  }

  @Test
  void a_running_server_with_something_else_installed_is_not_waited_for() {
    tencent()
        .power(Power.RUNNING)
        .requestOnlyFrom("web", "img-other")
        .reconcile()
        .assertNoNext()
        .assertStatus("Failed/PreconditionFailed");
  }

  @Test
  void while_a_server_is_installed_its_preconditions_are_not_judged() {
    jd().resetByHand("img-other")
        .requestOnlyFrom("web", "img-other")
        .reconcile()
        .assertStatus("Pending/ServerBusy")
        .work()
        .power(Power.STOPPED)
        .endsAs("Succeeded/Installed");
  }

  @Test
  void where_the_requested_system_was_installed_since_it_is_adopted_and_not_sent_again() {
    jd().requestOnlyFrom("web", "img-old")
        .send(RESPONSE_LOST)
        .after(Duration.ofMinutes(15))
        .endsAs("Succeeded/Installed")
        .assertMessage("adopted")
        .assertSends(1)
        .assertWipes(1);
  }

  @ParameterizedTest
  @CsvSource({"img-new, Succeeded/Installed", "img-old, Unknown/OutcomeUnknown"})
  void a_cloud_that_forgets_its_token_is_not_asked_twice_where_the_work_is_done(
      String image, String end) {
    jd().cloud(it -> it.tokenRetention = Duration.ZERO)
        .cloud(it -> it.endsStopped = true)
        .request("web", image)
        .send(RESPONSE_LOST)
        .after(Duration.ofMinutes(15))
        .endsAs(end)
        .assertSends(1)
        .assertWipes(1);
  }

  @Test
  void a_duplicate_that_was_answered_busy_is_found_by_the_system_that_it_installed() {
    jd().cloud(it -> it.tokenRetention = Duration.ZERO)
        .cloud(it -> it.endsStopped = true)
        .request("web")
        .send(DOUBLED)
        .assertStatus("Pending/ServerBusy")
        .work()
        .assertWipes(1)
        .assertStatus("Succeeded/Installed")
        .assertMessage("adopted");
  }

  @Test
  void an_accepted_request_that_nobody_could_look_at_in_time_is_resolved_by_what_is_seen_later() {
    jd("web")
        .reconcile()
        .describe(DescribeOutcome.DENIED)
        .work(TIMING.orderTimeout().plusMinutes(1))
        .assertStatus("Unknown/OutcomeUnknown")
        .describe(DescribeOutcome.CLEAR)
        .endsAs("Succeeded/Installed")
        .assertSends(1);
  }

  @Test
  void a_resend_with_its_token_is_not_sent_where_a_third_thing_is_installed() {
    jd().requestOnlyFrom("web", "img-old")
        .send(REQUEST_LOST)
        .resetByHand("img-other")
        .reconcileAfter(Duration.ofMinutes(15))
        .assertStatus("Submitting/AwaitingConfirmation")
        .assertMessage("img-other is installed")
        .endsAs("Unknown/OutcomeUnknown")
        .assertSends(1);
  }

  @Test
  void after_a_busy_rejection_what_is_installed_instead_makes_the_outcome_unknown() {
    jd().requestOnlyFrom("web", "img-old")
        .send(REJECTED_BUSY)
        .assertStatus("Pending/ServerBusy")
        .resetByHand("img-other")
        .reconcileAfter(Duration.ofMinutes(10))
        .assertStatus("Pending/ServerBusy")
        .assertState(State.RejectedBusy) // nobody can tell yet
        .endsAs("Unknown/OutcomeUnknown")
        .assertSends(1);
  }

  @Test
  void a_request_that_is_gone_needs_nothing() {
    tencent().reconcile("nothing").assertNoNext();
  }
}
