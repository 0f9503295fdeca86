package dev.reinstall.reconcile;

import dev.reinstall.api.Durations;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.ledger.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every sentence that the status of a Reinstall shows, but for the details that validation and the
 * clouds add. Each says what happened, what was done to the server, what happens next and when, and
 * what to do.
 */
public final class Messages {

  // What a person does once nothing is retried.
  private static final String CHECK_SERVER =
      "Check the server in the cloud console; to reinstall it, create a Reinstall with a new name.";

  private static final String NOT_RETRIED = "The request will not be retried. " + CHECK_SERVER;
  // Not "was sent": an earlier attempt may have been rejected, or made for an object of this name.
  private static final String NOTHING_SENT = "No reinstall request is sent.";

  private static final String RECREATE =
      "Delete this Reinstall and create it again with a valid spec, in Git first.";
  private static final String BUSY =
      "The cloud API rejected the request because the server is busy.";

  private static final String CHECKED_AGAIN = " It will be checked again at the next poll.";

  // What follows the cause in a rejection that is not the end of the request.
  private static final String NOTHING_WIPED = " Nothing was wiped.";
  private static final String CHECKED_FIRST =
      " The server will be checked before the next attempt.";

  private static final int MOST_FIELDS = 5;

  private Messages() {}

  // Not supported by this version.

  /**
   * @param fields by their paths
   */
  static String unsupportedField(List<String> fields) {
    return "This operator version does not support the field, or its value: "
        + fields.stream().limit(MOST_FIELDS).collect(Collectors.joining(", "))
        + (fields.size() > MOST_FIELDS ? ", and more" : "")
        + ". "
        + NOTHING_SENT
        + " If it is misspelt, delete this Reinstall and create it again with the right field, in"
        + " Git first. If it is not, upgrade the operator.";
  }

  static String unsupportedCloud() {
    return "spec.cloud has a value that this operator version does not support. "
        + NOTHING_SENT
        + " Upgrade the operator.";
  }

