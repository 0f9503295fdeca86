package dev.reinstall.config;

import java.util.regex.Pattern;

/** Variables that Kubernetes sets in pods for each Service, whose names others chose. */
final class ServiceLinks {
  private static final Pattern NAME =
      Pattern.compile(
          "[A-Z0-9_]+?_(SERVICE_HOST|SERVICE_PORT(_.+)?"
              + "|PORT(_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)");
  private static final Pattern ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");
  private static final int TYPO = 2;

  private ServiceLinks() {}

  /**
   * By the name. But a typo of a setting ({@code REINSTALL_HTP_PORT}) that does not hold an address
   * is a mistake of the user, and ignoring it would hide that.
   */
  static boolean made(String name, String value, NearestName.Nearest nearest) {
    return NAME.matcher(name).matches() && (isAddress(value) || nearest.distance() > TYPO);
  }

  static boolean isAddress(String value) {
    return ADDRESS.matcher(value).matches();
  }
}
