package dev.reinstall.kubernetes;

import dev.reinstall.reconcile.ClusterNode;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.NodeList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Nodes of the cluster, listed when they are asked for, and kept for a short time. */
final class NodeCache {
  private static final Logger LOG = LoggerFactory.getLogger(NodeCache.class);

  static final Duration KEPT = Duration.ofSeconds(60);

  /** Of a list: a Node may have 20 KB, of which little is kept. */
  static final long PAGE = 100;

  private static final Set<String> IP = Set.of("InternalIP", "ExternalIP");

  private final KubernetesClient client;
  private final LongSupplier nanos;
  private Optional<List<ClusterNode>> known;
  private long since;

  /**
   * @param nanos a clock that only runs forward
   */
  NodeCache(KubernetesClient client, LongSupplier nanos) {
    this.client = client;
    this.nanos = nanos;
  }

  /**
   * Who asks while they are listed waits for that list. Empty: the operator may not list them.
   *
   * @throws KubernetesClientException they cannot be listed now, which is no answer
   */
  synchronized Optional<List<ClusterNode>> nodes() {
    long now = nanos.getAsLong();
    if (known == null || now - since >= KEPT.toNanos()) {
      Optional<List<ClusterNode>> before = known;
      known = list();
      since = now;
      report(before);
    }
    return known;
  }

  /** Once, and not for each request: a finding of each of them says so as well. */
  private void report(Optional<List<ClusterNode>> before) {
    boolean couldList = before == null || before.isPresent();
    if (known.isEmpty() && couldList) {
      LOG.warn(
          "Not permitted to list Nodes: it is not checked whether a server is a Node of this"
              + " cluster");
    } else if (known.isPresent() && !couldList) {
      LOG.info("Permitted to list Nodes");
    }
  }

  private Optional<List<ClusterNode>> list() {
    List<ClusterNode> nodes = new ArrayList<>();
    String next = null;
    try {
      do {
        NodeList page =
            client
                .nodes()
                .list(new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build());
        page.getItems().forEach(node -> nodes.add(reduced(node)));
        next = page.getMetadata().getContinue();
      } while (next != null && !next.isEmpty());
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        return Optional.empty();
      }
      throw e;
    }
    return Optional.of(List.copyOf(nodes));
  }

  private static ClusterNode reduced(Node node) {
    return new ClusterNode(
        node.getMetadata().getName(),
        Optional.ofNullable(node.getSpec()).map(spec -> spec.getProviderID()),
        node.getStatus() == null ? Set.of() : addresses(node.getStatus().getAddresses().stream()));
  }

  private static Set<String> addresses(Stream<NodeAddress> all) {
    return all.filter(address -> IP.contains(address.getType()))
        .map(NodeAddress::getAddress)
        .collect(Collectors.toUnmodifiableSet());
  }
}
