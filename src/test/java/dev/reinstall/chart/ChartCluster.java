package dev.reinstall.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.CommandResult;
import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.process.OperatorProcess;
import dev.reinstall.process.TestCluster;
import dev.reinstall.simulator.tencent.TencentSimulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A real API server with helm, a simulated cloud, and operators that have the permissions of the
 * chart. They run outside of the cluster, which has no node.
 */
final class ChartCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  final ControlPlane plane;
  final Helm helm;
  final TencentSimulator cloud = TencentSimulator.start(0).account("AKIDchart", "key-of-chart");
  private final List<OperatorProcess> operators = new ArrayList<>();
  private final Map<String, String> settings = new TreeMap<>();

  ChartCluster(ControlPlane plane) {
    this.plane = plane;
    try {
      helm = new Helm(plane.kubeconfig(), Files.createTempDirectory("helm-"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    settings.put("REINSTALL_TENCENT_ENDPOINT", cloud.endpoint());
    settings.put("REINSTALL_POLL_INTERVAL", "200ms");
    settings.put("REINSTALL_SETTLE_TIME", "300ms");
    settings.put("REINSTALL_FENCE", "3s");
    settings.put("REINSTALL_ALLOW_UNSAFE_TIMEOUTS", "true");
    settings.put("REINSTALL_HTTP_PORT", "0");
  }

  void namespaceWithSecrets(String name) {
    kubectl("create", "namespace", name);
    kubectl(
        "-n",
        name,
        "create",
        "secret",
        "generic",
        "tencent",
        "--from-literal=secretId=AKIDchart",
        "--from-literal=secretKey=key-of-chart");
    kubectl(
        "-n", name, "create", "secret", "generic", "login", "--from-literal=password=Qcloud@9+");
  }

  /** An operator with the permissions of the chart, and leader election as there. */
  OperatorProcess startOperator(Map<String, String> more) {
    Map<String, String> all = new TreeMap<>(settings);
    all.putAll(more);
    OperatorProcess operator =
        OperatorProcess.start(plane.kubeconfigOf(Helm.NAMESPACE, "reinstall-operator"), all);
    operators.add(operator);
    return operator;
  }

  void request(String namespace, String name, String instanceId) {
    String manifest = TestCluster.tencentRequest(name, instanceId, "");
    Awaitility.await("the new kind to be served")
        .atMost(PATIENCE)
        .until(
            () ->
                plane.kubectlWithInput(manifest, "create", "-n", namespace, "-f", "-").succeeded());
  }

  /** "Phase/Reason". */
  String reported(String namespace, String name) {
    return plane
        .kubectl(
            "-n",
            namespace,
            "get",
            "reinstall",
            name,
            "-o",
            "jsonpath={.status.phase}/{.status.reason}")
        .out();
  }

  void awaitReported(String namespace, String name, String expected) {
    try {
      Awaitility.await(name + " to be " + expected)
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(200))
          .until(() -> reported(namespace, name).equals(expected));
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(e.getMessage() + "\n" + everything(), e);
    }
  }

  void assertSentOnce(String instanceId) {
    assertThat(cloud.calls("ResetInstance", instanceId)).as(this::everything).isEqualTo(1);
    assertThat(cloud.wipes(instanceId)).isEqualTo(1);
  }

  String kubectl(String... arguments) {
    return plane.kubectl(arguments).orFail();
  }

  CommandResult install(Path chart, String... more) {
    return helm.release("install", with(chart, more));
  }

  CommandResult upgrade(Path chart, String... more) {
    return helm.release("upgrade", with(chart, more));
  }

  private static String[] with(Path chart, String... more) {
    List<String> arguments = new ArrayList<>(List.of(chart.toString()));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  /** The diagnostics for a failed test. */
  String everything() {
    StringBuilder all = new StringBuilder();
    all.append(plane.kubectl("get", "reinstalls", "-A", "-o", "yaml").out());
    all.append(plane.kubectl("get", "serverledgers", "-o", "yaml").out());
    operators.forEach(operator -> all.append("--- operator\n").append(operator.log()));
    return all.toString();
  }

  @Override
  public void close() {
    operators.forEach(OperatorProcess::close);
    cloud.close();
    plane.close();
  }
}
