package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.controlplane.Ports;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The whole cluster put back to before orders that were sent since: its resource versions go back,
 * and no ledger and no status tells of them. What no ledger can hold, the clouds and people must.
 */
@NeedsControlPlane
class PutBackIT {
  private static ControlPlane cluster;
  private static Site site;

  @BeforeAll
  static void start() {
    cluster = Site.withBase(ControlPlane.start());
    site = new Site(cluster);
  }

  @AfterAll
  static void close() {
    site.close();
    cluster.close();
  }

  /** How far an order was when the cluster was put back to before it. */
  private enum Order {
    UNSENT("back0001"),
    SENT("back0002"),
    DONE("back0003"),
    /** Done, and suspended by a person who compared the cluster with the cloud. */
    COMPARED("back0004"),
    /** Done, and written with preconditions. */
    GUARDED("back0005");

    private final String eight;

    Order(String eight) {
      this.eight = eight;
    }

    String of(Vendor cloud) {
      return cloud.id(eight);
    }
  }

  @Test
  void an_operator_that_outlives_it_begins_nothing_and_one_that_starts_knows_of_nothing() {
    int port = Ports.free();
    OperatorProcess operator =
        site.with("REINSTALL_HTTP_PORT", String.valueOf(port)).startOperator();
    for (Vendor cloud : Vendor.values()) {
      for (Order order : Order.values()) {
        String id = order.of(cloud);
        cloud.newServer(site, id);
        cloud.plugIn(site, id);
        cloud.endStopped(site, id);
        site.apply(cloud.order(id, id, order == Order.GUARDED ? onlyFromTheOld(cloud) : ""));
      }
      cloud.stick(site, Order.SENT.of(cloud));
    }
    forEach(List.of(Order.values()), (cloud, id) -> site.awaitReason(id, "ServerRunning"));

    Path before = cluster.saveData();
    List<Order> given = List.of(Order.SENT, Order.DONE, Order.COMPARED, Order.GUARDED);
    forEach(given, (cloud, id) -> cloud.pullPlug(site, id));
    forEach(List.of(Order.SENT), (cloud, id) -> site.awaitPhase(id, "Installing"));
    forEach(
        List.of(Order.DONE, Order.COMPARED, Order.GUARDED),
        (cloud, id) -> site.awaitPhase(id, "Succeeded"));
    cluster.putDataBack(before);
    forEach(List.of(Order.UNSENT), (cloud, id) -> cloud.pullPlug(site, id));

    // It lives, and could send.
    site.await("it to notice", () -> readyz(port).startsWith("503 the cluster was put back"));
    forEach(List.of(Order.UNSENT), (cloud, id) -> site.awaitReason(id, "ClusterPutBack"));
    site.staysTheSame("what was sent", PutBackIT::sends);
    assertThat(operator.isAlive()).isTrue();
    forEach(List.of(Order.UNSENT), (cloud, id) -> assertThat(sends(cloud, id)).isZero());
    forEach(given, (cloud, id) -> assertThat(sends(cloud, id)).isEqualTo(1));
    forEach(
        given,
        (cloud, id) -> {
          assertThat(site.reason(id)).as("nobody knows of it").isEqualTo("ServerRunning");
          assertThat(site.ledgerState(id, id)).isEmpty();
        });

    // A person compares, and starts another.
    operator.stop();
    forEach(List.of(Order.SENT), (cloud, id) -> cloud.goOn(site, id));
    forEach(
        List.of(Order.COMPARED),
        (cloud, id) ->
            site.kubectl("patch", "ri", id, "--type=merge", "-p", "{\"spec\":{\"suspend\":true}}")
                .orFail());
    site.startOperator();

    forEach(List.of(Order.UNSENT), (cloud, id) -> site.awaitPhase(id, "Succeeded"));
    forEach(List.of(Order.COMPARED), (cloud, id) -> site.awaitReason(id, "Suspended"));
    forEach(List.of(Order.GUARDED), (cloud, id) -> site.awaitReason(id, "PreconditionFailed"));
    site.awaitPhase(Order.DONE.of(Vendor.TENCENT), "Succeeded");
    System.out.println(site.everything());
  }

  private interface Act {
    void on(Vendor cloud, String id);
  }

  private static void forEach(List<Order> orders, Act act) {
    for (Vendor cloud : Vendor.values()) {
      orders.forEach(order -> act.on(cloud, order.of(cloud)));
    }
  }

  private static int sends(Vendor cloud, String id) {
    return cloud.cloud(site).calls(cloud.send(), id);
  }

  private static Object sends() {
    return List.of(Vendor.values()).stream()
        .flatMap(cloud -> List.of(Order.values()).stream().map(o -> sends(cloud, o.of(cloud))))
        .toList();
  }

  private static String readyz(int port) throws InterruptedException {
    return Probe.get(port, "/readyz");
  }

  private static String onlyFromTheOld(Vendor cloud) {
    return cloud == Vendor.TENCENT
        ? "preconditions: {imageId: img-pmqg1cw7}"
        : "preconditions: {osTypeId: os-1}";
  }
}
