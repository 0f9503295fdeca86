package dev.reinstall.simulator.tencent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reinstall.simulator.SimClock;
import dev.reinstall.simulator.SimulatedFault;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TencentResetTest {
  private static final String ID = "ins-r8hr2upy";
  private static final String RESET =
      "{\"InstanceId\":\"ins-r8hr2upy\",\"ImageId\":\"img-ubuntu22\"}";

  private final SimClock clock = SimClock.manual();
  private final TencentSimulator cloud = TencentSimulator.start(0, clock).account("id", "key");
  private final TencentServer server = cloud.newServer(ID);
  private final TencentCaller caller = TencentCaller.of(cloud);

  @AfterEach
  void close() {
    cloud.close();
  }

  @Test
  void a_reset_is_seen_late_runs_for_a_quarter_of_an_hour_and_ends_running() {
    JsonNode response = caller.call("ResetInstance", RESET);

    assertThat(cloud.wipes(ID)).isEqualTo(1);
    assertThat(caller.describe(ID).get("LatestOperation").isNull()).isTrue();

    clock.advance(Duration.ofSeconds(1));
    assertThat(caller.describe(ID).get("LatestOperation").asText()).isEqualTo("ResetInstance");
    assertThat(caller.describe(ID).get("LatestOperationState").asText()).isEqualTo("OPERATING");
    assertThat(caller.describe(ID).get("LatestOperationRequestId"))
        .isEqualTo(response.get("RequestId"));

    clock.advance(Duration.ofMinutes(8));
    assertThat(caller.describe(ID).get("InstanceState").asText()).isEqualTo("RUNNING");
    assertThat(caller.describe(ID).get("LatestOperationState").asText()).isEqualTo("OPERATING");
    assertThat(caller.describe(ID).get("ImageId").asText()).isEqualTo("img-pmqg1cw7");

    clock.advance(Duration.ofMinutes(8));
    assertThat(caller.describe(ID).get("LatestOperationState").asText()).isEqualTo("SUCCESS");
    assertThat(caller.describe(ID).get("ImageId").asText()).isEqualTo("img-ubuntu22");
  }

  @Test
  void an_answer_that_is_cut_off_does_not_undo_the_wipe() {
    cloud.onNext("ResetInstance", SimulatedFault.cutAfterEffect());

    assertThatThrownBy(() -> caller.send("ResetInstance", RESET)).isInstanceOf(IOException.class);

    assertThat(cloud.wipes(ID)).isEqualTo(1);
    assertThat(cloud.calls("ResetInstance")).isEqualTo(1);
    assertThat(caller.code("ResetInstance", RESET))
        .isEqualTo("OperationDenied.InstanceOperationInProgress");
    assertThat(server.wipeHistory()).hasSize(1);
  }

  @Test
  void a_call_that_is_cut_off_on_its_way_in_does_nothing() {
    cloud.onNext("ResetInstance", SimulatedFault.cutBeforeEffect());

    assertThatThrownBy(() -> caller.send("ResetInstance", RESET)).isInstanceOf(IOException.class);

    assertThat(cloud.wipes(ID)).isZero();
    assertThat(cloud.calls("ResetInstance")).isEqualTo(1);
  }

  @Test
  void a_second_reset_after_the_first_has_ended_wipes_again_because_there_is_no_token() {
    assertThat(caller.code("ResetInstance", RESET)).isEmpty();
    clock.advance(Duration.ofHours(1));
    assertThat(caller.code("ResetInstance", RESET)).isEmpty();

    assertThat(cloud.wipes(ID)).isEqualTo(2);
  }

  @Test
  void a_wrong_key_wipes_nothing() {
    assertThat(caller.as("id", "other").code("ResetInstance", RESET))
        .isEqualTo("AuthFailure.SignatureFailure");

    assertThat(cloud.wipes(ID)).isZero();
    assertThat(cloud.callsLog().get(0).verified()).isFalse();
  }
}
