package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REJECTED_BUSY;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REJECTED_DENIED;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REQUEST_LOST;
import static dev.reinstall.reconcile.FaultSchedule.LostReply.WRITE;
import static dev.reinstall.reconcile.PortCall.WRITE_LEDGER;
import static dev.reinstall.reconcile.Scenario.TIMING;
import static dev.reinstall.reconcile.Scenario.jd;
import static dev.reinstall.reconcile.Scenario.tencent;

import dev.reinstall.api.ReinstallSpec.PowerAfter;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.reconcile.FaultSchedule.DescribeOutcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When a request is reconciled again. */
class RequeueTest {
  private static final Duration PAUSE = Duration.ofSeconds(30); // that the cloud asks for

  @Test
  void a_request_that_loses_every_write_is_tried_again_at_the_next_poll() {
    tencent("web")
        .nextWrites(WRITE_LEDGER, WRITE, WRITE, WRITE, WRITE)
        .reconcile()
        .assertNext(TIMING.pollInterval())
        .assertNothingClaimed()
        .assertSends(0);
  }

  @Test
  void the_pause_that_the_cloud_asks_for_is_kept() {
    tencent("web")
        .describe(DescribeOutcome.THROTTLED)
        .reconcile()
        .assertNext(PAUSE)
        .assertStatus("Pending/Throttled")
        .describe(DescribeOutcome.UNREACHABLE)
        .reconcile()
        .assertNext(TIMING.pollInterval());
  }

  @Test
  void a_pause_before_a_claim_ends_at_not_after_at_the_latest() {
    tencent("web")
        .script(it -> it.refuseTurns = true)
        .reconcile()
        .assertNext(PAUSE)
        .assertStatus("Pending/Throttled")
        .assertNothingClaimed();
    tencent()
        .requestWith("web", it -> it.cluster.spec("img-new", it.cluster.trueTime().plusSeconds(5)))
        .script(it -> it.refuseTurns = true)
        .reconcile()
        .assertNext(Duration.ofMillis(5001))
        .reconcileWhenDue()
        .assertStatus("Failed/DeadlineExceeded")
        .assertNothingClaimed();
  }

  @Test
  void a_pause_after_a_rejection_is_reported() {
    tencent("web")
        .send(REJECTED_DENIED)
        .assertStatus("Pending/AccessDenied")
        .script(it -> it.refuseTurns = true)
        .reconcileAfter(TIMING.slowInterval())
        .assertNext(PAUSE)
        .assertStatus("Pending/Throttled")
        .assertSends(1);
  }

  @Test
  void a_pause_after_a_submit_does_not_change_what_is_reported_of_it() {
    jd("web")
        .send(REQUEST_LOST)
        .script(it -> it.refuseTurns = true)
        .reconcileAfter(TIMING.sendWithin().multipliedBy(2))
        .assertNext(PAUSE)
        .assertStatus("Submitting/AwaitingConfirmation")
        .assertSends(1);
  }

  @Test
  void after_a_stop_that_was_not_needed_the_reinstall_follows_at_once() {
    tencent()
        .cloud(it -> it.installsFail = true)
        .request("first")
        .endsAs("Failed/InstallFailed")
        .cloud(it -> it.installsFail = false)
        .request("web", WhenRunning.Stop, PowerAfter.Leave)
        .reconcile("web")
        .assertStops(1)
        .assertNext(Duration.ZERO);
    tencent()
        .power(Power.RUNNING)
        .request("web", WhenRunning.Stop, PowerAfter.Leave)
        .reconcile()
        .assertStops(1)
        .assertNext(TIMING.pollInterval());
  }

  @Test
  void who_waits_for_a_fence_looks_at_every_poll_and_when_it_is_over() {
    tencent("web")
        .send(REQUEST_LOST)
        .reconcile()
        .assertNext(TIMING.pollInterval())
        .reconcileAfter(TIMING.fence().minusSeconds(5))
        .assertNext(Duration.ofSeconds(5))
        .assertStatus("Submitting/AwaitingConfirmation")
        .reconcileWhenDue()
        .assertStatus("Unknown/OutcomeUnknown");
  }

  @Test
  void who_waits_for_a_busy_server_looks_at_every_poll_and_when_it_has_settled() {
    Scenario stage = tencent("web").send(REJECTED_BUSY);
    stage
        .reconcile()
        .assertNext(TIMING.pollInterval())
        .reconcileAfter(stage.cluster.cloud.capabilities.settleTime().minusSeconds(5))
        .assertNext(Duration.ofSeconds(5))
        .assertSends(1)
        .reconcileWhenDue()
        .assertSends(2);
  }
}
