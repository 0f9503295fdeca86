package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.Sentences.NOTHING_SENT;
import static dev.reinstall.reconcile.Sentences.sentence;

import dev.reinstall.api.Durations;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.cloud.Finding;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** What the check of a request found, and what the plan says. */
final class CheckMessages {
  private static final int MOST_FINDINGS = 3;

  private CheckMessages() {}

  /**
   * @param errors that a person can correct outside the Reinstall
   * @param problems why Secrets could not be read
   */
  static String checkFailed(List<Finding> errors, List<String> problems, Duration retry) {
    return ("%s "
            + NOTHING_SENT
            + " The server is left as it is. Correct this; it is checked again every %s.")
        .formatted(Sentences.join(list(errors), Sentences.row(problems)), Durations.text(retry));
  }

  /** The errors in a row: the first ones, and where the others are. */
  static String list(List<Finding> errors) {
    String first =
        errors.stream()
            .limit(MOST_FINDINGS)
            .map(finding -> sentence(finding.message()))
            .collect(Collectors.joining(" "));
    return errors.size() > MOST_FINDINGS ? first + " The others are in status.findings." : first;
  }

  static String suspended() {
    return "spec.suspend is true. No request is sent until it is set to false. What the request will"
        + " do is in status.plan, and what is wrong with it in status.findings.";
  }

  static String ownNode(String instanceId, String node) {
    return ("Server %s is Node %s of the cluster that the operator runs in, by the spec.providerID"
            + " of the Node. To reinstall it, drain the Node and delete it from the cluster, or"
            + " create a Reinstall with spec.allowOwnNode set to true.")
        .formatted(instanceId, node);
  }

  static String ownNodeAddress(String instanceId, String address, String node) {
    return ("Server %s has the address %s, which is an address of Node %s of the cluster that the"
            + " operator runs in. If it is that Node, drain the Node and delete it from the cluster"
            + " first. A private address may be used in two networks: if it is another server, or"
            + " the Node is to be reinstalled, create a Reinstall with spec.allowOwnNode set to"
            + " true.")
        .formatted(instanceId, address, node);
  }

  static String ownNodeUnchecked() {
    return "It is not checked whether the server is a Node of the cluster that the operator runs"
        + " in: the operator is not allowed to list Nodes. Its ClusterRole in deploy/rights.yaml,"
        + " and in the chart, grants it.";
  }

  static String wasStopped() {
    return "The server was stopped for this request.";
  }

  static String before(boolean running, WhenRunning whenRunning) {
    if (!running) {
      return "No stop is needed while the server is stopped.";
    }
    return switch (whenRunning) {
      case Stop -> "The running server is stopped first.";
      case Fail -> "The server is running, so the request fails.";
      default -> "The server is running; the request waits until it is stopped.";
    };
  }

  static String after(boolean started) {
    return started
        ? "After the reinstall, the server is started if it is stopped."
        : "After the reinstall, the server is left as the cloud leaves it.";
  }
}
