package dev.reinstall.simulator.jdcloud;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** RFC 3986 as the signature requires it: decoded from the request, and encoded again, once. */
final class UriText {
  private static final String PLAIN =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

  /** A pair of the query. */
  record Pair(String name, String value) {}

  private UriText() {}

  static String encode(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte one : text.getBytes(UTF_8)) {
      if (PLAIN.indexOf(one) >= 0) {
        encoded.append((char) one);
      } else {
        encoded.append(String.format("%%%02X", one));
      }
    }
    return encoded.toString();
  }

  /** A plus sign stays a plus sign: this is not a form. */
  static String decode(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
    } catch (IllegalArgumentException e) {
      throw JdRefusal.invalid("The address is not url-encoded.");
    }
  }

  static List<String> segments(String path) {
    List<String> segments = new ArrayList<>();
    for (String segment : path.substring(1).split("/", -1)) {
      segments.add(decode(segment));
    }
    return segments;
  }

  static String canonicalPath(String path) {
    return segments(path).stream().map(UriText::encode).collect(Collectors.joining("/", "/", ""));
  }

  static List<Pair> pairs(String query) {
    List<Pair> pairs = new ArrayList<>();
    if (query.isEmpty()) {
      return pairs;
    }
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      pairs.add(
          equals < 0
              ? new Pair(decode(pair), "")
              : new Pair(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1))));
    }
    return pairs;
  }

  static String canonicalQuery(List<Pair> pairs) {
    return pairs.stream()
        .map(one -> new Pair(encode(one.name()), encode(one.value())))
        .sorted(Comparator.comparing(Pair::name).thenComparing(Pair::value))
        .map(one -> one.name() + "=" + one.value())
        .collect(Collectors.joining("&"));
  }
}
