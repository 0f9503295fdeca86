package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REQUEST_LOST;
import static dev.reinstall.reconcile.Scenario.R1;
import static dev.reinstall.reconcile.Scenario.R2;
import static dev.reinstall.reconcile.Scenario.on;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.ReinstallSpec.PowerAfter;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.cloud.Finding;
import dev.reinstall.cloud.Observation.Power;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The Secret of a generated password exists before anything is touched, and is made once. */
class GeneratedPasswordTest {
  private static final String REFUSED = "Secret login was not created.";

  private static Scenario generated(CloudName cloud) {
    return on(cloud).cluster(it -> it.generates = true).cluster(it -> it.secretsThere = false);
  }

  private static Scenario ofRunningServer(CloudName cloud) {
    return generated(cloud)
        .power(Power.RUNNING)
        .after(Duration.ofMinutes(5))
        .request("a", WhenRunning.Stop, PowerAfter.Leave);
  }

  private static void assertMade(Scenario story, int passwords) {
    assertThat(story.cluster.passwords).as(story.reported()).isEqualTo(passwords);
  }

  @ParameterizedTest
  @EnumSource(names = "UNRECOGNIZED", mode = EnumSource.Mode.EXCLUDE)
  void it_is_made_before_the_server_is_stopped_and_its_version_is_recorded(CloudName cloud) {
    Scenario story = ofRunningServer(cloud);
    story
        .before(PortCall.CREATE_PASSWORD, it -> it.assertNothingClaimed().assertStops(0))
        .before(PortCall.STOP, it -> assertMade(it, 1))
        .before(
            PortCall.REINSTALL,
            it -> assertThat(it.entry().secretVersions()).isEqualTo(Map.of("login", "2")))
        .work()
        .assertStops(1)
        .assertSends(1)
        .assertStatus("Succeeded/Installed");
    assertMade(story, 1);
  }

  @ParameterizedTest
  @EnumSource(names = "UNRECOGNIZED", mode = EnumSource.Mode.EXCLUDE)
  void it_is_made_before_a_stopped_server_is_claimed(CloudName cloud) {
    Scenario story = generated(cloud).request("a");
    story
        .before(PortCall.CREATE_PASSWORD, Scenario::assertNothingClaimed)
        .work()
        .assertSends(1)
        .assertStatus("Succeeded/Installed");
    assertMade(story, 1);
  }

  @Test
  void a_server_whose_secret_cannot_be_created_is_left_as_it_is_until_it_can() {
    Scenario story =
        ofRunningServer(CloudName.TencentCloud)
            .cluster(it -> it.createRefused = REFUSED)
            .reconcile()
            .assertStatus("Pending/SecretNotReady")
            .assertMessage(REFUSED)
            .assertNothingClaimed()
            .assertStops(0)
            .assertPower(Power.RUNNING);
    assertThat(story.status().findings())
        .extracting("field", "message")
        .containsExactly(tuple("spec.tencentCloud", REFUSED));
    story
        .cluster(it -> it.createRefused = null)
        .work()
        .assertSends(1)
        .assertStatus("Succeeded/Installed");
    assertMade(story, 1);
  }

  @Test
  void a_suspended_request_makes_none_and_misses_none() {
    Scenario story =
        generated(CloudName.JDCloud)
            .requestWith(
                "a", it -> it.cluster.spec("img-new", it.inHours(4), WhenRunning.Stop, true))
            .reconcile()
            .assertStatus("Pending/Suspended");
    assertMade(story, 0);
    assertThat(story.status().findings()).isEmpty();
    assertThat(story.status().conditions().get(1).getStatus()).isEqualTo("True");

    story.resume().work().assertSends(1).assertStatus("Succeeded/Installed");
    assertMade(story, 1);
  }

  @Test
  void a_request_that_cannot_start_yet_makes_none() {
    Scenario story =
        generated(CloudName.TencentCloud)
            .power(Power.RUNNING)
            .request("a")
            .reconcile()
            .assertStatus("Pending/ServerRunning");
    assertMade(story, 0);
    Finding weak = Finding.correctable("spec.passwordRef", "the user data is too long");
    story
        .power(Power.STOPPED)
        .cluster(it -> it.secretFindings = List.of(weak))
        .reconcileAfter(Duration.ofMinutes(5))
        .assertStatus("Pending/CheckFailed");
    assertMade(story, 0);
  }

  @Test
  void after_a_crash_before_the_claim_the_same_password_is_sent() {
    Scenario story = generated(CloudName.TencentCloud).request("a").crash(PortCall.NEW_CLAIM_ID);
    assertMade(story, 1);
    story
        .restart(R1, Duration.ZERO)
        .before(
            PortCall.REINSTALL,
            it -> assertThat(it.entry().secretVersions()).isEqualTo(Map.of("login", "2")))
        .work()
        .assertSends(1)
        .assertStatus("Succeeded/Installed");
    assertMade(story, 1);
  }

  @Test
  void of_two_processes_both_send_the_password_of_the_one_that_made_it() {
    Scenario story = generated(CloudName.TencentCloud).request("a");
    story
        .before(R1, PortCall.CREATE_PASSWORD, it -> it.cluster.newPassword())
        .work()
        .assertSends(1)
        .assertStatus("Succeeded/Installed");
    assertMade(story, 1);
  }

  @Test
  void a_secret_that_is_gone_when_the_server_is_stopped_is_made_again_before_the_request_is_sent() {
    Scenario story = ofRunningServer(CloudName.TencentCloud).reconcile();
    assertMade(story, 1);
    story
        .cluster(it -> it.secretsThere = false)
        .work()
        .assertSends(1)
        .assertStatus("Succeeded/Installed");
    assertMade(story, 2);
  }

  @Test
  void a_request_is_not_sent_again_with_another_password() {
    Scenario story = generated(CloudName.JDCloud).request("a").send(REQUEST_LOST);
    story
        .cluster(it -> it.secretsThere = false)
        .restart(R1, Duration.ZERO)
        .after(Scenario.TIMING.fence())
        .reconcile(R2)
        .after(Scenario.TIMING.fence())
        .work(R2)
        .assertSends(1)
        .assertStatus("Unknown/OutcomeUnknown");
    assertMade(story, 1);
  }
}
