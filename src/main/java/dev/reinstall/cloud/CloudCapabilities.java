package dev.reinstall.cloud;

import java.time.Duration;

/**
 * The differences between clouds, as data.
 *
 * @param idempotentToken the cloud carries out requests with the same token once
 * @param namesOperations {@link Observation#operation()} has the request ID of the server's latest
 *     operation, so that the end of a request, and the operation of a lost one, can be recognized
 * @param settleTime how long what the cloud reports about a server may lag behind
 */
public record CloudCapabilities(
    boolean idempotentToken, boolean namesOperations, Duration settleTime) {}
