package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.ANSWERED;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REJECTED_BUSY;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REJECTED_DENIED;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REJECTED_INVALID;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REJECTED_THROTTLED;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REQUEST_LOST;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.RESPONSE_LOST;
import static dev.reinstall.reconcile.FaultSchedule.DescribeOutcome.CLEAR;
import static dev.reinstall.reconcile.FaultSchedule.DescribeOutcome.UNREACHABLE;
import static dev.reinstall.reconcile.PortCall.CACHED_REINSTALL;
import static dev.reinstall.reconcile.PortCall.DESCRIBE;
import static dev.reinstall.reconcile.PortCall.REINSTALL;
import static dev.reinstall.reconcile.PortCall.STOP;
import static dev.reinstall.reconcile.Scenario.R2;
import static dev.reinstall.reconcile.Scenario.TIMING;
import static dev.reinstall.reconcile.Scenario.jd;
import static dev.reinstall.reconcile.Scenario.tencent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.reinstall.api.Phase;
import dev.reinstall.api.ReinstallSpec.PowerAfter;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.Observation.Power;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Namespaces that do not trust each other, and want the same server. */
class TenantsTest {

  // An entry belongs to its object.

  @Test
  void a_namesake_waits_while_the_claim_of_another_object_is_open_whatever_it_asks_for() {
    for (String image : new String[] {"img-new", "img-other"}) {
      tencent("web")
          .crash(REINSTALL)
          .assertState(State.Submitting)
          .requestWith("other/web", it -> it.cluster.spec(image, it.inHours(4)))
          .reconcile("other/web")
          .assertStatus("other/web", "Pending/Queued")
          .verify(
              it -> {
                assertThat(it.status("other/web").message())
                    .startsWith("Another request is in progress on this server.");
                assertThat(it.status("other/web").submitTime()).isNull();
              })
          .assertState(State.Submitting);
    }
  }

  @Test
  void a_suspended_namesake_does_not_end_a_stop_that_was_not_answered_yet() {
    tencent()
        .requestToStop("web")
        .crash(STOP)
        .assertState(State.Stopping)
        .after(TIMING.fence())
        .requestWith(
            "other/web", it -> it.cluster.spec("img-new", it.inHours(4), WhenRunning.Wait, true))
        .reconcile("other/web")
        .assertStatus("other/web", "Pending/Suspended")
        .assertState(State.Stopping)
        .endsAs("Succeeded/Installed");
  }

  @Test
  void a_forged_status_ends_nothing_but_itself() {
    Scenario stage =
        tencent().requestToStop("web").crash(STOP).requestWith("other/web", Scenario::spec);
    stage.cluster.editStatus("other/web", Phase.Installing);
    stage
        .reconcile("other/web")
        .assertStatus("other/web", "Unknown/LedgerOutdated")
        .assertState(State.Stopping)
        .endsAs("Succeeded/Installed");
  }

  @Test
  void an_entry_is_not_taken_over_from_an_object_that_exists() {
    tencent()
        .requestToStop("web")
        .editStatus(Phase.Installing)
        .describe(UNREACHABLE)
        .reconcile(R2)
        .freeze(R2, CACHED_REINSTALL) // it still knows the first one, and its status
        .delete()
        .requestToStop("web")
        .describe(CLEAR)
        .crash(STOP)
        .reconcile(R2)
        .assertState(State.Stopping)
        .assertStops(0)
        .endsAs("Succeeded/Installed");
  }

  @Test
  void an_object_of_its_name_and_namespace_goes_on_once_the_first_one_is_gone() {
    tencent("web")
        .reconcile()
        .delete()
        .request("web")
        .endsAs("Succeeded/AlreadyCompleted")
        .assertSends(1);
  }

