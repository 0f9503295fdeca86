package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.OperatorPause;
import dev.reinstall.api.Reinstall;
import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.simulator.RecordedCall;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A person pauses the operator by a ConfigMap in its namespace, and resumes it. */
@Tag("deep")
@NeedsControlPlane
class OperatorPauseIT {
  private static final String OPERATORS_NAMESPACE = "reinstall-system";

  /** The promise is one second; the rest is for a slow machine. */
  private static final Duration AT_ONCE = Duration.ofSeconds(2);

  private static final Duration POLL = Duration.ofSeconds(30);
  private static final int PER_CLOUD = 10;

  private final TestCluster site = new TestCluster();

  @AfterEach
  void close() {
    configMap("").delete();
    site.close();
  }

  private Resource<ConfigMap> configMap(String reason) {
    return site.cluster
        .client()
        .configMaps()
        .inNamespace(OPERATORS_NAMESPACE)
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName(OperatorPause.NAME)
                .endMetadata()
                .addToData("reason", reason)
                .build());
  }

  private Duration pause(List<String> orders) {
    return timed(
        "the pause: shown by " + orders.size() + " requests",
        () -> configMap("wrong image in Git").create(),
        () -> paused().containsAll(orders));
  }

  private Duration resume() {
    int tencent = site.tencent.callsLog().size();
    int jd = site.jd.callsLog().size();
    return timed(
        "the end of the pause: the next call to a cloud",
        () -> configMap("").delete(),
        () -> site.tencent.callsLog().size() > tencent || site.jd.callsLog().size() > jd);
  }

  private static Duration timed(String what, Runnable change, Callable<Boolean> isSeen) {
    long began = System.nanoTime();
    change.run();
    Awaitility.await(what).pollInterval(Duration.ofMillis(20)).until(isSeen);
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    System.out.printf("%s after %d ms%n", what, took.toMillis());
    return took;
  }

  /** The names of the requests that show the pause. */
  private Set<String> paused() {
    return site
        .cluster
        .client()
        .resources(Reinstall.class)
        .inNamespace(site.namespace)
        .list()
        .getItems()
        .stream()
        .filter(OperatorPauseIT::isPaused)
        .map(order -> order.getMetadata().getName())
        .collect(Collectors.toSet());
  }

  private static boolean isPaused(Reinstall order) {
    return order.getStatus() != null
        && (order.getStatus().phase() + "/" + order.getStatus().reason())
            .equals("Pending/OperatorPaused");
  }

  private List<String> changes() {
    List<RecordedCall> calls = new ArrayList<>(site.tencent.callsLog());
    calls.addAll(site.jd.callsLog());
    return calls.stream()
        .map(RecordedCall::action)
        .filter(action -> !action.toLowerCase(Locale.ROOT).startsWith("describe"))
        .toList();
  }

  private int calls() {
    return site.tencent.callsLog().size() + site.jd.callsLog().size();
  }

  private static String id(CloudUnderTest cloud, int number) {
    return cloud.id("halts%03d".formatted(number));
  }

  /** One of each cloud is suspended; the servers of the others run. */
  private List<String> pendingRequests() {
    List<String> orders = new ArrayList<>();
    StringBuilder manifests = new StringBuilder();
    for (CloudUnderTest cloud : CloudUnderTest.values()) {
      for (int i = 0; i < PER_CLOUD; i++) {
        String id = id(cloud, i);
        cloud.newServer(site, id).plugIn();
        orders.add(id);
        manifests
            .append("---\n")
            .append(cloud.request(id, id, i == 0 ? "suspend: true" : "whenRunning: Wait"));
      }
    }
    site.apply(manifests.toString());
    site.await("the requests to wait", () -> orders.stream().allMatch(this::waitsOfItself));
    return orders;
  }

  private boolean waitsOfItself(String order) {
    return List.of("ServerRunning", "Suspended").contains(site.reason(order));
  }

  /** By the watch: no poll is due for half a minute. */
  @Test
  void within_a_second_each_pending_request_of_both_clouds_shows_the_pause_and_its_end() {
    site.with("REINSTALL_POLL_INTERVAL", POLL.toSeconds() + "s").startOperator();
    List<String> orders = pendingRequests();

    Duration toPause = pause(orders);

    assertThat(orders)
        .allSatisfy(
            order ->
                assertThat(site.message(order))
                    .contains("reinstall-operator-pause", ": wrong image in Git. "));
    for (CloudUnderTest cloud : CloudUnderTest.values()) {
      for (int i = 0; i < PER_CLOUD; i++) {
        cloud.pullPlug(site, id(cloud, i));
      }
    }
    int before = calls();
    String late = id(CloudUnderTest.JD, PER_CLOUD);
    CloudUnderTest.JD.newServer(site, late);
    site.apply(CloudUnderTest.JD.request(late, late));
    site.awaitReason(late, "OperatorPaused");
    site.staysTheSame("no call while the operator is paused", this::calls);
    assertThat(calls()).isEqualTo(before);
    assertThat(changes()).isEmpty();

    Duration toResume = resume();

    site.await("all but the suspended ones", () -> changes().size() == 2 * (PER_CLOUD - 1) + 1);
    assertThat(toPause).isLessThan(AT_ONCE);
    assertThat(toResume).isLessThan(AT_ONCE);
  }

  @ParameterizedTest
  @EnumSource
  void what_was_sent_is_followed_to_its_end_and_what_is_being_stopped_is_released(
      CloudUnderTest cloud) {
    site.startOperator();
    String installing = cloud.id("pause100");
    cloud.newServer(site, installing);
    cloud.endStopped(site, installing);
    cloud.stick(site, installing);
    site.apply(cloud.request(installing, installing, "powerAfter: Running"));
    site.awaitPhase(installing, "Installing");
    String stopping = cloud.id("pause101");
    cloud.newServer(site, stopping).plugIn();
    cloud.switchTakes(site, stopping, Duration.ofDays(1));
    site.apply(cloud.request(stopping, stopping, "whenRunning: Stop"));
    site.awaitPhase(stopping, "Stopping");
    site.await("the response of the stop", () -> changes().contains(cloud.stop()));

    pause(List.of(stopping));
    assertThat(site.ledgerState(stopping, stopping)).isEqualTo("Released");
    assertThat(site.message(stopping)).contains("The server was stopped for this request at ");
    cloud.goOn(site, installing);
    site.awaitFinished(installing);

    assertThat(site.phase(installing)).as(site::everything).isEqualTo("Succeeded");
    assertThat(site.message(installing))
        .contains("not started, because the operator is paused", "wrong image in Git");
    assertThat(changes()).containsExactly(cloud.send(), cloud.stop());
    assertThat(cloud.runs(site, installing)).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void an_operator_that_starts_while_it_is_paused_claims_nothing(CloudUnderTest cloud) {
    configMap("wrong image in Git").create();
    String id = cloud.id("pause200");
    cloud.newServer(site, id);
    site.apply(cloud.request(id, id));

    OperatorProcess operator = site.startOperator();
    site.awaitReason(id, "OperatorPaused");
    site.staysTheSame("no call", this::calls);
    assertThat(operator.log()).contains("The operator is paused: wrong image in Git");
    assertThat(calls()).isZero();

    resume();
    site.awaitFinished(id);
    assertThat(cloud.cloud(site).wipes(id)).isEqualTo(1);
  }

  @Test
  void a_config_map_without_a_reason_pauses_it_and_one_in_another_namespace_does_not() {
    site.startOperator();
    String id = CloudUnderTest.TENCENT.id("pause300");
    CloudUnderTest.TENCENT.newServer(site, id).plugIn();
    site.kubectl("create", "configmap", OperatorPause.NAME).orFail();
    site.apply(CloudUnderTest.TENCENT.request(id, id));
    site.awaitReason(id, "ServerRunning");

    site.cluster
        .kubectl("-n", OPERATORS_NAMESPACE, "create", "configmap", OperatorPause.NAME)
        .orFail();
    site.awaitReason(id, "OperatorPaused");
    assertThat(site.message(id)).contains(": no reason is given. ");

    site.cluster
        .kubectl("-n", OPERATORS_NAMESPACE, "delete", "configmap", OperatorPause.NAME)
        .orFail();
    site.awaitReason(id, "ServerRunning");
  }
}
