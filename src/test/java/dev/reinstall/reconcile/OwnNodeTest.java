package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.Scenario.on;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.ReinstallSpec.PowerAfter;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ReinstallStatus.Finding;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.reconcile.FaultSchedule.CallOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that is a Node of the operator's cluster is neither stopped nor reinstalled. */
class OwnNodeTest {
  private static final String ADDRESS = "10.0.0.7"; // as the cloud in memory reports it

  private static final ClusterNode OTHER =
      new ClusterNode("other", Optional.of("qcloud:///100003/ins-99999999"), Set.of("10.0.0.8"));

  private static ClusterNode byId(CloudName cloud) {
    String id = CoreReinstalls.server(cloud).instanceId();
    return new ClusterNode("web-node", Optional.of("provider:///zone-3/" + id), Set.of());
  }

  private static ClusterNode byAddress() {
    return new ClusterNode("web-node", Optional.empty(), Set.of("192.0.2.1", ADDRESS));
  }

  private static Scenario with(CloudName cloud, ClusterNode node) {
    return on(cloud).cluster(it -> it.nodes = Optional.of(List.of(OTHER, node)));
  }

  private static void assertRefused(Scenario stage, String by) {
    stage
        .assertStatus("Pending/CheckFailed")
        .assertMessage(by)
        .assertMessage("Node web-node of the cluster that the operator runs in")
        .assertNothingClaimed()
        .assertStops(0)
        .assertSends(0);
    assertThat(stage.status().findings())
        .extracting(Finding::field, Finding::severity)
        .containsExactly(tuple("spec.instanceId", "CORRECTABLE"));
  }

  @ParameterizedTest
  @EnumSource(names = "UNRECOGNIZED", mode = EnumSource.Mode.EXCLUDE)
  void a_node_is_recognized_by_its_provider_id(CloudName cloud) {
    Scenario stage = with(cloud, byId(cloud)).power(Power.RUNNING).after(Duration.ofMinutes(5));
    stage.request("web", WhenRunning.Stop, PowerAfter.Leave).reconcile();
    assertRefused(stage, "by the spec.providerID");
  }

  @ParameterizedTest
  @EnumSource(names = "UNRECOGNIZED", mode = EnumSource.Mode.EXCLUDE)
  void a_node_is_recognized_by_an_address(CloudName cloud) {
    Scenario stage = with(cloud, byAddress()).power(Power.RUNNING).after(Duration.ofMinutes(5));
    stage.request("web", WhenRunning.Stop, PowerAfter.Leave).reconcile();
    assertRefused(stage, "has the address 10.0.0.7");
    stage.assertMessage("A private address may be used in two networks");
  }

  /** It does not become idle as another server does, so the request waits for no other reason. */
  @Test
  void of_a_node_that_restarts_all_that_is_wrong_is_found() {
    Scenario stage =
        with(CloudName.TencentCloud, byAddress())
            .power(Power.CHANGING)
            .cluster(
                it ->
                    it.secretFindings =
                        List.of(
                            dev.reinstall.cloud.Finding.correctable(
                                "spec.passwordRef", "the password is weak")))
            .request("web", WhenRunning.Stop, PowerAfter.Leave)
            .reconcile()
            .assertStatus("Pending/CheckFailed")
            .assertMessage("Node web-node")
            .assertMessage("the password is weak.")
            .assertNothingClaimed();
    assertThat(stage.status().findings())
        .extracting(Finding::field, Finding::severity)
        .containsExactly(
            tuple("spec.instanceId", "CORRECTABLE"), tuple("spec.passwordRef", "CORRECTABLE"));
  }

  @Test
  void once_the_node_left_the_cluster_the_request_starts() {
    with(CloudName.TencentCloud, byAddress())
        .request("web")
        .reconcile()
        .assertStatus("Pending/CheckFailed")
        .cluster(it -> it.nodes = Optional.of(List.of(OTHER)))
        .reconcile()
        .assertSends(1);
  }

