package dev.reinstall.cloud;

import java.time.Duration;

/**
 * What a cloud reported about a server.
 *
 * @param age how long before it was received its call began
 */
public record Description(Observation observation, Duration age) {}
