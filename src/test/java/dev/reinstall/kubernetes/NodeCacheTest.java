package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reinstall.controlplane.CrudMock;
import dev.reinstall.reconcile.ClusterNode;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** On the mock of the Kubernetes API; pages, and the permission: OwnNodeIT. */
class NodeCacheTest {
  private static final String LIST = "/api/v1/nodes?limit=" + NodeCache.PAGE;

  private final CrudMock cluster = CrudMock.start();
  private long nanos;
  private final NodeCache nodes = new NodeCache(cluster.client(), () -> nanos);

  @AfterEach
  void close() {
    cluster.close();
  }

  private static Node node(String name) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withProviderID("qcloud:///100003/ins-" + name)
        .endSpec()
        .withNewStatus()
        .addNewAddress("10.0.0.9", "InternalIP")
        .addNewAddress("203.0.113.9", "ExternalIP")
        .addNewAddress("192.0.2.9", "Hostname")
        .endStatus()
        .build();
  }

  private int listed() {
    int before = cluster.requests();
    nodes.nodes();
    return cluster.requests() - before;
  }

  @Test
  void of_a_node_name_provider_id_and_ip_addresses_are_kept() {
    cluster.create(node("web-1"));
    assertThat(nodes.nodes().orElseThrow())
        .containsExactly(
            new ClusterNode(
                "web-1",
                Optional.of("qcloud:///100003/ins-web-1"),
                Set.of("10.0.0.9", "203.0.113.9")));
  }

  @Test
  void a_node_that_has_only_just_been_created_is_one_without_addresses() {
    cluster.create(new NodeBuilder().withNewMetadata().withName("web-1").endMetadata().build());
    assertThat(nodes.nodes().orElseThrow())
        .containsExactly(new ClusterNode("web-1", Optional.empty(), Set.of()));
  }

  @Test
  void they_are_listed_once_in_60_seconds() {
    assertThat(listed()).isEqualTo(1);
    cluster.create(node("web-1"));
    nanos = NodeCache.KEPT.toNanos() - 1;
    assertThat(listed()).isZero();
    assertThat(nodes.nodes().orElseThrow()).isEmpty();
    nanos = NodeCache.KEPT.toNanos();
    assertThat(listed()).isEqualTo(1);
    assertThat(nodes.nodes().orElseThrow()).hasSize(1);
  }

  @Test
  void that_they_may_not_be_listed_is_kept_as_long() {
    cluster.refuseNext("GET", LIST, 403);
    assertThat(nodes.nodes()).isEmpty();
    nanos = NodeCache.KEPT.toNanos() - 1;
    assertThat(listed()).isZero();
    assertThat(nodes.nodes()).isEmpty();
    nanos = NodeCache.KEPT.toNanos();
    assertThat(nodes.nodes()).isPresent();
  }

  /** A request is not started without the check because the API server is overloaded. */
  @Test
  void that_they_cannot_be_listed_now_is_no_answer_and_is_not_kept() {
    cluster.refuseNext("GET", LIST, 404);
    assertThatThrownBy(nodes::nodes).isInstanceOf(KubernetesClientException.class);
    assertThat(nodes.nodes()).isPresent();
  }
}
