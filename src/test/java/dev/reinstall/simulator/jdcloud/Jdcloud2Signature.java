package dev.reinstall.simulator.jdcloud;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.reinstall.simulator.wire.Hashes;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** JDCLOUD2-HMAC-SHA256, calculated again from what was received. */
record Jdcloud2Signature(String canonicalHash, String signature) {

  /**
   * The signature of a caller with this key.
   *
   * @param date as in {@code x-jdcloud-date}
   * @param headers by lower-case name, with the signed ones among them
   * @param signed lower-case names
   * @param bodyHash SHA-256 in hex
   */
  static Jdcloud2Signature of(
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
    sorted.forEach(
        (name, value) -> lines.append(name + ":" + value.strip().replaceAll(" +", " ") + "\n"));
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
    String scope = String.join("/", day, region, service, "jdcloud2_request");
    String toSign = String.join("\n", "JDCLOUD2-HMAC-SHA256", date, scope, hash);
    byte[] key = ("JDCLOUD2" + secretKey).getBytes(UTF_8);
    for (String step : List.of(day, region, service, "jdcloud2_request", toSign)) {
      key = Hashes.hmac("HmacSHA256", key, step);
    }
    return new Jdcloud2Signature(hash, Hashes.hex(key));
  }
}
