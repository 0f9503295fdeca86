package dev.reinstall.cloud;

/**
 * The result of {@link CloudCalls#describeCached}.
 *
 * @param fresh whether the description started after it was requested; else it was kept from a call
 *     for other servers, less than a poll interval ago
 */
public record CachedObservation(Observation observation, boolean fresh) {}
