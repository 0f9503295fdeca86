package dev.reinstall.simulator.tencent;

import java.util.stream.Stream;

/** The cloud's rules for passwords. */
final class Passwords {
  private Passwords() {}

  static boolean isGood(String password, TencentImage image) {
    int shortest = image.isWindows() ? 12 : 8;
    int fewest = image.isWindows() ? 3 : 2;
    return password.length() >= shortest
        && password.length() <= 30
        && !password.startsWith("/")
        && classes(password) >= fewest;
  }

  private static long classes(String password) {
    return Stream.of("[a-z]", "[A-Z]", "[0-9]", "[^a-zA-Z0-9]")
        .filter(kind -> password.matches("(?s).*" + kind + ".*"))
        .count();
  }
}
