package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REQUEST_LOST;
import static dev.reinstall.reconcile.PortCall.REINSTALL;
import static dev.reinstall.reconcile.Scenario.TIMING;
import static dev.reinstall.reconcile.Scenario.jd;
import static dev.reinstall.reconcile.Scenario.tencent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ReinstallSpec.PowerAfter;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ReinstallStatus.Finding;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.reconcile.FaultSchedule.DescribeOutcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the check of a request finds and plans, and for how long that is kept. */
class CheckTest {
  private static final dev.reinstall.cloud.Finding WEAK =
      dev.reinstall.cloud.Finding.correctable("spec.passwordRef", "the password is weak");

  private static Scenario assertFindings(Scenario stage, Finding... findings) {
    assertThat(stage.status().findings()).as(stage.reported()).containsExactly(findings);
    return stage;
  }

  @Test
  void everything_that_is_wrong_is_found_at_once() {
    Scenario stage =
        tencent()
            .requestWith(
                "web",
                it -> it.cluster.onlyFrom("img-third", it.cluster.spec("img-unfit", it.inHours(4))))
            .cluster(it -> it.secretFindings = List.of(WEAK))
            .reconcile()
            .assertStatus("Failed/InvalidSpec");
    assertFindings(
        stage,
        new Finding("spec.image", "INVALID", "the image does not fit."),
        new Finding(
            "spec.preconditions",
            "INVALID",
            "spec.preconditions requires imageId img-third, but img-old is installed."),
        new Finding("spec.passwordRef", "CORRECTABLE", "the password is weak."));
  }

  @Test
  void a_spec_that_is_invalid_by_itself_is_a_finding() {
    assertFindings(
        tencent().request("web", "img-unsound").reconcile().assertStatus("Failed/InvalidSpec"),
        new Finding("spec", "INVALID", "tencentCloud.imageId is unsound."));
  }

  @Test
  void a_secret_that_is_missing_is_found_in_the_block_that_refers_to_it() {
    assertFindings(
        tencent("web").cluster(it -> it.secretsThere = false).reconcile(),
        new Finding("spec.tencentCloud", "CORRECTABLE", "the Secret login is missing."));
    assertFindings(
        jd("web").cluster(it -> it.secretsThere = false).reconcile(),
        new Finding("spec.jdCloud", "CORRECTABLE", "the Secret login is missing."));
  }

  /** The password is in the Secret of the credentials. */
  @Test
  void one_missing_secret_is_one_finding() {
    Scenario stage =
        tencent()
            .cluster(it -> it.account = "login")
            .cluster(it -> it.credentials = null)
            .cluster(it -> it.secretsThere = false)
            .requestWith("web", it -> suspended(it.spec(), WhenRunning.Wait, null))
            .reconcile();
    assertFindings(
        stage, new Finding("spec.credentialsRef", "CORRECTABLE", "the Secret login is missing."));
    stage.cluster(it -> it.account = "account").reconcile();
    assertFindings(
        stage,
        new Finding("spec.credentialsRef", "CORRECTABLE", "the Secret account is missing."),
        new Finding("spec.tencentCloud", "CORRECTABLE", "the Secret login is missing."));
  }

  @ParameterizedTest
  @CsvSource({"DENIED, spec.credentialsRef", "NOT_FOUND, spec.instanceId"})
  void what_is_wrong_besides_is_found_although_the_server_cannot_be_described(
      DescribeOutcome outcome, String field) {
    Scenario stage =
        tencent("web")
            .describe(outcome)
            .cluster(it -> it.secretFindings = List.of(WEAK))
            .reconcile();
    assertThat(stage.status().findings())
        .extracting(Finding::field)
        .containsExactly(field, "spec.passwordRef");
    stage.cluster(it -> it.secretFindings = List.of()).reconcileAfter(TIMING.pollInterval());
    assertThat(stage.status().findings()).extracting(Finding::field).containsExactly(field);
  }

  @ParameterizedTest
  @EnumSource(names = {"THROTTLED", "UNREACHABLE"})
  void a_description_that_fails_for_now_is_no_reason_to_read_the_secrets(DescribeOutcome outcome) {
    Scenario stage =
        tencent("web")
            .describe(outcome)
            .cluster(it -> it.secretFindings = List.of(WEAK))
            .reconcile();
    assertThat(stage.status().findings()).isNull();
  }

  @Test
  void what_is_wrong_with_one_secret_is_said_with_another_one_that_is_missing() {
    tencent("web")
        .cluster(it -> it.secretFindings = List.of(WEAK))
        .cluster(it -> it.secretsThere = false)
        .reconcile()
        .assertStatus("Pending/CheckFailed")
        .assertMessage("the password is weak. the Secret login is missing.");
  }

  @Test
  void a_secret_that_is_taken_away_while_the_server_is_being_stopped_is_missed_before_the_call() {
    tencent()
        .requestToStop("web")
        .reconcile()
        .assertStatus("Stopping/Stopping")
        .cluster(it -> it.secretsThere = false)
        .work(Duration.ofMinutes(30))
        .assertStatus("Pending/SecretNotReady")
        .assertSends(0);
  }

  private static void assertComplete(Scenario stage, boolean complete) {
    assertThat(stage.status().conditions().get(1).getStatus())
        .isEqualTo(complete ? "True" : "Unknown");
  }

