package dev.reinstall.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reinstall.controlplane.Command;
import dev.reinstall.controlplane.CommandResult;
import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.controlplane.NeedsPrograms;
import dev.reinstall.controlplane.Programs;
import dev.reinstall.process.OperatorProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The release of the chart from its installation to its end, with a request under way. */
@Tag("deep")
@NeedsControlPlane
@NeedsPrograms("helm")
class ChartIT {
  private static final String[] VALUES = {
    "--create-namespace", "--set", "tenants[0].namespace=team"
  };

  @TempDir private Path folder;
  private ChartCluster cluster;

  @BeforeEach
  void start() {
    cluster = new ChartCluster(ControlPlane.startWithControllers());
    cluster.namespaceWithSecrets("team");
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void a_request_goes_on_over_an_upgrade_and_is_not_sent_again_after_a_new_installation()
      throws IOException {
    cluster.install(OlderChart.in(folder), VALUES).orFail();
    OperatorProcess older = cluster.startOperator(Map.of());
    cluster.cloud.newServer("ins-chart001").stayInTransition();
    cluster.request("team", "first", "ins-chart001");
    cluster.awaitReported("team", "first", "Installing/Installing");

    assertThat(explained(OlderChart.MISSING)).isFalse();
    CommandResult upgraded = cluster.upgrade(Helm.CHART, "--reset-then-reuse-values");
    assertThat(upgraded.orFail()).contains("`helm uninstall` removes the operator only");
    await("the new CRD").until(() -> explained(OlderChart.MISSING));

    OperatorProcess newer = cluster.startOperator(Map.of());
    await("the newer one to wait").until(() -> newer.log().contains("Leader: "));
    assertThat(older.stop()).as(older::log).isZero();
    cluster.cloud.server("ins-chart001").goOn();
    cluster.awaitReported("team", "first", "Succeeded/Installed");
    cluster.assertSentOnce("ins-chart001");

    newer.stop(); // as its Pod, which no kubelet runs here
    assertThat(cluster.helm.release("uninstall").orFail())
        .contains(
            "kept due to the resource policy",
            "[CustomResourceDefinition] reinstalls.reinstall.dev",
            "[CustomResourceDefinition] serverledgers.reinstall.dev",
            "[ValidatingAdmissionPolicy] keep-serverledgers",
            "[ValidatingAdmissionPolicyBinding] keep-serverledgers");
    assertThat(cluster.plane.kubectl("delete", "serverledgers", "--all").err())
        .contains("ServerLedgers record the requests that were submitted");
    assertThat(cluster.kubectl("get", "serverledgers", "-o", "name")).contains("ins-chart001");
    assertThat(cluster.kubectl("get", "-A", "crd,validatingadmissionpolicies,ri", "-o", "yaml"))
        .doesNotContain("deletionTimestamp");
    assertThat(cluster.kubectl("get", "clusterroles", "-o", "name")).doesNotContain("reinstall");

    cluster.install(Helm.CHART, VALUES).orFail();
    cluster.startOperator(Map.of());
    cluster.kubectl("-n", "team", "delete", "reinstall", "first");
    cluster.request("team", "first", "ins-chart001");
    cluster.awaitReported("team", "first", "Succeeded/AlreadyCompleted");
    cluster.assertSentOnce("ins-chart001");
  }

  @Test
  void kept_objects_are_taken_over_by_a_release_of_another_name_and_removed_as_documented()
      throws IOException {
    cluster.install(Helm.CHART, VALUES).orFail();
    cluster.helm.release("uninstall").orFail();
    String[] other = {"install", "other", Helm.CHART.toString(), "--namespace", Helm.NAMESPACE};

    assertThat(cluster.helm.run(other).err()).contains("cannot be imported");
    List<String> takeOver = new ArrayList<>(List.of(other));
    takeOver.add("--take-ownership");
    cluster.kubectl("delete", "--wait=false", "validatingadmissionpolicy/keep-serverledgers");
    assertThat(cluster.helm.run(takeOver.toArray(String[]::new)).orFail())
        .contains("keep-serverledgers is marked for deletion");

    cluster.helm.run("uninstall", "other", "--namespace", Helm.NAMESPACE).orFail();
    cluster.install(Helm.CHART, "--take-ownership").orFail();
    asDocumented("docs/uninstall.md", "To remove everything, ");
    await("everything to be gone")
        .atMost(Duration.ofMinutes(2)) // the namespace controller tries again ever later
        .untilAsserted(
            () ->
                assertThat(
                        cluster.kubectl(
                            "get",
                            "crd,validatingadmissionpolicies,validatingadmissionpolicybindings,"
                                + "clusterroles,clusterrolebindings,namespaces",
                            "-o",
                            "name"))
                    .doesNotContain("reinstall"));
  }

  /** Runs the first block of commands after these words. */
  private void asDocumented(String page, String words) throws IOException {
    String text = Files.readString(Path.of(page));
    int from = text.indexOf("```sh\n", text.indexOf(words)) + 6;
    String commands = text.substring(from, text.indexOf("```", from));
    assertThat(commands).contains("helm uninstall").contains("kubectl delete");
    String path = cluster.plane.programs() + ":" + Programs.path("helm").getParent();
    Map<String, String> environment =
        Map.of(
            "KUBECONFIG",
            cluster.plane.kubeconfig().toString(),
            "HOME",
            folder.toString(),
            "PATH",
            path + ":" + System.getenv("PATH"));
    Command.run(
            Path.of("/bin/bash"), List.of("-euc", commands), environment, "", Duration.ofMinutes(1))
        .orFail();
  }

  /** Whether the API server knows the field. */
  private boolean explained(String field) {
    return cluster.plane.kubectl("explain", "reinstall.spec." + field).succeeded();
  }
}