  @Test
  void another_spec_of_the_same_name_waits_for_a_claim_that_was_never_sent_and_is_then_installed() {
    tencent("web")
        .crash(REINSTALL)
        .delete()
        .request("web", "img-other")
        .reconcile()
        .assertStatus("Pending/Queued")
        .assertMessage("ns/web, whose Reinstall was deleted")
        .endsAs("Failed/NameConflict") // its outcome is unknown
        .assertSends(0);
    tencent()
        .requestToStop("web")
        .reconcile()
        .delete()
        .requestWith(
            "web", it -> it.cluster.spec("img-other", it.inHours(4), WhenRunning.Stop, false))
        .reconcile()
        .assertStatus("Pending/Queued")
        .endsAs("Succeeded/Installed")
        .assertSends(1);
  }

  @Test
  void an_orphaned_entry_is_followed_by_the_request_of_another_namespace_that_waits_behind_it() {
    tencent("web")
        .crash(REINSTALL)
        .delete()
        .requestWith("other/app", Scenario::spec)
        .reconcile("other/app")
        .assertStatus("other/app", "Pending/Queued")
        .verify(
            it ->
                assertThat(it.status("other/app").message())
                    .startsWith("Another request, whose Reinstall was deleted,"))
        .endsAs("other/app", "Succeeded/Installed")
        .assertState("web", State.Unknown);
  }

  @Test
  void a_request_that_a_finalizer_holds_is_followed_by_who_waits_behind_it() {
    tencent()
        .requestToStop("web")
        .crash(STOP)
        .markDeleted()
        .requestWith("other/app", Scenario::spec)
        .after(TIMING.fence())
        .reconcile("other/app")
        .after(TIMING.fence())
        .reconcile("other/app")
        .assertState("web", State.Released);
  }

  // A server belongs to a namespace.

  @Test
  void once_the_cloud_accepted_a_call_other_namespaces_wait_for_a_grant() {
    tencent("web")
        .reconcile()
        .requestWith("other/web", Scenario::spec)
        .requestWith("other/app", Scenario::spec)
        .reconcile("other/web")
        .assertStatus("other/web", "Pending/ServerNotGranted")
        .endsAs("Succeeded/Installed")
        .power(Power.STOPPED)
        .reconcile("other/app")
        .assertStatus("other/app", "Pending/ServerNotGranted")
        .verify(
            it ->
                assertThat(it.status("other/app").message())
                    .isEqualTo(
                        "The server is not granted to namespace other. No reinstall request is"
                            + " sent. An administrator of the cluster checks that it is needed by"
                            + " nobody else (kubectl get serverledger "
                            + it.cluster.server().ledgerName()
                            + " -o yaml), and grants it with: kubectl patch serverledger "
                            + it.cluster.server().ledgerName()
                            + " --type merge -p '{\"spec\":{\"namespace\":\"other\"}}'. The request"
                            + " goes on when that is done. The deadline for starting is"
                            + " spec.notAfter (2026-11-01T04:00:00Z)."))
        .after(Duration.ofHours(4))
        .endsAs("other/app", "Failed/DeadlineExceeded")
        .assertSends(1);
  }

  @Test
  void for_who_has_no_grant_nothing_is_described_not_even_for_a_suspended_request() {
    Scenario stage =
        tencent("web")
            .reconcile()
            .requestWith(
                "other/app",
                it -> it.cluster.spec("img-new", it.inHours(4), WhenRunning.Wait, true));
    stage
        .before(DESCRIBE, it -> fail("described for somebody without a grant"))
        .reconcile("other/app")
        .assertStatus("other/app", "Pending/ServerNotGranted")
        .verify(
            it -> {
              assertThat(it.status("other/app").server()).isNull();
              assertThat(it.status("other/app").plan()).isNull();
            });
  }

  @Test
  void a_name_that_was_used_stays_used_when_the_server_is_moved() {
    tencent("web")
        .endsAs("Succeeded/Installed")
        .grant("other")
        .power(Power.STOPPED)
        .requestWith("other/web", Scenario::spec)
        .endsAs("other/web", "Succeeded/AlreadyCompleted")
        .verify(
            it -> {
              assertThat(it.status("other/web").requestId()).isNull();
              assertThat(it.status("other/web").submitTime()).isNull();
              assertThat(it.status("other/web").message())
                  .isEqualTo(
                      "Another request with this name was or may have been submitted for this server"
                          + " before, and ended like this. No request was sent for this Reinstall. To"
                          + " reinstall the server, create a Reinstall with a new name.");
            })
        .requestWith("other/fresh", Scenario::spec)
        .endsAs("other/fresh", "Succeeded/Installed")
        .assertSends(2)
        .requestWith("ns/later", Scenario::spec)
        .reconcile("ns/later")
        .assertStatus("ns/later", "Pending/ServerNotGranted");
  }

