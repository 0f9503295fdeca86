package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Server;
import dev.reinstall.api.ServerLedger;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.controlplane.NeedsControlPlane;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A ledger that takes no more entries: what is full, and what to do. */
@Tag("deep")
@NeedsControlPlane
class LedgerFullIT {
  private static final int MOST = 1000;

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

  @Test
  void a_request_beyond_the_last_entry_waits_and_says_what_is_full() {
    String server = "ins-full0001";
    site.tencent.newServer(server);
    createLedger(server, MOST, "Succeeded", "done");

    site.apply(TestCluster.tencentRequest("full-1", server, ""));

    site.awaitReason("full-1", "LedgerFull");
    assertThat(site.message("full-1"))
        .startsWith("ServerLedger tencentcloud.ap-guangzhou." + server)
        .contains("is full (1000 entries). No reinstall request is sent.");
    assertThat(site.tencent.wipes(server)).isZero();
  }

  @Test
  void long_messages_fill_a_ledger_sooner_and_that_is_said_too() {
    String server = "ins-full0002";
    site.tencent.newServer(server);
    createLedger(server, 400, "Failed", "\u5931".repeat(1024));

    site.apply(TestCluster.tencentRequest("full-2", server, ""));

    site.awaitReason("full-2", "LedgerFull");
    assertThat(site.message("full-2")).contains("is full (1 MiB)");
  }

  @Test
  void entries_of_requests_that_were_never_sent_and_are_gone_give_way() {
    String server = "ins-full0003";
    site.tencent.newServer(server);
    createLedger(server, MOST, "Released", "rejected");

    site.apply(TestCluster.tencentRequest("full-3", server, ""));

    site.awaitPhase("full-3", "Succeeded");
    assertThat(site.tencent.wipes(server)).isEqualTo(1);
  }

  private static void createLedger(String instanceId, int entries, String state, String message) {
    Map<String, Entry> orders = new HashMap<>();
    Instant now = Instant.now();
    for (int i = 1; i <= entries; i++) {
      orders.put(
          "earlier-" + i,
          site.cluster
              .client()
              .getKubernetesSerialization()
              .unmarshal(
                  """
                  {"specHash": "d", "specHashVersion": 1, "state": "%s", "claimNumber": %d,
                   "attempt": 1, "responseReceived": true, "reason": "Rejected",
                   "owner": {"namespace": "team-a", "name": "earlier-%d", "uid": "uid-%d"},
                   "message": "%s", "claimTime": "%s", "completionTime": "%s", "notAfter": "%s"}
                  """
                      .formatted(
                          state, i, i, i, message, now, now, now.plusSeconds(30L * 24 * 3600)),
                  Entry.class));
    }
    Server server = new Server(CloudName.TencentCloud, "ap-guangzhou", instanceId);
    ServerLedger ledger = new ServerLedger();
    ledger.setMetadata(new ObjectMetaBuilder().withName(server.ledgerName()).build());
    ledger.setSpec(
        new ServerLedger.Spec(
            CloudName.TencentCloud,
            "ap-guangzhou",
            instanceId,
            null,
            (long) entries,
            orders,
            Map.of()));
    site.cluster.client().resource(ledger).create();
  }
}
