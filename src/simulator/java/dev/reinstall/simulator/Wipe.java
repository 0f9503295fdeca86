package dev.reinstall.simulator;

import java.time.Instant;

/**
 * A server lost its system disk.
 *
 * @param at simulated time of the acceptance, which is when the data is lost
 * @param requestId of the call that did it
 * @param clientToken the empty string if none was sent
 * @param image what is installed instead
 * @param foreign done by another caller than those of this simulator
 */
public record Wipe(
    Instant at, String requestId, String clientToken, String image, boolean foreign) {}
