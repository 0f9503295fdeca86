package dev.reinstall.cloud.jdcloud;

import dev.reinstall.cloud.CloudException.Kind;
import dev.reinstall.cloud.ErrorTable;

/** What this cloud's errors mean: by HTTP status and status word, else by HTTP status. */
final class JdErrors {
  private JdErrors() {}

  private static final ErrorTable TABLE =
      ErrorTable.read(JdErrors.class, "errors.csv", "http", "status");

  /**
   * @param word of the JSON error; empty where it has none
   */
  static Kind meaning(int http, String word) {
    return TABLE
        .find(Integer.toString(http), word)
        // A word that belongs to another HTTP status contradicts it: believe neither.
        .orElseGet(() -> TABLE.names(word) ? Kind.AMBIGUOUS : byStatus(http));
  }

  /** Whether it is a status word of this cloud. */
  static boolean isKnown(String word) {
    return TABLE.names(word);
  }

  private static Kind byStatus(int http) {
    return switch (http) {
      case 400 -> Kind.INVALID;
      case 401, 403 -> Kind.DENIED;
      case 404 -> Kind.NOT_FOUND;
      case 429 -> Kind.THROTTLED;
      default -> Kind.AMBIGUOUS;
    };
  }
}
