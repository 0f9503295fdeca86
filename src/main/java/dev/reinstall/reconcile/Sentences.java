package dev.reinstall.reconcile;

import dev.reinstall.api.Durations;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the messages share. Each says what happened, what was done to the server, what happens next
 * and when, and what to do.
 */
final class Sentences {
  // What a person does once nothing is retried.
  static final String CHECK_SERVER =
      "Check the server in the cloud console; to reinstall it, create a Reinstall with a new name.";

  static final String NOT_RETRIED = "The request will not be retried. " + CHECK_SERVER;

  // Not "was sent": an earlier attempt may have been rejected, or made for an object of this name.
  static final String NOTHING_SENT = "No reinstall request is sent.";

  static final String CHECKED_AGAIN = " It will be checked again at the next poll.";

  // What follows the cause in a rejection that is not the end of the request.
  static final String NOTHING_WIPED = " Nothing was wiped.";

  static final String CHECKED_FIRST = " The server will be checked before the next attempt.";

  private Sentences() {}

  static String waiting(Duration fence) {
    return ("Waiting until a delayed request can no longer take effect (up to %s), then checking"
            + " the server.")
        .formatted(Durations.text(fence));
  }

  /** Sentences in a row, without those that are empty. */
  static String join(String... sentences) {
    return Stream.of(sentences).filter(s -> !s.isEmpty()).collect(Collectors.joining(" "));
  }

  static String row(List<String> texts) {
    return texts.stream().map(Sentences::sentence).collect(Collectors.joining(" "));
  }

  /** The text of a cloud or a validation, with a full stop. */
  static String sentence(String text) {
    String trimmed = text.strip();
    return trimmed.isEmpty()
            || trimmed.endsWith(".)")
            || ".!?。！？".indexOf(trimmed.charAt(trimmed.length() - 1)) >= 0
        ? trimmed
        : trimmed + ".";
  }
}
