package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.Server;
import dev.reinstall.controlplane.NeedsControlPlane;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

  private static Server tencent(String instanceId) {
    return CloudUnderTest.TENCENT.server(instanceId);
  }

  /** The ledger by which a person holds a server that no request was made for yet. */
  static String held(Server server) {
    return held(server.ledgerName(), server);
  }

  private static String held(String name, Server server) {
    return """
        apiVersion: reinstall.dev/v1alpha1
        kind: ServerLedger
        metadata:
          name: %s
          annotations: {reinstall.dev/hold: "disk swap until Friday"}
        spec: {cloud: %s, region: %s, instanceId: %s, claims: 0}
        """
        .formatted(name, server.cloud(), server.region(), server.instanceId());
  }

  private static void create(String manifest) {
    site.cluster.kubectlWithInput(manifest, "create", "-f", "-").orFail();
  }

  private static void annotate(Server server, String annotation) {
    site.kubectl("annotate", "serverledger", server.ledgerName(), annotation).orFail();
  }

  @ParameterizedTest
  @EnumSource
  void a_server_that_is_held_before_any_request_is_not_touched_until_it_is_released(
      CloudUnderTest cloud) {
    String id = cloud.id("hold0001");
    cloud.newServer(site, id);
    cloud.plugIn(site, id);
    create(held(cloud.server(id)));

    site.apply(cloud.request(id, id, "whenRunning: Stop"));

    site.awaitReason(id, "ServerHeld");
    assertThat(site.message(id)).contains("disk swap until Friday.");
    assertThat(cloud.cloud(site).calls(cloud.stop(), id)).isZero();
    annotate(cloud.server(id), "reinstall.dev/hold-");
    site.awaitPhase(id, "Succeeded");
    assertThat(cloud.cloud(site).wipes(id)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void a_hold_outlasts_what_the_operator_writes(CloudUnderTest cloud) {
    String id = cloud.id("hold0002");
    cloud.newServer(site, id);
    cloud.installTakes(site, id, Duration.ofHours(2)); // six seconds
    site.apply(cloud.request(id, id));
    site.awaitPhase(id, "Installing");
    annotate(cloud.server(id), "reinstall.dev/hold=repair");
    site.awaitPhase(id, "Succeeded");

    site.apply(cloud.request("again-" + id, id));

    site.awaitReason("again-" + id, "ServerHeld");
    assertThat(cloud.cloud(site).wipes(id)).isEqualTo(1);
  }

  /** It holds by the ledger alone: Git owns the Reinstall. */
  @Test
  void the_annotation_on_a_reinstall_or_a_misspelt_one_holds_nothing() {
    String server = "ins-hold0005";
    site.tencent.newServer(server);
    create(held(tencent(server)).replace("reinstall.dev/hold", "reinstall.dev/holds"));

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
    create(held(tencent(server)));
    site.kubectl(
            "annotate",
            "--overwrite",
            "serverledger",
            tencent(server).ledgerName(),
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
    create(held("held-wrongly", tencent("ins-hold0004")));

    site.awaitLedgerEvent(
        event ->
            event.getRegarding().getName().equals("held-wrongly")
                && event.getNote().contains(tencent("ins-hold0004").ledgerName()));
  }
}
