package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.NeedsControlPlane;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Operators are killed repeatedly, at random times. For a longer run: {@code -Dorders=24
 * -Dkills=12}.
 */
@Tag("deep")
@Tag("wide")
@NeedsControlPlane
class CrashStormIT {
  private static final int ORDERS = Integer.getInteger("orders", 8); // of each cloud
  private static final int KILLS = Integer.getInteger("kills", 3);
  private static final int WRITES_OF_AN_ORDER = 6;

  private record One(CloudUnderTest vendor, String id) {}

  @Test
  void who_is_killed_and_whenever_no_server_is_wiped_twice_and_nothing_untrue_is_said() {
    List<One> orders =
        Stream.of(CloudUnderTest.values())
            .flatMap(
                v ->
                    IntStream.range(0, ORDERS)
                        .mapToObj(i -> new One(v, v.id("storm%03d".formatted(i)))))
            .toList();
    long seed = System.nanoTime();
    Random chance = new Random(seed);
    TestCluster site = new TestCluster();
    ApiRelay relay = new ApiRelay(site.rights());
    try (site;
        relay) {
      orders.forEach(o -> o.vendor().newServer(site, o.id()));
      StringBuilder manifest = new StringBuilder();
      orders.forEach(o -> manifest.append("---\n").append(o.vendor().request(o.id(), o.id())));
      site.apply(manifest.toString());

      for (int i = 0; i < KILLS; i++) {
        int until = writes(relay) + 1 + chance.nextInt(ORDERS * WRITES_OF_AN_ORDER / KILLS);
        OperatorProcess operator = site.startOperator(relay.kubeconfig());
        site.await("the operator to be at work", () -> writes(relay) >= until);
        operator.kill();
      }
      site.startOperator(relay.kubeconfig());
      orders.forEach(o -> site.awaitFinished(o.id()));

      for (One order : orders) {
        String reported = site.phase(order.id()) + ": " + site.message(order.id());
        int wipes = order.vendor().cloud(site).wipes(order.id());
        assertThat(wipes)
            .as("wipes of %s, which says %s; seed %d", order.id(), reported, seed)
            .isEqualTo(reported.startsWith("Succeeded") ? 1 : 0);
        if (order.vendor() == CloudUnderTest.JD || wipes == 1) {
          assertThat(reported).startsWith("Succeeded");
        } else {
          assertThat(reported).isEqualTo("Unknown: " + KillPoint.End.UNKNOWN.says);
        }
      }
    }
  }

  private static int writes(ApiRelay relay) {
    return (int) relay.calls().stream().filter(ApiCall::isWrite).count();
  }
}
