package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.CommandResult;
import dev.reinstall.controlplane.NeedsControlPlane;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** User actions with kubectl. */
@Tag("deep")
@NeedsControlPlane
class KubectlIT {
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

  @Test
  void wait_ends_with_the_request_and_get_shows_what_became_of_it() {
    site.tencent.newServer("ins-kube0001");
    site.apply(TestCluster.tencentRequest("web-1", "ins-kube0001", ""));

    site.kubectl("wait", "--for=condition=Finished", "ri/web-1", "--timeout=60s").orFail();
    site.kubectl("wait", "--for=condition=Ready", "ri/web-1", "--timeout=1s").orFail();
    List<String> table = site.kubectl("get", "ri", "web-1").orFail().lines().toList();

    String requestId = site.tencent.wipeHistory("ins-kube0001").get(0).requestId();
    assertThat(table.get(0).split(" {2,}"))
        .containsExactly("NAME", "CLOUD", "INSTANCE", "PHASE", "REASON", "REQUEST ID", "AGE");
    assertThat(table.get(1).split(" {2,}"))
        .startsWith("web-1", "TencentCloud", "ins-kube0001", "Succeeded", "Installed", requestId);
  }

  @Test
  void a_suspended_request_changes_nothing_and_get_w_shows_it_go_when_it_is_resumed() {
    site.tencent.newServer("ins-kube0002");
    site.apply(TestCluster.tencentRequest("web-2", "ins-kube0002", "suspend: true"));
    site.awaitReason("web-2", "Suspended");
    site.staysTheSame("the cloud", () -> site.tencent.calls("ResetInstance", "ins-kube0002"));
    assertThat(site.tencent.calls("ResetInstance", "ins-kube0002")).isZero();

    CompletableFuture<CommandResult> watch =
        CompletableFuture.supplyAsync(
            () ->
                site.kubectl(
                    "get", "ri", "web-2", "-w", "--request-timeout=6s", "--no-headers=true"));
    site.kubectl("patch", "ri", "web-2", "--type=merge", "-p", "{\"spec\":{\"suspend\":false}}")
        .orFail();
    site.awaitFinished("web-2");

    assertThat(site.story("web-2"))
        .containsExactly(
            "Pending/Suspended",
            "Submitting/Submitting",
            "Installing/Installing",
            "Succeeded/Installed");
    assertThat(site.tencent.wipes("ins-kube0002")).isEqualTo(1);
    assertThat(watch.join().out().lines()).anyMatch(line -> line.contains("Succeeded"));
  }

  @Test
  void describe_shows_the_conditions_and_two_events() {
    site.jd.newServer("cps-kube0003");
    site.apply(TestCluster.jdRequest("node-3", "cps-kube0003", ""));
    site.awaitFinished("node-3");

    site.await(
        "both Events",
        () ->
            site.kubectl("describe", "ri", "node-3")
                    .orFail()
                    .lines()
                    .filter(line -> line.contains("reinstall.dev/operator"))
                    .count()
                == 2);
    String all = site.kubectl("describe", "ri", "node-3").orFail();

    assertThat(all)
        .contains("Conditions:", "Accepted", "Finished", "Ready", "Events:")
        .containsPattern("Normal +Installing")
        .containsPattern("Normal +Installed")
        .contains(site.requestId("node-3"));
  }

  @Test
  void a_status_wiped_by_hand_comes_back_from_the_ledger_and_calls_nothing() {
    site.tencent.newServer("ins-kube0005");
    site.apply(TestCluster.tencentRequest("web-5", "ins-kube0005", ""));
    site.awaitFinished("web-5");
    String requestId = site.requestId("web-5");
    int calls = CloudUnderTest.TENCENT.calls(site, "ins-kube0005");

    site.kubectl(
            "patch",
            "ri",
            "web-5",
            "--subresource=status",
            "--type=merge",
            "-p",
            "{\"status\":null}")
        .orFail();
    site.awaitPhase("web-5", "Succeeded");
    site.staysTheSame("the cloud", () -> CloudUnderTest.TENCENT.calls(site, "ins-kube0005"));

    assertThat(site.reason("web-5")).isEqualTo("Installed");
    assertThat(site.requestId("web-5")).isEqualTo(requestId);
    assertThat(CloudUnderTest.TENCENT.calls(site, "ins-kube0005")).isEqualTo(calls);
  }

