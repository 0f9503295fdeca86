package dev.reinstall.lifecycle;

import dev.reinstall.api.Phase;
import dev.reinstall.cloud.Observation;
import java.time.Instant;
import java.util.Optional;

/**
 * What the status of a Reinstall shall say.
 *
 * @param reason a word of {@link dev.reinstall.api.Reason}, or of a newer operator's
 * @param ordered whether the cloud said yes to this order
 * @param seen the server, where this pass looked; else what the status said stays
 */
public record View(
    Phase phase,
    String reason,
    String message,
    boolean ordered,
    Optional<String> requestId,
    Optional<Observation> seen,
    Optional<Instant> orderedAt,
    Optional<Instant> finishedAt) {}
