package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.simulator.SimulatedFault;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The same manifest in two clusters, each with its own API server, ledger and operator, against one
 * cloud. The second cluster was rebuilt from Git after the request was final, or runs beside the
 * first. The tests show what no ledger can prevent: a Tencent Cloud server is wiped twice unless
 * {@code notAfter} or {@code preconditions} prevent it. JD Cloud drops a call whose token it
 * remembers.
 */
@Tag("deep")
@NeedsControlPlane
@Execution(ExecutionMode.CONCURRENT)
class RebuiltClusterIT {
  private static final String TOKENS = "what JD Cloud remembers";

  private static ControlPlane other;
  private static TestCluster site;
  private static TestCluster rebuilt;

  @BeforeAll
  static void start() {
    CompletableFuture<ControlPlane> second =
        CompletableFuture.supplyAsync(() -> TestCluster.withBase(ControlPlane.start()));
    site = RequestStage.site(); // the overtaken call does not time out
    site.startOperator();
    other = second.join();
    rebuilt =
        new TestCluster(other)
            .with("REINSTALL_TENCENT_ENDPOINT", site.tencent.endpoint())
            .with("REINSTALL_JDCLOUD_ENDPOINT", site.jd.endpoint())
            .with("REINSTALL_ORDER_TIMEOUT", "8s");
    rebuilt.startOperator();
  }

  @AfterAll
  static void close() {
    rebuilt.close();
    site.close();
    other.close();
  }

  // Rebuilt from Git, without ledgers and statuses.

  @Test
  void before_its_notAfter_and_without_preconditions_tencent_cloud_carries_it_out_twice() {
    GivenReinstall first = done(CloudUnderTest.TENCENT, "rebuilt0", "");

    GivenReinstall second = again(first);
    second.awaitReported("Succeeded/Installed");

    first.assertSent(2, 2);
    assertThat(second.requestId()).isEqualTo(first.wipedBy()).isNotEqualTo(first.requestId());
    assertThat(second.ledger()).isEqualTo("Succeeded");
  }

  @Test
  void preconditions_that_the_request_itself_fulfils_do_not_forbid_it() {
    GivenReinstall plain =
        GivenReinstall.of(site, CloudUnderTest.TENCENT, "rebuilt1", RequestStage.FINISHED);
    GivenReinstall first =
        plain.with(
            plain.manifest().replace("img-ubuntu22", "img-pmqg1cw7")
                + "  preconditions: {imageId: img-pmqg1cw7}\n");
    first.create();
    first.awaitStage();

    GivenReinstall second = again(first);
    second.awaitReported("Succeeded/Installed");

    first.assertSent(2, 2);
  }

  @Test
  @ResourceLock(value = TOKENS, mode = ResourceAccessMode.READ)
  void jd_cloud_drops_it_while_it_remembers_the_token_and_its_end_is_then_not_known() {
    GivenReinstall first = done(CloudUnderTest.JD, "rebuilt2", "");

    GivenReinstall second = again(first);
    second.awaitReported("Installing/Installing");
    first.assertSent(2, 1);
    second.awaitReported("Unknown/OutcomeUnknown"); // after the request timeout

    assertThat(second.message())
        .isEqualTo(
            "The cloud accepted the request, but its completion was not observed within 8s"
                + " (REINSTALL_ORDER_TIMEOUT). The request will not be retried. Check the server in"
                + " the cloud console; to reinstall it, create a Reinstall with a new name.");
    assertThat(second.requestId()).isNotEmpty();
    assertThat(second.ledger()).isEqualTo("Unknown");
    first.assertSent(2, 1);
  }

  @Test
  @ResourceLock(TOKENS)
  void jd_cloud_carries_it_out_twice_once_it_has_forgotten_the_token() {
    GivenReinstall first = done(CloudUnderTest.JD, "rebuilt3", "");

    site.jd.forgetTokens();
    GivenReinstall second = again(first);
    second.awaitReported("Succeeded/Installed");

    first.assertSent(2, 2);
    assertThat(second.requestId()).isEqualTo(first.wipedBy()).isNotEqualTo(first.requestId());
  }

  @ParameterizedTest
  @EnumSource
  void preconditions_that_name_what_was_installed_before_forbid_it(CloudUnderTest cloud) {
    boolean tencent = cloud == CloudUnderTest.TENCENT;
    String before = tencent ? "imageId: img-pmqg1cw7" : "osTypeId: os-1";
    GivenReinstall first = done(cloud, "rebuilt4", "preconditions: {" + before + "}");

    GivenReinstall second = again(first);
    second.awaitReported("Failed/PreconditionFailed");

    assertThat(second.message())
        .isEqualTo(
            "spec.preconditions requires "
                + before.replace(":", "")
                + ", but "
                + (tencent ? "img-ubuntu22" : "os-2")
                + " is installed. No reinstall request is sent. The server may have been"
                + " reinstalled already: check it. To reinstall it anyway, delete this Reinstall"
                + " and create one whose preconditions match what is installed, in Git first.");
    assertThat(second.requestId()).isEmpty();
    assertThat(second.ledger()).isEmpty();
    first.assertSent(1, 1);
  }

