package dev.reinstall.simulator.tencent;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The accounts, and the checks that both dialects share. */
final class TencentAccounts {
  private static final Duration SKEW = Duration.ofMinutes(5);

  private final Map<String, TencentAccount> accounts = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> denied = new ConcurrentHashMap<>();
  private final Set<String> expired = ConcurrentHashMap.newKeySet();
  private final Supplier<Instant> clock;

  TencentAccounts(Supplier<Instant> clock) {
    this.clock = clock;
  }

  void add(TencentAccount account) {
    accounts.put(account.secretId(), account);
  }

  void remove(String secretId) {
    accounts.remove(secretId);
  }

  /** The token of temporary credentials is no longer valid. */
  void expire(String secretId) {
    expired.add(secretId);
  }

  /** Replaces what was denied to the account before. */
  void deny(String secretId, Set<String> actions) {
    denied.put(secretId, actions);
  }

  /** Rejects a call that its account may not make. */
  void checkRight(TencentCall call) {
    if (denied.getOrDefault(call.secretId(), Set.of()).contains(call.action())) {
      throw new TencentRefusal(
          "UnauthorizedOperation", "You are not authorized to perform " + call.action() + ".");
    }
  }

  /** The account, if its token is valid and the timestamp is recent. */
  TencentAccount of(String secretId, String token, String timestamp) {
    TencentAccount account =
        Optional.ofNullable(accounts.get(secretId))
            .orElseThrow(
                () -> new TencentRefusal("AuthFailure.SecretIdNotFound", "No such secret id."));
    if (!account.token().orElse("").equals(token)) {
      throw new TencentRefusal("AuthFailure.TokenFailure", "The token is not right.");
    }
    if (expired.contains(secretId)) {
      throw new TencentRefusal("AuthFailure.TokenFailure", "The token has expired.");
    }
    if (timestamp.isEmpty()) {
      throw new TencentRefusal("MissingParameter", "The timestamp is missing.");
    }
    if (!timestamp.matches("\\d{1,12}")) {
      throw new TencentRefusal("InvalidParameter", "The timestamp is no number of seconds.");
    }
    Duration skew =
        Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), clock.get()).abs();
    if (skew.compareTo(SKEW) > 0) {
      throw new TencentRefusal(
          "AuthFailure.SignatureExpire", "The signature is older or newer than five minutes.");
    }
    return account;
  }
}
