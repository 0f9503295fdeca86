package dev.reinstall.cloud;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The HTTP proxy of the environment and the hosts that are reached without it, read as curl reads
 * them: for https alone, and for loopback addresses as well unless {@code NO_PROXY} lists them.
 * Without such a variable the proxy of the JVM is used, if it has one.
 */
public final class ProxySettings {
  /** In this sequence; the first that is not empty counts. */
  public static final List<String> VARIABLES =
      List.of("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy");

  private static final String NO_PASSWORDS = "jdk.http.auth.tunneling.disabledSchemes";
  private static final List<String> EXEMPT_VARIABLES = List.of("NO_PROXY", "no_proxy");
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
  private static final Pattern BITS = Pattern.compile("[0-9]{1,3}");

  /**
   * A proxy that opens a tunnel by CONNECT.
   *
   * @param source the variable that names it
   * @param userInfo {@code user:password}, decoded
   */
  public record HttpProxy(String source, String host, int port, Optional<String> userInfo) {

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException naming the source, never the value: it may hold a password
     */
    public static HttpProxy parse(String source, String value) {
      URI uri;
      try {
        uri = new URI(value.contains("://") ? value : "http://" + value);
      } catch (URISyntaxException e) {
        throw wrong(source, "be a URL");
      }
      require(
          "http".equalsIgnoreCase(uri.getScheme()),
          source,
          "begin with http:// (the connection to a proxy by TLS or SOCKS is not supported)");
      require(uri.getHost() != null, source, "have a host");
      require(uri.getPort() > 0 && uri.getPort() <= 65535, source, "have a port from 1 to 65535");
      require(
          uri.getRawPath().matches("/?")
              && uri.getRawQuery() == null
              && uri.getRawFragment() == null,
          source,
          "have nothing after the port");
      return new HttpProxy(
          source,
          uri.getHost().replaceAll("[\\[\\]]", ""),
          uri.getPort(),
          Optional.ofNullable(uri.getUserInfo())
              .map(user -> user.contains(":") ? user : user + ":"));
    }

    private static void require(boolean holds, String source, String what) {
      if (!holds) {
        throw wrong(source, what);
      }
    }

    private static IllegalArgumentException wrong(String source, String what) {
      return new IllegalArgumentException(
          source + " must " + what + ". Use a URL such as http://proxy.example.com:3128.");
    }

    /** With user and password; never printed. */
    public String url() {
      try {
        return new URI("http", userInfo.orElse(null), host, port, null, null, null).toString();
      } catch (URISyntaxException e) { // it was read from such a URL
        throw new IllegalStateException("not a URL", e);
      }
    }

    /** As a URL, without user and password. */
    @Override
    public String toString() {
      return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  private final Optional<HttpProxy> proxy;
  private final List<String> exempt;

  private ProxySettings(Optional<HttpProxy> proxy, List<String> exempt) {
    this.proxy = proxy;
    this.exempt = exempt;
  }

  /** Only what the JVM itself is configured to use. */
  public static ProxySettings ofJvm() {
    return new ProxySettings(Optional.empty(), List.of());
  }

  /**
   * Reads the variables.
   *
   * @throws IllegalArgumentException naming the one that is malformed
   */
  public static ProxySettings from(Map<String, String> environment) {
    return new ProxySettings(
        VARIABLES.stream()
            .filter(name -> !environment.getOrDefault(name, "").isBlank())
            .findFirst()
            .map(name -> HttpProxy.parse(name, environment.get(name).strip())),
        EXEMPT_VARIABLES.stream()
            .map(name -> environment.getOrDefault(name, ""))
            .filter(value -> !value.isBlank())
            .findFirst()
            .map(value -> Arrays.stream(value.split("[,\\s]+")).filter(e -> !e.isEmpty()).toList())
            .orElse(List.of()));
  }

  /** The proxy of the variables, whatever is called through it; empty: they name none. */
  public Optional<HttpProxy> proxy() {
    return proxy;
  }

  /** The proxy of the variables for this URL. */
  public Optional<HttpProxy> proxyFor(URI uri) {
    return proxy.filter(
        any -> "https".equalsIgnoreCase(uri.getScheme()) && !isExempt(uri.getHost()));
  }

  /**
   * Java sends no password to open a tunnel, unless this is set before its client is used: the
   * connection to the proxy is not encrypted. Who writes a password into the URL of a proxy wants
   * it to be sent.
   */
  public static void allowPasswords() {
    if (System.getProperty(NO_PASSWORDS) == null) {
      System.setProperty(NO_PASSWORDS, "");
    }
  }

  /** The proxy through which this URL is called, of the variables or of the JVM; for messages. */
  public Optional<String> nameFor(URI uri) {
    if (proxy.isPresent()) {
      return proxyFor(uri).map(HttpProxy::toString);
    }
    return Stream.ofNullable(selector())
        .flatMap(selector -> selector.select(uri).stream())
        .limit(1)
        .filter(chosen -> chosen.type() == Proxy.Type.HTTP)
        .map(chosen -> (InetSocketAddress) chosen.address())
        .map(address -> "http://" + address.getHostString() + ":" + address.getPort())
        .findFirst();
  }

  /** The value of Proxy-Authorization for this URL. */
  Optional<String> authorizationFor(URI uri) {
    return proxyFor(uri)
        .flatMap(HttpProxy::userInfo)
        .map(user -> user.getBytes(StandardCharsets.UTF_8))
        .map(user -> "Basic " + Base64.getEncoder().encodeToString(user));
  }

  ProxySelector selector() {
    return proxy.isPresent() ? new Selector() : ProxySelector.getDefault();
  }

  private boolean isExempt(String host) {
    String bare = bare(host);
    return exempt.stream().anyMatch(entry -> matches(bare(entry), bare));
  }

  /** Names are compared without letter case, and IPv6 addresses without their brackets. */
  private static String bare(String host) {
    return host.toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "");
  }

  private static boolean matches(String entry, String host) {
    if (entry.equals("*")) {
      return true;
    }
    Optional<InetAddress> address = address(host);
    if (address.isPresent()) {
      return contains(entry.split("/", 2), address.get().getAddress());
    }
    String domain = entry.replaceFirst("^\\*?\\.", "");
    return host.equals(domain) || host.endsWith("." + domain);
  }

  /**
   * @param range an address, and the number of its leading bits that count; without: all
   */
  private static boolean contains(String[] range, byte[] address) {
    byte[] first = address(range[0]).map(InetAddress::getAddress).orElse(new byte[0]);
    int most = address.length * Byte.SIZE;
    if (range.length == 2 && !BITS.matcher(range[1]).matches()) {
      return false;
    }
    int bits = range.length == 2 ? Integer.parseInt(range[1]) : most;
    if (first.length != address.length || bits > most) {
      return false;
    }
    int rest = most - bits;
    return new BigInteger(1, first)
        .shiftRight(rest)
        .equals(new BigInteger(1, address).shiftRight(rest));
  }

  /** No name is resolved. */
  private static Optional<InetAddress> address(String text) {
    if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(text));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  private final class Selector extends ProxySelector {
    @Override
    public List<Proxy> select(URI uri) {
      return List.of(
          proxyFor(uri)
              .map(to -> InetSocketAddress.createUnresolved(to.host(), to.port()))
              .map(address -> new Proxy(Proxy.Type.HTTP, address))
              .orElse(Proxy.NO_PROXY));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
      // there is no other proxy
    }
  }

  @Override
  public String toString() {
    return "ProxySettings[" + proxy.map(HttpProxy::toString).orElse("none") + "]";
  }
}
