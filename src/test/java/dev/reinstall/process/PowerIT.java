package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.simulator.RecordedCall;
import dev.reinstall.simulator.SimulatedFault;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests that stop or start their server, as shown to their owners. */
@Tag("deep")
@NeedsControlPlane
class PowerIT {
  private static TestCluster site;

  @BeforeAll
  static void start() {
    site = new TestCluster();
    site.startOperator();
  }

  @AfterAll
  static void close() {
    site.close();
  }

  private static List<String> changes(CloudUnderTest cloud, String id) {
    return cloud.cloud(site).callsLog().stream()
        .filter(call -> call.asked().servers().contains(id))
        .map(RecordedCall::action)
        .filter(action -> !action.toLowerCase(Locale.ROOT).startsWith("describe"))
        .toList();
  }

  /** The id of a server, and of its Reinstall, which has just sent a stop that takes long. */
  private static String stopping(CloudUnderTest cloud, String name) {
    return stopping(cloud, name, Duration.ofMinutes(30), "");
  }

  private static String stopping(CloudUnderTest cloud, String name, Duration stop, String more) {
    String id = cloud.id(name);
    cloud.newServer(site, id).plugIn();
    cloud.switchTakes(site, id, stop);
    site.apply(cloud.request(id, id, "whenRunning: Stop" + more));
    site.await("the stop", () -> changes(cloud, id).size() == 1);
    return id;
  }

  @ParameterizedTest
  @EnumSource
  void a_running_server_is_stopped_reinstalled_and_started(CloudUnderTest cloud) {
    String id = cloud.id("power001");
    cloud.newServer(site, id).plugIn();
    cloud.endStopped(site, id);

    site.apply(cloud.request(id, id, "whenRunning: Stop\npowerAfter: Running"));
    site.awaitFinished(id);

    assertThat(site.phase(id) + "/" + site.reason(id))
        .as(site::everything)
        .isEqualTo("Succeeded/Installed");
    assertThat(changes(cloud, id)).containsExactly(cloud.stop(), cloud.send(), cloud.start());
    assertThat(cloud.cloud(site).wipes(id)).isEqualTo(1);
    assertThat(cloud.runs(site, id)).isTrue();
    assertThat(site.story(id))
        .containsSubsequence(
            "Stopping/Stopping",
            "Submitting/Submitting",
            "Installing/Installing",
            "Starting/Starting",
            "Succeeded/Installed");
    assertThat(site.requestId(id)).isEqualTo(cloud.cloud(site).wipeHistory(id).get(0).requestId());
  }

  @ParameterizedTest
  @EnumSource
  void while_it_is_stopped_the_request_is_in_progress_and_its_ledger_says_stopping(
      CloudUnderTest cloud) {
    String id = cloud.id("power002");
    cloud.newServer(site, id).plugIn();
    var hold = cloud.cloud(site).hold(cloud.stop());

    site.apply(cloud.request(id, id, "whenRunning: Stop"));
    site.awaitPhase(id, "Stopping");

    assertThat(site.ledgerState(cloud.id("power002"), id)).isEqualTo("Stopping");
    assertThat(site.kubectl("wait", "--for=condition=Reconciling", "ri/" + id).succeeded())
        .isTrue();
    assertThat(site.field(id, ".status.requestId")).isEmpty();
    hold.release();
    site.awaitFinished(id);
    assertThat(site.phase(id)).isEqualTo("Succeeded");
  }

  @ParameterizedTest
  @EnumSource
  void a_server_that_was_stopped_for_a_request_that_is_then_deleted_is_reported_on_its_ledger(
      CloudUnderTest cloud) {
    String id =
        stopping(cloud, "power009", Duration.ofMinutes(30), "\nonUnsubmitted: LeaveStopped");
    site.awaitPhase(id, "Stopping");

    site.kubectl("delete", "ri", id).orFail();

    site.awaitLedgerEvent(
        event ->
            event.getReason().equals("ServerLeftStopped")
                && event.getNote().contains(site.namespace + "/" + id));
    assertThat(changes(cloud, id)).containsExactly(cloud.stop());
  }

  @ParameterizedTest
  @EnumSource
  void a_server_that_was_stopped_for_a_request_that_is_then_deleted_is_started_again(
      CloudUnderTest cloud) {
    String id = stopping(cloud, "power010", Duration.ofHours(2), "");

    site.kubectl("delete", "ri", id).orFail();

    site.awaitLedgerEvent(
        event ->
            event.getReason().equals("ServerRestarted")
                && event.getNote().contains(site.namespace + "/" + id)
                && event.getNote().endsWith(" and was started again."));
    assertThat(changes(cloud, id)).containsExactly(cloud.stop(), cloud.start());
    assertThat(cloud.runs(site, id)).isTrue();
    assertThat(site.ledgerState(id, id)).isEqualTo("Released");
  }

