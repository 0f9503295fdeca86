package dev.reinstall.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What the JVM and its properties must not be like: safety and secrets depend on it. */
public final class JvmValidation {
  private static final String REMOVE = " Remove it.";
  private static final String NOT_VERIFIED =
      " must not be set: the identity of the Kubernetes API server would not be verified." + REMOVE;

  /** Either makes the Kubernetes client talk to anybody who claims to be the API server. */
  private static final List<String> NO_TRUST =
      List.of("kubernetes.trust.certificates", "kubernetes.disable.hostname.verification");

  private static final String LOGGED =
      " must not be set: credentials and requests would be written to the log." + REMOVE;
  private static final int MAX_HEADER_BYTES = 384 * 1024;
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final Pattern PLAIN_TEXT = Pattern.compile(".*\\b(all|plaintext|packet)\\b.*");

  /**
   * A system property that is refused.
   *
   * @param bad values
   * @param why to be put after the name
   */
  private record Refused(String property, Predicate<String> bad, String why) {}

  private static final List<Refused> REFUSED =
      List.of(
          new Refused(
              "jdk.internal.httpclient.disableHostnameVerification",
              any -> true,
              " must not be set: the identity of the clouds and of the Kubernetes API server would"
                  + " not be verified."
                  + REMOVE),
          new Refused("jdk.httpclient.HttpClient.log", any -> true, LOGGED),
          new Refused("jdk.internal.httpclient.debug", any -> true, LOGGED),
          new Refused("jdk.internal.httpclient.websocket.debug", any -> true, LOGGED),
          new Refused(
              "javax.net.debug",
              value -> PLAIN_TEXT.matcher(value.toLowerCase(Locale.ROOT)).matches(),
              " must not contain all, plaintext or packet: credentials and requests would be"
                  + " written to the log. To examine TLS, use ssl:handshake."),
          new Refused(
              "jdk.http.maxHeaderSize",
              value -> !isHeaderLimit(value),
              " must be a number from 1 to "
                  + MAX_HEADER_BYTES
                  + ": a response with larger headers could exhaust the memory. Fix or remove it."));

  private JvmValidation() {}

  /** One sentence for each problem. */
  public static List<String> problems(
      Runtime.Version java, Properties properties, Map<String, String> environment) {
    List<String> problems = new ArrayList<>();
    for (String property : NO_TRUST) {
      String variable = property.replace('.', '_').toUpperCase(Locale.ROOT);
      if (properties.getProperty(property) != null) {
        problems.add("The system property " + property + NOT_VERIFIED);
      }
      if (environment.get(variable) != null) {
        problems.add(variable + NOT_VERIFIED);
      }
    }
    for (Refused refused : REFUSED) {
      String value = properties.getProperty(refused.property());
      if (value != null && refused.bad().test(value)) {
        problems.add("The system property " + refused.property() + refused.why());
      }
    }
    if (!hasHeaderLimit(java)) {
      problems.add(
          "Java "
              + java.feature()
              + "."
              + java.interim()
              + "."
              + java.update()
              + " must not be used: its HTTP client reads response headers without a limit, so that"
              + " a response could exhaust the memory. Use Java 17.0.13, 21.0.5, 23.0.1 or a newer"
              + " version of these, or Java 24 or later.");
    }
    return problems;
  }

  private static boolean isHeaderLimit(String value) {
    return NUMBER.matcher(value).matches()
        && Integer.parseInt(value) > 0
        && Integer.parseInt(value) <= MAX_HEADER_BYTES;
  }

  /**
   * The security updates of October 2024 limit them; release lines that had ended did not get it.
   */
  private static boolean hasHeaderLimit(Runtime.Version java) {
    return switch (java.feature()) {
      case 17 -> java.interim() > 0 || java.update() >= 13;
      case 21 -> java.interim() > 0 || java.update() >= 5;
      case 23 -> java.interim() > 0 || java.update() >= 1;
      default -> java.feature() >= 24;
    };
  }
}
