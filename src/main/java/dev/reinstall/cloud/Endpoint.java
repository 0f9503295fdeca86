package dev.reinstall.cloud;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The address of a cloud: a URL from the operator's settings, with {@code {region}} in place of the
 * region of the request.
 */
public final class Endpoint {

  private static final String HOLE = "{region}";
  private static final Pattern REGION = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|\\[::1\\]|127(\\.(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)){3}");
  // Characters that need no encoding: what is signed is what is sent. No segment of dots alone.
  private static final Pattern PATH = Pattern.compile("(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~-]*)*");

  private final String template;

  /**
   * @param template {@code https://host[:port][/path]}, plain http only to a loopback address
   * @throws IllegalArgumentException saying what it must be, to be put after the setting's name
   */
  public Endpoint(String template) {
    this(template, false);
  }

  private Endpoint(String template, boolean plainHttp) {
    this.template = template;
    URI sample = uri("sample-region");
    String scheme = sample.getScheme();
    require("https".equals(scheme) || "http".equals(scheme), "begin with https://");
    require(sample.getRawUserInfo() == null, "not contain a user or password");
    require(sample.getRawQuery() == null, "not contain a query (?)");
    require(sample.getRawFragment() == null, "not contain a fragment (#)");
    require(sample.getHost() != null, "have a host");
    require(sample.getPort() != 0 && sample.getPort() <= 65535, "have a port from 1 to 65535");
    require(
        "https".equals(scheme) || plainHttp || isLoopback(sample.getHost()),
        "begin with https:// (http:// is allowed only for 127.0.0.0/8, [::1] and localhost)");
    require(
        PATH.matcher(sample.getRawPath()).matches(),
        "have a path of only letters, digits, '.', '_', '~', '-' and '/'");
    // A Reinstall may choose the region, never the owner of the host.
    require(
        !sample.getHost().matches("(.*\\.)?[^.]*sample-region[^.]*"),
        "have a host that does not end with " + HOLE);
  }

  /**
   * A service of the machine's own network that has only plain http. For a constant: a setting must
   * not choose such a one.
   */
  public static Endpoint ofMachine(String url) {
    return new Endpoint(url, true);
  }

  /**
   * The URL of a call. The template's path is kept, unchanged if nothing is appended.
   *
   * @param path starts with a slash, or is empty
   * @throws IllegalArgumentException for an invalid region
   */
  public URI resolve(String region, String path) {
    if (!REGION.matcher(region).matches()) {
      throw new IllegalArgumentException("not a region: letters, digits and single dashes");
    }
    URI base = uri(region);
    String kept = base.getRawPath();
    String joined = path.isEmpty() ? kept : kept.replaceAll("/+$", "") + path;
    String port = base.getPort() == -1 ? "" : ":" + base.getPort();
    return URI.create(
        base.getScheme() + "://" + base.getHost() + port + (joined.isEmpty() ? "/" : joined));
  }

  /** Whether it is this machine; no name but localhost is resolved. */
  public static boolean isLoopback(String host) {
    return host != null && LOOPBACK.matcher(host).matches();
  }

  private URI uri(String region) {
    String[] parts = template.trim().replace(HOLE, region).split("://", 2);
    require(parts.length == 2, "begin with https://");
    int slash = parts[1].indexOf('/');
    String authority = slash < 0 ? parts[1] : parts[1].substring(0, slash);
    String rest = slash < 0 ? "" : parts[1].substring(slash);
    try {
      return new URI(
          parts[0].toLowerCase(Locale.ROOT) + "://" + authority.toLowerCase(Locale.ROOT) + rest);
    } catch (URISyntaxException e) {
      throw wrong("be a URL");
    }
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw wrong(what);
    }
  }

  // Not the text itself: a user and password may stand in it.
  private static IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(
        "must "
            + what
            + ". Use a URL such as https://cloud.example.com or"
            + " https://cloud.{region}.example.com/path.");
  }

  @Override
  public String toString() {
    return template;
  }
}
