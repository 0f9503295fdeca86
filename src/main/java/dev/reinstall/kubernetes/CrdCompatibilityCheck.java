package dev.reinstall.kubernetes;

import dev.reinstall.api.Reason;
import dev.reinstall.api.ServerLedger;
import dev.reinstall.reconcile.ClaimRefusedException;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the cluster's CRD takes every ledger that this operator may have to write. A claim that
 * it takes is worth nothing if it then refuses the receipt, so all is asked beforehand: by strict
 * dry runs, which leave no object behind and need no right but to create.
 */
public final class CrdCompatibilityCheck {
  private static final Logger LOG = LoggerFactory.getLogger(CrdCompatibilityCheck.class);

  private static final Set<Integer> DOES_NOT_FIT =
      Set.of(
          HttpURLConnection.HTTP_BAD_REQUEST, // an unknown field
          HttpURLConnection.HTTP_NOT_FOUND, // no such kind
          422); // an unknown word

  private static final String OLDER =
      "the CRDs in this cluster are older than the operator, or missing, and it begins nothing:"
          + " apply those of its version (kubectl apply -k crds)";

  /**
   * @param proven whether it takes everything
   * @param older whether it was asked and refused for what is in it
   * @param words of the API server, where it refused
   */
  private record Verdict(boolean proven, boolean older, String words) {}

  private final KubernetesClient client;
  private volatile Verdict verdict = new Verdict(false, false, "it was not asked yet");

  public CrdCompatibilityCheck(KubernetesClient client) {
    this.client = client;
  }

  /** Asks the API server. */
  public synchronized void run() {
    Verdict before = verdict;
    verdict = tryAll();
    if (!verdict.equals(before)) {
      problem().ifPresentOrElse(LOG::warn, () -> LOG.info("the CRDs take all that may be written"));
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
      return new Verdict(true, false, "");
    } catch (KubernetesClientException e) {
      return new Verdict(false, DOES_NOT_FIT.contains(e.getCode()), words(e));
    }
  }

  private static String words(KubernetesClientException e) {
    return e.getStatus() == null || e.getStatus().getMessage() == null
        ? String.valueOf(e.getMessage())
        : e.getStatus().getMessage();
  }

  /** Why no server may be claimed; empty: nothing is in the way. */
  public Optional<String> problem() {
    Verdict now = verdict;
    if (now.proven()) {
      return Optional.empty();
    }
    return Optional.of(
        (now.older() ? OLDER : "the CRDs in this cluster could not be tried") + ": " + now.words());
  }

  /**
   * To be passed before a claim.
   *
   * @throws ClaimRefusedException the CRDs are older than this operator
   * @throws IllegalStateException it is not known
   */
  void requireCompatible() throws ClaimRefusedException {
    Verdict now = verdict;
    if (now.older()) {
      throw new ClaimRefusedException(
          Reason.UnsupportedField, OLDER); // without words that may differ each time
    }
    if (!now.proven()) {
      throw new IllegalStateException(problem().orElse("the CRDs were being tried"));
    }
  }
}
