package dev.reinstall.kubernetes;

import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.reconcile.ClusterMessages;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.OperatorException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports a reconciliation that failed: in the Reconciling condition, by an Event and in the
 * metrics. All else of the status is a witness of what was submitted, and stays as it is.
 */
final class ReconcileErrorReporter {
  private static final Logger LOG = LoggerFactory.getLogger(ReconcileErrorReporter.class);

  private final EventRecorder events;
  private final OperatorMetrics metrics;

  ReconcileErrorReporter(EventRecorder events, OperatorMetrics metrics) {
    this.events = events;
    this.metrics = metrics;
  }

  void report(Reinstall reinstall, Context<Reinstall> context, Throwable failure) {
    metrics.reconcileError();
    String message = ClusterMessages.reconcileFailed(cause(failure));
    Reinstall newest =
        context.getPrimaryCache().get(ResourceID.fromResource(reinstall)).orElse(reinstall);
    events.recordFailure(newest, message);
    ReinstallStatus before = newest.getStatus();
    ReinstallStatus status = StatusConverter.withFailure(before, message, Instant.now());
    if (StatusConverter.isSame(before, status) || isReported(before, message)) {
      return;
    }
    try {
      context.resourceOperations().updatePrimaryStatus(StatusConverter.copyWith(newest, status));
    } catch (KubernetesClientException e) {
      LOG.debug("The failure could not be written to the status: {}", e.getMessage());
    }
  }

  /**
   * Whether the status already has this message, but for numbers and IDs. Two replicas that both
   * work would otherwise wake each other, again and again, by a port or a time in it.
   */
  private static boolean isReported(ReinstallStatus status, String message) {
    return status != null
        && status.conditions() != null
        && status.conditions().stream()
            .filter(StatusConverter::isFailure)
            .anyMatch(c -> withoutNumbers(c.getMessage()).equals(withoutNumbers(message)));
  }

  private static String withoutNumbers(String text) {
    return text.replaceAll("\\w*[0-9]\\w*", "0");
  }

  /** Words that cannot hold a secret: the API server's, or ours; never those of any exception. */
  private static String cause(Throwable failure) {
    if (failure instanceof OperatorException && failure.getCause() != null) {
      return cause(failure.getCause()); // the framework wraps what a reconciliation throws
    }
    if (failure instanceof ClusterRejectionException) {
      return failure.getMessage();
    }
    if (failure instanceof KubernetesClientException e) {
      return e.getCode() <= 0
          ? "The Kubernetes API did not respond."
          : "The API server rejected the call (HTTP "
              + e.getCode()
              + "): "
              + CrdCompatibilityCheck.words(e);
    }
    return "Internal error (" + failure.getClass().getSimpleName() + "); see the operator log.";
  }
}
