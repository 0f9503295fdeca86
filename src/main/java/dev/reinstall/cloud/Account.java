package dev.reinstall.cloud;

import java.util.Map;

/**
 * The credentials of one order, as its Secret holds them; never printed.
 *
 * @param credentials by key of the Secret, such as {@code secretId}
 */
public record Account(Map<String, String> credentials) {

  @Override
  public String toString() {
    return "Account[...]";
  }
}
