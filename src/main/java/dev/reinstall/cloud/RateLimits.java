package dev.reinstall.cloud;

import java.time.Duration;
import java.util.Optional;

/**
 * How many calls a cloud allows one account, as data.
 *
 * @param accountKey key of the credential that names the account; it is not the secret one
 * @param changes calls that change a server
 * @param reads calls that change nothing; empty: they count with the others
 */
public record RateLimits(String accountKey, Rate changes, Optional<Rate> reads) {

  /**
   * @param calls at most so many
   * @param in any span of this length
   */
  public record Rate(int calls, Duration in) {}

  /** For a cloud that counts changes and reads apart. */
  public static RateLimits apart(String accountKey, Rate changes, Rate reads) {
    return new RateLimits(accountKey, changes, Optional.of(reads));
  }

  /** For a cloud that counts every call alike. */
  public static RateLimits together(String accountKey, Rate all) {
    return new RateLimits(accountKey, all, Optional.empty());
  }
}
