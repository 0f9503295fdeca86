package dev.reinstall.cloud;

import java.util.List;

/**
 * The keys of a credentials Secret that a cloud reads; the Secret may hold more.
 *
 * @param optional may be absent or empty
 * @param identity what the Secret may name instead of all of these keys
 */
public record CredentialKeys(
    List<String> required, List<String> optional, OperatorIdentity identity) {

  public CredentialKeys(List<String> required, List<String> optional) {
    this(required, optional, OperatorIdentity.NONE);
  }
}
