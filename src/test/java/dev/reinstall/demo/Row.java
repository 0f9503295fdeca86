package dev.reinstall.demo;

import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallStatus;
import java.util.Optional;
import java.util.function.Function;

/** One order, as far as it shows in the table; what the status does not say is the empty string. */
record Row(
    String namespace,
    String name,
    String cloud,
    String server,
    String phase,
    String reason,
    String requestId,
    String message) {

  static final String HEADING =
      line("NAMESPACE/NAME", "CLOUD", "INSTANCE", "PHASE", "REASON", "REQUEST ID");

  static Row of(Reinstall order) {
    return new Row(
        order.getMetadata().getNamespace(),
        order.getMetadata().getName(),
        order.getSpec().cloud().name(),
        order.getSpec().instanceId(),
        word(order, ReinstallStatus::phase),
        word(order, ReinstallStatus::reason),
        word(order, ReinstallStatus::requestId),
        word(order, ReinstallStatus::message));
  }

  private static String word(Reinstall order, Function<ReinstallStatus, String> field) {
    return Optional.ofNullable(order.getStatus()).map(field).orElse("");
  }

  boolean is(String wantedPhase, String wantedReason) {
    return phase.equals(wantedPhase) && reason.equals(wantedReason);
  }

  boolean isFinished() {
    return phase.equals("Succeeded") || phase.equals("Failed") || phase.equals("Unknown");
  }

  String line() {
    return line(namespace + "/" + name, cloud, server, phase, reason, requestId);
  }

  private static String line(String... columns) {
    return "%-27s  %-12s  %-12s  %-10s  %-15s  %s".formatted((Object[]) columns).stripTrailing();
  }
}
