package dev.reinstall.simulator.jdcloud;

import java.util.Optional;

/**
 * An account that may call.
 *
 * @param mfaCode required for stops, restarts and reinstalls, if the account is protected
 */
record JdAccount(String accessKey, String secretKey, Optional<String> mfaCode) {
  @Override
  public String toString() {
    return accessKey;
  }
}
