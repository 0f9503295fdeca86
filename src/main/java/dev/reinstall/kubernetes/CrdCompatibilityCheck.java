package dev.reinstall.kubernetes;

import dev.reinstall.api.Reason;
import dev.reinstall.api.ServerLedger;
import dev.reinstall.api.StoredText;
import dev.reinstall.reconcile.ClaimRefusedException;
import dev.reinstall.reconcile.Messages;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import java.net.HttpURLConnection;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the CRD in the cluster accepts every ledger that this operator may have to write. A claim
 * is worth nothing if its result is rejected later, so everything is tried beforehand: by strict
 * dry runs, which create no object and need only the right to create.
 */
public final class CrdCompatibilityCheck {
  private static final Logger LOG = LoggerFactory.getLogger(CrdCompatibilityCheck.class);

  private static final int UNPROCESSABLE = 422;
  private static final String UNKNOWN_FIELD = "strict decoding error";

  private enum Kind {
    COMPATIBLE,
    /** The schema does not have everything that the operator may have to write. */
    OUTDATED,
    /** Rejected for another reason, such as an admission policy or a missing permission. */
    REJECTED,
    /** Not checked: no response, or one that says nothing about the schema. */
    UNKNOWN
  }

  /**
   * @param words of the API server
   */
  private record Verdict(Kind kind, String words) {}

  private final KubernetesClient client;
  private volatile Verdict verdict = new Verdict(Kind.UNKNOWN, "The check has not finished.");

  public CrdCompatibilityCheck(KubernetesClient client) {
    this.client = client;
  }

  /** Asks the API server. */
  public synchronized void run() {
    Verdict before = verdict;
    verdict = tryAll();
    if (!verdict.equals(before)) {
      problem().ifPresentOrElse(LOG::warn, () -> LOG.info("CRD schema check passed"));
    }
  }

  private Verdict tryAll() {
    try {
      for (ServerLedger complete : SampleLedgers.make()) {
        client
            .resource(complete)
            .dryRun()
            .fieldValidation(FieldValidateable.Validation.STRICT)
            .create();
      }
      return new Verdict(Kind.COMPATIBLE, "");
    } catch (KubernetesClientException e) {
      return new Verdict(kind(e), words(e));
    }
  }

  private static Kind kind(KubernetesClientException e) {
    if (isSchemaTooOld(e)) {
      return Kind.OUTDATED;
    }
    return e.getCode() >= HttpURLConnection.HTTP_BAD_REQUEST
            && e.getCode() < HttpURLConnection.HTTP_INTERNAL_ERROR
        ? Kind.REJECTED
        : Kind.UNKNOWN;
  }

  /**
   * The kind is missing, or its schema does not know a field or a value. An admission policy or a
   * webhook that denies the ledger has the same HTTP status, but names no field of it.
   */
  private static boolean isSchemaTooOld(KubernetesClientException e) {
    return switch (e.getCode()) {
      case HttpURLConnection.HTTP_NOT_FOUND -> true;
      case HttpURLConnection.HTTP_BAD_REQUEST -> words(e).contains(UNKNOWN_FIELD);
      case UNPROCESSABLE ->
          Optional.ofNullable(e.getStatus()).map(Status::getDetails).stream()
              .flatMap(details -> details.getCauses().stream())
              .anyMatch(cause -> cause.getField() != null && !cause.getField().isEmpty());
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

  /** Why no server may be claimed; empty: nothing is in the way. */
  public Optional<String> problem() {
    return problem(verdict);
  }

  private static Optional<String> problem(Verdict now) {
    return switch (now.kind()) {
      case COMPATIBLE -> Optional.empty();
      case OUTDATED -> Optional.of(Messages.crdOutdated() + " The API server said: " + now.words());
      case REJECTED -> Optional.of("The API server does not accept a ServerLedger: " + now.words());
      case UNKNOWN -> Optional.of("The CRDs could not be checked: " + now.words());
    };
  }

  /**
   * To be passed before a claim.
   *
   * @throws ClaimRefusedException the CRDs are older than this operator
   * @throws ClusterRejectionException it is not known
   */
  void requireCompatible() throws ClaimRefusedException {
    Verdict now = verdict;
    if (now.kind() == Kind.OUTDATED) {
      throw new ClaimRefusedException(
          Reason.CRDOutdated,
          Messages.crdOutdated()); // the API server's words may differ each time
    }
    if (now.kind() != Kind.COMPATIBLE) {
      throw new ClusterRejectionException(problem(now).orElse(""), null);
    }
  }
}
