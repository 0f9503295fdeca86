package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REJECTED_BUSY;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REQUEST_LOST;
import static dev.reinstall.reconcile.Scenario.TIMING;
import static dev.reinstall.reconcile.Scenario.jd;
import static dev.reinstall.reconcile.Scenario.on;
import static dev.reinstall.reconcile.Scenario.tencent;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ReinstallSpec.PowerAfter;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.Observation.Power;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A request may require what its server is called; the one in memory is web-1, role web. */
class NameAndTagsTest {
  private static final Map<String, Object> DB = Map.of("role", "db");

  private static ReinstallSpec only(Scenario stage, String field, Object value) {
    return stage.cluster.onlyFrom(
        Map.of(field, value),
        stage.cluster.power(WhenRunning.Stop, PowerAfter.Leave, stage.spec()));
  }

  private static Scenario running(CloudName cloud, String field, Object value) {
    return on(cloud)
        .power(Power.RUNNING)
        .after(Duration.ofMinutes(5))
        .requestWith("web", it -> only(it, field, value));
  }

  private static void assertLeftRunning(Scenario stage, String unmet) {
    stage
        .reconcile()
        .assertStatus("Failed/PreconditionFailed")
        .assertMessage("spec.preconditions requires " + unmet + ". No reinstall request is sent.")
        .assertMessage("It may be another server than the one that is meant")
        .assertNothingClaimed()
        .assertStops(0)
        .assertSends(0);
  }

  @ParameterizedTest
  @CsvSource({"TencentCloud, instanceName", "JDCloud, name"})
  void a_request_ends_where_the_server_is_called_otherwise(CloudName cloud, String field) {
    assertLeftRunning(running(cloud, field, "web-2"), field + " web-2, but it is web-1");
  }

  @Test
  void a_request_ends_where_a_tag_is_another_or_is_not_there() {
    assertLeftRunning(running(CloudName.TencentCloud, "tags", DB), "tags.role db, but it is web");
    assertLeftRunning(
        running(CloudName.TencentCloud, "tags", Map.of("owner", "team-a")),
        "tags.owner team-a, but the cloud reports none of the server");
  }

  @Test
  void what_the_cloud_does_not_report_is_not_what_is_required() {
    assertLeftRunning(
        running(CloudName.JDCloud, "name", "web-1").cloud(it -> it.labels = Map.of()),
        "name web-1, but the cloud reports none of the server");
  }

  @Test
  void where_name_and_tag_are_as_required_the_request_starts() {
    tencent()
        .requestWith(
            "web",
            it ->
                it.cluster.onlyFrom(
                    Map.of("instanceName", "web-1", "tags", Map.of("role", "web")), it.spec()))
        .reconcile()
        .assertSends(1);
  }

  @Test
  void a_server_that_is_renamed_while_it_is_being_stopped_is_released() {
    running(CloudName.TencentCloud, "instanceName", "web-1")
        .reconcile()
        .assertState(State.Stopping)
        .cloud(it -> it.labels = Map.of("instanceName", "web-9"))
        .reconcileAfter(Duration.ofMinutes(10))
        .work(Duration.ofMinutes(10))
        .assertStatus("Failed/PreconditionFailed")
        .assertSends(0);
  }

  @Test
  void a_server_that_was_renamed_since_is_not_reinstalled_by_a_resend() {
    jd().requestWith("web", it -> only(it, "name", "web-1"))
        .send(REQUEST_LOST)
        .cloud(it -> it.labels = Map.of("name", "web-9"))
        .reconcileAfter(TIMING.sendWithin().multipliedBy(2))
        .assertSends(1)
        .assertStatus("Submitting/AwaitingConfirmation")
        .assertMessage("spec.preconditions requires name web-1, but it is web-9");
  }

  /** A rename is no sign of a reinstall by a duplicate of the request: it ends as not sent. */
  @Test
  void a_request_that_was_rejected_as_busy_fails_unsent_if_the_server_was_renamed() {
    tencent()
        .requestWith("web", it -> only(it, "instanceName", "web-1"))
        .send(REJECTED_BUSY)
        .cloud(it -> it.labels = Map.of("instanceName", "web-9"))
        .after(Duration.ofMinutes(5))
        .work(Duration.ofMinutes(20))
        .assertStatus("Failed/PreconditionFailed");
  }
}
