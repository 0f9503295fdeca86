package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.Sentences.CHECKED_AGAIN;
import static dev.reinstall.reconcile.Sentences.NOT_RETRIED;
import static dev.reinstall.reconcile.Sentences.sentence;
import static dev.reinstall.reconcile.Sentences.waiting;

import dev.reinstall.api.Durations;
import java.time.Duration;
import java.time.Instant;

/** Of a request for which a stop, or the reinstall itself, was or may have been sent. */
final class SubmittingMessages {
  private static final String BUSY =
      "The cloud API rejected the request because the server is busy.";

  private SubmittingMessages() {}

  static String stopping() {
    return "The server is claimed for this request and is being stopped. The reinstall request is"
        + " sent when it is stopped.";
  }

  /**
   * @param first time of the first stop that the cloud accepted
   */
  static String stopWithoutEffect(Instant first) {
    return ("The cloud accepted a stop request at %s, but the server is still running, or was"
            + " started again. It is being stopped again. If that has no effect either, stop it in"
            + " the cloud console. The reinstall request is sent when it is stopped.")
        .formatted(first);
  }

  static String stopUnanswered(Duration fence) {
    return "A stop request may have been sent, but no response was received. %s"
        .formatted(waiting(fence));
  }

  static String brokenAfterStop(String state) {
    return ("The cloud reports the server in the failed state %s after the stop. Check the server"
            + " in the cloud console. The reinstall request is sent when the server is stopped.")
        .formatted(state);
  }

  /** Appended where a request ends, or waits, unsent after its stop. */
  static String stoppedBefore(Instant at, boolean stillStopped) {
    return "The server was stopped for this request at %s%s"
        .formatted(
            at,
            (stillStopped
                ? " and is still stopped."
                : " and is not started again by the operator."));
  }

  static String submitting() {
    return "The server is claimed. The reinstall request is being sent to the cloud API.";
  }

  static String responseLost(Duration fence) {
    return "The request was sent, but no usable response was received. %s"
        .formatted(waiting(fence));
  }

  static String maybeSent(Duration fence) {
    return "The request may have been sent, but no response was received. %s"
        .formatted(waiting(fence));
  }

  /** Appended to the rejection. */
  static String busyMayBeOurs(Duration settleTime) {
    return ("That is in %s, because a duplicate of this request may be what keeps the server busy.")
        .formatted(Durations.text(settleTime));
  }

  static String busySettling(Duration settleTime) {
    return (BUSY
            + " That can be the response to a duplicate of this request. Waiting %s, then checking"
            + " the server before the next attempt.")
        .formatted(Durations.text(settleTime));
  }

  static String busyUnseen(String failure) {
    return (BUSY
            + " The server must be checked before the next attempt. It cannot be checked now: %s"
            + CHECKED_AGAIN)
        .formatted(failure);
  }

  static String busyOperationStarted(Duration fence) {
    return (BUSY
            + " Another operation started since, which can be a duplicate of this request or hide"
            + " one. %s")
        .formatted(waiting(fence));
  }

  static String busyAwaitingInstalled() {
    return BUSY
        + " When the current operation has finished, what is installed decides whether the"
        + " request is sent again.";
  }

  static String replacedWhileBusy(String unmet) {
    return (BUSY
            + " Something else was installed since, by a duplicate of this request or by somebody"
            + " else: %s Whether this request was carried out cannot be determined. "
            + NOT_RETRIED)
        .formatted(sentence(unmet));
  }

  static String adopted(String operation) {
    return ("No response was received. Cloud operation %s matches this request and was adopted as"
            + " its result.")
        .formatted(operation);
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
    return ("The request may have been sent, but no response was received, and the server cannot be"
            + " checked now: %s"
            + CHECKED_AGAIN)
        .formatted(failure);
  }

  static String reinstallInProgress() {
    return "The request may have been sent, but no response was received. A reinstall is in"
        + " progress on the server; when it has finished, what is installed shows whether it is"
        + " this request.";
  }

  static String resending() {
    return "The request may have been sent, but no response was received. It is sent with the same"
        + " idempotency token, which the cloud carries out once.";
  }

  static String resendBlocked(String why) {
    return ("The request may have been sent, but no response was received. It could be sent with"
            + " the same idempotency token, but it must not be sent now: %s")
        .formatted(sentence(why));
  }
}
