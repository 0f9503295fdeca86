package dev.reinstall.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reinstall.controlplane.AuditLog;
import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.controlplane.NeedsPrograms;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The chart with a list of namespaces: what its RoleBindings permit is enough, and no more. */
@Tag("deep")
@NeedsControlPlane
@NeedsPrograms("helm")
class ChartNamespacesIT {
  private ChartCluster cluster;

  @BeforeEach
  void start() {
    cluster = new ChartCluster(ControlPlane.startAudited());
    for (String name : new String[] {"team-a", "team-b", "team-c"}) {
      cluster.namespaceWithSecrets(name);
    }
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void requests_in_the_listed_namespaces_are_carried_out_and_nothing_is_refused() {
    cluster
        .install(
            Helm.CHART,
            "--create-namespace",
            "--set",
            "namespaces={team-a,team-b}",
            "--set",
            "tenants[0].namespace=team-a,tenants[0].secretNames={tencent,login}",
            "--set",
            "tenants[1].namespace=team-b,tenants[1].secretNames={tencent}")
        .orFail();
    cluster.startOperator(Map.of("REINSTALL_NAMESPACES", "team-a,team-b"));
    cluster.cloud.newServer("ins-listed01");
    cluster.cloud.newServer("ins-listed02");
    cluster.cloud.newServer("ins-listed03");
    cluster.request("team-c", "third", "ins-listed03");
    cluster.request("team-a", "first", "ins-listed01");
    cluster.awaitReported("team-a", "first", "Succeeded/Installed");
    await("the Events")
        .until(() -> cluster.kubectl("-n", "team-a", "get", "events").contains("Installed"));

    ledgerOfAnotherName();
    await("an Event of a ledger")
        .until(() -> cluster.kubectl("-n", "default", "get", "events").contains("NotUsed"));
    assertThat(refused()).isEmpty();

    cluster.request("team-b", "second", "ins-listed02");
    cluster.awaitReported("team-b", "second", "Pending/SecretNotReady");

    assertThat(cluster.reported("team-c", "third")).isEqualTo("/");
    cluster.assertSentOnce("ins-listed01");
    assertThat(cluster.cloud.wipes("ins-listed02")).isZero();
    assertThat(may("list", "reinstalls.reinstall.dev", "team-c")).isFalse();
    assertThat(may("get", "secrets", "team-c")).isFalse();
    assertThat(may("get", "secret/login", "team-b")).isFalse();
    assertThat(may("get", "secret/login", "team-a")).isTrue();
  }

  private List<AuditLog.Asked> refused() {
    List<AuditLog.Asked> all = cluster.plane.auditLog().by(Helm.NAMESPACE, "reinstall-operator");
    assertThat(all).isNotEmpty();
    return all.stream().filter(AuditLog.Asked::isRefused).toList();
  }

  private void ledgerOfAnotherName() {
    String ledger =
        """
        apiVersion: reinstall.dev/v1alpha1
        kind: ServerLedger
        metadata: {name: other}
        spec: {cloud: TencentCloud, region: ap-guangzhou, instanceId: ins-listed09, claims: 0}
        """;
    cluster.plane.kubectlWithInput(ledger, "create", "-f", "-").orFail();
  }

  private boolean may(String verb, String resource, String namespace) {
    String user = "--as=system:serviceaccount:reinstall-system:reinstall-operator";
    return cluster
        .plane
        .kubectl("auth", "can-i", verb, resource, "-n", namespace, user)
        .succeeded();
  }
}
