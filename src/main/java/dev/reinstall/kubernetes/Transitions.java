package dev.reinstall.kubernetes;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.reconcile.ReportedStatus;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Logs and measures the transitions of requests: nothing while nothing changes. */
final class Transitions {
  private static final Logger LOG = LoggerFactory.getLogger(Transitions.class);

  /** A field of a line in the log; the reconciler adds the server, and the framework the name. */
  private static final String CLAIM = "claim";

  private final PhaseDurations durations = new PhaseDurations(System::nanoTime);
  private final OperatorMetrics metrics;

  Transitions(OperatorMetrics metrics) {
    this.metrics = metrics;
  }

  /**
   * @param before a copy of the time before the status was written
   */
  void record(Reinstall before, ReportedStatus reported) {
    log(before.getStatus(), reported);
    measure(before, reported);
  }

  private static void log(ReinstallStatus before, ReportedStatus reported) {
    String from = before == null ? "New" : state(before.phase(), before.reason());
    String to = state(reported.phase().name(), reported.reason());
    if (!from.equals(to)) {
      reported.claimNumber().ifPresent(number -> MDC.put(CLAIM, number.toString()));
      LOG.info(
          "{} -> {}{}",
          from,
          to,
          reported.claimNumber().map(number -> " (claim " + number + ")").orElse(""));
      MDC.remove(CLAIM);
    }
  }

  private static String state(String phase, String reason) {
    if (phase == null) {
      return "New";
    }
    return phase.equals(reason) ? phase : phase + "/" + reason;
  }

  private void measure(Reinstall before, ReportedStatus reported) {
    String from = before.getStatus() == null ? null : before.getStatus().phase();
    if (reported.phase().name().equals(from)) {
      return;
    }
    CloudName cloud = before.getSpec().cloud();
    durations
        .move(
            before.getMetadata().getUid(),
            from,
            reported.phase(),
            OffsetDateTime.parse(before.getMetadata().getCreationTimestamp()).toInstant(),
            Instant.now())
        .ifPresent(time -> metrics.leftPhase(cloud, from, time));
    if (reported.phase().isFinished()) {
      metrics.finished(cloud, reported.phase(), reported.reason());
    }
  }
}
