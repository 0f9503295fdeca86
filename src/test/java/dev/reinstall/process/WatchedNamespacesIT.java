package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.FreePorts;
import dev.reinstall.controlplane.NeedsControlPlane;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Several namespaces, of which the operator may not watch one. */
@Tag("deep")
@NeedsControlPlane
class WatchedNamespacesIT {
  private TestCluster site;

  @BeforeEach
  void start() {
    site = new TestCluster();
  }

  @AfterEach
  void close() {
    site.close();
  }

  @Test
  void the_others_go_on_it_is_named_and_it_is_watched_when_it_is_permitted()
      throws InterruptedException {
    int port = FreePorts.free();
    String denied = site.newNamespace();
    String account = "partial-" + site.namespace;
    Path kubeconfig = accountFor(account);
    permit(account, site.namespace);

    OperatorProcess operator =
        site.with("REINSTALL_HTTP_PORT", Integer.toString(port)).startOperator(kubeconfig);
    site.tencent.newServer("ins-watched1");
    site.tencent.newServer("ins-watched2");
    site.apply(TestCluster.tencentRequest("first", "ins-watched1", ""));
    site.applyIn(denied, TestCluster.tencentRequest("second", "ins-watched2", ""));
    site.awaitFinished("first");

    assertThat(site.phase("first")).isEqualTo("Succeeded");
    String named = "not permitted to watch namespace " + denied + ": reinstalls.reinstall.dev is";
    site.await("/readyz", () -> HealthProbe.get(port, "/readyz").startsWith("503 " + named));
    assertThat(HealthProbe.get(port, "/metrics").lines()).contains("reinstall_ready 0.0");
    String logged =
        "ERROR WatchedNamespaces Namespace " + denied + " is not watched until it is permitted:";
    site.await("the log to name it", () -> operator.log().contains(logged));
    assertThat(site.fieldIn(denied, "second", ".status.phase")).isEmpty();

    permit(account, denied);
    site.awaitFinishedIn(denied, "second");

    assertThat(site.fieldIn(denied, "second", ".status.phase")).isEqualTo("Succeeded");
    site.await("/readyz", () -> HealthProbe.get(port, "/readyz").equals("200 ok"));
    assertThat(HealthProbe.get(port, "/metrics").lines()).contains("reinstall_ready 1.0");
    assertThat(site.tencent.wipes("ins-watched1")).isEqualTo(1);
    assertThat(site.tencent.wipes("ins-watched2")).isEqualTo(1);
  }

  /** May use ledgers and see the pause, and nothing else in any namespace. */
  private Path accountFor(String account) {
    site.apply(
        """
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: %1$s, namespace: %2$s}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: %1$s}
        rules:
        - apiGroups: [reinstall.dev]
          resources: [serverledgers]
          verbs: [get, list, watch, create, update]
        - apiGroups: [""]
          resources: [configmaps]
          resourceNames: [reinstall-operator-pause]
          verbs: [get, list, watch]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: %1$s}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: %1$s}
        subjects: [{kind: ServiceAccount, name: %1$s, namespace: %2$s}]
        """
            .formatted(account, site.namespace));
    return site.cluster.kubeconfigOf(site.namespace, account);
  }

  private void permit(String account, String namespace) {
    for (String role :
        new String[] {"ClusterRole/reinstall-operator", "Role/reinstall-operator-secrets"}) {
      String[] kindAndName = role.split("/", -1);
      site.applyIn(
          namespace,
          """
          apiVersion: rbac.authorization.k8s.io/v1
          kind: RoleBinding
          metadata: {name: %1$s-%3$s}
          roleRef: {apiGroup: rbac.authorization.k8s.io, kind: %2$s, name: %3$s}
          subjects: [{kind: ServiceAccount, name: %1$s, namespace: %4$s}]
          """
              .formatted(account, kindAndName[0], kindAndName[1], site.namespace));
    }
  }
}
