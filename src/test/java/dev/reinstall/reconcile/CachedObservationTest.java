package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.Scenario.TIMING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.reconcile.FaultSchedule.CallOutcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * With a cached observation a request may only continue to wait; for everything else the server is
 * described.
 */
class CachedObservationTest {
  private static final Duration AGE = TIMING.pollInterval().minusSeconds(1);
  private static final Duration PAST_THE_FENCE = TIMING.fence().plus(TIMING.pollInterval());

  private boolean described;

  /**
   * A reconciliation whose first description is a cached observation; reports whether it described
   * the server itself as well.
   */
  private boolean describesToo(Scenario stage, String place) {
    described = false;
    stage.script.cachedObservationAge = AGE;
    stage.script.before(stage.replica(Scenario.R1), PortCall.DESCRIBE, () -> described = true);
    stage.replica(Scenario.R1).reconcile(place);
    stage.script.cachedObservationAge = Duration.ZERO;
    return described;
  }

  private static String waiting(Scenario stage) {
    stage.cluster.cloud.power(Power.RUNNING);
    stage.request("web");
    String web = "ns/web";
    stage.replica(Scenario.R1).reconcile(web);
    stage.assertStatus("Pending/ServerRunning");
    stage.after(TIMING.pollInterval());
    return web;
  }

  // What a cached observation may be used for.

  @Test
  void who_goes_on_waiting_as_before_needs_no_description() {
    Scenario stage = Scenario.tencent();
    String web = waiting(stage);
    assertThat(describesToo(stage, web)).as(stage.reported()).isFalse();
  }

  @Test
  void who_follows_an_install_that_goes_on_needs_no_description() {
    Scenario stage = Scenario.tencent();
    stage.request("web");
    String web = "ns/web";
    stage.replica(Scenario.R1).reconcile(web);
    stage.after(TIMING.pollInterval());
    assertThat(stage.entry("web").state()).isEqualTo(State.Accepted);
    assertThat(describesToo(stage, web)).as(stage.reported()).isFalse();
  }

  @Test
  void who_shows_an_unknown_outcome_as_before_needs_no_description() {
    Scenario stage = Scenario.tencent();
    stage.request("web");
    String web = "ns/web";
    stage.script.nextRequests(CallOutcome.REQUEST_LOST);
    stage.replica(Scenario.R1).reconcile(web);
    stage.after(PAST_THE_FENCE);
    stage.replica(Scenario.R1).reconcile(web);
    stage.assertStatus("Unknown/OutcomeUnknown");
    stage.after(TIMING.pollInterval());
    assertThat(describesToo(stage, web)).as(stage.reported()).isFalse();
  }

  // What it must not be used for.

  @Test
  void nothing_is_claimed_by_a_cached_observation_at_a_server_that_runs_by_now() {
    Scenario stage = Scenario.tencent();
    String web = waiting(stage);
    stage.cluster.cloud.power(Power.STOPPED);
    stage.after(AGE);
    stage.cluster.cloud.power(Power.RUNNING);
    assertThat(describesToo(stage, web)).as(stage.reported()).isTrue();
    stage.assertSends(0);
    assertThat(stage.cluster.ledger().orders()).as(stage.reported()).isEmpty();
  }

  @Test
  void a_request_does_not_end_by_a_cached_observation_at_a_server_that_is_stopped_by_now() {
    Scenario stage = Scenario.tencent();
    stage.cluster.cloud.power(Power.RUNNING);
    stage.after(AGE);
    stage.cluster.cloud.power(Power.STOPPED);
    String web =
        stage.cluster.create(
            "ns/web", stage.cluster.spec("img-new", stage.inHours(4), WhenRunning.Fail, false));
    assertThat(describesToo(stage, web)).as(stage.reported()).isTrue();
    stage.assertSends(1);
  }

  @Test
  void a_status_reports_what_is_seen_now_and_not_what_a_cached_observation_shows() {
    Scenario stage = Scenario.tencent();
    String web = waiting(stage);
    stage.cluster.editStatus(web, null);
    stage.cluster.cloud.power(Power.STOPPED);
    assertThat(describesToo(stage, web)).as(stage.reported()).isTrue();
    stage.assertSends(1);
  }

  // Every step other than waiting.

  @Test
  void a_claim_needs_a_description() {
    Scenario stage = Scenario.tencent();
    String web = waiting(stage);
    stage.cluster.cloud.power(Power.STOPPED);
    stage.after(TIMING.pollInterval());
    assertThat(describesToo(stage, web)).as(stage.reported()).isTrue();
    stage.assertSends(1);
  }