  /** For the second cluster, elapsed time and an older manifest are equivalent. */
  @ParameterizedTest
  @EnumSource
  void past_its_notAfter_it_is_not_begun(CloudUnderTest cloud) {
    GivenReinstall first = done(cloud, "rebuilt5", "");

    String older =
        first.manifest().replaceAll("notAfter: .*", "notAfter: \"2020-01-01T00:00:00Z\"");
    GivenReinstall second = again(first.with(older));
    second.awaitReported("Failed/DeadlineExceeded");

    assertThat(second.message())
        .isEqualTo(
            "spec.notAfter (2020-01-01T00:00:00Z) passed before the reinstall started. No"
                + " reinstall request was sent, and nothing was wiped. To reinstall the server,"
                + " create a Reinstall with a new name and a later notAfter.");
    assertThat(second.ledger()).isEmpty();
    first.assertSent(1, 1);
  }

  @ParameterizedTest
  @EnumSource
  void while_the_server_runs_it_waits(CloudUnderTest cloud) {
    GivenReinstall first = done(cloud, "rebuilt6", "");

    cloud.plugIn(site, first.id());
    GivenReinstall second = again(first);
    second.awaitReported("Pending/ServerRunning");
    rebuilt.staysTheSame("the orders that were sent", first::sends);

    assertThat(second.ledger()).isEmpty();
    first.assertSent(1, 1);
  }

  // In two clusters at the same time.

  @ParameterizedTest
  @EnumSource
  @ResourceLock(value = TOKENS, mode = ResourceAccessMode.READ)
  void a_second_cluster_waits_while_the_first_ones_request_is_at_work_and_then_gives_its_own(
      CloudUnderTest cloud) {
    GivenReinstall first = GivenReinstall.at(site, cloud, "rebuilt7", RequestStage.INSTALLING);

    GivenReinstall second = again(first);
    second.awaitReported("Pending/ServerBusy");
    first.assertSent(1, 1);
    suspend(second, true); // or its call could hide the end of the first one
    second.awaitReported("Pending/Suspended");
    first.letGo();
    first.awaitReported("Succeeded/Installed");
    suspend(second, false);
    boolean token = cloud == CloudUnderTest.JD;
    second.awaitReported(token ? "Installing/Installing" : "Succeeded/Installed");

    first.assertSent(2, token ? 1 : 2);
  }

  private static void suspend(GivenReinstall given, boolean suspended) {
    given
        .site()
        .kubectl(
            "patch",
            "ri",
            given.name(),
            "--type=merge",
            "-p",
            "{\"spec\":{\"suspend\":" + suspended + "}}")
        .orFail();
  }

  /** Both have claimed, each in its own ledger; the call of the second one arrives first. */
  @ParameterizedTest
  @EnumSource
  @ResourceLock(value = TOKENS, mode = ResourceAccessMode.READ)
  void of_two_calls_at_the_same_time_the_cloud_carries_out_one(CloudUnderTest cloud)
      throws Exception {
    BlockedCall overtaken = new BlockedCall(call -> false, 1, true);
    GivenReinstall first = GivenReinstall.of(site, cloud, "rebuilt8", RequestStage.INSTALLING);
    SimulatedFault.FaultScript script =
        call -> {
          overtaken.keep();
          call.response(call.effect());
        };
    cloud.cloud(site).on(cloud.send(), first.id(), 1, new SimulatedFault("overtaken", script));
    first.create();
    assertThat(overtaken.isReached(60)).isTrue();

    GivenReinstall second = again(first);
    second.awaitReported("Installing/Installing");
    overtaken.letGo();
    first.awaitReported(
        cloud == CloudUnderTest.JD ? "Installing/Installing" : "Submitting/AwaitingConfirmation");
    first.letGo();
    first.awaitReported("Succeeded/Installed");
    second.awaitReported("Succeeded/Installed");

    first.assertSent(2, 1);
    assertThat(second.requestId()).isEqualTo(first.wipedBy());
    // On Tencent Cloud the other's reset cannot be distinguished from its own, and the message says
    // so.
    assertThat(first.message())
        .isEqualTo(
            cloud == CloudUnderTest.JD ? KillPoint.End.DONE.says : KillPoint.End.ADOPTED.says);
  }

  /** The operation was executed for the first cluster. */
  private static GivenReinstall done(CloudUnderTest cloud, String eight, String lines) {
    GivenReinstall given = GivenReinstall.of(site, cloud, eight, RequestStage.FINISHED);
    GivenReinstall whole = given.with(given.manifest() + lines.indent(2));
    whole.create();
    whole.awaitStage();
    return whole;
  }

  private static GivenReinstall again(GivenReinstall first) {
    GivenReinstall second = first.in(rebuilt);
    rebuilt.apply(second.manifest());
    return second;
  }
}
