package dev.reinstall.demo;

import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallStatus;
import java.util.Optional;
import java.util.function.Function;

/** One Reinstall in the table; what its status does not contain is the empty string. */
record TableRow(
    String name, String server, String phase, String reason, String requestId, String message) {

  static final String HEADING = line("NAME", "INSTANCE", "PHASE", "REASON", "REQUEST");

  private static final int SHORT = 8;

  static TableRow of(Reinstall reinstall) {
    return new TableRow(
        reinstall.getMetadata().getName(),
        reinstall.getSpec().instanceId(),
        word(reinstall, ReinstallStatus::phase),
        word(reinstall, ReinstallStatus::reason),
        word(reinstall, ReinstallStatus::requestId),
        word(reinstall, ReinstallStatus::message));
  }

  private static String word(Reinstall reinstall, Function<ReinstallStatus, String> field) {
    return Optional.ofNullable(reinstall.getStatus()).map(field).orElse("");
  }

  boolean is(String wantedPhase, String wantedReason) {
    return phase.equals(wantedPhase) && reason.equals(wantedReason);
  }

  boolean isFinished() {
    return phase.equals("Succeeded") || phase.equals("Failed") || phase.equals("Unknown");
  }

  /** With a prefix of the request id: with the time before it, 80 columns hold no more. */
  String line() {
    String id = requestId.length() > SHORT ? requestId.substring(0, SHORT) : requestId;
    return line(name, server, phase, reason, id);
  }

  private static String line(String... columns) {
    return "%-12s  %-12s  %-10s  %-20s  %s".formatted((Object[]) columns).stripTrailing();
  }

  /** How it ended, with the complete request id. */
  String outcome() {
    return outcome(name, phase + "/" + reason, requestId);
  }

  static String outcome(String name, String result, String requestId) {
    return "%-12s  %-27s  %s".formatted(name, result, requestId).stripTrailing();
  }
}
