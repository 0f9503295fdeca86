package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.Protocol.TIMING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Phase;
import dev.reinstall.api.Reason;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ReinstallSpec.PowerAfter;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.ledger.SpecHash;
import dev.reinstall.reconcile.FaultSchedule.CallOutcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Reinstalls that stop the server before they start, or start it at the end. */
class PowerTest {
  private static final Duration HOURS = Duration.ofHours(3);

  private static String request(Protocol stage, WhenRunning running, PowerAfter after) {
    return stage.cluster.create("ns/web", stage.cluster.power(running, after, stage.spec()));
  }

  private static String stopping(Protocol stage) {
    stage.cluster.cloud.power(Power.RUNNING);
    stage.wait(Duration.ofMinutes(5));
    return request(stage, WhenRunning.Stop, PowerAfter.Leave);
  }

  private static long stops(Protocol stage) {
    return stage.cluster.counters.others.entrySet().stream()
        .filter(e -> e.getKey().startsWith("stops sent"))
        .mapToLong(e -> e.getValue())
        .sum();
  }

  private static long starts(Protocol stage) {
    return stage.cluster.counters.others.entrySet().stream()
        .filter(e -> e.getKey().startsWith("starts sent"))
        .mapToLong(e -> e.getValue())
        .sum();
  }

