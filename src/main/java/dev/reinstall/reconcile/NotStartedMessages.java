package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.Sentences.CHECKED_FIRST;
import static dev.reinstall.reconcile.Sentences.CHECK_SERVER;
import static dev.reinstall.reconcile.Sentences.NOTHING_SENT;
import static dev.reinstall.reconcile.Sentences.NOTHING_WIPED;
import static dev.reinstall.reconcile.Sentences.sentence;

import dev.reinstall.api.Durations;
import dev.reinstall.api.OperatorPause;
import dev.reinstall.ledger.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** Why a request is not started: what it waits for, or why it failed before it was sent. */
final class NotStartedMessages {
  private static final String RECREATE =
      "Delete this Reinstall and create it again with a valid spec, in Git first.";

  private static final int MOST_FIELDS = 5;

  private NotStartedMessages() {}

  /**
   * @param fields by their paths
   */
  static String unsupportedField(List<String> fields) {
    return ("This operator version does not support the field, or its value: %s%s. "
            + NOTHING_SENT
            + " If it is misspelt, delete this Reinstall and create it again with the right field, in"
            + " Git first. If it is not, upgrade the operator.")
        .formatted(
            fields.stream().limit(MOST_FIELDS).collect(Collectors.joining(", ")),
            (fields.size() > MOST_FIELDS ? ", and more" : ""));
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

  /**
   * @param owner namespace and name of its Reinstall
   * @param submitTime when it was claimed last
   * @param state of its entry
   */
  static String nameConflict(String name, String owner, Instant submitTime, String state) {
    return ("A request named %s with a different spec already exists for this server: that of"
            + " Reinstall %s, requested at %s, state %s. "
            + NOTHING_SENT
            + " To reinstall the server with this spec, create a Reinstall with a different name.")
        .formatted(name, owner, submitTime, state);
  }

  /** Beside an entry of another namespace, which is not described. */
  static String nameConflictElsewhere(String name) {
    return ("Another request named %s was or may have been submitted for this server. "
            + NOTHING_SENT
            + " To reinstall the server with this spec, create a Reinstall with a different name.")
        .formatted(name);
  }

  static String alreadyCompletedElsewhere() {
    return "Another request with this name was or may have been submitted for this server before, and"
        + " ended like this. No request was sent for this Reinstall. To reinstall the server, create a"
        + " Reinstall with a new name.";
  }

  static String alreadyCompleted(Instant submitTime, String owner, String result) {
    return ("This reinstall was already requested at %s by Reinstall %s. No request was sent now."
            + " To reinstall again, create a Reinstall with a new name. Previous result: %s")
        .formatted(submitTime, owner, result);
  }

  static String ledgerOutdated() {
    return "Do not delete this Reinstall: its status may be the only record of a submitted"
        + " request. The ServerLedger does not contain that request: the ledger was deleted or"
        + " restored from an older backup, or the status was changed by hand. No further request"
        + " is sent. "
        + CHECK_SERVER;
  }

  /**
   * @param reason value of the annotation
   */
  static String serverHeld(String reason) {
    return ("The server is held by the annotation "
            + Ledger.HOLD
            + " of its ServerLedger: %s "
            + NOTHING_SENT
            + " The reinstall starts when the annotation is removed.")
        .formatted(sentence(reason));
  }

  /**
   * @param reason of the pause
   */
  static String operatorPaused(String reason) {
    return ("The operator is paused by the ConfigMap "
            + OperatorPause.NAME
            + " in its namespace: %s "
            + NOTHING_SENT
            + " The request goes on when the ConfigMap is deleted.")
        .formatted(sentence(reason));
  }

  /**
   * @param ahead namespace and name; null: it is of another namespace
   */
  static String queued(String ahead) {
    return request(ahead)
        + " is in progress on this server. This request starts after it has finished.";
  }

  /**
   * @param ahead as above
   */
  static String queuedBehindOrphanedEntry(String ahead) {
    return request(ahead)
        + ", whose Reinstall was deleted, is in progress on this server. This request starts after it"
        + " has finished.";
  }

  /**
   * @param ahead as above
   */
  static String queuedBehindFence(String ahead, Duration fence) {
    return (request(ahead)
            + " has finished, but its last API call can still take effect. This request starts when"
            + " that is no longer possible (REINSTALL_FENCE, %s).")
        .formatted(Durations.text(fence));
  }

  /**
   * @param ahead as above
   */
  static String queuedBehindRestart(String ahead) {
    return "The server was stopped for "
        + (ahead == null ? "another request" : "the request " + ahead)
        + ", and is started again if that one ends without being submitted. This request waits until"
        + " that is decided, because its spec.whenRunning is not Stop.";
  }

  static String queuedAfterRejection(Duration retry) {
    return ("A request of this namespace was rejected on this server, which belongs to no namespace"
            + " yet. For up to %s others go first, whatever is changed or created here; then this"
            + " request is tried.")
        .formatted(Durations.text(retry));
  }

  static String queuedBehindOlder() {
    return "An older request for this server, which belongs to no namespace yet, goes first. This"
        + " request starts after it.";
  }

  private static String request(String path) {
    return path == null ? "Another request" : "The request " + path;
  }

  /**
   * @param rejection message of the last attempt; null: none was made
   */
  static String deadlineExceeded(Instant notAfter, String rejection) {
    return ("spec.notAfter (%s) passed before the reinstall started. %s To reinstall the server,"
            + " create a Reinstall with a new name and a later notAfter.%s")
        .formatted(
            notAfter,
            (rejection == null
                ? "No reinstall request was sent, and nothing was wiped."
                : "The cloud accepted no reinstall request, and nothing was wiped."),
            (rejection == null ? "" : " Last attempt: " + cause(rejection)));
  }

  /** Beside an entry of its name that is not that of this request: there nothing is known of. */
  static String deadlineExceededElsewhere(Instant notAfter) {
    return ("spec.notAfter (%s) passed before the reinstall started. The cloud accepted no reinstall"
            + " request of this Reinstall. To reinstall the server, create a Reinstall with a new"
            + " name and a later notAfter.")
        .formatted(notAfter);
  }

  /** Without what was to happen next. */
  private static String cause(String rejection) {
    return rejection.replaceFirst("(" + NOTHING_WIPED + "|" + CHECKED_FIRST + ").*", "");
  }

  static String invalidSpec(String error) {
    return ("Invalid spec: %s " + NOTHING_SENT + " " + RECREATE).formatted(sentence(error));
  }

  static String serverBroken(String state) {
    return ("The cloud reports the server in the failed state %s. Check the server in the cloud"
            + " console. The reinstall starts when the server is stopped.")
        .formatted(state);
  }

  static String serverBusy(String state) {
    return ("Another operation is in progress on the server (state %s). The reinstall starts when"
            + " it has finished and the server is stopped.")
        .formatted(state);
  }

  static String preconditionFailed(String unmet) {
    return ("%s "
            + NOTHING_SENT
            + " The server may have been reinstalled already: check it. To reinstall it anyway,"
            + " delete this Reinstall and create one whose preconditions match what is installed, in"
            + " Git first.")
        .formatted(sentence(unmet));
  }

  static String unmet(String field, String required, String installed) {
    return "spec.preconditions requires %s %s, but %s"
        .formatted(
            field,
            required,
            (installed == null
                ? "the cloud does not report which one is installed"
                : installed + " is installed"));
  }

  static String calledOtherwise(String unmet) {
    return ("%s "
            + NOTHING_SENT
            + " It may be another server than the one that is meant: check spec.instanceId. To"
            + " reinstall it anyway, delete this Reinstall and create one whose preconditions match"
            + " the server, in Git first.")
        .formatted(sentence(unmet));
  }

  /**
   * @param found what the cloud reports; null: nothing
   */
  static String unmetLabel(String label, String wanted, String found) {
    return "spec.preconditions requires %s %s, but %s"
        .formatted(
            label,
            wanted,
            found == null ? "the cloud reports none of the server" : "it is " + found);
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
    return "The deadline for starting is spec.notAfter (%s).".formatted(notAfter);
  }

  static String finalBeforeStart(String failure) {
    return ("%s "
            + NOTHING_SENT
            + " The request will not be retried. Fix the spec (in Git first) or the credentials, then"
            + " delete this Reinstall and create it again.")
        .formatted(failure);
  }

  static String notFoundYet(String failure, Duration settleTime) {
    return ("%s " + NOTHING_SENT + " If no check finds the server for %s, the request fails.")
        .formatted(failure, Durations.text(settleTime));
  }

  static String deniedBeforeStart(String failure, Duration retry) {
    return ("%s "
            + NOTHING_SENT
            + " Fix the credentials, the permissions or the account. Retrying every %s, and at once"
            + " when the Reinstall changes.")
        .formatted(failure, Durations.text(retry));
  }

  static String retriedBeforeStart(String problem, Duration retry) {
    return ("%s " + NOTHING_SENT + " Retrying every %s.")
        .formatted(sentence(problem), Durations.text(retry));
  }

  /**
   * @param slow interval while the calls to the region time out
   */
  static String unreachableBeforeStart(String failure, Duration poll, Duration slow) {
    return ("%s " + NOTHING_SENT + " Retrying every %s, or every %s while the calls time out.")
        .formatted(sentence(failure), Durations.text(poll), Durations.text(slow));
  }

  static String pausedBeforeStart(String failure) {
    return ("%s " + NOTHING_SENT + " Retrying when the pause that the cloud asked for is over.")
        .formatted(failure);
  }

  static String awaitsTurn() {
    return "The request is in line for the rate limit of its cloud account, behind other requests."
        + " "
        + NOTHING_SENT
        + " It is sent when its turn comes.";
  }
}
