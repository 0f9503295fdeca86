package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.Sentences.NOTHING_SENT;
import static dev.reinstall.reconcile.Sentences.sentence;

import java.time.Instant;
import java.util.List;

/** What the cluster lacks, refuses or contains beside the requests: CRDs, ledgers and Secrets. */
public final class ClusterMessages {

  private ClusterMessages() {}

  public static String crdOutdated() {
    return "The CRDs in the cluster are missing or older than the operator. "
        + NOTHING_SENT
        + " Apply the CRDs of the operator's version: kubectl apply -k crds.";
  }

  /**
   * @param name of the ledger
   * @param limit that would be exceeded
   */
  public static String ledgerFull(String name, String limit) {
    return ("ServerLedger %s is full (%s). "
            + NOTHING_SENT
            + " Delete the Reinstalls of this server whose requests were never sent or were rejected,"
            + " in Git first. Other entries are dropped a day after the notAfter of their requests.")
        .formatted(name, limit);
  }

  public static String ledgerOfAnotherServer(String ledger, String server) {
    return ("ServerLedger %s has the name of the ledger of this server, but its spec is that of %s."
            + " No request is sent. If it records no request, delete it: kubectl annotate"
            + " serverledger %s reinstall.dev/allow-deletion=true, then kubectl delete serverledger"
            + " %s.")
        .formatted(ledger, server, ledger, ledger);
  }

  /** Of an Event on a ledger that has the wrong name. */
  public static String ledgerNotUsed(String used) {
    return ("The operator does not use this ServerLedger, and does not obey a hold of it: the"
            + " ledger of this server is named %s.")
        .formatted(used);
  }

  /** Of an Event on the ledger: the Reinstall that could show it is gone. */
  public static String leftStopped(String owner, Instant stopTime) {
    return ("Reinstall %s was deleted after the server was stopped for it at %s. No reinstall"
            + " request was sent for it. The server is not started again by the operator: start it in"
            + " the cloud console, or create the Reinstall again to continue.")
        .formatted(owner, stopTime);
  }

  /** Of an Event on the ledger: the Reinstall that shows it may be gone. */
  public static String unsubmittedEnd(String owner, String message) {
    return "Reinstall %s has ended, and the cloud accepted no reinstall request of it. %s"
        .formatted(owner, message);
  }

  public static String secretMissing(String name, String namespace) {
    return "Secret %s does not exist in namespace %s.".formatted(name, namespace);
  }

  public static String secretForbidden(String name, String namespace) {
    return ("The operator is not allowed to read Secret %s. The owner of namespace %s allows it"
            + " with: kubectl apply -n %s -k deploy/tenant. If the operator was installed by Helm,"
            + " the value tenants of the chart allows it, too.")
        .formatted(name, namespace, namespace);
  }

  /**
   * Of a generated password.
   *
   * @param cause what the API server answered
   */
  public static String secretNotCreated(String name, String namespace, String cause) {
    return ("Secret %s for the generated password was not created: %s If a permission is missing, the"
            + " owner of the namespace grants it with: kubectl apply -n %s -k"
            + " deploy/tenant-generate-password, or with Helm by generatePasswords: true of the"
            + " tenant. Or create the Secret yourself.")
        .formatted(name, sentence(cause), namespace);
  }

  /** Of a generated password. */
  public static String generatedKeyMissing(String name, String key) {
    return ("Secret %s exists already and has no key %s. The operator creates Secrets and changes"
            + " none: add the key, or delete the Secret if nothing else uses it.")
        .formatted(name, key);
  }

  public static String secretKeyMissing(String name, String key) {
    return "Secret %s has no key %s.".formatted(name, key);
  }

  public static String credentialsKeyMissing(String name, String key, List<String> keys) {
    return "Secret %s (spec.credentialsRef) has no key %s, or the key is empty. Required keys: %s."
        .formatted(name, key, String.join(", ", keys));
  }

  /**
   * @param sources that the cloud has
   */
  public static String identitySourceUnknown(String name, List<String> sources) {
    return "Secret %s (spec.credentialsRef), key source, must be %s."
        .formatted(name, String.join(" or ", sources));
  }

  /**
   * @param key of credentials
   */
  public static String identitySourceAmbiguous(String name, String key) {
    return ("Secret %s (spec.credentialsRef) has the keys source and %s. It must have either source"
            + " or credentials.")
        .formatted(name, key);
  }

  /**
   * @param setting that lists the namespaces
   */
  public static String identityNotAllowed(String name, String namespace, String setting) {
    return ("Secret %s (spec.credentialsRef), key source, refers to the operator's own identity,"
            + " which namespace %s is not allowed to use. Write credentials into the Secret. The"
            + " administrator of the operator allows it with %s.")
        .formatted(name, namespace, setting);
  }

  public static String credentialMalformed(String name, String key) {
    return ("Secret %s (spec.credentialsRef), key %s, must not contain blanks, line breaks or other"
            + " characters that are not printable ASCII.")
        .formatted(name, key);
  }

  /**
   * @param longest characters that it may have
   */
  public static String credentialTooLong(String name, String key, int longest) {
    return ("Secret %s (spec.credentialsRef), key %s, must not have more than %d characters. No cloud"
            + " gives out a longer one.")
        .formatted(name, key, longest);
  }

  public static String codeMalformed(String name, String codeKey) {
    return ("Secret %s (spec.credentialsRef), key %s, must be the plain code of 6 to 8 digits, not"
            + " its Base64. Write a fresh code, or remove the key if the account needs none.")
        .formatted(name, codeKey);
  }

  public static String reconcileFailed(String cause) {
    return "Reconciliation failed: %s It is retried after at most 1m.".formatted(sentence(cause));
  }
}
