package dev.reinstall.reconcile;

import java.util.Map;
import java.util.stream.Collectors;

/** What must be installed on the server for the request to be sent. */
final class InstalledPreconditions {
  private InstalledPreconditions() {}

  /** What the cloud does not report is not what is required. */
  static boolean areUnmet(Facts s) {
    // guard: preconditions
    return !s.server()
        .described()
        .installed()
        .entrySet()
        .containsAll(s.desired().requiredInstallation().entrySet());
  }

  static String unmet(Facts s) {
    Map<String, String> installed = s.server().described().installed();
    return s.desired().requiredInstallation().entrySet().stream()
        .filter(required -> !required.getValue().equals(installed.get(required.getKey())))
        .map(
            required ->
                NotStartedMessages.unmet(
                    required.getKey(), required.getValue(), installed.get(required.getKey())))
        .collect(Collectors.joining("; "));
  }
}
