package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Server;
import dev.reinstall.controlplane.NeedsControlPlane;
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

  /** It holds by the ledger alone: Git owns the Reinstall. */
  @Test
  void the_annotation_on_a_reinstall_or_a_misspelt_one_holds_nothing() {
    String server = "ins-hold0005";
    site.tencent.newServer(server);
    site.cluster
        .kubectlWithInput(
            held(ledgerOf(server), server).replace("reinstall.dev/hold", "reinstall.dev/holds"),
            "create",
            "-f",
            "-")
        .orFail();

    site.apply(
        TestCluster.tencentRequest("hold-5", server, "")
            .replace(
                "{name: hold-5}", "{name: hold-5, annotations: {reinstall.dev/hold: disk swap}}"));

    site.awaitPhase("hold-5", "Succeeded");
    assertThat(site.kubectl("get", "ri", "hold-5", "-o", "yaml").orFail())
        .contains("reinstall.dev/hold: disk swap");
  }

  @Test
  void the_reason_is_shown_in_one_line_that_shows_where_it_is_cut() {
    String server = "ins-hold0006";
    site.tencent.newServer(server);
    site.cluster.kubectlWithInput(held(ledgerOf(server), server), "create", "-f", "-").orFail();
    site.kubectl(
            "annotate",
            "--overwrite",
            "serverledger",
            ledgerOf(server),
            "reinstall.dev/hold=disk\n\u001b[31mswap " + "\ud83d\ude00".repeat(200))
        .orFail();

    site.apply(TestCluster.tencentRequest("hold-6", server, ""));

    site.awaitReason("hold-6", "ServerHeld");
    assertThat(site.message("hold-6"))
        .contains(": disk  [31mswap \ud83d\ude00")
        .contains("\ud83d\ude00…");
  }

  @Test
  void a_ledger_with_the_wrong_name_is_reported() {
    site.cluster
        .kubectlWithInput(held("held-wrongly", "ins-hold0004"), "create", "-f", "-")
        .orFail();

    site.awaitLedgerEvent(
        event ->
            event.getRegarding().getName().equals("held-wrongly")
                && event.getNote().contains(ledgerOf("ins-hold0004")));
  }
}