  private static String message(Protocol stage, String place) {
    return stage.status(place).message();
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void a_running_server_is_claimed_then_stopped_then_ordered(CloudName cloud) {
    Protocol stage = new Protocol(cloud);
    String web = stopping(stage);
    stage.r1.reconcile(web);
    assertThat(stage.state("web")).isEqualTo(State.Stopping);
    stage.assertStatus(web, Phase.Stopping, Reason.Stopping);
    stage.assertSends(0);
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
    assertThat(stops(stage)).as(stage.reported()).isEqualTo(1);
    stage.assertSends(1);
    stage.assertWipes(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Wait | Start the server, and stop it again in mode KEEP_CHARGING.
          Stop | Start the server; it is then stopped for this request in mode KEEP_CHARGING.
          Fail | Set spec.suspend to true (in Git first), start the server, stop it again in mode KEEP_CHARGING, and set spec.suspend to false.
          """)
  void a_server_that_was_stopped_without_charge_is_waited_for_and_not_claimed(
      WhenRunning whenRunning, String remedy) {
    Protocol stage = Protocol.tencent();
    stage.cluster.cloud.stoppedWithoutCharge = true;
    String web = request(stage, whenRunning, PowerAfter.Leave);
    stage.work(stage.r1, web, Duration.ofMinutes(30));
    stage.assertStatus(web, Phase.Pending, Reason.ServerBusy);
    assertThat(message(stage, web))
        .isEqualTo(
            "The server was stopped in mode STOP_CHARGING, in which the cloud rejects a reinstall."
                + " No reinstall request is sent. "
                + remedy
                + " The deadline for starting is spec.notAfter (2026-11-01T04:00:00Z).");
    assertThat(stage.cluster.ledger().entry("web")).isEmpty();
    stage.assertSends(0);

    stage.cluster.cloud.stoppedWithoutCharge = false;
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
  }

  @Test
  void a_server_that_somebody_stops_without_charge_meanwhile_is_released() {
    Protocol stage = Protocol.tencent();
    String web = stopping(stage);
    stage.r1.reconcile(web);
    assertThat(stage.state("web")).isEqualTo(State.Stopping);
    stage.cluster.cloud.stoppedWithoutCharge = true;
    stage.work(stage.r1, web, Duration.ofMinutes(30));
    assertThat(stage.state("web")).isEqualTo(State.Released);
    stage.assertStatus(web, Phase.Pending, Reason.ServerBusy);
    assertThat(message(stage, web))
        .startsWith("The server was stopped in mode STOP_CHARGING")
        .endsWith(
            " The server was stopped for this request at 2026-11-01T00:05:00Z and is still"
                + " stopped. The deadline for starting is spec.notAfter (2026-11-01T04:05:00Z).");
    stage.assertSends(0);
  }

  @Test
  void the_baseline_is_what_the_cloud_says_after_the_stop() {
    Protocol stage = Protocol.tencent();
    String web = stopping(stage);
    stage.r1.reconcile(web);
    String stop = stage.entry("web").stop().requestId();
    stage.script.before(
        stage.r1,
        PortCall.REINSTALL,
        () -> assertThat(stage.entry("web").baseline().operationId()).isEqualTo(stop));
    stage.work(stage.r1, web, HOURS);
    stage.assertSends(1);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void after_a_stop_without_an_answer_nothing_is_sent_before_the_fence(CloudName cloud) {
    Protocol stage = new Protocol(cloud);
    String web = stopping(stage);
    stage.script.nextRequests(CallOutcome.RESPONSE_LOST);
    stage.r1.reconcile(web);
    stage.assertStatus(web, Phase.Stopping, Reason.Stopping);
    stage.work(stage.r1, web, TIMING.fence().minusSeconds(1));
    stage.assertSends(0);
    assertThat(stops(stage)).isEqualTo(1);
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
    assertThat(stops(stage)).as(stage.reported()).isEqualTo(1);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void a_stop_that_never_arrived_is_sent_again_after_the_fence(CloudName cloud) {
    Protocol stage = new Protocol(cloud);
    String web = stopping(stage);
    stage.script.nextRequests(CallOutcome.REQUEST_LOST);
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
    assertThat(stops(stage)).as(stage.reported()).isEqualTo(2);
    stage.assertSends(1);
  }

  @Test
  void a_process_that_dies_while_it_stops_leaves_a_claim_that_another_one_goes_on_with() {
    for (PortCall before : new PortCall[] {PortCall.COMMIT_START, PortCall.STOP}) {
      Protocol stage = Protocol.jd();
      String web = stopping(stage);
      stage.dies(stage.r1, web, before);
      stage.work(stage.r2, web, HOURS);
      stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
      stage.assertSends(1);
    }
  }

  @Test
  void every_stop_has_a_token_of_its_own() {
    Protocol stage = Protocol.jd();
    String web = stopping(stage);
    stage.script.nextRequests(CallOutcome.REQUEST_LOST);
    stage.r1.reconcile(web);
    String first = stage.entry("web").token();
    stage.wait(TIMING.fence());
    stage.r1.reconcile(web);
    assertThat(stage.entry("web").token()).isNotNull().isNotEqualTo(first);
    stage.script.before(
        stage.r1,
        PortCall.REINSTALL,
        () ->
            assertThat(stage.entry("web").token())
                .isEqualTo(SpecHash.token(stage.spec(), "web", "1")));
    stage.work(stage.r1, web, HOURS);
    stage.assertSends(1);
  }

  @Test
  void a_server_that_somebody_starts_again_is_stopped_again() {
    Protocol stage = Protocol.tencent();
    String web = stopping(stage);
    stage.r1.reconcile(web);
    stage.wait(Duration.ofMinutes(1));
    stage.cluster.cloud.power(Power.RUNNING);
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
    assertThat(stops(stage)).as(stage.reported()).isEqualTo(2);
  }

  @Test
  void a_stop_without_effect_is_reported_with_the_time_of_the_first_one() {
    Protocol stage = Protocol.tencent();
    String web = stopping(stage);
    stage.r1.reconcile(web);
    String first = stage.entry("web").firstStopTime().toString();
    assertThat(message(stage, web)).startsWith("The server is claimed for this request");
    for (int sent = 2; sent <= 3; sent++) {
      while (stops(stage) < sent) {
        stage.wait(Duration.ofMinutes(1));
        stage.cluster.cloud.power(Power.RUNNING);
        stage.r1.reconcile(web);
      }
      stage.assertStatus(web, Phase.Stopping, Reason.Stopping);
      assertThat(message(stage, web))
          .startsWith("The cloud accepted a stop request at " + first + ", but the server is");
    }
  }

  @Test
  void a_server_that_is_held_after_its_stop_is_released() {
    Protocol stage = Protocol.tencent();
    String web = stopping(stage);
    stage.r1.reconcile(web);
    stage.cluster.hold("repair");
    stage.work(stage.r1, web, Duration.ofMinutes(6));
    assertThat(stage.state("web")).isEqualTo(State.Released);
    stage.assertStatus(web, Phase.Pending, Reason.ServerHeld);
    assertThat(message(stage, web))
        .contains("No reinstall request is sent.")
        .contains("The server was stopped for this request at ");
    stage.assertSends(0);
  }

  @Test
  void a_held_server_is_not_started_after_its_reinstall() {
    Protocol stage = Protocol.tencent();
    stage.cluster.cloud.endsStopped = true;
    String web = request(stage, WhenRunning.Wait, PowerAfter.Running);
    stage.r1.reconcile(web);
    stage.cluster.hold("repair");
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
    assertThat(message(stage, web)).contains("not started, because it is held").contains("repair");
    assertThat(starts(stage)).isZero();
  }

  @Test
  void a_stop_that_is_refused_because_an_install_failed_is_needless() {
    Protocol stage = Protocol.tencent();
    stage.cluster.cloud.installsFail = true;
    String first = stage.request("first");
    stage.work(stage.r1, first, HOURS);
    stage.assertStatus(first, Phase.Failed, Reason.InstallFailed);
    assertThat(stage.cluster.cloud.observation().power()).isEqualTo(Power.RUNNING);
    stage.cluster.cloud.installsFail = false;
    String web = request(stage, WhenRunning.Stop, PowerAfter.Leave);
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
    assertThat(stops(stage)).isEqualTo(1);
  }

  @Test
  void a_broken_server_waits_for_a_person_while_it_is_held_too() {
    Protocol stage = Protocol.jd();
    String web = stopping(stage);
    stage.r1.reconcile(web);
    stage.cluster.cloud.breakDown();
    stage.wait(TIMING.pollInterval());
    stage.r1.reconcile(web);
    stage.assertStatus(web, Phase.Stopping, Reason.Stopping);
    assertThat(message(stage, web))
        .isEqualTo(
            "The cloud reports the server in the failed state error after the stop. Check the"
                + " server in the cloud console. The reinstall request is sent when the server is"
                + " stopped. The deadline for starting is spec.notAfter (2026-11-01T04:05:00Z).");
    stage.work(stage.r1, web, Duration.ofHours(5));
    stage.assertStatus(web, Phase.Failed, Reason.DeadlineExceeded);
    stage.assertSends(0);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(
      value = CallOutcome.class,
      names = {"REJECTED_BUSY", "REJECTED_THROTTLED", "REJECTED_DENIED", "NOT_SENT"})
  void a_stop_that_is_refused_for_now_frees_the_server_and_is_tried_again(CallOutcome rejection) {
    Protocol stage = Protocol.tencent();
    String web = stopping(stage);
    stage.script.nextRequests(rejection);
    stage.r1.reconcile(web);
    assertThat(stage.state("web")).isEqualTo(State.Released);
    assertThat(stage.status(web).phase()).isEqualTo(Phase.Pending.name());
    assertThat(message(stage, web)).doesNotContain("was stopped");
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
    assertThat(stops(stage)).isEqualTo(2);
  }

  @Test
  void a_stop_that_is_refused_permanently_ends_the_request() {
    Protocol stage = Protocol.tencent();
    String web = stopping(stage);
    stage.script.nextRequests(CallOutcome.REJECTED_INVALID);
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Failed, Reason.Rejected);
    assertThat(message(stage, web))
        .isEqualTo(
            "The cloud API rejected the stop request: refused: INVALID. Nothing was wiped. The"
                + " request will not be retried. Fix the spec (in Git first) or the Secrets that it"
                + " refers to, then delete this Reinstall and create it again.");
    stage.assertSends(0);
  }

  @Test
  void
      a_server_that_was_stopped_for_a_request_that_is_suspended_stays_stopped_and_that_is_reported() {
    Protocol stage = Protocol.tencent();
    String web = stopping(stage);
    stage.r1.reconcile(web);
    stage.cluster.suspend(web, true);
    stage.wait(Duration.ofMinutes(5));
    stage.r1.reconcile(web);
    assertThat(stage.state("web")).isEqualTo(State.Released);
    stage.assertStatus(web, Phase.Pending, Reason.Suspended);
    assertThat(message(stage, web))
        .isEqualTo(
            "spec.suspend is true. No request is sent until it is set to false. "
                + "The server was stopped for this request at 2026-11-01T00:05:00Z and is not"
                + " started again by the operator."
                + " The deadline for starting is spec.notAfter (2026-11-01T04:05:00Z).");
    stage.work(stage.r1, web, Duration.ofHours(5));
    stage.assertStatus(web, Phase.Failed, Reason.DeadlineExceeded);
    assertThat(message(stage, web))
        .isEqualTo(
            "spec.notAfter (2026-11-01T04:05:00Z) passed before the reinstall started. No reinstall"
                + " request was sent, and nothing was wiped. To reinstall the server, create a"
                + " Reinstall with a new name and a later notAfter. The server was stopped for this"
                + " request at 2026-11-01T00:05:00Z and is not started again by the operator.");
    assertThat(stage.cluster.cloud.observation().power()).isEqualTo(Power.STOPPED);
    assertThat(starts(stage)).isZero();
    stage.assertSends(0);
  }

  @Test
  void a_server_that_was_stopped_for_a_request_that_the_cloud_then_refuses_stays_stopped() {
    Protocol stage = Protocol.tencent();
    String web = stopping(stage);
    stage.script.nextRequests(CallOutcome.ANSWERED, CallOutcome.REJECTED_INVALID);
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Failed, Reason.Rejected);
    assertThat(message(stage, web))
        .isEqualTo(
            "The cloud API rejected the reinstall request: refused: INVALID. Nothing was wiped. The"
                + " request will not be retried. Fix the spec (in Git first) or the Secrets that it"
                + " refers to, then delete this Reinstall and create it again. The server was stopped"
                + " for this request at 2026-11-01T00:05:00Z and is still stopped.");
    assertThat(stage.cluster.cloud.observation().power()).isEqualTo(Power.STOPPED);
  }

  @Test
  void a_request_that_ends_after_a_rejection_says_what_was_done_once() {
    Protocol stage = Protocol.tencent();
    String web = stopping(stage);
    stage.script.nextRequests(CallOutcome.ANSWERED, CallOutcome.REJECTED_DENIED);
    do {
      stage.wait(stage.r1.reconcile(web).orElseThrow());
    } while (!stage.status(web).phase().equals(Phase.Pending.name()));
    assertThat(message(stage, web))
        .isEqualTo(
            "The cloud API denied the reinstall request with the credentials in Secret"
                + " account: refused: DENIED. Nothing was wiped. Fix the credentials, the"
                + " permissions, the quota or the account. Retrying every 2m30s, and at once when"
                + " spec.suspend changes. The server was stopped for this request at"
                + " 2026-11-01T00:05:00Z and is still stopped. The deadline for starting is"
                + " spec.notAfter (2026-11-01T04:05:00Z).");
    stage.cluster.suspend(web, true);
    stage.work(stage.r1, web, Duration.ofHours(5));
    stage.assertStatus(web, Phase.Failed, Reason.DeadlineExceeded);
    assertThat(message(stage, web))
        .isEqualTo(
            "spec.notAfter (2026-11-01T04:05:00Z) passed before the reinstall started. The cloud"
                + " accepted no reinstall request, and nothing was wiped. To reinstall the server,"
                + " create a Reinstall with a new name and a later notAfter. Last attempt: The"
                + " cloud API denied the reinstall request with the credentials in Secret"
                + " account: refused: DENIED. The server was stopped for this request at"
                + " 2026-11-01T00:05:00Z and is not started again by the operator.");
  }

  @Test
  void a_request_that_is_suspended_after_its_claim_stops_nothing() {
    Protocol stage = Protocol.tencent();
    String web = stopping(stage);
    stage.script.before(stage.r1, PortCall.COMMIT_START, () -> stage.cluster.suspend(web, true));
    stage.r1.reconcile(web);
    stage.r1.reconcile(web);
    assertThat(stops(stage)).isZero();
    stage.assertStatus(web, Phase.Pending, Reason.Suspended);
  }

  @Test
  void a_stopping_entry_whose_request_is_gone_is_released_by_who_waits_behind_it() {
    Protocol stage = Protocol.tencent();
    String web = stopping(stage);
    stage.r1.reconcile(web);
    stage.cluster.delete(web);
    String next = stage.request("next");
    stage.work(stage.r1, next, HOURS);
    assertThat(stage.state("web")).isEqualTo(State.Released);
    stage.assertStatus(next, Phase.Succeeded, Reason.Installed);
    stage.assertSends(1);
  }

  @Test
  void a_server_is_not_free_while_a_stop_without_an_answer_may_be_under_way() {
    Protocol stage = Protocol.jd();
    String web = stopping(stage);
    stage.script.nextRequests(CallOutcome.REQUEST_LOST);
    stage.r1.reconcile(web);
    stage.cluster.delete(web);
    stage.cluster.cloud.power(Power.STOPPED);
    String next = stage.request("next");
    stage.work(stage.r1, next, TIMING.fence().minusSeconds(1));
    stage.assertSends(0);
    stage.assertStatus(next, Phase.Pending, Reason.Queued);
    stage.work(stage.r1, next, HOURS);
    stage.assertSends(1);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void a_server_that_rests_stopped_after_its_install_is_started(CloudName cloud) {
    Protocol stage = new Protocol(cloud);
    stage.cluster.cloud.endsStopped = true;
    String web = request(stage, WhenRunning.Wait, PowerAfter.Running);
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
    assertThat(starts(stage)).as(stage.reported()).isEqualTo(1);
    assertThat(stage.cluster.cloud.observation().power()).isEqualTo(Power.RUNNING);
    assertThat(message(stage, web))
        .isEqualTo("The cloud confirmed that the reinstall is complete.");
    assertThat(stage.reported()).contains("Starting/Starting");
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void a_server_that_runs_after_its_install_is_not_started(CloudName cloud) {
    Protocol stage = new Protocol(cloud);
    stage.cluster.cloud.endsRunning = true;
    String web = request(stage, WhenRunning.Wait, PowerAfter.Running);
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
    assertThat(starts(stage)).as(stage.reported()).isZero();
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(
      value = CallOutcome.class,
      names = {"REJECTED_DENIED", "REJECTED_INVALID", "REJECTED_NOT_FOUND"})
  void a_start_that_fails_is_reported_and_the_request_has_succeeded(CallOutcome rejection) {
    Protocol stage = Protocol.jd();
    stage.cluster.cloud.endsStopped = true;
    String web = request(stage, WhenRunning.Wait, PowerAfter.Running);
    stage.script.nextRequests(CallOutcome.ANSWERED, rejection);
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
    assertThat(message(stage, web))
        .isEqualTo(
            "The cloud confirmed that the reinstall is complete. spec.powerAfter is Running, but the"
                + " server was not started: refused: "
                + rejection.name().replace("REJECTED_", "")
                + ". Start the server in the cloud console.");
    assertThat(starts(stage)).isEqualTo(1);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(
      value = CallOutcome.class,
      names = {"REJECTED_BUSY", "REJECTED_THROTTLED", "NOT_SENT"})
  void a_start_that_is_refused_for_now_is_tried_again(CallOutcome rejection) {
    Protocol stage = Protocol.jd();
    stage.cluster.cloud.endsStopped = true;
    String web = request(stage, WhenRunning.Wait, PowerAfter.Running);
    stage.script.nextRequests(CallOutcome.ANSWERED, rejection);
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
    assertThat(starts(stage)).isEqualTo(2);
    assertThat(stage.cluster.cloud.observation().power()).isEqualTo(Power.RUNNING);
  }

  @Test
  void a_start_without_an_answer_keeps_the_server_until_it_can_have_no_effect_any_more() {
    Protocol stage = Protocol.jd();
    stage.cluster.cloud.endsStopped = true;
    String web = request(stage, WhenRunning.Wait, PowerAfter.Running);
    stage.script.nextRequests(CallOutcome.ANSWERED, CallOutcome.REQUEST_LOST);
    while (starts(stage) == 0) {
      stage.wait(stage.r1.reconcile(web).orElseThrow());
    }
    stage.work(stage.r1, web, TIMING.fence().minus(TIMING.pollInterval().multipliedBy(2)));
    stage.assertStatus(web, Phase.Starting, Reason.Starting);
    assertThat(starts(stage)).as(stage.reported()).isEqualTo(1);
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
    assertThat(starts(stage)).as(stage.reported()).isEqualTo(2);
  }

  @Test
  void a_process_that_dies_before_the_start_leaves_it_to_another_one() {
    Protocol stage = Protocol.jd();
    stage.cluster.cloud.endsStopped = true;
    String web = request(stage, WhenRunning.Wait, PowerAfter.Running);
    stage.script.crashBefore(stage.r1, PortCall.START);
    try {
      stage.work(stage.r1, web, HOURS);
    } catch (Crash e) {
      stage.r1.restart(Duration.ZERO);
    }
    assertThat(stage.state("web")).isEqualTo(State.Starting);
    stage.work(stage.r2, web, HOURS);
    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
    assertThat(starts(stage)).isEqualTo(1);
  }

  @Test
  void nothing_is_started_for_an_outcome_that_was_taken_over_or_resolved_late() {
    Protocol stage = Protocol.jd();
    stage.cluster.cloud.endsStopped = true;
    String web = stage.request("web");
    stage.work(stage.r1, web, HOURS);
    stage.cluster.delete(web);
    ReinstallSpec again = stage.cluster.power(WhenRunning.Wait, PowerAfter.Running, stage.spec());
    stage.cluster.create("ns/web", again);
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Succeeded, Reason.AlreadyCompleted);
    assertThat(starts(stage)).isZero();
  }

  @Test
  void a_server_that_does_not_start_is_reported_in_the_end() {
    Protocol stage = Protocol.jd();
    stage.cluster.cloud.endsStopped = true;
    stage.cluster.cloud.startsFail = true;
    String web = request(stage, WhenRunning.Wait, PowerAfter.Running);
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
    assertThat(message(stage, web))
        .isEqualTo(
            "The cloud confirmed that the reinstall is complete. spec.powerAfter is Running, but the"
                + " cloud reports the server in state STOPPED. Start the server in the cloud"
                + " console.");
    assertThat(starts(stage)).isEqualTo(1);
  }

  /**
   * Reported by a status that only some have read: the ledger is deleted, the claim to stop is
   * recent.
   */
  @Test
  void a_claim_to_stop_hides_no_earlier_send_from_who_goes_on_with_it() {
    Protocol stage = Protocol.tencent();
    Replica r3 = stage.cluster.replica(Duration.ZERO);
    String web = request(stage, WhenRunning.Stop, PowerAfter.Leave);
    stage.script.describeOutcome = FaultSchedule.DescribeOutcome.UNREACHABLE;
    stage.r2.reconcile(web);
    r3.reconcile(web);
    stage.script.describeOutcome = FaultSchedule.DescribeOutcome.CLEAR;
    stage.script.freeze(stage.r2, PortCall.CACHED_REINSTALL);
    stage.script.freeze(r3, PortCall.CACHED_REINSTALL);
    stage.script.nextRequests(CallOutcome.REQUEST_LOST);
    stage.r1.reconcile(web);
    stage.wait(Duration.ofSeconds(5));
    stage.cluster.deleteLedger();
    stage.cluster.cloud.power(Power.RUNNING);
    stage.wait(Duration.ofMinutes(3));
    stage.dies(stage.r2, web, PortCall.COMMIT_START);
    assertThat(stage.state("web")).isEqualTo(State.Stopping);

    r3.reconcile(stage.request("next")); // learns of the claim, and does not read the status
    stage.wait(TIMING.fence());
    r3.reconcile(web);

    assertThat(stops(stage)).as(stage.reported()).isZero();
    stage.assertSends(1);
    stage.assertStatus(web, Phase.Unknown, Reason.LedgerOutdated);
  }

  @Test
  void a_claim_to_stop_hides_no_earlier_send_from_who_would_give_it_back() {
    Protocol stage = Protocol.tencent();
    String web = request(stage, WhenRunning.Stop, PowerAfter.Leave);
    stage.script.describeOutcome = FaultSchedule.DescribeOutcome.UNREACHABLE;
    stage.r2.reconcile(web);
    stage.script.describeOutcome = FaultSchedule.DescribeOutcome.CLEAR;
    stage.script.freeze(stage.r2, PortCall.CACHED_REINSTALL);
    stage.script.nextRequests(CallOutcome.REQUEST_LOST);
    stage.r1.reconcile(web);
    stage.wait(Duration.ofSeconds(5));
    stage.cluster.deleteLedger();
    stage.cluster.cloud.power(Power.RUNNING);
    stage.wait(Duration.ofMinutes(3));
    stage.dies(stage.r2, web, PortCall.COMMIT_START);
    stage.cluster.suspend(web, true);
    stage.wait(TIMING.fence());
    stage.r1.reconcile(web);
    stage.wait(TIMING.fence());
    stage.r1.reconcile(web);
    stage.assertStatus(web, Phase.Unknown, Reason.LedgerOutdated);
  }

  @Test
  void
      a_ledger_restored_to_stopping_makes_a_finished_request_unknown_and_it_keeps_its_request_id() {
    Protocol stage = Protocol.tencent();
    String web = stopping(stage);
    stage.r1.reconcile(web);
    int held = stage.cluster.ledgers().size() - 1;
    stage.work(stage.r1, web, HOURS);
    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
    String requestId = stage.status(web).requestId();
    stage.cluster.restoreLedger(held);

    stage.work(stage.r2, web, HOURS);

    stage.assertStatus(web, Phase.Unknown, Reason.LedgerOutdated);
    assertThat(stage.status(web).requestId()).isEqualTo(requestId).isNotEmpty();
    stage.assertSends(1);
  }
}
