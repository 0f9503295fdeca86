package dev.reinstall.simulator.jdcloud;

import java.util.Optional;

/**
 * Who may call.
 *
 * @param mfaCode asked for stops, restarts and reinstalls, where the account is protected
 */
record JdAccount(String accessKey, String secretKey, Optional<String> mfaCode) {
  @Override
  public String toString() {
    return accessKey;
  }
}
