package dev.reinstall.cloud.jdcloud;

import dev.reinstall.cloud.ErrorTable;
import dev.reinstall.cloud.Trouble;

/** What this cloud's errors mean: by HTTP status and status word, else by HTTP status. */
final class JdErrors {
  private JdErrors() {}

  private static final ErrorTable TABLE =
      ErrorTable.read(JdErrors.class, "errors.csv", "http", "status");

  /**
   * @param word of the JSON error; empty where it has none
   */
  static Trouble meaning(int http, String word) {
    return TABLE
        .find(Integer.toString(http), word)
        // A word that belongs to another HTTP status contradicts it: believe neither.
        .orElseGet(() -> TABLE.names(word) ? Trouble.UNCLEAR : byStatus(http));
  }

  private static Trouble byStatus(int http) {
    return switch (http) {
      case 400 -> Trouble.INVALID;
      case 401, 403 -> Trouble.DENIED;
      case 404 -> Trouble.MISSING;
      case 429 -> Trouble.THROTTLED;
      default -> Trouble.UNCLEAR;
    };
  }
}
