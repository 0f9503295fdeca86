package dev.reinstall.simulator.jdcloud;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reinstall.simulator.SimClock;
import dev.reinstall.simulator.SimulatedFault;
import dev.reinstall.simulator.jdcloud.JdServer.When;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JdStateTest {
  private static final String ID = "cps-abc123";

  private final SimClock clock = SimClock.manual();
  private final JdCloudSimulator cloud = JdCloudSimulator.start(0, clock).account("ak", "sk");
  private final JdServer server = cloud.newServer(ID);
  private final JdCaller caller = JdCaller.of(cloud);

  @AfterEach
  void close() {
    cloud.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"running", "error", "starting", "reinstalling", "frobnicating"})
  void only_a_stopped_server_is_reinstalled(String status) {
    server.status(status);

    assertThat(reinstall("t1")).isEqualTo("400 FAILED_PRECONDITION");
    assertThat(cloud.wipes(ID)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"stopped", "running", "error"})
  void a_reinstall_ends_as_it_is_told_to(String end) {
    server.endsAs(end);
    reinstall("t1");
    clock.advance(Duration.ofMinutes(21));

    assertThat(caller.describe(ID).get("status").asText()).isEqualTo(end);
    assertThat(caller.describe(ID).get("osTypeId").asText())
        .isEqualTo(end.equals("error") ? "os-1" : "os-2");
  }

  @Test
  void a_reinstall_may_show_nothing_of_itself_and_is_under_way_all_the_same() {
    server.withoutTransition().updateTimeChanges(When.NEVER).installedChanges(When.NEVER);
    JsonNode before = caller.describe(ID);
    reinstall("t1");
    clock.advance(Duration.ofMinutes(10));

    assertThat(caller.describe(ID)).isEqualTo(before);
    assertThat(reinstall("t2")).isEqualTo("400 FAILED_PRECONDITION");
    assertThat(caller.outcome(ID, "startInstance", "{}")).isEqualTo("400 FAILED_PRECONDITION");
    assertThat(cloud.wipes(ID)).isEqualTo(1);
  }

  @Test
  void all_that_is_shown_may_change_before_the_work_starts() {
    server.updateTimeChanges(When.AT_ACCEPTANCE).installedChanges(When.AT_ACCEPTANCE);
    String before = caller.describe(ID).get("updateTime").asText();
    clock.advance(Duration.ofSeconds(5));
    reinstall("t1");

    assertThat(caller.describe(ID).get("status").asText()).isEqualTo("stopped");
    assertThat(caller.describe(ID).get("osTypeId").asText()).isEqualTo("os-2");
    assertThat(caller.describe(ID).get("updateTime").asText()).isNotEqualTo(before);
  }

  @Test
  void a_rename_changes_the_update_time_and_nothing_else_that_counts() {
    String before = caller.describe(ID).get("updateTime").asText();
    clock.advance(Duration.ofSeconds(5));

    JsonNode renamed = caller.describe(server.renamed("web-1").id());

    assertThat(renamed.get("updateTime").asText()).isNotEqualTo(before);
    assertThat(renamed.get("osTypeId").asText()).isEqualTo("os-1");
  }

  @Test
  void a_token_is_forgotten_in_the_end_and_then_wipes_again() {
    cloud.keepTokensFor(Duration.ofHours(2));
    reinstall("t1");
    clock.advance(Duration.ofMinutes(119));
    assertThat(reinstall("t1")).isEqualTo("200");
    assertThat(cloud.wipes(ID)).isEqualTo(1);

    clock.advance(Duration.ofMinutes(2));
    assertThat(reinstall("t1")).isEqualTo("200");
    assertThat(cloud.wipes(ID)).isEqualTo(2);
  }

  @Test
  void another_token_or_none_is_another_request() {
    reinstall("t1");
    clock.advance(Duration.ofHours(1));
    assertThat(reinstall("t2")).isEqualTo("200");
    clock.advance(Duration.ofHours(1));
    assertThat(reinstall("")).isEqualTo("200");
    clock.advance(Duration.ofHours(1));
    assertThat(reinstall("")).isEqualTo("200");

    assertThat(cloud.wipes(ID)).isEqualTo(4);
  }

  @Test
  void a_token_belongs_to_one_action_and_is_at_most_36_characters_long() {
    assertThat(caller.outcome(ID, "startInstance", "{\"clientToken\":\"t1\"}")).isEqualTo("200");
    assertThat(caller.outcome(ID, "startInstance", "{\"clientToken\":\"t1\"}")).isEqualTo("200");
    clock.advance(Duration.ofMinutes(2));
    assertThat(caller.outcome(ID, "stopInstance", "{\"clientToken\":\"t1\"}")).isEqualTo("200");
    clock.advance(Duration.ofMinutes(2));
    assertThat(server.status()).isEqualTo("stopped");
    assertThat(reinstall("x".repeat(37))).isEqualTo("400 INVALID_ARGUMENT");
    assertThat(reinstall("x".repeat(36))).isEqualTo("200");
  }

  @Test
  void a_refused_first_call_is_forgotten_unless_configured_otherwise() {
    server.running();
    assertThat(reinstall("t1")).isEqualTo("400 FAILED_PRECONDITION");
    server.stopped();
    assertThat(reinstall("t1")).isEqualTo("200");

    clock.advance(Duration.ofHours(1));
    cloud.replayRefusals(true);
    server.running();
    assertThat(reinstall("t2")).isEqualTo("400 FAILED_PRECONDITION");
    server.stopped();
    assertThat(reinstall("t2")).isEqualTo("400 FAILED_PRECONDITION");
    assertThat(cloud.wipes(ID)).isEqualTo(1);
  }

  @Test
  void a_replay_has_a_request_id_of_its_own_unless_configured_otherwise() {
    String order = JdCaller.request("t1");
    JsonNode first = caller.put(ID, "reinstallInstance", order).get("requestId");
    assertThat(caller.put(ID, "reinstallInstance", order).get("requestId")).isNotEqualTo(first);

    cloud.sameRequestIdOnReplay(true);
    assertThat(caller.put(ID, "reinstallInstance", order).get("requestId")).isEqualTo(first);
  }

  @Test
  void of_many_calls_at_once_with_one_token_one_is_executed_and_all_succeed() {
    server.reinstallTakes(Duration.ZERO);
    var calls =
        Stream.generate(() -> CompletableFuture.supplyAsync(() -> reinstall("t1")))
            .limit(20)
            .toList();

    assertThat(calls).extracting(CompletableFuture::join).containsOnly("200");
    assertThat(cloud.wipes(ID)).isEqualTo(1);
    assertThat(cloud.calls("reinstallInstance")).isEqualTo(20);
  }

  @Test
  void power_moves_in_its_own_time() {
    assertThat(caller.outcome(ID, "stopInstance", "{}")).isEqualTo("400 FAILED_PRECONDITION");
    assertThat(caller.outcome(ID, "startInstance", "{}")).isEqualTo("200");
    assertThat(server.status()).isEqualTo("starting");
    clock.advance(Duration.ofMinutes(1));
    assertThat(server.status()).isEqualTo("running");
    assertThat(caller.outcome(ID, "restartInstance", "{}")).isEqualTo("200");
    assertThat(server.status()).isEqualTo("restarting");
    clock.advance(Duration.ofMinutes(1));
    assertThat(caller.outcome(ID, "stopInstance", "{}")).isEqualTo("200");
    assertThat(server.status()).isEqualTo("stopping");
    clock.advance(Duration.ofMinutes(1));
    assertThat(server.status()).isEqualTo("stopped");
  }

  @Test
  void a_server_that_is_stuck_starts_and_never_ends() {
    server.stayInTransition();
    reinstall("t1");
    clock.advance(Duration.ofDays(1));
    assertThat(server.status()).isEqualTo("reinstalling");

    server.goOn();
    assertThat(server.status()).isEqualTo("stopped");
  }

  @Test
  void somebody_elses_reinstall_is_not_counted_as_ours() {
    server.foreignReinstall(cloud.catalogue().system(Catalogue.DEVICE_TYPE, "os-2").orElseThrow());
    clock.advance(Duration.ofSeconds(2));

    assertThat(server.status()).isEqualTo("reinstalling");
    assertThat(cloud.wipes(ID)).isZero();
    assertThat(cloud.wipeHistory(ID)).hasSize(1);
  }

  @Test
  void errors_have_a_true_status_and_a_word() {
    cloud.onNext("reinstallInstance", SimulatedFault.errorCode("RATE_LIMIT"));
    cloud.onNext("reinstallInstance", SimulatedFault.errorCode("QUOTA_EXCEEDED"));
    cloud.onNext(
        "reinstallInstance",
        SimulatedFault.status(
            200, Map.of(), "{\"requestId\":\"r\",\"result\":{\"success\":false}}"));

    assertThat(reinstall("t1")).isEqualTo("429 RATE_LIMIT");
    assertThat(reinstall("t1")).isEqualTo("429 QUOTA_EXCEEDED");
    assertThat(caller.put(ID, "reinstallInstance", JdCaller.request("t1")).at("/result/success"))
        .hasToString("false");
    assertThat(cloud.wipes(ID)).isZero();
  }

  private String reinstall(String token) {
    return caller.outcome(ID, "reinstallInstance", JdCaller.request(token));
  }
}
