package dev.reinstall.reconcile;

import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.cloud.Observation;
import java.util.Map;
import java.util.stream.Collectors;

/** What must be installed on the server for the request to be sent. */
final class InstalledPreconditions {
  private InstalledPreconditions() {}

  static boolean areUnmet(Facts s) {
    return areUnmet(s.desired().requiredInstallation(), s.server().described());
  }

  static String unmet(Facts s) {
    return unmet(s.desired().requiredInstallation(), s.server().described());
  }

  static boolean areUnmet(ReinstallSpec spec, Observation server) {
    return areUnmet(spec.requiredInstallation(), server);
  }

  static String unmet(ReinstallSpec spec, Observation server) {
    return unmet(spec.requiredInstallation(), server);
  }

  /** What the cloud does not report is not what is required. */
  private static boolean areUnmet(Map<String, String> required, Observation server) {
    // guard: preconditions
    return !server.installed().entrySet().containsAll(required.entrySet());
  }

  private static String unmet(Map<String, String> requirements, Observation server) {
    Map<String, String> installed = server.installed();
    return requirements.entrySet().stream()
        .filter(required -> !required.getValue().equals(installed.get(required.getKey())))
        .map(
            required ->
                NotStartedMessages.unmet(
                    required.getKey(), required.getValue(), installed.get(required.getKey())))
        .collect(Collectors.joining("; "));
  }
}
