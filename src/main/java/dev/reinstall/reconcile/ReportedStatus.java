package dev.reinstall.reconcile;

import dev.reinstall.api.Phase;
import dev.reinstall.cloud.Observation;
import java.time.Instant;
import java.util.Optional;

/**
 * What the status of a Reinstall shall say.
 *
 * @param reason a word of {@link dev.reinstall.api.Reason}, or of a newer operator's
 * @param accepted whether the cloud said yes to this order
 * @param observation the server, where this pass looked; else what the status said stays
 */
public record ReportedStatus(
    Phase phase,
    String reason,
    String message,
    boolean accepted,
    Optional<String> requestId,
    Optional<Observation> observation,
    Optional<Instant> submitTime,
    Optional<Instant> completionTime) {}