  @Test
  void a_check_is_complete_when_everything_could_be_read() {
    Scenario stage =
        tencent()
            .requestWith("web", it -> suspended(it.spec(), WhenRunning.Wait, null))
            .reconcile();
    assertComplete(stage, true);
    assertComplete(stage.cluster(it -> it.secretsThere = false).reconcile(), false);
    assertComplete(stage.cluster(it -> it.secretsThere = true).reconcile(), true);
    dev.reinstall.cloud.Finding unchecked =
        dev.reinstall.cloud.Finding.unchecked("spec.image", "the image is not checked");
    assertComplete(stage.cluster(it -> it.secretFindings = List.of(unchecked)).reconcile(), false);
    assertComplete(stage.cluster(it -> it.secretFindings = List.of()).reconcile(), true);
    assertComplete(stage.describe(DescribeOutcome.UNREACHABLE).reconcile(), false);
  }

  @Test
  void what_was_corrected_is_found_no_more() {
    Scenario stage = tencent("web").cluster(it -> it.secretFindings = List.of(WEAK)).reconcile();
    assertFindings(
        stage.assertStatus("Pending/CheckFailed"),
        new Finding("spec.passwordRef", "CORRECTABLE", "the password is weak."));
    stage.cluster(it -> it.secretFindings = List.of()).reconcile().assertSends(1);
    assertFindings(stage);
  }

  @ParameterizedTest
  @CsvSource({
    "DENIED, CORRECTABLE, spec.credentialsRef",
    "THROTTLED, WARNING, spec.instanceId",
    "UNREACHABLE, WARNING, spec.instanceId",
    "NOT_FOUND, CORRECTABLE, spec.instanceId",
  })
  void a_server_that_cannot_be_described_is_a_finding_of_a_suspended_request(
      DescribeOutcome outcome, String kind, String field) {
    Scenario stage =
        tencent()
            .describe(outcome)
            .requestWith(
                "web", it -> it.cluster.spec("img-new", it.inHours(4), WhenRunning.Wait, true))
            .reconcile()
            .assertStatus("Pending/Suspended");
    assertThat(stage.status().plan()).isNull();
    assertThat(stage.status().findings())
        .extracting(Finding::field, Finding::severity)
        .containsExactly(tuple(field, kind));
  }

  @Test
  void what_was_checked_is_shown_before_the_request_is_sent() {
    tencent("web")
        .before(
            REINSTALL,
            s ->
                s.verify(
                    it ->
                        assertThat(it.status().plan().installation().from())
                            .containsEntry("imageId", "img-old")))
        .reconcile()
        .assertSends(1);
  }

  /** An upgrade of the operator may find what the older one did not. */
  @Test
  void a_request_is_not_sent_again_with_secrets_in_which_an_error_was_found_since() {
    jd("web")
        .send(REQUEST_LOST)
        .cluster(it -> it.secretFindings = List.of(WEAK))
        .reconcileAfter(TIMING.sendWithin().multipliedBy(2))
        .assertSends(1)
        .assertStatus("Unknown/OutcomeUnknown");
  }

  @Test
  void what_was_planned_before_the_submit_is_kept() {
    Scenario stage = tencent().requestToStop("web").reconcile();
    assertThat(stage.status().plan().power()).startsWith("The running server is stopped first.");
    stage.endsAs("Succeeded/Installed");
    assertThat(stage.status().plan().power())
        .startsWith("The server was stopped for this request.");
    assertThat(stage.status().plan().installation().from()).containsEntry("imageId", "img-old");
  }

  /** What the cloud reports meanwhile may be what was before, or what will be. */
  @Test
  void while_an_operation_is_in_progress_no_request_fails_by_what_is_reported() {
    tencent()
        .power(Power.CHANGING)
        .request("web", "img-unfit")
        .reconcile()
        .assertStatus("Pending/ServerBusy")
        .power(Power.STOPPED)
        .reconcileAfter(Duration.ofMinutes(5))
        .assertStatus("Failed/InvalidSpec")
        .assertSends(0);
  }

  @Test
  void a_request_that_waits_for_its_server_is_checked_once_and_again_before_it_starts() {
    Scenario stage =
        tencent()
            .power(Power.RUNNING)
            .request("web")
            .reconcile()
            .assertStatus("Pending/ServerRunning");
    assertThat(stage.status().plan()).isNotNull();
    stage
        .cluster(it -> it.secretFindings = List.of(WEAK))
        .reconcile()
        .assertStatus("Pending/ServerRunning")
        .power(Power.STOPPED)
        .reconcileAfter(Duration.ofMinutes(5))
        .assertStatus("Pending/CheckFailed")
        .assertSends(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "STOPPED | Wait | Leave | No stop is needed while the server is stopped. After the reinstall,"
            + " the server is left as the cloud leaves it.",
        "RUNNING |      | Running | The server is running; the request waits until it is stopped."
            + " After the reinstall, the server is started if it is stopped.",
        "RUNNING | Wait | | The server is running; the request waits until it is stopped. After the"
            + " reinstall, the server is left as the cloud leaves it.",
        "RUNNING | Stop | Leave | The running server is stopped first. After the reinstall, the"
            + " server is left as the cloud leaves it.",
        "RUNNING | Fail | Leave | The server is running, so the request fails. After the reinstall,"
            + " the server is left as the cloud leaves it.",
      })
  void the_plan_says_what_is_stopped_and_started(
      Power power, WhenRunning whenRunning, PowerAfter after, String planned) {
    Scenario stage =
        tencent()
            .power(power)
            .requestWith("web", it -> suspended(it.spec(), whenRunning, after))
            .reconcile()
            .assertStatus("Pending/Suspended");
    assertThat(stage.status().plan().power()).isEqualTo(planned);
    assertThat(stage.status().plan().addresses()).containsExactly("10.0.0.7");
  }

  private static ReinstallSpec suspended(
      ReinstallSpec spec, WhenRunning whenRunning, PowerAfter after) {
    return InMemoryCluster.with(spec, whenRunning, after, spec.preconditions(), true);
  }
}
