package dev.reinstall.api;

import java.util.Set;

/**
 * Why a Reinstall is in its phase. A string in the schema, so that no value can make a status write
 * fail.
 */
public enum Reason {
  UnsupportedField(
      "The Reinstall contains a field or value that this operator version does not support; the"
          + " message names it.",
      "If it is misspelt, recreate the Reinstall with the right field, in Git first. If not,"
          + " upgrade the operator.",
      Phase.Pending),
  LedgerVersionUnsupported(
      "The ServerLedger of the server contains a field or value that this operator version does not"
          + " support.",
      "Upgrade the operator.",
      Phase.Pending),
  CRDOutdated(
      "The CRDs in the cluster are missing or older than the operator.",
      "Apply the CRDs of the operator's version: `kubectl apply -k crds`.",
      Phase.Pending),
  ServerRunning(
      "The server is not stopped.",
      "Stop the server, or use `whenRunning: Stop` in a new Reinstall.",
      Phase.Pending,
      Phase.Failed),
  ServerBusy(
      "Another operation is in progress on the server, or the server is in a failed state.",
      "Wait. If the server is in a failed state, check it in the cloud console.",
      Phase.Pending),
  Queued(
      "Another request goes first on the server. The message may name it, if it is of this namespace.",
      "Wait, or check the request that is named.",
      Phase.Pending),
  ServerHeld(
      "The ServerLedger of the server has the annotation `reinstall.dev/hold`; the message has its"
          + " value.",
      "Remove the annotation when the server may be reinstalled.",
      Phase.Pending),
  ServerNotGranted(
      "The server belongs to another namespace, or, with `REINSTALL_REQUIRE_SERVER_GRANT`, to none.",
      "Ask an administrator of the cluster to grant it, by the command in the message.",
      Phase.Pending),
  LedgerFull(
      "The ServerLedger of the server cannot take another request.",
      "Delete Reinstalls of the server that were never sent or were rejected, in Git first, or wait"
          + " until the entries that have ended are a day past their `notAfter`.",
      Phase.Pending),
  OperatorPaused(
      "The ConfigMap `reinstall-operator-pause` exists in the operator's namespace; the message has"
          + " its `reason`.",
      "Delete the ConfigMap when servers may be reinstalled.",
      Phase.Pending),
  Suspended(
      "`spec.suspend` is true. `status.plan` shows what the request will do.",
      "Set it to false (in Git first) to start.",
      Phase.Pending),
  Throttled(
      "The cloud API limits the request rate of the account.",
      "Wait. If it persists, reduce other use of the account's API quota.",
      Phase.Pending),
  AccessDenied(
      "The cloud API denies the credentials, the permission, the quota or the account.",
      "Fix the Secret that is named, or the permissions or quota in the cloud.",
      Phase.Pending),
  SecretNotReady(
      "A Secret is missing, or cannot be read or created, or a key of the credentials is missing or"
          + " unusable.",
      "Create or fix the Secret that is named, or let the operator read it: `kubectl apply -n"
          + " NAMESPACE -k deploy/tenant`.",
      Phase.Pending),
  CheckFailed(
      "The check before the start found an error that can be corrected outside the Reinstall;"
          + " `status.findings` has all of them.",
      "Correct what the message says, in the Secret or in the cloud.",
      Phase.Pending),
  CloudUnreachable(
      "The cloud API does not answer, or not with a usable response.",
      "Check the network, the proxy and the endpoint setting.",
      Phase.Pending),
  Stopping(
      "The server is claimed and is being stopped. No reinstall request was sent yet.",
      "Wait.",
      Phase.Stopping),
  Restarting(
      "The request ends without being submitted. The server, which was stopped for it, is being"
          + " started again; then the request fails.",
      "Wait.",
      Phase.Stopping),
  Submitting(
      "The server is claimed, and the request is being sent to the cloud API.",
      "Wait.",
      Phase.Submitting),
  AwaitingConfirmation(
      "The request may have been sent, and the response was lost. The operator looks for a matching"
          + " operation.",
      "Wait; do not delete the Reinstall or the ServerLedger.",
      Phase.Submitting),
  Installing("The cloud accepted the request and is installing.", "Wait.", Phase.Installing),
  Starting("The reinstall is complete, and the server is being started.", "Wait.", Phase.Starting),
  Installed("The cloud confirmed that the reinstall is complete.", "Nothing.", Phase.Succeeded),
  AlreadyCompleted(
      "A request with this name was completed before. No request was sent now.",
      "To reinstall again, create a Reinstall with a new name.",
      Phase.Succeeded),
  InvalidSpec(
      "The spec contradicts itself, the rules of its cloud, or what is installed.",
      "Fix the spec in Git first, then delete and create the Reinstall again.",
      Phase.Failed),
  DeadlineExceeded(
      "`spec.notAfter` passed before the reinstall started.",
      "Create a Reinstall with a new name and a later `notAfter`.",
      Phase.Failed),
  PreconditionFailed(
      "What is installed, or what the server is called, is not what `spec.preconditions` requires.",
      "Check whether the server was reinstalled already; if not, recreate the Reinstall with"
          + " matching preconditions, in Git first.",
      Phase.Failed),
  ServerNotFound(
      "The cloud API does not find the server in that region and account.",
      "Check `region`, `instanceId` and the account of the Secret. Fix them, in Git first, then"
          + " recreate the Reinstall.",
      Phase.Pending,
      Phase.Failed),
  Rejected(
      "The cloud API rejected the request; the message has the cloud's code.",
      "Fix the spec in Git first, then delete and create the Reinstall again.",
      Phase.Failed),
  InstallFailed(
      "The cloud accepted the request, but the installation failed.",
      "Check the server in the cloud console. To try again, create a Reinstall with a new name.",
      Phase.Failed),
  NameConflict(
      "A request with this name and a different spec exists for the server.",
      "Create the Reinstall with a different name.",
      Phase.Failed),
  OutcomeUnknown(
      "The request was or may have been sent, and its outcome cannot be determined. It is not"
          + " retried.",
      "Check the server in the cloud console. To reinstall it, create a Reinstall with a new name.",
      Phase.Unknown),
  LedgerOutdated(
      "The status reports a submitted request that the ServerLedger does not contain. No request is"
          + " sent.",
      "Do not delete the Reinstall. Check the server in the cloud console. To reinstall it, create a"
          + " Reinstall with a new name.",
      Phase.Unknown);

  private final String meaning;
  private final String action;
  private final Set<Phase> phases;

  Reason(String meaning, String action, Phase... phases) {
    this.meaning = meaning;
    this.action = action;
    this.phases = Set.of(phases);
  }

  /** The phases that can have this reason. */
  public Set<Phase> phases() {
    return phases;
  }

  /** What it means, in one or two sentences, for the documentation. */
  public String meaning() {
    return meaning;
  }

  /** What a person does, in one or two sentences, for the documentation. */
  public String action() {
    return action;
  }
}
