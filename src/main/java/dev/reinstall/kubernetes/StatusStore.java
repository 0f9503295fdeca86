package dev.reinstall.kubernetes;

import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.reconcile.ConflictException;
import dev.reinstall.reconcile.ReportedStatus;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.util.function.UnaryOperator;

/**
 * The statuses of Reinstalls: written by compare-and-swap.
 *
 * @param writer PUT of a status with the resourceVersion of its copy
 */
record StatusStore(UnaryOperator<Reinstall> writer, Transitions transitions, EventRecorder events) {

  boolean isUpToDate(Reinstall copy, ReportedStatus reported) {
    return StatusConverter.isSame(copy.getStatus(), status(copy, reported));
  }

  Reinstall update(Reinstall copy, ReportedStatus reported) throws ConflictException {
    ReinstallStatus status = status(copy, reported);
    if (StatusConverter.isSame(copy.getStatus(), status)) {
      return copy;
    }
    Reinstall written = write(copy, status);
    transitions.record(copy, reported);
    events.record(written, copy.getStatus());
    return written;
  }

  Reinstall commitStart(Reinstall copy, ReportedStatus reported) throws ConflictException {
    Reinstall written = write(copy, status(copy, reported));
    transitions.record(copy, reported);
    return written;
  }

  Reinstall updateObservedGeneration(Reinstall copy) throws ConflictException {
    long generation = copy.getMetadata().getGeneration();
    Long observed = copy.getStatus().observedGeneration();
    return observed != null && observed == generation
        ? copy
        : write(copy, StatusConverter.withGeneration(copy.getStatus(), generation));
  }

  private static ReinstallStatus status(Reinstall copy, ReportedStatus reported) {
    return StatusConverter.of(
        reported, copy.getStatus(), copy.getMetadata().getGeneration(), Instant.now());
  }

  /** Lost where anybody wrote since. */
  private Reinstall write(Reinstall copy, ReinstallStatus status) throws ConflictException {
    try {
      return writer.apply(StatusConverter.copyWith(copy, status));
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT
          || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        throw new ConflictException("The Reinstall was changed or deleted in the meantime.");
      }
      throw e;
    }
  }
}
