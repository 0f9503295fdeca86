package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.Sentences.sentence;
import static dev.reinstall.reconcile.Sentences.waiting;

import dev.reinstall.api.Durations;
import dev.reinstall.api.OperatorPause;
import dev.reinstall.ledger.Ledger;
import java.time.Duration;
import java.time.Instant;

/** Of a server that was stopped for a request that ends without being submitted. */
final class RestartMessages {
  private static final String START_IT = " Start the server in the cloud console.";

  private RestartMessages() {}

  /**
   * @param end why the request ends; empty: its Reinstall was deleted, and another one has its name
   */
  static String restarting(String end) {
    return end.isEmpty()
        ? "The server was stopped for an earlier Reinstall of this name, and is being started again."
            + " Then this request is evaluated."
        : Sentences.join(
            end,
            "The server was stopped for this request and is being started again. Then the request"
                + " fails.");
  }

  static String restartUnanswered(Duration fence) {
    return "A start request may have been sent, but no response was received. %s"
        .formatted(waiting(fence));
  }

  static String restartRejectedForNow(Duration retry) {
    return "The cloud API rejected the start of the server for now. Retrying every %s."
        .formatted(Durations.text(retry));
  }

  /** Appended where a request ends, or waits, after its stop, and somebody started the server. */
  static String runsAgain(Instant stopTime) {
    return "The server was stopped for this request at %s and is running again."
        .formatted(stopTime);
  }

  /** Appended where a request waits after its stop. */
  static String startsAgainUnlessSubmitted(Instant stopTime) {
    return ("The server was stopped for this request at %s. It is started again if the request ends"
            + " without being submitted, unless the server is then held or granted to another"
            + " namespace, or the operator is paused.")
        .formatted(stopTime);
  }

  /**
   * Appended where the request ends: the start has an effect.
   *
   * @param stopTime null: the stop had no response
   */
  static String restarted(Instant stopTime) {
    return "The server was stopped for this request%s and was started again."
        .formatted(stopTime == null ? "" : " at " + stopTime);
  }

  static String restartRejected(String cause) {
    return ("The server was not started again: %s" + START_IT).formatted(sentence(cause));
  }

  static String restartHeld(String reason) {
    return ("The server is not started again, because it is held by the annotation "
            + Ledger.HOLD
            + " of its ServerLedger: %s"
            + START_IT)
        .formatted(sentence(reason));
  }

  /** An administrator moved it. */
  static String restartNotGranted() {
    return "The server is not started again, because it is not granted to this namespace. Who has it"
        + " starts it in the cloud console.";
  }

  static String restartPaused(String reason) {
    return ("The server is not started again, because the operator is paused by the ConfigMap "
            + OperatorPause.NAME
            + " in its namespace: %s"
            + START_IT)
        .formatted(sentence(reason));
  }

  static String restartSuperseded() {
    return "The server is not started again, because another request has claimed it since. If that"
        + " one does not need it stopped, start it in the cloud console.";
  }

  static String restartNotSeen(String state) {
    return ("The server was to be started again, but the cloud reports it in state %s." + START_IT)
        .formatted(state);
  }

  static String restartNotKnown(String failure) {
    return ("Whether the server is running is not known: %s Check the server in the cloud console.")
        .formatted(sentence(failure));
  }
}