  @Test
  void a_name_that_was_used_with_another_spec_is_a_conflict_that_names_nobody() {
    tencent("web")
        .endsAs("Succeeded/Installed")
        .grant("other")
        .requestWith("other/web", it -> it.cluster.spec("img-other", it.inHours(4)))
        .endsAs("other/web", "Failed/NameConflict")
        .verify(
            it ->
                assertThat(it.status("other/web").message())
                    .startsWith(
                        "Another request named web was or may have been submitted for this server."));
  }

  @Test
  void a_server_that_was_moved_while_it_was_being_stopped_is_released_and_left_stopped() {
    tencent()
        .requestToStopAndRestart("web")
        .reconcile()
        .assertState(State.Stopping)
        .grant("other")
        .after(TIMING.pollInterval())
        .reconcile()
        .assertState(State.Released)
        .assertStatus("Pending/ServerNotGranted")
        .after(Duration.ofHours(4))
        .endsAs("Failed/DeadlineExceeded")
        .assertMessage("spec.notAfter")
        .assertStarts(0)
        .assertSends(0);
  }

  @Test
  void a_server_that_was_moved_before_its_start_was_accepted_is_released() {
    tencent()
        .requestToStopAndRestart("web")
        .reconcile()
        .assertState(State.Stopping)
        .next(REJECTED_BUSY)
        .after(Duration.ofHours(4).plusMinutes(1))
        .reconcile()
        .assertState(State.Restarting)
        .grant("other")
        .describe(UNREACHABLE)
        .reconcileAfter(TIMING.pollInterval())
        .assertState(State.Released)
        .assertStatus("Failed/DeadlineExceeded")
        .assertMessage("because it is not granted to this namespace");
  }

  @Test
  void a_server_that_was_moved_waits_for_no_restart_of_its_former_namespace() {
    tencent()
        .requestToStopAndRestart("web")
        .reconcile()
        .suspend()
        .reconcile()
        .assertState(State.Released)
        .verify(it -> assertThat(it.entry().restartWith()).isNotNull())
        .grant("other")
        .after(Duration.ofMinutes(5))
        .requestWith("other/app", Scenario::spec)
        .reconcile("other/app")
        .assertStatus("other/app", "Installing/Installing")
        .reconcile()
        .assertStatus("Pending/ServerNotGranted")
        .assertMessage("The server was stopped for this request at")
        .verify(it -> assertThat(it.entry("web").restartWith()).isNull());
  }

  @Test
  void the_stop_of_a_namesake_is_not_used() {
    tencent()
        .requestToStopAndRestart("web")
        .crash(STOP)
        .reconcile()
        .after(TIMING.fence())
        .suspend()
        .reconcile()
        .assertState(State.Released)
        .power(Power.STOPPED)
        .requestWith("other/web", Scenario::spec)
        .reconcile("other/web")
        .assertStatus("other/web", "Pending/Queued")
        .assertSends(0);
  }

  @Test
  void a_lost_request_is_not_sent_again_to_a_server_that_was_moved() {
    jd("web")
        .next(REQUEST_LOST, ANSWERED)
        .reconcile()
        .grant("other")
        .after(TIMING.sendWithin().multipliedBy(3))
        .reconcile()
        .assertStatus("Submitting/AwaitingConfirmation")
        .assertMessage("the server is not granted to this namespace")
        .endsAs("Unknown/OutcomeUnknown")
        .assertSends(1);
  }

