package dev.reinstall.simulator.tencent;

import java.util.Optional;

/**
 * An account that may call.
 *
 * @param token of temporary credentials, which every call must then carry
 */
record TencentAccount(String secretId, String secretKey, Optional<String> token) {
  @Override
  public String toString() {
    return secretId;
  }
}
