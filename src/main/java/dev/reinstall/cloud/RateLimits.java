package dev.reinstall.cloud;

import java.time.Duration;

/**
 * How many calls the operator makes with one account, as data. An account is known by its
 * credentials.
 *
 * @param changes calls that change a server
 * @param reads calls that change nothing
 */
public record RateLimits(Rate changes, Rate reads) {

  /**
   * @param calls at most so many
   * @param in any span of this length
   */
  public record Rate(int calls, Duration in) {}
}
