package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.BiConsumer;

/**
 * One operator reached all these kill points at once and was killed with {@code kill -9} in all of
 * them. A second operator then finished the requests.
 */
final class KilledEverywhere implements AutoCloseable {
  final TestCluster site;
  private final ApiRelay relay;

  /**
   * @param prepare is applied to each point's new server before its Reinstall is applied
   */
  KilledEverywhere(List<KillPoint> points, BiConsumer<TestCluster, KillPoint> prepare)
      throws InterruptedException {
    site =
        new TestCluster()
            .with("REINSTALL_CONCURRENCY", "80") // every blocked request keeps a thread
            .with("REINSTALL_SEND_WITHIN", "8s") // long enough for a slow machine
            .with("REINSTALL_CALL_TIMEOUT", "60s"); // killed, not timed out
    relay = new ApiRelay(site.rights());
    points.forEach(point -> point.vendor().newServer(site, point.id()));
    points.forEach(point -> prepare.accept(site, point));
    points.forEach(point -> point.set(site, relay));
    OperatorProcess first = site.startOperator(relay.kubeconfig());
    StringBuilder orders = new StringBuilder();
    points.forEach(point -> orders.append("---\n").append(point.request(site)));
    site.apply(orders.toString());
    for (KillPoint point : points) {
      assertThat(point.stop().isReached(60)).as(() -> point + ": " + site.everything()).isTrue();
    }
    first.kill();
    points.forEach(point -> point.stop().letGo());

    site.startOperator(relay.kubeconfig());
    points.forEach(point -> site.awaitFinished(point.id()));
  }

  void assertEnded(KillPoint point) {
    point.assertEnded(site);
    if (point.hasRequestId()) {
      assertThat(site.requestId(point.id())).isNotEmpty();
    }
  }

  @Override
  public void close() {
    site.close();
    relay.close();
  }
}