  @Test
  void who_allows_it_reinstalls_a_node_and_the_nodes_are_not_asked_for() {
    with(CloudName.TencentCloud, byId(CloudName.TencentCloud))
        .requestWith("web", it -> InMemoryCluster.allowingOwnNode(it.spec()))
        .reconcile()
        .assertSends(1)
        .verify(it -> assertThat(it.cluster.nodesAsked).isZero());
  }

  @Test
  void where_the_nodes_may_not_be_listed_the_request_starts_and_says_what_was_not_checked() {
    Scenario stage =
        on(CloudName.TencentCloud)
            .cluster(it -> it.nodes = Optional.empty())
            .request("web")
            .reconcile()
            .assertSends(1);
    assertThat(stage.status().findings())
        .extracting(Finding::field, Finding::severity, Finding::message)
        .containsExactly(tuple("spec.instanceId", "UNCHECKED", CheckMessages.ownNodeUnchecked()));
    assertThat(stage.status().conditions().get(1).getStatus()).isEqualTo("Unknown");
  }

  @Test
  void a_suspended_request_shows_it() {
    Scenario stage =
        with(CloudName.JDCloud, byId(CloudName.JDCloud))
            .requestWith(
                "web", it -> it.cluster.spec("img-new", it.inHours(4), WhenRunning.Wait, true))
            .reconcile()
            .assertStatus("Pending/Suspended");
    assertThat(stage.status().findings())
        .extracting(Finding::severity)
        .containsExactly("CORRECTABLE");
  }

  /** By kubeadm join, while it is being stopped. */
  @Test
  void a_server_that_becomes_a_node_while_it_is_being_stopped_is_released() {
    on(CloudName.TencentCloud)
        .requestToStop("web")
        .reconcile()
        .assertState(State.Stopping)
        .cluster(it -> it.nodes = Optional.of(List.of(byAddress())))
        .reconcileAfter(Duration.ofMinutes(10))
        .assertState(State.Released)
        .work(Duration.ofMinutes(10))
        .assertStatus("Pending/CheckFailed")
        .assertSends(0);
  }

  @Test
  void a_server_that_became_a_node_since_the_lost_request_is_not_sent_it_again() {
    on(CloudName.JDCloud, "web")
        .send(CallOutcome.REQUEST_LOST)
        .cluster(it -> it.nodes = Optional.of(List.of(OTHER, byId(CloudName.JDCloud))))
        .work(Duration.ofMinutes(15))
        .assertStatus("Submitting/AwaitingConfirmation")
        .assertMessage("the server is a Node of the operator's own cluster")
        .assertSends(1);
  }

  @Test
  void a_node_that_is_being_started_again_is_not_stopped_by_the_next_object_of_its_name() {
    Scenario stage =
        with(CloudName.TencentCloud, byId(CloudName.TencentCloud))
            .requestToStopAndRestart("web", it -> InMemoryCluster.allowingOwnNode(it.spec()))
            .reconcile()
            .assertStops(1)
            .delete()
            .after(Duration.ofMinutes(5))
            .restartOrphans()
            .after(Duration.ofMinutes(5));
    stage
        .restartOrphans()
        .after(Duration.ofMinutes(5))
        .assertStarts(1)
        .request("web", WhenRunning.Stop, PowerAfter.Leave)
        .work(Duration.ofMinutes(5))
        .assertStatus("Pending/CheckFailed")
        .assertStops(1)
        .assertSends(0);
  }

  @Test
  void the_nodes_are_not_asked_for_once_the_request_was_accepted() {
    Scenario stage = on(CloudName.TencentCloud, "web").reconcile().assertState(State.Accepted);
    int asked = stage.cluster.nodesAsked;
    assertThat(asked).isPositive();
    stage.endsAs("Succeeded/Installed");
    assertThat(stage.cluster.nodesAsked).isEqualTo(asked);
  }
}