  @Test
  void a_recovery_needs_a_description() {
    Scenario stage = Scenario.jd();
    stage.request("web");
    String web = "ns/web";
    stage.script.nextRequests(CallOutcome.REQUEST_LOST);
    stage.replica(Scenario.R1).reconcile(web);
    stage.after(TIMING.sendWithin().multipliedBy(2));
    assertThat(describesToo(stage, web)).as(stage.reported()).isTrue();
    stage.assertSends(2);
  }

  @Test
  void giving_the_server_back_needs_a_description() {
    Scenario stage = Scenario.tencent();
    stage.request("web");
    String web = "ns/web";
    stage.script.nextRequests(CallOutcome.REJECTED_BUSY);
    stage.replica(Scenario.R1).reconcile(web);
    stage.after(stage.cluster.cloud.capabilities.settleTime());
    assertThat(describesToo(stage, web)).as(stage.reported()).isTrue();
    stage.assertSends(2);
  }

  @Test
  void an_adoption_needs_a_description() {
    Scenario stage = Scenario.tencent();
    stage.request("web");
    String web = "ns/web";
    stage.script.nextRequests(CallOutcome.RESPONSE_LOST);
    stage.replica(Scenario.R1).reconcile(web);
    stage.after(Duration.ofMinutes(30));
    assertThat(describesToo(stage, web)).as(stage.reported()).isTrue();
    assertThat(stage.entry("web").adopted()).isTrue();
  }

  @Test
  void giving_up_needs_a_description() {
    Scenario stage = Scenario.tencent();
    stage.request("web");
    String web = "ns/web";
    stage.script.nextRequests(CallOutcome.REQUEST_LOST);
    stage.replica(Scenario.R1).reconcile(web);
    stage.after(PAST_THE_FENCE);
    assertThat(describesToo(stage, web)).as(stage.reported()).isTrue();
    stage.assertStatus("Unknown/OutcomeUnknown");
  }

  @Test
  void evidence_needs_a_description() {
    Scenario stage = Scenario.jd();
    stage.request("web");
    String web = "ns/web";
    stage.replica(Scenario.R1).reconcile(web);
    stage.after(TIMING.pollInterval());
    assertThat(describesToo(stage, web)).as(stage.reported()).isTrue();
    assertThat(stage.entry("web").state()).isEqualTo(State.Installing);
  }

  @Test
  void a_success_needs_a_description() {
    Scenario stage = Scenario.tencent();
    stage.request("web");
    String web = "ns/web";
    stage.replica(Scenario.R1).reconcile(web);
    stage.after(Duration.ofMinutes(30));
    assertThat(describesToo(stage, web)).as(stage.reported()).isTrue();
    stage.assertStatus("Succeeded/Installed");
  }

  @Test
  void a_failure_needs_a_description() {
    Scenario stage = Scenario.tencent();
    stage.cluster.cloud.installsFail = true;
    stage.request("web");
    String web = "ns/web";
    stage.replica(Scenario.R1).reconcile(web);
    stage.after(Duration.ofMinutes(30));
    assertThat(describesToo(stage, web)).as(stage.reported()).isTrue();
    stage.assertStatus("Failed/InstallFailed");
  }

  @Test
  void an_end_needs_a_description() {
    Scenario stage = Scenario.tencent();
    stage.cluster.cloud.power(Power.RUNNING);
    stage.after(TIMING.pollInterval());
    stage.requestWith(
        "web", it -> it.cluster.spec("img-new", it.inHours(4), WhenRunning.Fail, false));
    assertThat(describesToo(stage, "ns/web")).as(stage.reported()).isTrue();
    stage.assertStatus("Failed/ServerRunning");
  }

  @Test
  void following_an_orphaned_entry_needs_a_description() {
    Scenario stage = Scenario.tencent();
    stage.request("orphan");
    String orphaned = "ns/orphan";
    stage.replica(Scenario.R1).reconcile(orphaned);
    stage.cluster.delete(orphaned);
    stage.request("heir");
    String heir = "ns/heir";
    stage.after(Duration.ofMinutes(30));
    assertThat(describesToo(stage, heir)).as(stage.reported()).isTrue();
    assertThat(stage.entry("orphan").state()).isEqualTo(State.Succeeded);
  }

  @Test
  void who_must_decide_again_describes_again() {
    Scenario stage = Scenario.tencent();
    String web = waiting(stage);
    stage.cluster.cloud.power(Power.STOPPED);
    stage.script.refusePermits = true;
    stage.script.before(
        stage.replica(Scenario.R1),
        PortCall.FETCH_REINSTALL,
        () -> {
          stage.script.refusePermits = false;
          stage.script.cachedObservationAge = AGE; // it would show that the server runs
        });
    stage.replica(Scenario.R1).reconcile(web);
    stage.assertSends(1);
  }
}
