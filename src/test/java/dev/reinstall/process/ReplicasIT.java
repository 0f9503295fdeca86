package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.NeedsControlPlane;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Several operators for the same requests. */
@Tag("deep")
@NeedsControlPlane
@Execution(ExecutionMode.CONCURRENT)
class ReplicasIT {
  private static final int ORDERS = 6; // of each cloud

  private record One(CloudUnderTest vendor, String id) {}

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
  void two_and_three_replicas_without_leader_election_wipe_each_server_once() {
    OperatorProcess first = site.startOperator();
    OperatorProcess second = site.startOperator();
    List.of(first, second).forEach(this::awaitWatching);
    reinstallAll("repl2");

    OperatorProcess third = site.startOperator();
    awaitWatching(third);
    reinstallAll("repl3");

    // Otherwise this test would have used one operator and two idle ones.
    site.await(
        "two of them to have worked",
        () ->
            Stream.of(first, second, third).filter(o -> o.log().contains("accepted")).count() > 1);
  }

  private void reinstallAll(String prefix) {
    List<One> orders =
        Stream.of(CloudUnderTest.values())
            .flatMap(
                v -> IntStream.range(0, ORDERS).mapToObj(i -> new One(v, v.id(prefix + "00" + i))))
            .toList();
    orders.forEach(o -> o.vendor().newServer(site, o.id()));
    StringBuilder manifest = new StringBuilder();
    orders.forEach(o -> manifest.append("---\n").append(o.vendor().request(o.id(), o.id())));
    site.apply(manifest.toString());
    orders.forEach(o -> site.awaitFinished(o.id()));

    for (One order : orders) {
      assertThat(site.phase(order.id())).as(site::everything).isEqualTo("Succeeded");
      assertThat(order.vendor().cloud(site).wipes(order.id())).isEqualTo(1);
      assertThat(order.vendor().cloud(site).calls(order.vendor().send(), order.id())).isEqualTo(1);
    }
  }

  private void awaitWatching(OperatorProcess operator) {
    site.await("the operator to watch", () -> operator.log().contains("Watching"));
  }

  @Test
  void with_leader_election_one_works_and_the_other_takes_over_when_it_is_killed() {
    site.with("REINSTALL_LEADER_ELECTION", "true");
    OperatorProcess leader = site.startOperator();
    site.await("a leader", () -> leads(leader));
    OperatorProcess other = site.startOperator();
    site.await("the other to know the leader", () -> other.log().contains("Leader: "));
    site.tencent.newServer("ins-leader01");
    site.apply(TestCluster.tencentRequest("led-1", "ins-leader01", ""));
    site.awaitFinished("led-1");
    assertThat(leads(other)).isFalse();

    leader.kill();
    site.jd.newServer("cps-leader02");
    site.apply(TestCluster.jdRequest("led-2", "cps-leader02", ""));
    site.awaitFinished("led-2");

    site.await("the other to lead", () -> leads(other));
    assertThat(site.phase("led-1")).isEqualTo("Succeeded");
    assertThat(site.phase("led-2")).isEqualTo("Succeeded");
    assertThat(site.tencent.wipes("ins-leader01")).isEqualTo(1);
    assertThat(site.jd.wipes("cps-leader02")).isEqualTo(1);
  }

  private static boolean leads(OperatorProcess operator) {
    return operator.log().contains("This replica is the leader");
  }
}
