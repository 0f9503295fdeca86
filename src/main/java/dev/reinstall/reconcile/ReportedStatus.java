package dev.reinstall.reconcile;

import dev.reinstall.api.Phase;
import dev.reinstall.cloud.Observation;
import java.time.Instant;
import java.util.Optional;

/**
 * What the status of a Reinstall says.
 *
 * @param reason a {@link dev.reinstall.api.Reason}, or one of a newer operator
 * @param accepted whether the cloud accepted this request
 * @param observation the server, if this reconciliation described it; else the status keeps the
 *     last one
 * @param check of the request, if this reconciliation made it; else the status keeps the last one
 * @param claimNumber of the claim of this request, for the log
 */
public record ReportedStatus(
    Phase phase,
    String reason,
    String message,
    boolean accepted,
    Optional<String> requestId,
    Optional<Observation> observation,
    Optional<Check> check,
    Optional<Instant> submitTime,
    Optional<Instant> completionTime,
    Optional<Long> claimNumber) {}