  @Test
  void a_status_wiped_while_it_is_installed_does_not_make_it_start_again() {
    site.tencent.newServer("ins-kube0006").stayInTransition();
    site.apply(TestCluster.tencentRequest("web-6", "ins-kube0006", ""));
    site.awaitPhase("web-6", "Installing");

    site.kubectl(
            "patch",
            "ri",
            "web-6",
            "--subresource=status",
            "--type=merge",
            "-p",
            "{\"status\":null}")
        .orFail();
    site.awaitPhase("web-6", "Installing");
    site.tencent.server("ins-kube0006").goOn();
    site.awaitFinished("web-6");

    assertThat(site.phase("web-6")).isEqualTo("Succeeded");
    assertThat(site.tencent.calls("ResetInstance", "ins-kube0006")).isEqualTo(1);
  }

  @Test
  void a_lie_in_the_status_is_put_right() {
    site.tencent.newServer("ins-kube0007");
    site.apply(TestCluster.tencentRequest("web-7", "ins-kube0007", ""));
    site.awaitFinished("web-7");

    site.kubectl(
            "patch",
            "ri",
            "web-7",
            "--subresource=status",
            "--type=merge",
            "-p",
            "{\"status\":{\"phase\":\"Failed\",\"reason\":\"DeadlineExceeded\"}}")
        .orFail();

    site.awaitPhase("web-7", "Succeeded");
    assertThat(site.tencent.wipes("ins-kube0007")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "Succeeded,  Succeeded, False",
    "Submitting, Unknown,   Unknown",
    "Installing, Unknown,   True",
    "Madeup,     Unknown,   Unknown"
  })
  void a_status_that_nothing_is_recorded_for_is_not_corrected_and_sends_nothing(
      String written, String shown, String accepted) {
    String name = "written-" + written.toLowerCase(Locale.ROOT);
    site.tencent.newServer("ins-kube0013");
    site.apply(TestCluster.tencentRequest(name, "ins-kube0013", "suspend: true"));
    site.awaitReason(name, "Suspended");

    site.kubectl(
            "patch",
            "ri",
            name,
            "--subresource=status",
            "--type=merge",
            "-p",
            "{\"status\":{\"phase\":\"" + written + "\",\"reason\":\"Installed\"}}")
        .orFail();
    site.kubectl("patch", "ri", name, "--type=merge", "-p", "{\"spec\":{\"suspend\":false}}")
        .orFail();

    site.await(
        "the status to speak of the newest generation",
        () -> site.field(name, ".status.observedGeneration").equals("2"));
    assertThat(site.phase(name)).isEqualTo(shown);
    String condition = "jsonpath={.status.conditions[?(@.type=='Accepted')].status}";
    assertThat(site.kubectl("get", "ri", name, "-o", condition).out()).isEqualTo(accepted);
    assertThat(site.tencent.wipes("ins-kube0013")).isZero();
  }

