package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.Scenario.on;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.ReinstallSpec.PowerAfter;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.api.StoredText;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.ledger.TestEntry;
import dev.reinstall.reconcile.FaultSchedule.CallOutcome;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cloud whose texts are longer than what the API server stores; it refuses a longer one. */
class LongTextTest {
  private static final String LONG = "\ud83d\ude00".repeat(2_000);

  private static Scenario request(CloudName cloud) {
    return on(cloud)
        .cloud(it -> it.tail = LONG)
        .power(Power.RUNNING)
        .after(Duration.ofMinutes(30))
        .request("web", WhenRunning.Stop, PowerAfter.Running);
  }

  @ParameterizedTest
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void a_request_is_stopped_for_claimed_and_followed_to_its_end(CloudName cloud) {
    request(cloud)
        .endsAs("Succeeded/Installed")
        .assertWipes(1)
        .verify(it -> assertThat(it.entry().requestId()).startsWith("req-"));
  }

  @ParameterizedTest
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void a_request_whose_response_was_lost_is_recognized(CloudName cloud) {
    request(cloud)
        .next(CallOutcome.ANSWERED, CallOutcome.RESPONSE_LOST)
        .endsAs("Succeeded/Installed")
        .assertWipes(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"REJECTED_INVALID", "REJECTED_DENIED", "REJECTED_BUSY"})
  void a_rejection_is_recorded(CallOutcome rejection) {
    request(CloudName.TencentCloud)
        .next(CallOutcome.ANSWERED, rejection)
        .work()
        .verify(it -> assertThat(it.entry().completionTime()).isNotNull());
  }

  /** The name of a Secret alone has up to 253 characters. */
  @Test
  void a_message_of_the_ledger_is_cut_to_its_bound() {
    TestEntry builder = new TestEntry(State.Released, Instant.EPOCH);
    builder.message(LONG);

    String message = builder.build().message();

    assertThat(message.codePointCount(0, message.length())).isEqualTo(StoredText.MESSAGE);
  }
}
