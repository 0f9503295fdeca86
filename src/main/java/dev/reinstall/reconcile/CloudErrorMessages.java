package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.Sentences.CHECKED_FIRST;
import static dev.reinstall.reconcile.Sentences.NOTHING_WIPED;
import static dev.reinstall.reconcile.Sentences.sentence;

import dev.reinstall.api.Durations;
import java.time.Duration;

/** A call to the cloud that failed, by the kind of its error. */
final class CloudErrorMessages {

  private CloudErrorMessages() {}

  static String serverNotFound(String instanceId, String region, String secret, String cause) {
    return ("The cloud API does not find the server %s in region %s with the credentials in Secret"
            + " %s: %s")
        .formatted(instanceId, region, secret, sentence(cause));
  }

  static String describeRejected(String cause) {
    return "The cloud API rejected the request to describe the server: %s"
        .formatted(sentence(cause));
  }

  static String describeDenied(String secret, String cause) {
    return "The cloud API denied access with the credentials in Secret %s: %s"
        .formatted(secret, sentence(cause));
  }

  static String throttled(String cause) {
    return "The cloud API limits the request rate of this account: %s".formatted(sentence(cause));
  }

  static String cloudUnreachable(String cause) {
    return "The cloud API did not answer, or not with a usable response: %s"
        .formatted(sentence(cause));
  }

  /** What was done to the server is left open: a duplicate of the call may keep it busy. */
  static String rejectedBusy(String call, String cause) {
    return ("The cloud API rejected the %s because the server is busy: %s" + CHECKED_FIRST)
        .formatted(call, sentence(cause));
  }

  static String rejectedThrottled(String call, String cause) {
    return ("The cloud API rejected the %s because of its rate limit: %s"
            + NOTHING_WIPED
            + " Retrying at the next poll, or when the pause that the cloud asked for is over.")
        .formatted(call, sentence(cause));
  }

  /**
   * @param owned whether the server belongs to the namespace: if not, nothing is tried at once
   */
  static String rejectedDenied(
      String call, String secret, String cause, Duration retry, boolean owned) {
    return ("The cloud API denied the %s with the credentials in Secret %s: %s"
            + NOTHING_WIPED
            + " Fix the credentials, the permissions, the quota or the account. Retrying every %s%s.")
        .formatted(
            call,
            secret,
            sentence(cause),
            Durations.text(retry),
            owned ? ", and at once when spec.suspend changes" : "");
  }

  static String rejected(String call, String cause) {
    return ("The cloud API rejected the %s: %s"
            + NOTHING_WIPED
            + " The request will not be retried. Fix the spec (in Git first) or the Secrets that it"
            + " refers to, then delete this Reinstall and create it again.")
        .formatted(call, sentence(cause));
  }

  static String rejectedNotFound(
      String call, String instanceId, String region, String secret, String cause) {
    return ("The cloud API rejected the %s because it does not find the server %s in region %s with"
            + " the credentials in Secret %s: %s"
            + NOTHING_WIPED
            + " The request will not be retried. Fix the spec (in Git first) or the credentials, then"
            + " delete this Reinstall and create it again.")
        .formatted(call, instanceId, region, secret, sentence(cause));
  }

  static String notSent(String call, String cause) {
    return ("The %s could not be sent: %s" + NOTHING_WIPED + " Retrying at the next poll.")
        .formatted(call, sentence(cause));
  }
}
