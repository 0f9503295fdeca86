package dev.reinstall.simulator;

import java.time.Instant;

/**
 * A server lost its system disk.
 *
 * @param at simulated time of the acceptance, which is when the harm is done
 * @param requestId of the call that did it
 * @param clientToken the empty string where none was sent
 * @param image what is installed instead
 * @param foreign done by somebody else than the callers of this simulator
 */
public record Wipe(
    Instant at, String requestId, String clientToken, String image, boolean foreign) {}
