package dev.reinstall.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Phase;
import dev.reinstall.api.Reason;
import dev.reinstall.api.ReinstallSpec.PowerAfter;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.StoredText;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.ledger.EntryBuilder;
import dev.reinstall.reconcile.FaultSchedule.CallOutcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cloud whose texts are longer than what the API server stores; it refuses a longer one. */
class LongTextTest {
  private static final Duration HOURS = Duration.ofHours(3);
  private static final String LONG = "\ud83d\ude00".repeat(2_000);

  private static Protocol of(CloudName cloud) {
    Protocol stage = new Protocol(cloud);
    stage.cluster.cloud.tail = LONG;
    stage.cluster.cloud.power(Power.RUNNING);
    stage.wait(Duration.ofMinutes(30));
    return stage;
  }

  private static String request(Protocol stage) {
    return stage.cluster.create(
        "ns/web", stage.cluster.power(WhenRunning.Stop, PowerAfter.Running, stage.spec()));
  }

  @ParameterizedTest
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void a_request_is_stopped_for_claimed_and_followed_to_its_end(CloudName cloud) {
    Protocol stage = of(cloud);
    String web = request(stage);

    stage.work(stage.r1, web, HOURS);

    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
    stage.assertWipes(1);
    assertThat(stage.entry("web").requestId()).startsWith("req-");
  }

  @ParameterizedTest
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void a_request_whose_response_was_lost_is_recognized(CloudName cloud) {
    Protocol stage = of(cloud);
    String web = request(stage);
    stage.script.nextRequests(CallOutcome.ANSWERED, CallOutcome.RESPONSE_LOST);

    stage.work(stage.r1, web, HOURS);

    stage.assertStatus(web, Phase.Succeeded, Reason.Installed);
    stage.assertWipes(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"REJECTED_INVALID", "REJECTED_DENIED", "REJECTED_BUSY"})
  void a_rejection_is_recorded(CallOutcome rejection) {
    Protocol stage = of(CloudName.TencentCloud);
    String web = request(stage);
    stage.script.nextRequests(CallOutcome.ANSWERED, rejection);

    stage.work(stage.r1, web, HOURS);

    assertThat(stage.entry("web").completionTime()).isNotNull();
  }

  /** The name of a Secret alone has up to 253 characters. */
  @Test
  void a_message_of_the_ledger_is_cut_to_its_bound() {
    EntryBuilder builder = new EntryBuilder();
    builder.message = LONG;

    String message = builder.build().message();

    assertThat(message.codePointCount(0, message.length())).isEqualTo(StoredText.MESSAGE);
  }
}