  static String ledgerVersionUnsupported() {
    return "The ServerLedger of this server contains a field or value that this operator version"
        + " does not support. "
        + NOTHING_SENT
        + " Upgrade the operator.";
  }

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
    return "ServerLedger "
        + name
        + " is full ("
        + limit
        + "). "
        + NOTHING_SENT
        + " Delete the Reinstalls of this server whose requests were never sent or were rejected,"
        + " in Git first. Other entries are dropped a day after the notAfter of their requests.";
  }

  public static String ledgerOfAnotherServer(String ledger, String server) {
    return "ServerLedger "
        + ledger
        + " has the name of the ledger of this server, but its spec is that of "
        + server
        + ". No request is sent. If it records no request, delete it: kubectl annotate"
        + " serverledger "
        + ledger
        + " reinstall.dev/allow-deletion=true, then kubectl delete serverledger "
        + ledger
        + ".";
  }

  /** Of an Event on a ledger that has the wrong name. */
  public static String ledgerNotUsed(String used) {
    return "The operator does not use this ServerLedger, and does not obey a hold of it: the ledger of"
        + " this server is named "
        + used
        + ".";
  }

  // Recorded requests.

  /**
   * @param owner namespace and name of its Reinstall
   * @param submitTime when it was claimed last
   * @param state of its entry
   */
  static String nameConflict(String name, String owner, Instant submitTime, String state) {
    return "A request named "
        + name
        + " with a different spec already exists for this server: that of Reinstall "
        + owner
        + ", requested at "
        + submitTime
        + ", state "
        + state
        + ". "
        + NOTHING_SENT
        + " To reinstall the server with this spec, create a Reinstall with a different name.";
  }

  static String alreadyCompleted(Instant submitTime, String owner, String result) {
    return "This reinstall was already requested at "
        + submitTime
        + " by Reinstall "
        + owner
        + ". No request was sent now. To reinstall again, create a Reinstall with a new name."
        + " Previous result: "
        + result;
  }

  static String ledgerOutdated() {
    return "Do not delete this Reinstall: its status may be the only record of a submitted"
        + " request. The ServerLedger does not contain that request: the ledger was deleted or"
        + " restored from an older backup, or the status was changed by hand. No further request"
        + " is sent. "
        + CHECK_SERVER;
  }

  // Not started: waiting, or failed before any request was sent.

  static String suspended() {
    return "spec.suspend is true. No request is sent until it is set to false.";
  }

  /**
   * @param reason value of the annotation
   */
  static String serverHeld(String reason) {
    return "The server is held by the annotation "
        + Ledger.HOLD
        + " of its ServerLedger: "
        + sentence(reason)
        + " "
        + NOTHING_SENT
        + " The reinstall starts when the annotation is removed.";
  }

  static String queued(String ahead) {
    return "The request "
        + ahead
        + " is in progress on this server. This request starts after it has finished.";
  }

  static String queuedBehindOrphanedEntry(String ahead) {
    return "The request "
        + ahead
        + ", whose Reinstall was deleted, is in progress on this server. This request starts after"
        + " it has finished.";
  }

  static String queuedBehindFence(String ahead, Duration fence) {
    return "The request "
        + ahead
        + " has finished, but its last API call can still take effect. This request starts when"
        + " that is no longer possible (REINSTALL_FENCE, "
        + Durations.text(fence)
        + ").";
  }

  /**
   * @param rejection message of the last attempt; null: none was made
   */
  static String deadlineExceeded(Instant notAfter, String rejection) {
    return "spec.notAfter ("
        + notAfter
        + ") passed before the reinstall started. "
        + (rejection == null
            ? "No reinstall request was sent, and nothing was wiped."
            : "The cloud accepted no reinstall request, and nothing was wiped.")
        + " To reinstall the server, create a Reinstall with a new name and a later notAfter."
        + (rejection == null ? "" : " Last attempt: " + cause(rejection));
  }

  /** Without what was to happen next. */
  private static String cause(String rejection) {
    return rejection.replaceFirst("(" + NOTHING_WIPED + "|" + CHECKED_FIRST + ").*", "");
  }

  static String invalidSpec(String error) {
    return "Invalid spec: " + sentence(error) + " " + NOTHING_SENT + " " + RECREATE;
  }

  static String serverBroken(String state) {
    return "The cloud reports the server in the failed state "
        + state
        + ". Check the server in the cloud console. The reinstall starts when the server is stopped.";
  }

  static String serverBusy(String state) {
    return "Another operation is in progress on the server (state "
        + state
        + "). The reinstall starts when it has finished and the server is stopped.";
  }

  /** How to get out of it without the request being started, or ended, in between. */
  static String stoppedWithoutCharge(WhenRunning whenRunning) {
    String remedy =
        switch (whenRunning) {
          case Stop ->
              "Start the server; it is then stopped for this request in mode KEEP_CHARGING.";
          case Fail ->
              "Set spec.suspend to true (in Git first), start the server, stop it again in mode"
                  + " KEEP_CHARGING, and set spec.suspend to false.";
          default -> "Start the server, and stop it again in mode KEEP_CHARGING.";
        };
    return "The server was stopped in mode STOP_CHARGING, in which the cloud rejects a reinstall. "
        + NOTHING_SENT
        + " "
        + remedy;
  }

  static String preconditionFailed(String unmet) {
    return sentence(unmet)
        + " "
        + NOTHING_SENT
        + " The server may have been reinstalled already: check it. To reinstall it anyway,"
        + " delete this Reinstall and create one whose preconditions match what is installed, in"
        + " Git first.";
  }

  static String unmet(String field, String required, String installed) {
    return "spec.preconditions requires "
        + field
        + " "
        + required
        + ", but "
        + (installed == null
            ? "the cloud does not report which one is installed"
            : installed + " is installed");
  }

  static String serverRunningFail() {
    return "The server is running and spec.whenRunning is Fail. "
        + NOTHING_SENT
        + " Stop the server, then delete this Reinstall and create it again.";
  }

  static String serverRunningWait() {
    return "The server is running. Stop it; the reinstall starts when it is stopped.";
  }

  /** Appended while a request waits to be started. */
  static String deadline(Instant notAfter) {
    return "The deadline for starting is spec.notAfter (" + notAfter + ").";
  }

  static String secretNotReady(String problem, Duration retry) {
    return sentence(problem)
        + " "
        + NOTHING_SENT
        + " Retrying every "
        + Durations.text(retry)
        + ".";
  }

  public static String secretMissing(String name, String namespace) {
    return "Secret " + name + " does not exist in namespace " + namespace + ".";
  }

  public static String secretForbidden(String name, String namespace) {
    return "The operator is not allowed to read Secret "
        + name
        + ". The owner of namespace "
        + namespace
        + " allows it with: kubectl apply -n "
        + namespace
        + " -k deploy/tenant. If the operator was installed by Helm, the value tenants of the chart"
        + " allows it, too.";
  }

  public static String secretKeyMissing(String name, String key) {
    return "Secret " + name + " has no key " + key + ".";
  }

  public static String credentialsKeyMissing(String name, String key, List<String> keys) {
    return "Secret "
        + name
        + " (spec.credentialsRef) has no key "
        + key
        + ", or the key is empty. Required keys: "
        + String.join(", ", keys)
        + ".";
  }

  public static String credentialMalformed(String name, String key) {
    return "Secret "
        + name
        + " (spec.credentialsRef), key "
        + key
        + ", must not contain blanks, line breaks or other characters that are not printable ASCII.";
  }

  // The server could not be described.

  static String serverNotFound(String instanceId, String region, String secret, String cause) {
    return "The cloud API does not find the server "
        + instanceId
        + " in region "
        + region
        + " with the credentials in Secret "
        + secret
        + ": "
        + sentence(cause);
  }

  static String describeRejected(String cause) {
    return "The cloud API rejected the request to describe the server: " + sentence(cause);
  }

  static String describeDenied(String secret, String cause) {
    return "The cloud API denied access with the credentials in Secret "
        + secret
        + ": "
        + sentence(cause);
  }

  static String throttled(String cause) {
    return "The cloud API limits the request rate of this account: " + sentence(cause);
  }

  static String cloudUnreachable(String cause) {
    return "The cloud API did not answer, or not with a usable response: " + sentence(cause);
  }

  static String finalBeforeStart(String failure) {
    return failure
        + " "
        + NOTHING_SENT
        + " The request will not be retried. Fix the spec (in Git first) or the credentials, then"
        + " delete this Reinstall and create it again.";
  }

  static String notFoundYet(String failure, Duration settleTime) {
    return failure
        + " "
        + NOTHING_SENT
        + " If the server is still not found after "
        + Durations.text(settleTime)
        + ", the request fails.";
  }

  static String deniedBeforeStart(String failure, Duration retry) {
    return failure
        + " "
        + NOTHING_SENT
        + " Fix the credentials, the permissions or the account. Retrying every "
        + Durations.text(retry)
        + ", and at once when the Reinstall changes.";
  }

  static String retriedBeforeStart(String failure, Duration retry) {
    return failure + " " + NOTHING_SENT + " Retrying every " + Durations.text(retry) + ".";
  }

  static String pausedBeforeStart(String failure) {
    return failure
        + " "
        + NOTHING_SENT
        + " Retrying when the pause that the cloud asked for is over.";
  }

  static String awaitsTurn() {
    return "The request is in line for the rate limit of its cloud account, behind other requests. "
        + NOTHING_SENT
        + " It is sent when its turn comes.";
  }

  // Stopping.

  static String stopping() {
    return "The server is claimed for this request and is being stopped. The reinstall request is"
        + " sent when it is stopped.";
  }

  /**
   * @param first time of the first stop that the cloud accepted
   */
  static String stopWithoutEffect(Instant first) {
    return "The cloud accepted a stop request at "
        + first
        + ", but the server is still running, or was started again. It is being stopped again. If"
        + " that has no effect either, stop it in the cloud console. The reinstall request is sent"
        + " when it is stopped.";
  }

  /** Of an Event on the ledger: the Reinstall that could show it is gone. */
  public static String leftStopped(String owner, Instant stopTime) {
    return "Reinstall "
        + owner
        + " was deleted after the server was stopped for it at "
        + stopTime
        + ". No reinstall request was sent for it. The server is not started again by the operator:"
        + " start it in the cloud console, or create the Reinstall again to continue.";
  }

  static String stopUnanswered(Duration fence) {
    return "A stop request may have been sent, but no response was received. " + waiting(fence);
  }

  static String brokenAfterStop(String state) {
    return "The cloud reports the server in the failed state "
        + state
        + " after the stop. Check the server in the cloud console. The reinstall request is sent"
        + " when the server is stopped.";
  }

  /** Appended where a request ends, or waits, unsent after its stop. */
  static String stoppedBefore(Instant at, boolean stillStopped) {
    return "The server was stopped for this request at "
        + at
        + (stillStopped ? " and is still stopped." : " and is not started again by the operator.");
  }

  // Submitting.

  static String submitting() {
    return "The server is claimed. The reinstall request is being sent to the cloud API.";
  }

  static String responseLost(Duration fence) {
    return "The request was sent, but no usable response was received. " + waiting(fence);
  }

  static String maybeSent(Duration fence) {
    return "The request may have been sent, but no response was received. " + waiting(fence);
  }

  static String busySettling(Duration settleTime) {
    return BUSY
        + " That can be the response to a duplicate of this request. Waiting "
        + Durations.text(settleTime)
        + ", then checking the server before the next attempt.";
  }

  static String busyUnseen(String failure) {
    return BUSY
        + " The server must be checked before the next attempt. It cannot be checked now: "
        + failure
        + CHECKED_AGAIN;
  }

  static String busyOperationStarted(Duration fence) {
    return BUSY
        + " Another operation started since, which can be a duplicate of this request or hide one. "
        + waiting(fence);
  }

  static String busyAwaitingInstalled() {
    return BUSY
        + " When the current operation has finished, what is installed decides whether the request"
        + " is sent again.";
  }

  static String replacedWhileBusy(String unmet) {
    return BUSY
        + " Something else was installed since, by a duplicate of this request or by somebody else: "
        + sentence(unmet)
        + " Whether this request was carried out cannot be determined. "
        + NOT_RETRIED;
  }

  static String adopted(String operation) {
    return "No response was received. Cloud operation "
        + operation
        + " matches this request and was adopted as its result.";
  }

  static String adoptedSystem() {
    return "No response was received. The requested system, which was not installed before, is"
        + " installed now and was adopted as the result of this request.";
  }

  static String noEvidence() {
    return "The request may have been sent, but no response was received and no matching operation"
        + " was found. "
        + NOT_RETRIED;
  }

  static String cannotCheck(String failure) {
    return "The request may have been sent, but no response was received, and the server cannot be"
        + " checked now: "
        + failure
        + CHECKED_AGAIN;
  }

  static String reinstallInProgress() {
    return "The request may have been sent, but no response was received. A reinstall is in progress"
        + " on the server; when it has finished, what is installed shows whether it is this request.";
  }

  static String resending() {
    return "The request may have been sent, but no response was received. It is sent with the same"
        + " idempotency token, which the cloud carries out once.";
  }

  static String resendBlocked(String why) {
    return "The request may have been sent, but no response was received. It could be sent with the"
        + " same idempotency token, but it must not be sent now: "
        + sentence(why);
  }

  // Installing and starting.

  static String installing() {
    return "The cloud accepted the request and is installing.";
  }

  static String installingUnseen(String failure) {
    return "The cloud accepted the request. The server cannot be checked now: "
        + failure
        + CHECKED_AGAIN;
  }

  static String installFailed(String state) {
    return "The cloud accepted the request, but the installation failed (state "
        + state
        + "). Check the server in the cloud console. To try again, create a Reinstall with a new"
        + " name.";
  }

  static String timedOut(Duration orderTimeout) {
    return "The cloud accepted the request, but its completion was not observed within "
        + Durations.text(orderTimeout)
        + " (REINSTALL_ORDER_TIMEOUT). "
        + NOT_RETRIED;
  }

  static String installed() {
    return "The cloud confirmed that the reinstall is complete.";
  }

  static String adoptedInstalled() {
    return "The reinstall is complete. No response was received, and what the cloud shows since matches"
        + " this request and was adopted as its result.";
  }

  static String installedNotSettled() {
    return "The reinstall is complete. Waiting for the current operation on the server to finish.";
  }

  static String starting() {
    return "The reinstall is complete. The server is being started.";
  }

  static String startUnanswered(Duration fence) {
    return "The reinstall is complete. A start request may have been sent, but no response was"
        + " received. "
        + waiting(fence);
  }

  static String startRejected(Duration retry) {
    return "The reinstall is complete. The cloud API rejected the start of the server for now."
        + " Retrying every "
        + Durations.text(retry)
        + ".";
  }

  /** Appended to a success whose start was rejected. */
  static String notStarted(String cause) {
    return "spec.powerAfter is Running, but the server was not started: "
        + sentence(cause)
        + " Start the server in the cloud console.";
  }

  /** Appended to a success whose start is forbidden. */
  static String startHeld(String reason) {
    return "spec.powerAfter is Running, but the server was not started, because it is held by the"
        + " annotation "
        + Ledger.HOLD
        + " of its ServerLedger: "
        + sentence(reason)
        + " Start the server in the cloud console.";
  }

  /** Appended to a success whose start has no visible effect. */
  static String notSeenRunning(String state) {
    return "spec.powerAfter is Running, but the cloud reports the server in state "
        + state
        + ". Start the server in the cloud console.";
  }

  /** Appended to a success whose start has an effect that nobody could check. */
  static String startUnchecked(String failure) {
    return "spec.powerAfter is Running, but it is not known whether the server is running: "
        + failure
        + " Check the server in the cloud console.";
  }

  /** Appended to what is in progress. */
  static String unseen(String failure) {
    return "The server cannot be checked now: " + failure + CHECKED_AGAIN;
  }

  // Rejections of a call that changes the server.

  /** What was done to the server is left open: a duplicate of the call may keep it busy. */
  static String rejectedBusy(String call, String cause) {
    return "The cloud API rejected the "
        + call
        + " because the server is busy: "
        + sentence(cause)
        + CHECKED_FIRST;
  }

  static String rejectedThrottled(String call, String cause) {
    return "The cloud API rejected the "
        + call
        + " because of its rate limit: "
        + sentence(cause)
        + NOTHING_WIPED
        + " Retrying at the next poll, or when the pause that the cloud asked for is over.";
  }

  static String rejectedDenied(String call, String secret, String cause, Duration retry) {
    return "The cloud API denied the "
        + call
        + " with the credentials in Secret "
        + secret
        + ": "
        + sentence(cause)
        + NOTHING_WIPED
        + " Fix the credentials, the permissions, the quota or the account. Retrying every "
        + Durations.text(retry)
        + ", and at once when spec.suspend changes.";
  }

  static String rejected(String call, String cause) {
    return "The cloud API rejected the "
        + call
        + ": "
        + sentence(cause)
        + NOTHING_WIPED
        + " The request will not be retried. Fix the spec (in Git first) or the Secrets that it"
        + " refers to, then delete this Reinstall and create it again.";
  }

  static String rejectedNotFound(
      String call, String instanceId, String region, String secret, String cause) {
    return "The cloud API rejected the "
        + call
        + " because it does not find the server "
        + instanceId
        + " in region "
        + region
        + " with the credentials in Secret "
        + secret
        + ": "
        + sentence(cause)
        + NOTHING_WIPED
        + " The request will not be retried. Fix the spec (in Git first) or the credentials, then"
        + " delete this Reinstall and create it again.";
  }

  static String notSent(String call, String cause) {
    return "The "
        + call
        + " could not be sent: "
        + sentence(cause)
        + NOTHING_WIPED
        + " Retrying at the next poll.";
  }

  // A reconciliation that failed for a reason of its own.

  public static String reconcileFailed(String cause) {
    return "Reconciliation failed: " + sentence(cause) + " It is retried after at most 1m.";
  }

  // The parts.

  private static String waiting(Duration fence) {
    return "Waiting until a delayed request can no longer take effect (up to "
        + Durations.text(fence)
        + "), then checking the server.";
  }

  /** Sentences in a row, without those that are empty. */
  static String join(String... sentences) {
    return Stream.of(sentences).filter(s -> !s.isEmpty()).collect(Collectors.joining(" "));
  }

  /** The text of a cloud or a validation, with a full stop. */
  static String sentence(String text) {
    String trimmed = text.strip();
    return trimmed.isEmpty() || ".!?。！？".indexOf(trimmed.charAt(trimmed.length() - 1)) >= 0
        ? trimmed
        : trimmed + ".";
  }
}
