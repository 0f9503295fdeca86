package dev.reinstall.simulator.tencent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reinstall.simulator.SimClock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TencentStateTest {
  private static final String ID = "ins-r8hr2upy";
  private static final String RESET = "{\"InstanceId\":\"" + ID + "\"}";
  private static final String POWER = "{\"InstanceIds\":[\"" + ID + "\"]}";

  private final SimClock clock = SimClock.manual();
  private final TencentSimulator cloud = TencentSimulator.start(0, clock).account("id", "key");
  private final TencentServer server = cloud.newServer(ID);
  private final TencentCaller caller = TencentCaller.of(cloud);

  @AfterEach
  void close() {
    cloud.close();
  }

  @ParameterizedTest
  @CsvSource({
    "PENDING, UnsupportedOperation.InstanceStatePending",
    "STARTING, UnsupportedOperation.InstanceStateStarting",
    "STOPPING, UnsupportedOperation.InstanceStateStopping",
    "REBOOTING, UnsupportedOperation.InstanceStateRebooting",
    "RESCUE_MODE, UnsupportedOperation.InstanceStateRescueMode",
    "SERVICE_LIVE_MIGRATE, UnsupportedOperation.InstanceStateServiceLiveMigrate",
    "TERMINATING, UnsupportedOperation.InstanceStateTerminating",
  })
  void only_a_server_at_rest_is_reset(String state, String code) {
    server.state(state);

    assertThat(caller.code("ResetInstance", RESET)).isEqualTo(code);
    assertThat(cloud.wipes(ID)).isZero();
  }

  @Test
  void a_running_server_is_reset_without_a_question_which_is_why_the_operator_must_ask() {
    server.running();

    assertThat(caller.code("ResetInstance", RESET)).isEmpty();
    assertThat(cloud.wipes(ID)).isEqualTo(1);
  }

  @Test
  void a_server_stopped_without_charge_is_not_reset() {
    server.running();
    assertThat(
            caller.code(
                "StopInstances",
                "{\"InstanceIds\":[\"" + ID + "\"],\"StoppedMode\":\"STOP_CHARGING\"}"))
        .isEmpty();
    clock.advance(Duration.ofMinutes(1));

    assertThat(caller.describe(ID).get("StopChargingMode").asText()).isEqualTo("STOP_CHARGING");
    assertThat(caller.code("ResetInstance", RESET))
        .isEqualTo("UnsupportedOperation.StoppedModeStopCharging");
  }

  @Test
  void a_second_reset_is_refused_while_one_runs() {
    assertThat(caller.code("ResetInstance", RESET)).isEmpty();

    assertThat(caller.code("ResetInstance", RESET))
        .isEqualTo("OperationDenied.InstanceOperationInProgress");
    assertThat(caller.code("StartInstances", POWER))
        .isEqualTo("OperationDenied.InstanceOperationInProgress");
    assertThat(cloud.wipes(ID)).isEqualTo(1);
  }

  @Test
  void a_server_stops_and_starts_in_its_own_time() {
    assertThat(caller.code("StopInstances", POWER))
        .isEqualTo("UnsupportedOperation.InstanceStateStopped");
    assertThat(caller.code("StartInstances", POWER)).isEmpty();
    assertThat(server.state()).isEqualTo("STARTING");
    clock.advance(Duration.ofSeconds(31));
    assertThat(server.state()).isEqualTo("RUNNING");
    assertThat(caller.code("StartInstances", POWER))
        .isEqualTo("UnsupportedOperation.InstanceStateRunning");
    assertThat(caller.code("StopInstances", POWER)).isEmpty();
    assertThat(server.state()).isEqualTo("STOPPING");
    clock.advance(Duration.ofSeconds(31));
    assertThat(server.state()).isEqualTo("STOPPED");
    assertThat(caller.describe(ID).get("LatestOperation").asText()).isEqualTo("StopInstances");
    assertThat(caller.describe(ID).get("StopChargingMode").asText()).isEqualTo("KEEP_CHARGING");
  }

  @Test
  void a_failed_reset_leaves_a_server_that_can_only_be_reset_again() {
    server.failResets("no such kernel");
    assertThat(caller.code("ResetInstance", RESET)).isEmpty();
    clock.advance(Duration.ofMinutes(16));

    JsonNode seen = caller.describe(ID);
    assertThat(seen.get("LatestOperationState").asText()).isEqualTo("FAILED");
    assertThat(seen.get("LatestOperationErrorMsg").asText()).isEqualTo("no such kernel");
    assertThat(caller.code("StartInstances", POWER))
        .isEqualTo("UnsupportedOperation.InstanceReinstallFailed");

    server.resetsSucceed();
    assertThat(caller.code("ResetInstance", RESET)).isEmpty();
    clock.advance(Duration.ofMinutes(16));
    assertThat(caller.describe(ID).get("LatestOperationState").asText()).isEqualTo("SUCCESS");
    assertThat(cloud.wipes(ID)).isEqualTo(2);
  }

  @Test
  void a_disk_gets_another_id_when_the_platform_changes_and_only_then() {
    String first = diskId();
    caller.call(
        "ResetInstance",
        "{\"InstanceId\":\""
            + ID
            + "\",\"ImageId\":\"img-ubuntu22\",\"SystemDisk\":{\"DiskSize\":60}}");
    clock.advance(Duration.ofHours(1));
    assertThat(diskId()).isEqualTo(first);
    assertThat(caller.describe(ID).at("/SystemDisk/DiskSize").asInt()).isEqualTo(60);

    caller.call("ResetInstance", "{\"InstanceId\":\"" + ID + "\",\"ImageId\":\"img-windows1\"}");
    clock.advance(Duration.ofHours(1));
    assertThat(diskId()).isNotEqualTo(first);
  }

  @Test
  void an_operation_shows_the_past_as_long_as_it_lags() {
    String before = server.traceLag(Duration.ofMinutes(2)).foreignOperation("StopInstances");
    String id = caller.call("ResetInstance", RESET).get("RequestId").asText();

    clock.advance(Duration.ofMinutes(1));
    assertThat(traceId()).isEqualTo(before);
    clock.advance(Duration.ofMinutes(1));
    assertThat(traceId()).isEqualTo(id);
    clock.advance(Duration.ofMinutes(14));
    assertThat(caller.describe(ID).get("InstanceState").asText()).isEqualTo("RUNNING");
    assertThat(caller.describe(ID).get("LatestOperationState").asText()).isEqualTo("OPERATING");
    clock.advance(Duration.ofMinutes(1));
    assertThat(caller.describe(ID).get("LatestOperationState").asText()).isEqualTo("SUCCESS");
  }

  @Test
  void a_lost_operation_is_never_seen_although_the_server_was_wiped() {
    String before = server.traceLost().foreignOperation("StopInstances");
    caller.call("ResetInstance", "{\"InstanceId\":\"" + ID + "\",\"ImageId\":\"img-ubuntu22\"}");
    clock.advance(Duration.ofHours(1));

    assertThat(traceId()).isEqualTo(before);
    assertThat(caller.describe(ID).get("ImageId").asText()).isEqualTo("img-ubuntu22");
    assertThat(cloud.wipes(ID)).isEqualTo(1);
  }

  @Test
  void an_operation_may_stand_under_another_id_than_was_answered() {
    server.traceUnder("other-id");
    caller.call("ResetInstance", RESET);
    clock.advance(Duration.ofMinutes(1));

    assertThat(traceId()).isEqualTo("other-id");
  }

  @Test
  void somebody_elses_reset_is_seen_and_not_counted_as_ours() {
    String theirs = server.foreignReset(cloud.images().get("img-ubuntu22"));
    clock.advance(Duration.ofMinutes(1));

    assertThat(traceId()).isEqualTo(theirs);
    assertThat(caller.code("ResetInstance", RESET))
        .isEqualTo("OperationDenied.InstanceOperationInProgress");
    assertThat(cloud.wipes(ID)).isZero();
    assertThat(cloud.wipeHistory(ID)).singleElement().matches(wipe -> wipe.foreign());
    clock.advance(Duration.ofMinutes(15));
    assertThat(caller.describe(ID).get("ImageId").asText()).isEqualTo("img-ubuntu22");
  }

  @Test
  void a_later_operation_hides_the_end_of_ours() {
    caller.call("ResetInstance", RESET);
    clock.advance(Duration.ofMinutes(1));
    String later = server.foreignOperation("RebootInstances");
    clock.advance(Duration.ofHours(1));

    assertThat(traceId()).isEqualTo(later);
  }

  @Test
  void a_server_that_is_stuck_starts_and_never_ends() {
    server.stayInTransition();
    caller.call("ResetInstance", RESET);
    clock.advance(Duration.ofDays(1));
    assertThat(caller.describe(ID).get("LatestOperationState").asText()).isEqualTo("OPERATING");
    assertThat(caller.describe(ID).get("InstanceState").asText()).isEqualTo("STOPPED");

    server.goOn();
    assertThat(caller.describe(ID).get("LatestOperationState").asText()).isEqualTo("SUCCESS");
  }

  private String traceId() {
    return caller.describe(ID).get("LatestOperationRequestId").asText();
  }

  private String diskId() {
    return caller.describe(ID).at("/SystemDisk/DiskId").asText();
  }
}
