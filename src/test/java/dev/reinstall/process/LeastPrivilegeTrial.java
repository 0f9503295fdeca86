package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.AuditLog.Asked;
import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.controlplane.FreePorts;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * An operator with all rights of {@code deploy/} except one, its server, and its denied requests.
 */
final class LeastPrivilegeTrial implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  final TestCluster site;
  final String id;
  final OperatorProcess operator;
  private final String leftOut;
  private final String system;
  private final String account;
  private final int port = FreePorts.free();

  LeastPrivilegeTrial(ControlPlane cluster, String leftOut) {
    int number = COUNT.incrementAndGet();
    this.leftOut = leftOut;
    site = new TestCluster(cluster);
    id = "ins-%08d".formatted(number);
    system = "reinstall-system-" + number;
    account = "reinstall-operator-" + number;
    Rights.grant(cluster, "-" + number, site.namespace, leftOut);
    operator =
        site.with("REINSTALL_LEADER_ELECTION", "true")
            .with("POD_NAMESPACE", system)
            .with("REINSTALL_HTTP_PORT", Integer.toString(port))
            .startOperator(cluster.kubeconfigOf(system, account));
  }

  void request(String name) {
    site.apply(TestCluster.tencentRequest(name, id, ""));
  }

  /** Also the name of its bindings. */
  String account() {
    return account;
  }

  String readiness() throws InterruptedException {
    return HealthProbe.get(port, "/readyz");
  }

  /** As the API server calls the operator. */
  String user() {
    return "system:serviceaccount:" + system + ":" + account;
  }

  int sends() {
    return site.tencent.calls("ResetInstance", id);
  }

  /** Every right that it used or was denied. */
  static Set<String> rights(List<Asked> asked) {
    return asked.stream()
        .map(a -> Rights.right(a.verb(), a.resource(), a.group()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Waits for repeated attempts, so that an event that must not happen had enough time. */
  void awaitRefusals() {
    site.await("two refusals to " + leftOut, () -> refusals().size() >= 2);
  }

  List<Asked> refusals() {
    return site.cluster.auditLog().by(system, account).stream().filter(Asked::isRefused).toList();
  }

  void endsWith(String words) {
    assertThat(operator.exitCode()).as(operator::log).isEqualTo(1);
    assertThat(operator.log()).contains(words);
  }

  /** Removes its Reinstalls, because other operators watch all namespaces. */
  @Override
  public void close() {
    operator.kill();
    site.kubectl("delete", "reinstalls", "--all").orFail();
    site.close();
  }
}
