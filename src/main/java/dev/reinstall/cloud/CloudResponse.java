package dev.reinstall.cloud;

/**
 * The cloud said yes.
 *
 * @param requestId the cloud's id of the call; empty where it said yes without one
 */
public record CloudResponse(String requestId) {}
