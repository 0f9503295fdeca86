package dev.reinstall.simulator.jdcloud;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.reinstall.simulator.wire.Hashes;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** JDCLOUD2-HMAC-SHA256 or JDCLOUD3-HMAC-SHA256, calculated again from what was received. */
record JdCloudSignature(String canonicalHash, String signature) {

  /**
   * The signature of a caller with this key.
   *
   * @param form {@code JDCLOUD2} or {@code JDCLOUD3}
   * @param date as in {@code x-jdcloud-date}
   * @param headers by lower-case name, with the signed ones among them
   * @param signed lower-case names
   * @param bodyHash SHA-256 in hex
   */
  static JdCloudSignature of(
      String form,
      String secretKey,
      String date,
      String region,
      String service,
      String method,
      String path,
      List<UriText.Pair> query,
      Map<String, String> headers,
      Collection<String> signed,
      String bodyHash) {
    Map<String, String> sorted = new TreeMap<>();
    signed.forEach(name -> sorted.put(name, headers.getOrDefault(name, "")));
    StringBuilder lines = new StringBuilder();
    sorted.forEach((name, value) -> lines.append(name + ":" + canonicalValue(form, value) + "\n"));
    String canonical =
        String.join(
            "\n",
            method,
            UriText.canonicalPath(path),
            UriText.canonicalQuery(query),
            lines.toString(),
            String.join(";", sorted.keySet()),
            bodyHash);
    String hash = Hashes.sha256(canonical);
    String day = date.substring(0, 8);
    String end = form.toLowerCase(Locale.ROOT) + "_request";
    String scope = String.join("/", day, region, service, end);
    String toSign = String.join("\n", form + "-HMAC-SHA256", date, scope, hash);
    byte[] key = (form + secretKey).getBytes(UTF_8);
    for (String step : List.of(day, region, service, end, toSign)) {
      key = Hashes.hmac("HmacSHA256", key, step);
    }
    return new JdCloudSignature(hash, Hashes.hex(key));
  }

  /** Only the older form folds blanks. */
  private static String canonicalValue(String form, String value) {
    return form.equals("JDCLOUD2") ? value.strip().replaceAll(" +", " ") : value.strip();
  }
}
