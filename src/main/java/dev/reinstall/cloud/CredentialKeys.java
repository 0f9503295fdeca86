package dev.reinstall.cloud;

import java.util.List;

/**
 * The keys of a credentials Secret that a cloud reads; the Secret may hold more.
 *
 * @param optional may be absent or empty
 */
public record CredentialKeys(List<String> required, List<String> optional) {}
