package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Server;
import dev.reinstall.controlplane.NeedsControlPlane;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A person holds a server by its ledger, whatever Git applies. */
@Tag("deep")
@NeedsControlPlane
class HoldIT {
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

  private static String ledgerOf(String instanceId) {
    return new Server(CloudName.TencentCloud, "ap-guangzhou", instanceId).ledgerName();
  }

  private static String held(String name, String instanceId) {
    return """
        apiVersion: reinstall.dev/v1alpha1
        kind: ServerLedger
        metadata:
          name: %s
          annotations: {reinstall.dev/hold: "disk swap until Friday"}
        spec: {cloud: TencentCloud, region: ap-guangzhou, instanceId: %s, claims: 0}
        """
        .formatted(name, instanceId);
  }

  @Test
  void a_server_that_is_held_before_any_request_is_not_touched_until_it_is_released() {
    String server = "ins-hold0001";
    site.tencent.newServer(server).plugIn();
    site.cluster.kubectlWithInput(held(ledgerOf(server), server), "create", "-f", "-").orFail();

    site.apply(TestCluster.tencentRequest("hold-1", server, "whenRunning: Stop"));

    site.awaitReason("hold-1", "ServerHeld");
    assertThat(site.message("hold-1")).contains("disk swap until Friday.");
    assertThat(site.tencent.calls("StopInstances", server)).isZero();
    site.kubectl("annotate", "serverledger", ledgerOf(server), "reinstall.dev/hold-").orFail();
    site.awaitPhase("hold-1", "Succeeded");
    assertThat(site.tencent.wipes(server)).isEqualTo(1);
  }

  @Test
  void a_hold_outlasts_what_the_operator_writes() {
    String server = "ins-hold0002";
    site.tencent.newServer(server);
    site.apply(TestCluster.tencentRequest("hold-2", server, ""));
    site.awaitPhase("hold-2", "Installing");
    site.kubectl("annotate", "serverledger", ledgerOf(server), "reinstall.dev/hold=repair")
        .orFail();
    site.awaitPhase("hold-2", "Succeeded");

    site.apply(TestCluster.tencentRequest("hold-3", server, ""));

    site.awaitReason("hold-3", "ServerHeld");
    assertThat(site.tencent.wipes(server)).isEqualTo(1);
  }

  @Test
  void a_ledger_with_the_wrong_name_is_reported() {
    site.cluster
        .kubectlWithInput(held("held-wrongly", "ins-hold0004"), "create", "-f", "-")
        .orFail();

    site.await(
        "the Event",
        () ->
            site
                .cluster
                .client()
                .resources(Event.class)
                .inNamespace("default")
                .list()
                .getItems()
                .stream()
                .filter(event -> event.getRegarding().getName().equals("held-wrongly"))
                .anyMatch(event -> event.getNote().contains(ledgerOf("ins-hold0004"))));
  }
}
