package dev.reinstall.cloud;

import java.time.Duration;
import java.util.Optional;

/**
 * How many calls a cloud allows one account, as data. An account is known by its credentials.
 *
 * @param changes calls that change a server
 * @param reads calls that change nothing; empty: they count with the others
 */
public record RateLimits(Rate changes, Optional<Rate> reads) {

  /**
   * @param calls at most so many
   * @param in any span of this length
   */
  public record Rate(int calls, Duration in) {}

  /** For a cloud that counts changes and reads apart. */
  public static RateLimits apart(Rate changes, Rate reads) {
    return new RateLimits(changes, Optional.of(reads));
  }

  /** For a cloud that counts every call alike. */
  public static RateLimits together(Rate all) {
    return new RateLimits(all, Optional.empty());
  }
}
