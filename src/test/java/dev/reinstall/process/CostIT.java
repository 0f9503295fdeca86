package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.NeedsControlPlane;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The calls of a request without faults: to the API server, to the cloud, and to nothing else. */
@Tag("deep")
@NeedsControlPlane
class CostIT {
  private static final long POLL_MILLIS = 200; // as TestCluster sets it

  private static final long NODES_MILLIS = 60_000;

  private static TestCluster site;
  private static ApiRelay relay;

  @BeforeAll
  static void start() {
    site = new TestCluster();
    relay = new ApiRelay(site.rights());
    site.startOperator(relay.kubeconfig());
    site.tencent.newServer("ins-00000000");
    site.apply(
        TestCluster.tencentRequest("first", "ins-00000000", "")); // the startup calls are over
    site.awaitFinished("first");
    // More, where the client had to repeat one: on a busy machine the first request is slow.
    site.await("its Events", () -> events(relay.calls()).size() >= 2);
  }

  @AfterAll
  static void close() {
    site.close();
    relay.close();
  }

  @ParameterizedTest(name = "{0}: {1} ledger and {2} status writes")
  @CsvSource({
    "TENCENT, 3, 3", // claim, receipt, outcome; Ordering, Installing, Succeeded
    "JD,      4, 3" // and the evidence that it was in progress, for a crash
  })
  void a_request_costs_no_write_description_or_read_that_it_does_not_need(
      CloudUnderTest vendor, int ledgerWrites, int statusWrites) {
    String id = vendor.id("cost0001");
    vendor.newServer(site, id);
    cost(vendor, id, "", ledgerWrites, statusWrites);
  }

  @ParameterizedTest(name = "{0}: {1} ledger and {2} status writes")
  @CsvSource({
    "TENCENT, 7, 5", // and for the stop: claim, response; Stopping; for the start: mark, response;
    "JD,      8, 5" // Starting
  })
  void a_stop_and_a_start_cost_two_ledger_writes_and_a_status_write_each(
      CloudUnderTest vendor, int ledgerWrites, int statusWrites) {
    String id = vendor.id("cost0002");
    vendor.newServer(site, id);
    vendor.plugIn(site, id);
    vendor.endStopped(site, id);
    cost(vendor, id, "whenRunning: Stop\npowerAfter: Running", ledgerWrites, statusWrites);
    assertThat(vendor.cloud(site).calls(vendor.stop(), id)).isEqualTo(1);
    assertThat(vendor.cloud(site).calls(vendor.start(), id)).isEqualTo(1);
  }

  private static void cost(
      CloudUnderTest vendor, String id, String more, int ledgerWrites, int statusWrites) {
    int before = relay.calls().size();
    Map<String, Integer> catalogues = vendor.catalogueCalls(site);
    long began = System.nanoTime();

    site.apply(vendor.request(id, id, more));
    site.awaitFinished(id);
    long millis = (System.nanoTime() - began) / 1_000_000;
    site.await("both Events", () -> events(since(before)).size() >= 2);
    site.staysTheSame("the cost", CostIT::readsAndWrites);

    List<ApiCall> calls = since(before);
    List<ApiCall> reads = calls.stream().filter(c -> !c.isWrite() && !c.isListOrWatch()).toList();
    List<ApiCall> events = events(calls);
    long ledgers = calls.stream().filter(c -> c.writesLedgerOf(id)).count();
    long statuses = calls.stream().filter(c -> c.writesStatusOf(id)).count();
    int looks = vendor.looks(site, id);
    int sends = vendor.cloud(site).calls(vendor.send(), id);
    Map<String, Integer> asked = vendor.catalogueCallsSince(site, catalogues);
    System.out.printf(
        "%s: %d ledger and %d status writes, %d Events, %d reads of Secrets and the pause, %d looks in %d ms,"
            + " %s, %d sends%n",
        vendor, ledgers, statuses, events.size(), reads.size(), looks, millis, asked, sends);

    assertThat(site.phase(id)).as(site::everything).isEqualTo("Succeeded");
    assertThat(ledgers).as("%s", calls).isEqualTo(ledgerWrites);
    assertThat(statuses).as("%s", calls).isEqualTo(statusWrites);
    assertThat(events).as("%s", calls).hasSize(2);
    assertThat(calls.stream().filter(ApiCall::isWrite))
        .hasSize(ledgerWrites + statusWrites + events.size());
    assertThat(reads).allMatch(c -> List.of("secrets", "configmaps").contains(c.resource()));
    // Before each call that changes the server, whether the operator is paused.
    assertThat(reads.stream().filter(c -> c.resource().equals("configmaps")))
        .hasSize(more.isEmpty() ? 1 : 3);
    // The Nodes are kept for 60 seconds, whatever the number of requests.
    assertThat(calls.stream().filter(c -> c.resource().equals("nodes")).count())
        .isLessThanOrEqualTo(1 + millis / NODES_MILLIS);
    assertThat(sends).isEqualTo(1);
    assertThat(asked.values()).as("%s", asked).allMatch(one -> one <= 1);
    assertThat(looks).isBetween(2, (int) (millis / POLL_MILLIS) + 2);
  }

  /** Once per poll a list of one ledger shows the cluster's resource version; requests add none. */
  private static long readsAndWrites() {
    return relay.calls().stream().filter(c -> !c.isListOrWatch()).count();
  }

  private static List<ApiCall> since(int before) {
    List<ApiCall> all = relay.calls();
    return all.subList(before, all.size());
  }

  private static List<ApiCall> events(List<ApiCall> calls) {
    return calls.stream().filter(c -> c.resource().equals("events")).toList();
  }
}
