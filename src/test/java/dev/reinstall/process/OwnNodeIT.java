package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.NeedsControlPlane;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that is a Node of the operator's cluster is neither stopped nor reinstalled. */
@Tag("deep")
@NeedsControlPlane
class OwnNodeIT {
  /** More than one page of the list; none of them is a server here. */
  private static final int OTHER_NODES = 130;

  private static final String STOP = "whenRunning: Stop";

  /** Its Nodes are shared with other tests, whose servers have other IDs and addresses. */
  private static TestCluster site;

  private static final List<Node> NODES = new ArrayList<>();

  @BeforeAll
  static void start() {
    site = new TestCluster();
    IntStream.range(0, OTHER_NODES)
        .forEach(
            i -> join("own-other-%03d".formatted(i), "qcloud:///1/ins-other%03d".formatted(i)));
    for (CloudUnderTest cloud : CloudUnderTest.values()) {
      join("zz-own-id-" + id(cloud, 1), "provider:///zone-3/" + id(cloud, 1));
      join("zz-own-address-" + id(cloud, 2), null, address(cloud, 2));
      join(
          "zz-own-allowed-" + id(cloud, 3),
          "provider:///zone-3/" + id(cloud, 3),
          address(cloud, 3));
    }
    site.startOperator();
  }

  @AfterAll
  static void close() {
    NODES.forEach(node -> site.cluster.client().resource(node).delete());
    site.close();
  }

  private static String id(CloudUnderTest cloud, int number) {
    return cloud.id("ownnod%02d".formatted(number));
  }

  private static String address(CloudUnderTest cloud, int number) {
    return "10.77." + cloud.ordinal() + "." + number;
  }

  private static Node join(String name, String providerId, String... addresses) {
    Node node =
        site.cluster
            .client()
            .resource(
                new NodeBuilder()
                    .withNewMetadata()
                    .withName(name)
                    .endMetadata()
                    .withNewSpec()
                    .withProviderID(providerId)
                    .endSpec()
                    .build())
            .create();
    NODES.add(node);
    NodeStatusBuilder status = new NodeStatusBuilder();
    List.of(addresses).forEach(address -> status.addNewAddress(address, "InternalIP"));
    site.cluster
        .client()
        .resource(new NodeBuilder(node).withStatus(status.build()).build())
        .updateStatus();
    return node;
  }

  private static void newServer(CloudUnderTest cloud, int number) {
    String id = id(cloud, number);
    if (cloud == CloudUnderTest.TENCENT) {
      site.tencent.newServer(id).addresses(List.of(address(cloud, number)), List.of()).running();
    } else {
      site.jd.newServer(id).addresses(address(cloud, number), "").running();
    }
  }

  private static void assertLeftRunning(CloudUnderTest cloud, String id, String node) {
    site.awaitReason(id, "CheckFailed");
    assertThat(site.message(id)).contains(node).contains("spec.allowOwnNode");
    assertThat(site.field(id, ".status.findings")).contains("spec.instanceId", "Error", node);
    site.staysTheSame("the server", () -> site.message(id));
    assertThat(cloud.runs(site, id)).isTrue();
    assertThat(cloud.cloud(site).calls(cloud.stop(), id)).isZero();
    assertThat(cloud.cloud(site).calls(cloud.send(), id)).isZero();
    assertThat(site.ledgerState(id, id)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void a_running_server_that_is_a_node_by_its_provider_id_is_left_running(CloudUnderTest cloud) {
    String id = id(cloud, 1);
    newServer(cloud, 1);
    site.apply(cloud.request(id, id, STOP));
    assertLeftRunning(cloud, id, "Node zz-own-id-" + id);
  }

  @ParameterizedTest
  @EnumSource
  void a_running_server_that_has_the_address_of_a_node_is_left_running(CloudUnderTest cloud) {
    String id = id(cloud, 2);
    newServer(cloud, 2);
    site.apply(cloud.request(id, id, STOP));
    assertLeftRunning(cloud, id, "Node zz-own-address-" + id);
  }

  @ParameterizedTest
  @EnumSource
  void a_suspended_request_shows_the_node_and_who_allows_it_reinstalls_it(CloudUnderTest cloud) {
    String id = id(cloud, 3);
    newServer(cloud, 3);
    site.apply(cloud.request("plan-" + id, id, STOP + "\nsuspend: true"));
    site.awaitReason("plan-" + id, "Suspended");
    assertThat(site.field("plan-" + id, ".status.findings")).contains("Node zz-own-allowed-" + id);
    site.apply(cloud.request(id, id, STOP + "\nallowOwnNode: true"));
    site.awaitFinished(id);
    assertThat(site.phase(id)).as(site::everything).isEqualTo("Succeeded");
    assertThat(site.field(id, ".status.findings")).isEmpty();
    assertThat(cloud.cloud(site).wipes(id)).isEqualTo(1);
  }

  /** As after an upgrade of the operator without its ClusterRole. */
  @Test
  void where_nodes_may_not_be_listed_requests_of_both_clouds_go_on_with_a_warning() {
    try (LeastPrivilegeTrial trial = new LeastPrivilegeTrial(site.cluster, "list nodes")) {
      for (CloudUnderTest cloud : CloudUnderTest.values()) {
        String id = id(cloud, 4);
        cloud.newServer(trial.site, id);
        cloud.plugIn(trial.site, id);
        trial.site.apply(cloud.request(id, id, STOP));
        trial.site.awaitFinished(id);
        assertThat(trial.site.phase(id)).as(trial.site::everything).isEqualTo("Succeeded");
        assertThat(trial.site.field(id, ".status.findings"))
            .contains("Warning", "the operator is not allowed to list Nodes");
        assertThat(cloud.cloud(trial.site).wipes(id)).isEqualTo(1);
      }
      assertThat(trial.operator.log()).containsOnlyOnce("Not permitted to list Nodes");
    }
  }
}
