package dev.reinstall.cloud;

import java.time.Duration;

/**
 * How clouds differ, as data.
 *
 * @param idempotentToken the cloud carries out an order with the same token once
 * @param namesOperations {@link Observation#operation()} tells the request id of the server's
 *     latest operation, so that the end of an order, and the trace of a lost one, can be recognised
 * @param settleTime how long what the cloud says of a server may lag behind what happened
 */
public record CloudCapabilities(
    boolean idempotentToken, boolean namesOperations, Duration settleTime) {}