  @ParameterizedTest
  @EnumSource
  void a_server_that_was_stopped_for_a_request_that_the_cloud_rejects_is_started_again(
      CloudUnderTest cloud) {
    String id = cloud.id("power011");
    cloud.newServer(site, id).plugIn();
    cloud.cloud(site).on(cloud.send(), id, 1, SimulatedFault.errorCode(cloud.invalid()));

    site.apply(cloud.request(id, id, "whenRunning: Stop"));
    site.awaitFinished(id);

    assertThat(site.phase(id) + "/" + site.reason(id))
        .as(site::everything)
        .isEqualTo("Failed/Rejected");
    assertThat(site.message(id))
        .matches(".*The server was stopped for this request at 20\\S+Z and was started again[.]");
    assertThat(changes(cloud, id)).containsExactly(cloud.stop(), cloud.send(), cloud.start());
    assertThat(cloud.runs(site, id)).isTrue();
    assertThat(cloud.cloud(site).wipes(id)).isZero();
    assertThat(site.story(id)).containsSubsequence("Stopping/Restarting", "Failed/Rejected");
    site.awaitLedgerEvent(
        event -> event.getReason().equals("ServerRestarted") && event.getNote().contains("/" + id));
  }

  @ParameterizedTest
  @EnumSource
  void a_server_that_was_stopped_for_a_request_that_is_then_suspended_stays_so_and_it_says_so(
      CloudUnderTest cloud) {
    String id = stopping(cloud, "power003");

    site.kubectl("patch", "ri", id, "--type=merge", "-p", "{\"spec\":{\"suspend\":true}}").orFail();
    site.awaitReason(id, "Suspended");

    assertThat(site.message(id))
        .matches(
            "spec.suspend is true. No request is sent until it is set to false. What the request"
                + " will do is in status.plan, and what is wrong with it in status.findings. The"
                + " server was stopped for this request at 20\\S+Z[.] It is started again if the"
                + " request ends without being submitted, unless the server is then held or granted"
                + " to another namespace, or the operator is paused[.]"
                + " The deadline for starting is spec.notAfter \\(20\\S+Z\\)[.]");
    site.awaitEvents(id, "Warning/Suspended");
    assertThat(site.ledgerState(id, id)).isEqualTo("Released");
    site.staysTheSame("the calls", () -> changes(cloud, id));
    assertThat(changes(cloud, id)).containsExactly(cloud.stop());
  }

  @Test
  void a_server_whose_install_failed_is_reinstalled_although_it_cannot_be_stopped() {
    String id = "ins-power004";
    site.tencent.newServer(id).failResets("no room");
    site.apply(TestCluster.tencentRequest("first", id, ""));
    site.awaitFinished("first");
    assertThat(site.reason("first")).isEqualTo("InstallFailed");
    site.tencent.server(id).resetsSucceed().plugIn();

    site.apply(TestCluster.tencentRequest("second", id, "whenRunning: Stop"));
    site.awaitFinished("second");

    assertThat(site.phase("second")).as(site::everything).isEqualTo("Succeeded");
    assertThat(changes(CloudUnderTest.TENCENT, id))
        .containsExactly("ResetInstance", "StopInstances", "ResetInstance");
  }

  @ParameterizedTest
  @EnumSource
  void a_start_that_the_cloud_refuses_is_reported_and_the_request_has_succeeded(
      CloudUnderTest cloud) {
    String id = cloud.id("power005");
    cloud.newServer(site, id);
    cloud.endStopped(site, id);
    cloud.cloud(site).on(cloud.start(), id, 1, SimulatedFault.errorCode(cloud.denied()));

    site.apply(cloud.request(id, id, "powerAfter: Running"));
    site.awaitFinished(id);

    assertThat(site.phase(id)).as(site::everything).isEqualTo("Succeeded");
    assertThat(site.message(id))
        .isEqualTo(
            "The cloud confirmed that the reinstall is complete. spec.powerAfter is Running, but"
                + " the server was not started: "
                + (cloud == CloudUnderTest.TENCENT ? "" : "HTTP 403 ")
                + cloud.denied()
                + ": Simulated. Start the server in the cloud console.");
    assertThat(cloud.runs(site, id)).isFalse();
  }

  @Test
  void a_broken_server_waits_and_says_that_a_person_must_look() {
    String id = "cps-power006";
    site.jd.newServer(id).status("error");
    site.apply(TestCluster.jdRequest(id, id, "whenRunning: Stop"));
    site.awaitReason(id, "ServerBusy");
    assertThat(site.message(id))
        .startsWith(
            "The cloud reports the server in the failed state error. Check the server in the"
                + " cloud console. The reinstall starts when the server is stopped.");
    assertThat(changes(CloudUnderTest.JD, id)).isEmpty();
  }
}
