package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.Protocol.TIMING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.Phase;
import dev.reinstall.api.Reason;
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
  private boolean describesToo(Protocol stage, String place) {
    described = false;
    stage.script.cachedObservationAge = AGE;
    stage.script.before(stage.r1, PortCall.DESCRIBE, () -> described = true);
    stage.r1.reconcile(place);
    stage.script.cachedObservationAge = Duration.ZERO;
    return described;
  }

  private static String waiting(Protocol stage) {
    stage.cluster.cloud.power(Power.RUNNING);
    String web = stage.request("web");
    stage.r1.reconcile(web);
    stage.assertStatus(web, Phase.Pending, Reason.ServerRunning);
    stage.wait(TIMING.pollInterval());
    return web;
  }

  // What a cached observation may be used for.

  @Test
  void who_goes_on_waiting_as_before_needs_no_description() {
    Protocol stage = Protocol.tencent();
    String web = waiting(stage);
    assertThat(describesToo(stage, web)).as(stage.reported()).isFalse();
  }

  @Test
  void who_follows_an_install_that_goes_on_needs_no_description() {
    Protocol stage = Protocol.tencent();
    String web = stage.request("web");
    stage.r1.reconcile(web);
    stage.wait(TIMING.pollInterval());
    assertThat(stage.state("web")).isEqualTo(State.Accepted);
    assertThat(describesToo(stage, web)).as(stage.reported()).isFalse();
  }

  @Test
  void who_shows_an_unknown_outcome_as_before_needs_no_description() {
    Protocol stage = Protocol.tencent();
    String web = stage.request("web");
    stage.script.nextRequests(CallOutcome.REQUEST_LOST);
    stage.r1.reconcile(web);
    stage.wait(PAST_THE_FENCE);
    stage.r1.reconcile(web);
    stage.assertStatus(web, Phase.Unknown, Reason.OutcomeUnknown);
    stage.wait(TIMING.pollInterval());
    assertThat(describesToo(stage, web)).as(stage.reported()).isFalse();
  }

  // What it must not be used for.

  @Test
  void nothing_is_claimed_by_a_cached_observation_at_a_server_that_runs_by_now() {
    Protocol stage = Protocol.tencent();
    String web = waiting(stage);
    stage.cluster.cloud.power(Power.STOPPED);
    stage.wait(AGE);
    stage.cluster.cloud.power(Power.RUNNING);
    assertThat(describesToo(stage, web)).as(stage.reported()).isTrue();
    stage.assertSends(0);
    assertThat(stage.cluster.ledger().orders()).as(stage.reported()).isEmpty();
  }

  @Test
  void a_request_does_not_end_by_a_cached_observation_at_a_server_that_is_stopped_by_now() {
    Protocol stage = Protocol.tencent();
    stage.cluster.cloud.power(Power.RUNNING);
    stage.wait(AGE);
    stage.cluster.cloud.power(Power.STOPPED);
    String web =
        stage.cluster.create(
            "ns/web", stage.cluster.spec("img-new", stage.inHours(4), WhenRunning.Fail, false));
    assertThat(describesToo(stage, web)).as(stage.reported()).isTrue();
    stage.assertSends(1);
  }

  @Test
  void a_status_reports_what_is_seen_now_and_not_what_a_cached_observation_shows() {
    Protocol stage = Protocol.tencent();
    String web = waiting(stage);
    stage.cluster.editStatus(web, null);
    stage.cluster.cloud.power(Power.STOPPED);
    assertThat(describesToo(stage, web)).as(stage.reported()).isTrue();
    stage.assertSends(1);
  }

  // Every step other than waiting.

  @Test
  void a_claim_needs_a_description() {
    Protocol stage = Protocol.tencent();
    String web = waiting(stage);
    stage.cluster.cloud.power(Power.STOPPED);
    stage.wait(TIMING.pollInterval());
    assertThat(describesToo(stage, web)).as(stage.reported()).isTrue();
    stage.assertSends(1);
  }

  @Test
  void a_recovery_needs_a_description() {
    Protocol stage = Protocol.jd();
    String web = stage.request("web");
    stage.script.nextRequests(CallOutcome.REQUEST_LOST);
    stage.r1.reconcile(web);
    stage.wait(TIMING.sendWithin().multipliedBy(2));
    assertThat(describesToo(stage, web)).as(stage.reported()).isTrue();
    stage.assertSends(2);
  }

  @Test
  void giving_the_server_back_needs_a_description() {
    Protocol stage = Protocol.tencent();
    String web = stage.request("web");
    stage.script.nextRequests(CallOutcome.REJECTED_BUSY);
    stage.r1.reconcile(web);
    stage.wait(stage.cluster.cloud.capabilities.settleTime());
    assertThat(describesToo(stage, web)).as(stage.reported()).isTrue();
    stage.assertSends(2);
  }

  @Test
  void an_adoption_needs_a_description() {
    Protocol stage = Protocol.tencent();
    String web = stage.request("web");
    stage.script.nextRequests(CallOutcome.RESPONSE_LOST);
    stage.r1.reconcile(web);
    stage.wait(Duration.ofMinutes(30));
    assertThat(describesToo(stage, web)).as(stage.reported()).isTrue();
    assertThat(stage.entry("web").adopted()).isTrue();
  }

  @Test
  void giving_up_needs_a_description() {
    Protocol stage = Protocol.tencent();
    String web = stage.request("web");
    stage.script.nextRequests(CallOutcome.REQUEST_LOST);
    stage.r1.reconcile(web);
    stage.wait(PAST_THE_FENCE);
    assertThat(describesToo(stage, web)).as(stage.reported()).isTrue();
    stage.assertStatus(web, Phase.Unknown, Reason.OutcomeUnknown);
  }

  @Test
  void evidence_needs_a_description() {
    Protocol stage = Protocol.jd();
    String web = stage.request("web");
    stage.r1.reconcile(web);
    stage.wait(TIMING.pollInterval());
    assertThat(describesToo(stage, web)).as(stage.reported()).isTrue();
    assertThat(stage.state("web")).isEqualTo(State.Installing);
  }

  @Test
  void a_success_needs_a_description() {
    Protocol stage = Protocol.tencent();
    String web = stage.request("web");
    stage.r1.reconcile(web);
    stage.wait(Duration.ofMinutes(30));
    assertThat(describesToo(stage, web)).as(stage.reported()).isTrue();
    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
  }

  @Test
  void a_failure_needs_a_description() {
    Protocol stage = Protocol.tencent();
    stage.cluster.cloud.installsFail = true;
    String web = stage.request("web");
    stage.r1.reconcile(web);
    stage.wait(Duration.ofMinutes(30));
    assertThat(describesToo(stage, web)).as(stage.reported()).isTrue();
    stage.assertStatus(web, Phase.Failed, Reason.InstallFailed);
  }

  @Test
  void an_end_needs_a_description() {
    Protocol stage = Protocol.tencent();
    stage.cluster.cloud.power(Power.RUNNING);
    stage.wait(TIMING.pollInterval());
    String web =
        stage.cluster.create(
            "ns/web", stage.cluster.spec("img-new", stage.inHours(4), WhenRunning.Fail, false));
    assertThat(describesToo(stage, web)).as(stage.reported()).isTrue();
    stage.assertStatus(web, Phase.Failed, Reason.ServerRunning);
  }

  @Test
  void following_an_orphaned_entry_needs_a_description() {
    Protocol stage = Protocol.tencent();
    String orphaned = stage.request("orphan");
    stage.r1.reconcile(orphaned);
    stage.cluster.delete(orphaned);
    String heir = stage.request("heir");
    stage.wait(Duration.ofMinutes(30));
    assertThat(describesToo(stage, heir)).as(stage.reported()).isTrue();
    assertThat(stage.state("orphan")).isEqualTo(State.Succeeded);
  }

  @Test
  void who_must_decide_again_describes_again() {
    Protocol stage = Protocol.tencent();
    String web = waiting(stage);
    stage.cluster.cloud.power(Power.STOPPED);
    stage.script.refusePermits = true;
    stage.script.before(
        stage.r1,
        PortCall.FETCH_REINSTALL,
        () -> {
          stage.script.refusePermits = false;
          stage.script.cachedObservationAge = AGE; // it would show that the server runs
        });
    stage.r1.reconcile(web);
    stage.assertSends(1);
  }
}
