package dev.reinstall.cloud;

/**
 * What {@link Cloud#describeCached} saw.
 *
 * @param fresh whether the look began after it was asked for; else it was kept from a look at other
 *     servers, less than a poll interval ago
 */
public record CachedObservation(Observation observation, boolean fresh) {}
