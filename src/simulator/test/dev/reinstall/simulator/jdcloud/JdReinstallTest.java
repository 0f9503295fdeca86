package dev.reinstall.simulator.jdcloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reinstall.simulator.SimClock;
import dev.reinstall.simulator.SimulatedFault;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JdReinstallTest {
  private static final String ID = "cps-abc123";

  private final SimClock clock = SimClock.manual();
  private final JdCloudSimulator cloud = JdCloudSimulator.start(0, clock).account("ak", "sk");
  private final JdServer server = cloud.newServer(ID);
  private final JdCaller caller = JdCaller.of(cloud);

  @AfterEach
  void close() {
    cloud.close();
  }

  @Test
  void a_reinstall_rests_a_little_reinstalls_and_ends_stopped() {
    JsonNode response = caller.put(ID, "reinstallInstance", JdCaller.request("t1"));
    assertThat(response.at("/result/success").asBoolean()).isTrue();

    assertThat(cloud.wipes(ID)).isEqualTo(1);
    assertThat(caller.describe(ID).get("status").asText()).isEqualTo("stopped");
    clock.advance(Duration.ofSeconds(2));
    assertThat(caller.describe(ID).get("status").asText()).isEqualTo("reinstalling");
    assertThat(caller.describe(ID).get("osTypeId").asText()).isEqualTo("os-1");
    clock.advance(Duration.ofMinutes(20));
    assertThat(caller.describe(ID).get("status").asText()).isEqualTo("stopped");
    assertThat(caller.describe(ID).get("osTypeId").asText()).isEqualTo("os-2");
  }

  @Test
  void a_second_call_with_the_token_gets_the_first_result_and_wipes_nothing() {
    cloud.onNext("reinstallInstance", SimulatedFault.cutAfterEffect());
    assertThatThrownBy(() -> caller.outcome(ID, "reinstallInstance", JdCaller.request("t1")))
        .isInstanceOf(UncheckedIOException.class);

    assertThat(caller.outcome(ID, "reinstallInstance", JdCaller.request("t1"))).isEqualTo("200");
    clock.advance(Duration.ofHours(1));
    assertThat(caller.outcome(ID, "reinstallInstance", JdCaller.request("t1"))).isEqualTo("200");

    assertThat(cloud.wipes(ID)).isEqualTo(1);
    assertThat(cloud.calls("reinstallInstance")).isEqualTo(3);
    assertThat(server.wipeHistory().get(0).clientToken()).isEqualTo("t1");
  }

  @Test
  void a_running_server_is_not_reinstalled() {
    server.running();

    assertThat(caller.outcome(ID, "reinstallInstance", JdCaller.request("t1")))
        .isEqualTo("400 FAILED_PRECONDITION");
    assertThat(cloud.wipes(ID)).isZero();
  }

  @Test
  void a_wrong_key_wipes_nothing() {
    assertThat(caller.as("ak", "no").outcome(ID, "reinstallInstance", JdCaller.request("t1")))
        .isEqualTo("401 UNAUTHENTICATED");
    assertThat(cloud.wipes(ID)).isZero();
    assertThat(cloud.callsLog().get(0).verified()).isFalse();
  }
}
