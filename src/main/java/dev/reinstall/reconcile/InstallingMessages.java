package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.Sentences.CHECKED_AGAIN;
import static dev.reinstall.reconcile.Sentences.NOT_RETRIED;
import static dev.reinstall.reconcile.Sentences.sentence;
import static dev.reinstall.reconcile.Sentences.waiting;

import dev.reinstall.api.Durations;
import dev.reinstall.api.OperatorPause;
import dev.reinstall.ledger.Ledger;
import java.time.Duration;

/** Of a request that the cloud accepted, to its end and to the start of the server. */
final class InstallingMessages {

  private InstallingMessages() {}

  static String installing() {
    return "The cloud accepted the request and is installing.";
  }

  static String installingUnseen(String failure) {
    return ("The cloud accepted the request. The server cannot be checked now: %s" + CHECKED_AGAIN)
        .formatted(failure);
  }

  static String installFailed(String state) {
    return ("The cloud accepted the request, but the installation failed (state %s). Check the"
            + " server in the cloud console. To try again, create a Reinstall with a new name.")
        .formatted(state);
  }

  static String timedOut(Duration orderTimeout) {
    return ("The cloud accepted the request, but its completion was not observed within %s"
            + " (REINSTALL_ORDER_TIMEOUT). "
            + NOT_RETRIED)
        .formatted(Durations.text(orderTimeout));
  }

  static String installed() {
    return "The cloud confirmed that the reinstall is complete.";
  }

  static String adoptedInstalled() {
    return "The reinstall is complete. No response was received, and what the cloud shows since"
        + " matches this request and was adopted as its result.";
  }

  static String installedNotSettled() {
    return "The reinstall is complete. Waiting for the current operation on the server to finish.";
  }

  static String starting() {
    return "The reinstall is complete. The server is being started.";
  }

  static String startUnanswered(Duration fence) {
    return ("The reinstall is complete. A start request may have been sent, but no response was"
            + " received. %s")
        .formatted(waiting(fence));
  }

  static String startRejected(Duration retry) {
    return ("The reinstall is complete. The cloud API rejected the start of the server for now."
            + " Retrying every %s.")
        .formatted(Durations.text(retry));
  }

  /** Appended to a success whose start was rejected. */
  static String notStarted(String cause) {
    return ("spec.powerAfter is Running, but the server was not started: %s Start the server in the"
            + " cloud console.")
        .formatted(sentence(cause));
  }

  /** Appended to a success whose start is forbidden. */
  static String startHeld(String reason) {
    return ("spec.powerAfter is Running, but the server was not started, because it is held by the"
            + " annotation "
            + Ledger.HOLD
            + " of its ServerLedger: %s Start the server in the cloud console.")
        .formatted(sentence(reason));
  }

  /** The same, after an administrator moved the server. */
  static String startNotGranted() {
    return "spec.powerAfter is Running, but the server was not started, because it is not granted to"
        + " this namespace. Who has it starts it in the cloud console.";
  }

  /** The same, while the operator is paused. */
  static String startPaused(String reason) {
    return ("spec.powerAfter is Running, but the server was not started, because the operator is"
            + " paused by the ConfigMap "
            + OperatorPause.NAME
            + " in its namespace: %s Start the server in the cloud console.")
        .formatted(sentence(reason));
  }

  /** Appended to a success whose start has no visible effect. */
  static String notSeenRunning(String state) {
    return ("spec.powerAfter is Running, but the cloud reports the server in state %s. Start the"
            + " server in the cloud console.")
        .formatted(state);
  }

  /** Appended to a success whose start has an effect that nobody could check. */
  static String startUnchecked(String failure) {
    return ("spec.powerAfter is Running, but it is not known whether the server is running: %s"
            + " Check the server in the cloud console.")
        .formatted(failure);
  }

  /** Appended to what is in progress. */
  static String unseen(String failure) {
    return ("The server cannot be checked now: %s" + CHECKED_AGAIN).formatted(failure);
  }
}
