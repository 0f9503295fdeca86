package dev.reinstall.reconcile;

import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.Finding;
import dev.reinstall.cloud.Observation;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether the server is a Node of the cluster that the operator runs in: stopped or reinstalled, it
 * would end the Pods that run on it, and maybe the operator.
 */
final class OwnNode {
  private static final String FIELD = "spec.instanceId";

  /** Of an entry that may be claimed after this description. */
  private static final Set<State> UNSUBMITTED =
      EnumSet.of(
          State.Released, State.Stopping, State.Restarting, State.Submitting, State.RejectedBusy);

  private OwnNode() {}

  /** Whether the server is a Node of this cluster, by what was found of it. */
  static boolean isFound(ServerObservation server) {
    return server.findings().stream()
        .anyMatch(found -> found.field().equals(FIELD) && found.kind() == Finding.Kind.CORRECTABLE);
  }

  /** Empty: it is no Node, or may be one. The Nodes are asked for only if it matters. */
  static List<Finding> findings(ReconcileContext ctx, Observation observation) {
    if (Boolean.TRUE.equals(ctx.spec.allowOwnNode())
        || !ctx.entry(ctx.name).map(Entry::state).map(UNSUBMITTED::contains).orElse(true)) {
      return List.of();
    }
    Optional<List<ClusterNode>> nodes = ctx.ports.clusterNodes();
    if (nodes.isEmpty()) {
      return List.of(Finding.unchecked(FIELD, CheckMessages.ownNodeUnchecked()));
    }
    String instanceId = ctx.spec.instanceId();
    List<String> addresses = observation.details().addresses();
    return byId(nodes.get(), instanceId)
        .or(() -> byAddress(nodes.get(), instanceId, addresses))
        .map(problem -> Finding.correctable(FIELD, problem))
        .stream()
        .toList();
  }

  private static Optional<String> byId(List<ClusterNode> nodes, String instanceId) {
    return nodes.stream()
        .filter(node -> node.isInstance(instanceId))
        .findFirst()
        .map(node -> CheckMessages.ownNode(instanceId, node.name()));
  }

  /** Private addresses count, too: most Nodes have no others, and many have no provider ID. */
  private static Optional<String> byAddress(
      List<ClusterNode> nodes, String instanceId, List<String> addresses) {
    return nodes.stream()
        .flatMap(
            node ->
                addresses.stream()
                    .filter(node.addresses()::contains)
                    .map(address -> CheckMessages.ownNodeAddress(instanceId, address, node.name())))
        .findFirst();
  }
}
