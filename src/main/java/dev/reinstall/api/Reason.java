package dev.reinstall.api;

import java.util.Set;

/** Why an order is in its phase. Strings in the schema, so that no word can fail a status write. */
public enum Reason {
  UnsupportedField(
      "the order, or the ledger, holds something that only a newer operator knows; or the cluster's"
          + " CRDs are older than the operator",
      Phase.Pending),
  ClusterRolledBack(
      "the cluster was put back to an older state under the operator: a person must compare it with"
          + " the cloud and start the operator anew",
      Phase.Pending),
  ServerRunning("the server is not stopped", Phase.Pending, Phase.Failed),
  ServerBusy("the server is at something else, or is broken", Phase.Pending),
  Queued("another order has the server", Phase.Pending),
  Suspended("spec.suspend is true", Phase.Pending),
  Throttled("the cloud asks for fewer calls", Phase.Pending),
  AccessDenied(
      "the cloud refuses the credentials, the permission or the account: a person must act",
      Phase.Pending),
  SecretNotReady(
      "a Secret or a key of it is missing, may not be read, or holds no usable value",
      Phase.Pending),
  CloudUnreachable("the cloud does not answer, or not sensibly", Phase.Pending),
  Stopping(
      "the server is held for this order and is being stopped; the order was not given yet",
      Phase.Stopping),
  Submitting("the server is claimed and the order is being given to the cloud", Phase.Submitting),
  AwaitingConfirmation(
      "the order may have been given: the answer was lost, and its trace is looked for",
      Phase.Submitting),
  Installing("the cloud said yes and is at work", Phase.Installing),
  Starting("the order is carried out, and the server is being started", Phase.Starting),
  Installed("the cloud confirmed the end of this order", Phase.Succeeded),
  AlreadyCompleted(
      "an order of this name was carried out before; nothing was done now", Phase.Succeeded),
  InvalidSpec("the order contradicts itself, its cloud or what is installed", Phase.Failed),
  DeadlineExceeded("notAfter passed before the order could begin", Phase.Failed),
  PreconditionFailed("what is installed is not what preconditions asks for", Phase.Failed),
  ServerNotFound("the cloud knows no such server in that region and account", Phase.Failed),
  Rejected("the cloud refused the order for good", Phase.Failed),
  InstallFailed("the cloud accepted the order, and the install failed", Phase.Failed),
  NameConflict("an order of this name for this server exists with other contents", Phase.Failed),
  OutcomeUnknown("the order was sent, and what became of it cannot be known", Phase.Unknown),
  LedgerOutdated("the status tells of an order that the ledger does not know", Phase.Unknown);

  private final String meaning;
  private final Set<Phase> phases;

  Reason(String meaning, Phase... phases) {
    this.meaning = meaning;
    this.phases = Set.of(phases);
  }

  /** The phases in which an order may say so. */
  public Set<Phase> phases() {
    return phases;
  }

  /** One line for the documentation. */
  public String meaning() {
    return meaning;
  }
}