  @Test
  void labels_and_annotations_call_nothing() {
    site.tencent.newServer("ins-kube0008");
    site.apply(TestCluster.tencentRequest("web-8", "ins-kube0008", ""));
    site.awaitFinished("web-8");
    int calls = CloudUnderTest.TENCENT.calls(site, "ins-kube0008");

    site.kubectl("label", "ri", "web-8", "team=web").orFail();
    site.kubectl("annotate", "ri", "web-8", "note=done").orFail();
    site.kubectl("patch", "ri", "web-8", "--type=merge", "-p", "{\"spec\":{\"suspend\":true}}")
        .orFail();
    site.await(
        "the status to speak of the newest generation",
        () ->
            site.kubectl(
                    "get",
                    "ri",
                    "web-8",
                    "-o",
                    "jsonpath={.metadata.generation} {.status.observedGeneration}")
                .out()
                .equals("2 2"));

    site.staysTheSame("the cloud", () -> CloudUnderTest.TENCENT.calls(site, "ins-kube0008"));
    assertThat(CloudUnderTest.TENCENT.calls(site, "ins-kube0008")).isEqualTo(calls);
    assertThat(site.phase("web-8")).isEqualTo("Succeeded");
  }

  @ParameterizedTest
  @EnumSource
  void past_its_notAfter_an_order_is_not_begun(CloudUnderTest cloud) {
    String id = cloud.id("kube0009");
    cloud.newServer(site, id);

    site.apply(
        cloud.request(id, id).replace(TestCluster.tomorrow().substring(0, 10), "2020-01-01"));
    site.awaitFinished(id);

    assertThat(site.phase(id)).isEqualTo("Failed");
    assertThat(site.reason(id)).isEqualTo("DeadlineExceeded");
    assertThat(cloud.cloud(site).calls(cloud.send(), id)).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void where_something_else_is_installed_a_request_is_not_started_and_says_what(
      CloudUnderTest cloud) {
    String id = cloud.id("kube0012");
    cloud.newServer(site, id);

    site.apply(cloud.request(id, id, onlyFrom(cloud, "img-ubuntu22", "os-2")));
    site.awaitFinished(id);

    assertThat(site.phase(id)).isEqualTo("Failed");
    assertThat(site.reason(id)).as(site::everything).isEqualTo("PreconditionFailed");
    assertThat(site.message(id))
        .isEqualTo(
            "spec.preconditions requires "
                + (cloud == CloudUnderTest.TENCENT
                    ? "imageId img-ubuntu22, but img-pmqg1cw7"
                    : "osTypeId os-2, but os-1")
                + " is installed. No reinstall request is sent. The server may have been"
                + " reinstalled already: check it. To reinstall it anyway, delete this Reinstall"
                + " and create one whose preconditions match what is installed, in Git first.");
    assertThat(site.ledgerState(id, id)).isEmpty();
    assertThat(cloud.cloud(site).calls(cloud.send(), id)).isZero();
  }

  private static String onlyFrom(CloudUnderTest cloud, String image, String system) {
    return cloud == CloudUnderTest.TENCENT
        ? "preconditions: {imageId: " + image + "}"
        : "preconditions: {osTypeId: " + system + "}";
  }

  @ParameterizedTest
  @EnumSource
  void a_running_server_is_waited_for_and_reinstalled_when_somebody_has_stopped_it(
      CloudUnderTest cloud) {
    String id = cloud.id("kube0010");
    cloud.newServer(site, id).plugIn();
    site.apply(cloud.request(id, id, "whenRunning: Wait"));
    site.awaitReason(id, "ServerRunning");
    assertThat(site.phase(id)).isEqualTo("Pending");
    assertThat(cloud.cloud(site).calls(cloud.send(), id)).isZero();

    cloud.pullPlug(site, id);
    site.awaitFinished(id);

    assertThat(site.phase(id)).isEqualTo("Succeeded");
    assertThat(cloud.cloud(site).wipes(id)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void a_running_server_fails_the_request_where_that_is_wanted(CloudUnderTest cloud) {
    String id = cloud.id("kube0011");
    cloud.newServer(site, id).plugIn();
    site.apply(cloud.request(id, id, "whenRunning: Fail"));

    site.awaitFinished(id);

    assertThat(site.phase(id)).isEqualTo("Failed");
    assertThat(site.reason(id)).isEqualTo("ServerRunning");
    assertThat(cloud.cloud(site).calls(cloud.send(), id)).isZero();
  }
}
