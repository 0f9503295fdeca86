package dev.reinstall.simulator.tencent;

/** The cloud's rules for host names. */
final class HostNames {
  private HostNames() {}

  static boolean isGood(String name, TencentImage image) {
    return image.isWindows() ? isGoodOnWindows(name) : isGoodOnLinux(name);
  }

  private static boolean isGoodOnLinux(String name) {
    return name.length() >= 2
        && name.length() <= 60
        && name.matches("[A-Za-z0-9]+([-.][A-Za-z0-9]+)*");
  }

  private static boolean isGoodOnWindows(String name) {
    return name.length() >= 2
        && name.length() <= 15
        && name.matches("[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
        && !name.matches("[0-9]+");
  }
}
