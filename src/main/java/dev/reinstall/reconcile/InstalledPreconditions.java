package dev.reinstall.reconcile;

import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.StoredText;
import dev.reinstall.cloud.Observation;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What must be installed on the server, and what the server must be called, for the request to be
 * sent. What the cloud does not report is not what is required.
 */
final class InstalledPreconditions {
  private static final int LONGEST = 128;

  private InstalledPreconditions() {}

  static boolean areUnmet(Facts s) {
    return isReplaced(s) || isCalledOtherwise(s.desired().requiredLabels(), s.server().described());
  }

  /** Whether another system is installed, whatever the server is called. */
  static boolean isReplaced(Facts s) {
    return isReplaced(s.desired().requiredInstallation(), s.server().described());
  }

  static String unmet(Facts s) {
    return unmet(
        s.desired().requiredInstallation(), s.desired().requiredLabels(), s.server().described());
  }

  /** For a request that fails unsent. */
  static String failed(Facts s) {
    return isReplaced(s)
        ? NotStartedMessages.preconditionFailed(unmet(s))
        : NotStartedMessages.calledOtherwise(unmet(s));
  }

  static boolean areUnmet(ReinstallSpec spec, Observation server) {
    return isReplaced(spec.requiredInstallation(), server)
        || isCalledOtherwise(spec.requiredLabels(), server);
  }

  static String unmet(ReinstallSpec spec, Observation server) {
    return unmet(spec.requiredInstallation(), spec.requiredLabels(), server);
  }

  private static boolean isReplaced(Map<String, String> required, Observation server) {
    // guard: preconditions
    return !server.installed().entrySet().containsAll(required.entrySet());
  }

  private static boolean isCalledOtherwise(Map<String, String> required, Observation server) {
    // guard: name-and-tags-are-preconditions
    return !server.details().labels().entrySet().containsAll(required.entrySet());
  }

  private static String unmet(
      Map<String, String> installation, Map<String, String> labels, Observation server) {
    Map<String, String> installed = server.installed();
    Map<String, String> called = server.details().labels();
    return Stream.concat(
            unmet(installation, installed)
                .map(
                    need ->
                        NotStartedMessages.unmet(
                            need.getKey(), need.getValue(), installed.get(need.getKey()))),
            unmet(labels, called)
                .map(
                    need ->
                        NotStartedMessages.unmetLabel(
                            shown(need.getKey()),
                            shown(need.getValue()),
                            called.containsKey(need.getKey())
                                ? shown(called.get(need.getKey()))
                                : null)))
        .collect(Collectors.joining("; "));
  }

  private static Stream<Map.Entry<String, String>> unmet(
      Map<String, String> required, Map<String, String> found) {
    return required.entrySet().stream()
        .filter(need -> !need.getValue().equals(found.get(need.getKey())));
  }

  private static String shown(String text) {
    return StoredText.shorten(StoredText.printable(text), LONGEST);
  }
}
