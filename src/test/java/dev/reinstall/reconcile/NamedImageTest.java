package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REQUEST_LOST;
import static dev.reinstall.reconcile.Scenario.R1;
import static dev.reinstall.reconcile.Scenario.R2;
import static dev.reinstall.reconcile.Scenario.on;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.ReinstallSpec.PowerAfter;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.reconcile.FaultSchedule.CallOutcome;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A request that gives the name of an image is sent with the ID that the ledger has. */
class NamedImageTest {
  private static final String NAME = "Debian 12";

  private static Scenario named(CloudName cloud, String... ids) {
    return on(cloud)
        .cluster(it -> it.imagesNamed = Map.of(NAME, List.of(ids)))
        .requestWith("a", it -> CoreReinstalls.named(it.spec(), NAME));
  }

  private static void nowNames(Scenario story, String... ids) {
    story.cluster.imagesNamed = Map.of(NAME, List.of(ids));
  }

  private static Map<String, String> resolved(Scenario story, String id) {
    return Map.of(story.cluster.cloud.imageField(), id);
  }

  private static void assertInstalled(Scenario story, String id) {
    assertThat(story.cluster.cloud.observation().installed())
        .as(story.reported())
        .containsAllEntriesOf(resolved(story, id));
  }

  @ParameterizedTest
  @EnumSource(names = "UNRECOGNIZED", mode = EnumSource.Mode.EXCLUDE)
  void the_id_is_recorded_before_the_request_is_sent_and_installed(CloudName cloud) {
    Scenario story = named(cloud, "img-new");
    story
        .before(
            PortCall.REINSTALL,
            it -> {
              assertThat(it.entry().resolved()).isEqualTo(resolved(it, "img-new"));
              assertThat(it.entry().expected()).isEqualTo(resolved(it, "img-new"));
            })
        .work()
        .assertSends(1)
        .assertStatus("Succeeded/Installed");
    assertInstalled(story, "img-new");
    assertThat(story.entry().resolved()).as("cut at the end").isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "img-new,img-other"})
  void a_name_of_none_or_two_stops_no_server_and_is_corrected_outside(String ids) {
    Scenario story =
        on(CloudName.TencentCloud)
            .power(Power.RUNNING)
            .after(Duration.ofMinutes(5))
            .requestWith(
                "a",
                it ->
                    CoreReinstalls.named(
                        it.cluster.power(WhenRunning.Stop, PowerAfter.Leave, it.spec()), NAME));
    nowNames(
        story, Arrays.stream(ids.split(",")).filter(id -> !id.isEmpty()).toArray(String[]::new));
    story
        .reconcile()
        .assertStatus("Pending/CheckFailed")
        .assertNothingClaimed()
        .assertStops(0)
        .assertPower(Power.RUNNING);

    nowNames(story, "img-new");
    story.work().assertSends(1).assertStatus("Succeeded/Installed");
    assertInstalled(story, "img-new");
  }

  @Test
  void a_resend_has_the_recorded_id_although_the_name_stands_for_another_image() {
    Scenario story = named(CloudName.JDCloud, "img-new").send(REQUEST_LOST);
    nowNames(story, "img-other");
    story.work().assertSends(2).assertStatus("Succeeded/Installed");
    assertInstalled(story, "img-new");
  }

  @Test
  void a_resend_of_another_process_has_the_recorded_id_although_the_name_is_gone() {
    Scenario story = named(CloudName.JDCloud, "img-new").send(REQUEST_LOST);
    nowNames(story);
    story.restart(R1, Duration.ZERO).reconcile(R2).after(Scenario.TIMING.fence()).work(R2);
    story.assertSends(2).assertStatus("Succeeded/Installed");
    assertInstalled(story, "img-new");
  }

  @Test
  void a_request_whose_id_is_not_recorded_is_not_sent_again() {
    named(CloudName.JDCloud, "img-new")
        .send(REQUEST_LOST)
        .editEntry("a", entry -> entry.resolved(null))
        .work(Duration.ofMinutes(5))
        .assertSends(1)
        .assertStatus("Unknown/OutcomeUnknown");
  }

  @ParameterizedTest
  @EnumSource(names = "UNRECOGNIZED", mode = EnumSource.Mode.EXCLUDE)
  void a_new_attempt_after_a_certain_rejection_looks_the_name_up_again(CloudName cloud) {
    Scenario story = named(cloud, "img-old-build").send(CallOutcome.REJECTED_DENIED);
    story.assertState(State.Released);
    assertThat(story.entry().resolved()).isNull();

    nowNames(story, "img-new");
    story.work().assertSends(2).assertStatus("Succeeded/Installed");
    assertInstalled(story, "img-new");
  }
}
