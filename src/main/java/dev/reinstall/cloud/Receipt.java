package dev.reinstall.cloud;

/**
 * The cloud said yes.
 *
 * @param requestId the cloud's id of the call
 */
public record Receipt(String requestId) {}
