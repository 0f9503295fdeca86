package dev.reinstall.cloud.jdcloud;

import dev.reinstall.api.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Signs a call in one of this cloud's forms; never printed.
 *
 * @param region of the call; {@code jdcloud-api} for a call that has none
 */
record JdSigner(
    JdSignature form, String accessKey, String secretKey, String region, String service) {

  private static final String UNRESERVED = "-._~";
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /**
   * What is signed of a request.
   *
   * @param path not encoded, from the leading slash
   * @param query names and values, not encoded; a null value is a name without one
   * @param headers by name; content-type, host, x-jdcloud-date and x-jdcloud-nonce at least
   */
  record Request(
      String method,
      String path,
      List<Map.Entry<String, String>> query,
      SortedMap<String, String> headers,
      String body) {

    String canonical(JdSignature form) {
      StringBuilder lines = new StringBuilder();
      lowerCase()
          .forEach(
              (name, value) ->
                  lines.append(name).append(':').append(form.signedValue(value)).append('\n'));
      return String.join(
          "\n",
          method,
          encoded(path, "/"), // a colon is signed as %3A, raw though it goes over the wire
          canonicalQuery(),
          lines.toString(),
          signedHeaders(),
          Sha256.hex(body));
    }

    String signedHeaders() {
      return String.join(";", lowerCase().keySet());
    }

    private String canonicalQuery() {
      return query.stream()
          .map(
              pair ->
                  Map.entry(
                      encoded(pair.getKey(), ""),
                      pair.getValue() == null ? "" : encoded(pair.getValue(), "")))
          .sorted(
              Comparator.comparing(Map.Entry<String, String>::getKey)
                  .thenComparing(Map.Entry::getValue))
          .map(pair -> pair.getKey() + "=" + pair.getValue())
          .collect(Collectors.joining("&"));
    }

    private SortedMap<String, String> lowerCase() {
      SortedMap<String, String> lowerCase = new TreeMap<>();
      headers.forEach((name, value) -> lowerCase.put(name.toLowerCase(Locale.ROOT), value));
      return lowerCase;
    }

    @Override
    public String toString() {
      return "Request[" + method + " " + path + "]";
    }
  }

  /** The value of x-jdcloud-date for a time. */
  static String date(Instant at) {
    return DATE.format(at);
  }

  /**
   * The Authorization header.
   *
   * @param at the value of x-jdcloud-date, to the second
   */
  String authorization(Request request, Instant at) {
    String date = date(at);
    String day = date.substring(0, 8);
    String scope = String.join("/", day, region, service, form.terminator());
    String toSign =
        String.join("\n", form.algorithm(), date, scope, Sha256.hex(request.canonical(form)));
    byte[] signature =
        Sha256.hmac(form.name() + secretKey, day, region, service, form.terminator(), toSign);
    return form.algorithm()
        + " Credential="
        + accessKey
        + "/"
        + scope
        + ", SignedHeaders="
        + request.signedHeaders()
        + ", Signature="
        + HexFormat.of().formatHex(signature);
  }

  /** RFC 3986 over UTF-8: all but the unreserved characters and those to keep become %XX. */
  private static String encoded(String text, String keep) {
    StringBuilder encoded = new StringBuilder();
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      char character = (char) (octet & 0xff);
      boolean plain =
          (character >= 'A' && character <= 'Z')
              || (character >= 'a' && character <= 'z')
              || (character >= '0' && character <= '9')
              || UNRESERVED.indexOf(character) >= 0
              || keep.indexOf(character) >= 0;
      if (plain) {
        encoded.append(character);
      } else {
        encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
      }
    }
    return encoded.toString();
  }

  @Override
  public String toString() {
    return "JdSigner[...]";
  }
}
