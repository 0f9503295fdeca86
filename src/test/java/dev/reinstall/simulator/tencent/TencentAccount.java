package dev.reinstall.simulator.tencent;

import java.util.Optional;

/**
 * Who may call.
 *
 * @param token of temporary credentials, which then must come with every call
 */
record TencentAccount(String secretId, String secretKey, Optional<String> token) {
  @Override
  public String toString() {
    return secretId;
  }
}