  @Test
  void a_request_that_was_accepted_before_the_move_is_followed_and_its_server_not_started() {
    tencent()
        .request("web", WhenRunning.Wait, PowerAfter.Running)
        .cloud(it -> it.endsStopped = true)
        .reconcile()
        .grant("other")
        .endsAs("Succeeded/Installed")
        .assertMessage("the server was not started, because it is not granted to this namespace")
        .assertStarts(0);
  }

  @Test
  void where_a_grant_is_required_a_server_without_one_is_nobodys() {
    tencent()
        .cluster(it -> it.requiresServerGrant = true)
        .request("web")
        .reconcile()
        .assertStatus("Pending/ServerNotGranted")
        .assertMessage("| kubectl create -f -")
        .assertNothingClaimed()
        .grant("ns")
        .endsAs("Succeeded/Installed");
  }

  // Before the server belongs to anybody.

  @Test
  void a_stranger_who_is_denied_delays_nobody_and_is_told_of_by_no_other_status() {
    Scenario stage =
        tencent()
            .power(Power.RUNNING)
            .requestWith("other/web", it -> it.cluster.spec("img-new", it.inHours(4)))
            .requestWith("ns/web", it -> it.cluster.spec("img-new", it.inHours(4)));
    stage.reconcile("other/web").reconcile("ns/web").power(Power.STOPPED).next(REJECTED_DENIED);
    stage.reconcileAfter("other/web", TIMING.pollInterval());
    stage.assertStatus("other/web", "Pending/AccessDenied");
    for (int i = 0; i < 5; i++) {
      stage.cluster.suspend("other/web", true);
      stage.reconcile("other/web");
      stage.cluster.suspend("other/web", false);
      stage.reconcile("other/web");
    }
    stage
        .assertSends(1)
        .endsAs("ns/web", "Succeeded/Installed")
        .assertSends(2)
        .reconcile("other/web")
        .assertStatus("other/web", "Pending/ServerNotGranted");
  }

  @Test
  void a_namespace_that_was_rejected_rests_whatever_it_names_or_creates_again() {
    tencent("web")
        .next(REJECTED_INVALID)
        .reconcile()
        .assertStatus("Failed/Rejected")
        .request("app")
        .reconcile("app")
        .assertStatus("ns/app", "Pending/Queued")
        .verify(
            it ->
                assertThat(it.status("app").message())
                    .startsWith("A request of this namespace was rejected on this server,"))
        .reconcileAfter("app", TIMING.slowInterval().minusSeconds(1))
        .assertStatus("ns/app", "Pending/Queued")
        .assertSends(1)
        .reconcileAfter("app", Duration.ofSeconds(1))
        .assertSends(2)
        .assertStatus("ns/app", "Installing/Installing");
  }

  /** The fence, in which the server is nobody else's, is longer than the rest. */
  @Test
  void a_namespace_whose_outcome_was_unknown_rests_from_its_end() {
    tencent("web")
        .next(REQUEST_LOST)
        .requestWith("other/app", Scenario::spec)
        .reconcile()
        .reconcile("other/app")
        .work("web", TIMING.fence().plusSeconds(1))
        .assertStatus("ns/web", "Unknown/OutcomeUnknown")
        .request("db")
        .reconcile("db")
        .assertStatus("ns/db", "Pending/Queued")
        .reconcile("other/app")
        .assertStatus("other/app", "Installing/Installing")
        .assertSends(2);
  }

  @Test
  void while_nobody_has_the_server_an_edit_is_no_reason_to_try_at_once() {
    tencent("web")
        .next(REJECTED_THROTTLED)
        .reconcile()
        .assertStatus("Pending/Throttled")
        .suspend()
        .reconcile()
        .resume()
        .reconcile()
        .assertStatus("Pending/Throttled")
        .assertSends(1)
        .reconcileAfter(TIMING.pollInterval())
        .assertSends(2);
  }

  @Test
  void in_its_own_namespace_an_edit_is_a_reason_to_try_at_once() {
    tencent("web")
        .next(REJECTED_DENIED)
        .grant("ns")
        .reconcile()
        .assertStatus("Pending/AccessDenied")
        .suspend()
        .resume()
        .reconcile()
        .assertSends(2)
        .assertStatus("Installing/Installing");
  }

