package dev.reinstall.kubernetes;

import dev.reinstall.api.ServerLedger;
import dev.reinstall.api.StoredText;
import dev.reinstall.reconcile.ClusterMessages;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import java.net.HttpURLConnection;
import java.util.Optional;

/**
 * Whether the CRD in the cluster accepts every ledger that this operator may have to write. A claim
 * is worth nothing if its result is rejected later, so everything is tried once, before the first
 * one: by strict dry runs, which create no object and need only the right to create.
 */
public final class CrdCompatibilityCheck {
  private static final int UNPROCESSABLE = 422;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final String UNKNOWN_FIELD = "strict decoding error";
  private static final String NOT_PERMITTED = "cannot create resource"; // as RBAC says it
  private static final String UNKNOWN_VALUE = "FieldValueNotSupported";

  private CrdCompatibilityCheck() {}

  /** Why nothing may be claimed; empty: the CRD accepts everything. */
  public static Optional<String> problem(KubernetesClient client) {
    try {
      for (ServerLedger complete : SampleLedgers.make()) {
        client
            .resource(complete)
            .dryRun()
            .fieldValidation(FieldValidateable.Validation.STRICT)
            .create();
      }
      return Optional.empty();
    } catch (KubernetesClientException e) {
      return Optional.of(problem(e));
    }
  }

  private static String problem(KubernetesClientException e) {
    if (isOutdated(e)) {
      return ClusterMessages.crdOutdated() + " The API server said: " + words(e);
    }
    boolean rejected =
        e.getCode() >= HttpURLConnection.HTTP_BAD_REQUEST
            && e.getCode() < HttpURLConnection.HTTP_INTERNAL_ERROR
            && e.getCode() != TOO_MANY_REQUESTS; // or a CRD that is not served yet
    return (rejected
            ? "The API server does not accept a ServerLedger: "
            : "The CRDs could not be checked: ")
        + words(e)
        + (isPermissionMissing(e) ? ". No reinstall request is sent" + ExitReason.GRANT : "");
  }

  /** A policy that denies it has the same HTTP status. */
  private static boolean isPermissionMissing(KubernetesClientException e) {
    return e.getCode() == HttpURLConnection.HTTP_UNAUTHORIZED
        || e.getCode() == HttpURLConnection.HTTP_FORBIDDEN && words(e).contains(NOT_PERMITTED);
  }

  /**
   * Whether a ledger was rejected because the kind is missing, or its schema does not know a field
   * or a value. An admission policy that denies it and a rule of the schema that it violates have
   * the same HTTP status; so has a ledger that was deleted, which the rejection names.
   */
  static boolean isOutdated(KubernetesClientException e) {
    Optional<StatusDetails> details = Optional.ofNullable(e.getStatus()).map(Status::getDetails);
    return switch (e.getCode()) {
      case HttpURLConnection.HTTP_NOT_FOUND -> details.map(StatusDetails::getName).isEmpty();
      case HttpURLConnection.HTTP_BAD_REQUEST -> words(e).contains(UNKNOWN_FIELD);
      case UNPROCESSABLE ->
          details.stream()
              .flatMap(it -> it.getCauses().stream())
              .anyMatch(cause -> UNKNOWN_VALUE.equals(cause.getReason()));
      default -> false;
    };
  }

  /** The API server's own, never those of the exception: they go into a status. */
  static String words(KubernetesClientException e) {
    if (e.getCode() <= 0) {
      return "The Kubernetes API did not respond.";
    }
    return e.getStatus() == null || e.getStatus().getMessage() == null
        ? "no message"
        : StoredText.printable(e.getStatus().getMessage());
  }
}
