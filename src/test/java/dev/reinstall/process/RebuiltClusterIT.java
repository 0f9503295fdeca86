package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.simulator.SimulatedFault;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The same manifest in two clusters, each with its own API server, ledger and operator, against one
 * cloud. The second cluster was rebuilt from Git after the request was final, or runs beside the
 * first. The tests show what no ledger can prevent: a Tencent Cloud server is wiped twice unless
 * {@code notAfter} or {@code preconditions} prevent it. JD Cloud drops a call whose token it
 * remembers.
 */
@Execution(ExecutionMode.CONCURRENT)
class RebuiltClusterIT extends ReplayedRequests {
  private ControlPlane other;
  private TestCluster rebuilt;

  @Override
  void start() {
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

  @Override
  void happen() {
    happenToEach();
  }

  @Override
  GivenReinstall happenTo(Replay row, GivenReinstall given, Backup backup) {
    return again(row.event().happen(given, backup));
  }

  @Override
  @AfterAll
  void close() {
    rebuilt.close();
    super.close();
    other.close();
  }

  // In two clusters at the same time.

  @ParameterizedTest
  @EnumSource
  void a_second_cluster_waits_while_the_first_ones_request_is_at_work_and_then_gives_its_own(
      CloudUnderTest cloud) {
    GivenReinstall first = GivenReinstall.at(site, cloud, "rebuilt7", RequestStage.INSTALLING);

    GivenReinstall second = again(first);
    second.awaitReported("Pending/ServerBusy");
    first.assertSent(1, 1);
    second.suspend(true); // or its call could hide the end of the first one
    second.awaitReported("Pending/Suspended");
    first.letGo();
    first.awaitReported("Succeeded/Installed");
    second.suspend(false);
    boolean token = cloud == CloudUnderTest.JD;
    second.awaitReported(token ? "Installing/Installing" : "Succeeded/Installed");

    first.assertSent(2, token ? 1 : 2);
  }

  /** Both have claimed, each in its own ledger; the call of the second one arrives first. */
  @ParameterizedTest
  @EnumSource
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

  private GivenReinstall again(GivenReinstall first) {
    GivenReinstall second = first.in(rebuilt);
    rebuilt.apply(second.manifest());
    return second;
  }
}
