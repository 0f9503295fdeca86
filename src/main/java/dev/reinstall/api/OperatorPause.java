package dev.reinstall.api;

import java.util.Map;

/**
 * The ConfigMap by which a person pauses the operator. While it exists in the operator's own
 * namespace, no server is claimed, and no call is sent that changes a server.
 */
public final class OperatorPause {
  /** The name of the ConfigMap. */
  public static final String NAME = "reinstall-operator-pause";

  private static final String REASON = "reason";

  private OperatorPause() {}

  /**
   * Why the operator is paused, as {@link StoredText#reason} shows it.
   *
   * @param data of the ConfigMap; null: it has none
   */
  public static String reason(Map<String, String> data) {
    return StoredText.reason(data == null ? "" : data.getOrDefault(REASON, ""));
  }
}
