package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.ANSWERED;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REJECTED_DENIED;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REJECTED_INVALID;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REJECTED_THROTTLED;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REQUEST_LOST;
import static dev.reinstall.reconcile.PortCall.REINSTALL;
import static dev.reinstall.reconcile.Scenario.TIMING;
import static dev.reinstall.reconcile.Scenario.jd;
import static dev.reinstall.reconcile.Scenario.tencent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.Phase;
import dev.reinstall.api.ReinstallSpec.PowerAfter;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.reconcile.FaultSchedule.CallOutcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the status says was done, and what was not. */
class StatusTest {
  private static final String STOPPED = "The server was stopped for this request at ";

  private static void assertAccepted(Scenario stage, boolean accepted) {
    assertThat(stage.status().conditions().get(0).getStatus())
        .as(stage.reported())
        .isEqualTo(accepted ? "True" : "False");
  }

  private static void assertUnsubmitted(Scenario stage) {
    assertAccepted(stage, false);
    assertThat(stage.status().submitTime()).isNull();
    assertThat(stage.status().requestId()).isNull();
  }

  @Test
  void a_submit_is_reported_from_its_claim_on_and_an_acceptance_from_its_response_on() {
    Scenario stage = tencent().requestToStop("web").reconcile().assertState(State.Stopping);
    assertUnsubmitted(stage);
    stage.before(
        REINSTALL,
        s ->
            s.assertStatus("Submitting/Submitting")
                .verify(it -> assertAccepted(it, false))
                .verify(it -> assertThat(it.status().submitTime()).isNotNull()));
    while (!stage.status().phase().equals("Installing")) {
      stage.reconcileWhenDue();
    }
    assertAccepted(stage, true);
    stage.endsAs("Succeeded/Installed");
    assertAccepted(stage, true);
  }

  @Test
  void a_request_that_was_rejected_for_now_was_not_submitted() {
    assertUnsubmitted(tencent("web").send(REJECTED_DENIED).assertState(State.Released));
  }

  @Test
  void a_request_that_was_rejected_was_not_accepted() {
    Scenario stage = tencent("web").send(REJECTED_INVALID).assertStatus("Failed/Rejected");
    assertAccepted(stage, false);
    assertThat(stage.status().completionTime()).isNotNull();
  }

  @ParameterizedTest
  @EnumSource(names = {"Submitting", "Installing", "Starting"})
  void a_status_that_outlives_its_ledger_reports_only_an_acceptance_that_it_reported(Phase phase) {
    Scenario stage = tencent("web").editStatus(phase).work().assertStatus("Unknown/LedgerOutdated");
    assertAccepted(stage, phase != Phase.Submitting);
  }

  /** It is that of another object. */
  @Test
  void a_request_of_another_namespace_does_not_report_the_stop_of_its_namesake() {
    tencent()
        .requestToStop("web")
        .reconcile()
        .requestWith("elsewhere/web", it -> it.cluster.spec("img-other", it.inHours(4)))
        .reconcile("elsewhere/web")
        .assertStatus("elsewhere/web", "Pending/ServerNotGranted")
        .verify(
            it ->
                assertThat(it.status("elsewhere/web").message())
                    .doesNotContain("stopped for this"));
  }

  @Test
  void a_stop_that_was_not_needed_is_not_reported() {
    Scenario stage =
        tencent()
            .cloud(it -> it.installsFail = true)
            .request("first")
            .endsAs("Failed/InstallFailed");
    stage
        .requestWith("web", it -> it.cluster.power(WhenRunning.Stop, PowerAfter.Leave, it.spec()))
        .reconcile("web")
        .assertState("web", State.Stopping)
        .hold("repair")
        .reconcileAfter("web", TIMING.pollInterval())
        .assertState("web", State.Released)
        .assertStatus("web", "Pending/ServerHeld")
        .verify(it -> assertThat(it.status("web").message()).doesNotContain("stopped for this"));
  }

  @Test
  void the_first_stop_is_reported_where_a_later_one_had_no_response_and_the_server_runs() {
    Scenario stage = tencent().requestToStop("web").next(ANSWERED, REQUEST_LOST).reconcile();
    String first = stage.entry().stop().responseTime().toString();
    stage.after(Duration.ofMinutes(1)).power(Power.RUNNING);
    while (stage.stops() < 2) {
      stage.reconcileAfter(TIMING.pollInterval());
    }
    stage
        .suspend()
        .reconcileAfter(TIMING.fence())
        .assertState(State.Released)
        .assertStatus("Pending/Suspended")
        .assertMessage(STOPPED + first + " and is not started again by the operator.");
  }

  /** The answer to this call can be recorded nowhere. */
  @Test
  void a_ledger_that_is_restored_while_a_call_is_sent_is_not_reported_as_a_rejection() {
    tencent("web")
        .send(REJECTED_THROTTLED)
        .saveLedger()
        .after(TIMING.pollInterval())
        .before(REINSTALL, Scenario::restoreLedger)
        .reconcile()
        .assertSends(2)
        .assertStatus("Unknown/LedgerOutdated");
  }

  @ParameterizedTest
  @CsvSource({
    "ANSWERED,The reinstall is complete. The server is being started.",
    "REQUEST_LOST,'The reinstall is complete. A start request may have been sent, but no response"
        + " was received. Waiting until a delayed request can no longer take effect (up to 10m),"
        + " then checking the server.'",
    "REJECTED_THROTTLED,The reinstall is complete. The cloud API rejected the start of the server"
        + " for now. Retrying every 15s.",
  })
  void what_came_of_a_start_is_reported_at_once(CallOutcome outcome, String message) {
    Scenario stage =
        jd().cloud(it -> it.endsStopped = true)
            .request("web", WhenRunning.Wait, PowerAfter.Running)
            .next(ANSWERED, outcome)
            .reconcile();
    while (stage.starts() == 0) {
      stage.reconcileWhenDue();
    }
    stage.assertStatus("Starting/Starting").assertWholeMessage(message);
    assertAccepted(stage, true);
  }
}
