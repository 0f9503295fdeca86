package dev.reinstall.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.CommandResult;
import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.controlplane.NeedsPrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From `kubectl apply -k deploy` to the chart, and back. */
@Tag("deep")
@NeedsControlPlane
@NeedsPrograms("helm")
class ChartTakeoverIT {
  private static final String[] TAKE_OVER = {"--take-ownership", "--force-conflicts"};

  private ChartCluster cluster;

  @BeforeEach
  void start() {
    cluster = new ChartCluster(ControlPlane.start());
    cluster.kubectl("apply", "-k", "deploy");
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void helm_takes_over_what_kubectl_applied_and_kubectl_what_helm_did() {
    String uid = uid();
    CommandResult refused = cluster.install(Helm.CHART);
    assertThat(refused.succeeded()).isFalse();
    assertThat(refused.err()).contains("cannot be imported into the current release");

    cluster.install(Helm.CHART, TAKE_OVER).orFail();

    CommandResult conflict = cluster.upgrade(Helm.CHART, "--set", "replicas=3");
    assertThat(conflict.succeeded()).isFalse();
    assertThat(conflict.err()).contains("conflict", ".spec.replicas");
    cluster.upgrade(Helm.CHART, "--set", "replicas=3", "--force-conflicts").orFail();
    assertThat(replicas()).isEqualTo("3");

    cluster.kubectl("apply", "--server-side", "--force-conflicts", "-k", "deploy");
    assertThat(replicas()).isEqualTo("2");
    assertThat(uid()).as("nothing was replaced").isEqualTo(uid);
  }

  @Test
  void a_failed_take_over_is_repeated_by_an_upgrade_and_takes_over_a_tenant() {
    String uid = uid();
    CommandResult failed = cluster.install(Helm.CHART, "--take-ownership", "--set", "replicas=3");
    assertThat(failed.err()).contains("conflict", ".spec.replicas");
    assertThat(cluster.install(Helm.CHART, TAKE_OVER).err()).contains("still in use");

    cluster.upgrade(Helm.CHART, with("--install", "--set", "replicas=3")).orFail();
    assertThat(replicas()).isEqualTo("3");

    cluster.kubectl("create", "namespace", "team");
    cluster.kubectl("apply", "-n", "team", "-k", "deploy/tenant");
    String[] tenant = {
      "--reset-then-reuse-values",
      "--set",
      "tenants[0].namespace=team,tenants[0].secretNames={tencent}"
    };
    assertThat(cluster.upgrade(Helm.CHART, tenant).err()).contains("cannot be imported");
    cluster.upgrade(Helm.CHART, with(tenant)).orFail();

    assertThat(cluster.kubectl("-n", "team", "get", "role", "-o", "yaml")).contains("- tencent");
    assertThat(uid()).as("nothing was replaced").isEqualTo(uid);
  }

  @Test
  void what_the_cluster_does_not_permit_is_refused_before_anything_is_changed() {
    CommandResult missing =
        cluster.install(Helm.CHART, with("--set", "tenants[0].namespace=team-a"));
    assertThat(missing.err()).contains("the namespace team-a does not exist");
    assertThat(cluster.install(Helm.CHART, with("--set", "namespaces={team-b}")).err())
        .contains("the namespace team-b does not exist");

    String[] second = {
      "install", "second", Helm.CHART.toString(), "--namespace", "other", "--create-namespace"
    };
    CommandResult refused = cluster.helm.run(with(second));
    assertThat(refused.err())
        .contains("the cluster has an operator already, in the namespace reinstall-system");

    assertThat(cluster.helm.run("list", "--all-namespaces", "--short").orFail()).isBlank();
    assertThat(cluster.kubectl("get", "namespaces", "-o", "name")).doesNotContain("other");
    assertThat(cluster.kubectl("get", "clusterrolebinding", "reinstall-operator", "-o", "yaml"))
        .contains("namespace: reinstall-system")
        .doesNotContain("Helm");
  }

  @Test
  void a_chart_that_contains_it_may_create_the_namespaces_that_it_names(@TempDir Path folder)
      throws IOException {
    Path parent = folder.resolve("platform");
    Files.createDirectories(parent.resolve("charts"));
    Files.createDirectories(parent.resolve("templates"));
    Files.writeString(
        parent.resolve("Chart.yaml"), "{apiVersion: v2, name: platform, version: 1.0.0}");
    Files.writeString(
        parent.resolve("templates/namespace.yaml"),
        "{apiVersion: v1, kind: Namespace, metadata: {name: team-a}}");
    Helm.copyChart(parent.resolve("charts/reinstall-operator"));
    String[] values = {
      "--set",
      "reinstall-operator.tenants[0].namespace=team-a,reinstall-operator.namespaces={team-a}"
    };

    cluster.install(parent, with(values)).orFail();

    assertThat(cluster.kubectl("-n", "team-a", "get", "rolebindings", "-o", "name"))
        .contains("/reinstall-operator-secrets", "/reinstall-operator-requests");
  }

  /**
   * What the API server makes of the chart with all options, except kinds that it does not know.
   */
  @Test
  void the_chart_with_many_values_is_accepted() {
    cluster.kubectl("create", "namespace", "team");
    String manifests =
        cluster
            .helm
            .release(
                "template",
                Helm.CHART.toString(),
                "--set",
                "namespaces={team},tenants[0].namespace=team,tenants[0].secretNames={tencent}",
                "--set",
                "proxy.url=http://proxy.example.com:3128,priorityClassName=system-node-critical",
                "--set",
                "imagePullSecrets[0].name=login,nodeSelector.zone=a,tolerations[0].operator=Exists",
                "--set",
                "extraEnv[0].name=JAVA_TOOL_OPTIONS,extraEnv[0].value=-Dx=y",
                "--set",
                "extraVolumes[0].name=trust,extraVolumes[0].secret.secretName=trust",
                "--set",
                "extraVolumeMounts[0].name=trust,extraVolumeMounts[0].mountPath=/trust",
                "--set",
                "networkPolicy.extraEgress[0].ports[0].port=5353")
            .orFail();

    CommandResult applied =
        cluster.plane.kubectlWithInput(
            manifests,
            "apply",
            "--server-side",
            "--force-conflicts",
            "--dry-run=server",
            "-f",
            "-");

    assertThat(applied.orFail())
        .contains("role.rbac.authorization.k8s.io/reinstall-operator-secrets");
    assertThat(applied.err().lines())
        .allMatch(line -> line.isBlank() || line.contains("last-applied-configuration"));
  }

  private static String[] with(String... arguments) {
    return Stream.concat(Stream.of(TAKE_OVER), Stream.of(arguments)).toArray(String[]::new);
  }

  private String uid() {
    return cluster.kubectl(
        "get", "crd", "serverledgers.reinstall.dev", "-o", "jsonpath={.metadata.uid}");
  }

  private String replicas() {
    return cluster.kubectl(
        "-n",
        Helm.NAMESPACE,
        "get",
        "deployment",
        "reinstall-operator",
        "-o",
        "jsonpath={.spec.replicas}");
  }
}