  @Test
  void a_rejection_of_another_namespace_is_neither_reported_nor_rested_on() {
    tencent("web")
        .next(REJECTED_DENIED)
        .reconcile()
        .assertStatus("Pending/AccessDenied")
        .requestWith("other/web", Scenario::spec)
        .reconcile("other/web")
        .assertSends(2)
        .assertStatus("other/web", "Installing/Installing");
  }

  @Test
  void namesakes_that_are_denied_do_not_take_turns_without_a_pause() {
    Scenario stage =
        tencent("web")
            .requestWith("other/web", Scenario::spec)
            .next(REJECTED_DENIED, REJECTED_DENIED, REJECTED_DENIED);
    for (int i = 0; i < 3; i++) {
      stage.reconcile().reconcile("other/web");
    }
    stage
        .assertSends(2)
        .reconcileAfter(TIMING.pollInterval())
        .assertSends(2)
        .reconcileAfter(TIMING.slowInterval())
        .assertSends(3)
        .reconcile("other/web")
        .assertStatus("other/web", "Installing/Installing");
  }

  @Test
  void namesakes_of_a_busy_server_do_not_take_turns_without_a_pause() {
    Scenario stage =
        tencent()
            .requestToStop("web")
            .requestWith(
                "other/web",
                it -> it.cluster.spec("img-new", it.inHours(4), WhenRunning.Stop, false))
            .next(REJECTED_BUSY, REJECTED_BUSY, REJECTED_BUSY);
    for (int i = 0; i < 3; i++) {
      stage.reconcile().reconcile("other/web");
    }
    stage.assertStops(2).reconcileAfter(TIMING.pollInterval()).assertStops(3);
  }

  @Test
  void of_those_in_the_queue_the_oldest_goes_first() {
    threeInTheQueue()
        .reconcile("team-c/third")
        .assertStatus("team-c/third", "Pending/Queued")
        .verify(
            it ->
                assertThat(it.status("team-c/third").message())
                    .startsWith("An older request for this server,"))
        .assertSends(1)
        .reconcile("team-b/second")
        .assertStatus("team-b/second", "Installing/Installing");
  }

  @Test
  void an_older_request_that_does_not_go_on_is_not_waited_for_without_end() {
    threeInTheQueue()
        .reconcile("team-c/third")
        .reconcileAfter("team-c/third", TIMING.slowInterval())
        .assertStatus("team-c/third", "Installing/Installing");
  }

  /** Behind one that is denied as soon as it is sent. */
  private static Scenario threeInTheQueue() {
    return tencent("web")
        .next(REJECTED_DENIED)
        .requestWith("team-b/second", Scenario::spec)
        .requestWith("team-c/third", Scenario::spec)
        .before(
            REINSTALL,
            it ->
                it.reconcile(R2, "team-c/third")
                    .reconcile(R2, "team-b/second")
                    .assertStatus("team-b/second", "Pending/Queued"))
        .reconcile()
        .assertStatus("Pending/AccessDenied");
  }

  @Test
  void a_throttled_namesake_is_no_reason_to_wait() {
    tencent("web")
        .power(Power.RUNNING)
        .requestWith("other/web", Scenario::spec)
        .reconcile("other/web")
        .assertStatus("other/web", "Pending/ServerRunning")
        .power(Power.STOPPED)
        .next(REJECTED_THROTTLED)
        .reconcile()
        .assertStatus("Pending/Throttled")
        .reconcile("other/web")
        .assertSends(2);
  }

  @Test
  void a_response_that_was_lost_is_looked_for_by_its_own_object_only() {
    tencent("web")
        .next(RESPONSE_LOST)
        .reconcile()
        .after(TIMING.fence())
        .requestWith("other/web", Scenario::spec)
        .reconcile("other/web")
        .assertStatus("other/web", "Pending/Queued")
        .assertState(State.Submitting)
        .endsAs("Succeeded/Installed")
        .assertWipes(1);
  }
}
