package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.FaultSchedule.LostReply.NONE;
import static dev.reinstall.reconcile.FaultSchedule.LostReply.RESPONSE;
import static dev.reinstall.reconcile.FaultSchedule.LostReply.WRITE;
import static dev.reinstall.reconcile.PortCall.START;
import static dev.reinstall.reconcile.PortCall.WRITE_LEDGER;
import static dev.reinstall.reconcile.Scenario.jd;
import static dev.reinstall.reconcile.Scenario.tencent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.ReinstallSpec.PowerAfter;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.reconcile.FaultSchedule.LostReply;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** What is written around a call: its claim before it, its result after it. */
class SubmissionTest {
  private static final int MOST_ATTEMPTS = 20;

  private static LostReply[] lost(int writes) {
    return Collections.nCopies(writes, WRITE).toArray(LostReply[]::new);
  }

  @Test
  void a_start_is_sent_under_the_claim_whose_write_had_no_response() {
    jd().cloud(it -> it.endsStopped = true)
        .request("web", WhenRunning.Wait, PowerAfter.Running)
        // The claim, its result, the evidence, and the claim of the start.
        .nextWrites(WRITE_LEDGER, NONE, NONE, NONE, RESPONSE)
        .before(
            START,
            s ->
                s.verify(it -> assertThat(it.entry().start().claimId()).isEqualTo("claim-2"))
                    .assertState(State.Starting))
        .endsAs("Succeeded/Installed")
        .assertStarts(1)
        .verify(it -> assertThat(it.cluster.newClaim()).isEqualTo("claim-3"));
  }

  @Test
  void a_result_is_written_again_until_it_is_in_the_ledger() {
    tencent("web")
        .nextWrites(WRITE_LEDGER, NONE)
        .nextWrites(WRITE_LEDGER, lost(MOST_ATTEMPTS - 1))
        .reconcile()
        .assertStatus("Installing/Installing")
        .assertState(State.Accepted)
        .assertSends(1);
  }

  @Test
  void a_result_that_cannot_be_written_is_left_to_the_evidence() {
    tencent("web")
        .nextWrites(WRITE_LEDGER, NONE)
        .nextWrites(WRITE_LEDGER, lost(MOST_ATTEMPTS))
        .reconcile()
        .assertStatus("Submitting/AwaitingConfirmation")
        .assertState(State.Submitting)
        .endsAs("Succeeded/Installed")
        .assertSends(1);
  }
}
