package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.simulator.RecordedCall;
import dev.reinstall.simulator.SimulatedCloud;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The number of cloud calls for many open requests of one account while nothing changes. */
@Tag("deep")
@NeedsControlPlane
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PollingIT {
  private static final Duration POLL = Duration.ofSeconds(3);
  private static final int SPEED = 1200; // of the simulated clouds' clocks
  private static final int INTERVALS = 2;
  private static final int MOST = 10; // descriptions an interval, for any number of requests
  private static final int STUCK = 10; // of the requests wait for the end of an install

  private static TestCluster site;
  private static int orders;

  @BeforeAll
  static void start() {
    site = new TestCluster().with("REINSTALL_POLL_INTERVAL", POLL.toSeconds() + "s");
    site.startOperator();
  }

  @AfterAll
  static void close() {
    site.kubectl("delete", "reinstalls", "--all", "--wait=false").orFail();
    site.close();
  }

  @Test
  @Order(1)
  void one_request_costs_one_description_an_interval() throws Exception {
    grow(1);
    assertThat(looks(site.tencent)).allMatch(looks -> looks <= INTERVALS);
  }

  @Test
  @Order(2)
  void a_hundred_requests_cost_two() throws Exception {
    grow(100);
    assertThat(looks(site.tencent, site.jd)).allMatch(looks -> looks <= 2 * INTERVALS + 1);
  }

  @Test
  @Order(3)
  void a_thousand_requests_cost_ten() throws Exception {
    grow(1000);
    assertThat(looks(site.tencent)).allMatch(looks -> looks <= MOST * INTERVALS + 1);
  }

  /** Most wait for a running server, some for the end of an install. */
  private static void grow(int until) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> made = new ArrayList<>();
      for (int i = orders; i < until; i++) {
        int number = i;
        made.add(pool.submit(() -> request(number)));
      }
      for (Future<?> one : made) {
        one.get();
      }
    } finally {
      pool.shutdownNow();
    }
    orders = until;
    site.await("all " + until + " to wait", () -> waiting() == until + Math.min(until, 100) - 1);
  }

  private static void request(int number) {
    String eight = "many%04d".formatted(number); // no other test has these servers
    boolean stuck = number > 0 && number <= STUCK;
    var tencent = site.tencent.newServer("ins-" + eight);
    if (stuck) {
      tencent.stayInTransition();
    } else {
      tencent.running();
    }
    create(TestCluster.tencentRequest("web-" + number, "ins-" + eight, ""));
    if (number > 0 && number < 100) {
      site.jd.newServer("cps-" + eight).running();
      create(TestCluster.jdRequest("node-" + number, "cps-" + eight, ""));
    }
  }

  private static void create(String manifest) {
    GenericKubernetesResource order =
        Serialization.unmarshal(manifest, GenericKubernetesResource.class);
    site.cluster.client().resource(order).inNamespace(site.namespace).create();
  }

  private static int waiting() {
    return (int)
        site
            .cluster
            .client()
            .genericKubernetesResources("reinstall.dev/v1alpha1", "Reinstall")
            .inNamespace(site.namespace)
            .list()
            .getItems()
            .stream()
            .map(order -> String.valueOf((Object) order.get("status", "reason")))
            .filter(reason -> Set.of("ServerRunning", "Installing").contains(reason))
            .count();
  }

  private static Duration interval() {
    return POLL.multipliedBy(SPEED);
  }

  private static long between(List<RecordedCall> calls, Instant from, Instant until) {
    return calls.stream().filter(c -> !c.at().isBefore(from) && c.at().isBefore(until)).count();
  }

  /**
   * Calls to each cloud in all intervals, after the startup calls are over. Each request polls
   * slightly less than once an interval: a call at the edge of the period may be one too many.
   */
  private static List<Long> looks(SimulatedCloud... clouds) {
    long began = System.nanoTime();
    for (SimulatedCloud cloud : clouds) {
      site.await(
          "the looks of the beginning to be over",
          () -> lately(cloud) <= Math.max(2, orders / 100));
    }
    System.out.printf("settled after %d ms%n", (System.nanoTime() - began) / 1_000_000);
    List<Instant> from = Stream.of(clouds).map(cloud -> cloud.clock().now()).toList();
    Instant until = from.get(0).plus(interval().multipliedBy(INTERVALS)).plusSeconds(60);
    Awaitility.await()
        .atMost(POLL.multipliedBy(INTERVALS + 3))
        .until(() -> clouds[0].clock().now().isAfter(until));
    return IntStream.range(0, clouds.length).mapToObj(i -> looks(clouds[i], from.get(i))).toList();
  }

  /** Calls in the last interval. */
  private static long lately(SimulatedCloud cloud) {
    Instant now = cloud.clock().now();
    return between(descriptions(cloud), now.minus(interval()), now);
  }

  /** Catalogues are asked once a minute, whatever the interval. */
  private static List<RecordedCall> descriptions(SimulatedCloud cloud) {
    return cloud.callsLog().stream()
        .filter(call -> call.action().toLowerCase(Locale.ROOT).startsWith("describeinstance"))
        .toList();
  }

  private static long looks(SimulatedCloud cloud, Instant from) {
    List<RecordedCall> calls = descriptions(cloud);
    List<Long> each =
        Stream.iterate(from, begin -> begin.plus(interval()))
            .limit(INTERVALS)
            .map(begin -> between(calls, begin, begin.plus(interval())))
            .toList();
    System.out.printf(
        "%s: %d orders of one account: looks in %d intervals of %s: %s%n",
        cloud.getClass().getSimpleName(), orders, INTERVALS, POLL, each);
    return each.stream().mapToLong(Long::longValue).sum();
  }
}
