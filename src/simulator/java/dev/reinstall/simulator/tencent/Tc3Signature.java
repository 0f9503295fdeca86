package dev.reinstall.simulator.tencent;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.reinstall.simulator.wire.Hashes;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** TC3-HMAC-SHA256, calculated again from what was received. */
record Tc3Signature(String canonicalHash, String signature) {

  /**
   * The signature of a caller with this key.
   *
   * @param headers by lower-case name, with the signed ones among them
   * @param signed lower-case names, in the order in which the caller signed them
   * @param bodyHash SHA-256 in hex
   */
  static Tc3Signature of(
      String secretKey,
      String service,
      long timestamp,
      String method,
      String path,
      String query,
      Map<String, String> headers,
      List<String> signed,
      String bodyHash) {
    StringBuilder lines = new StringBuilder();
    Map<String, String> sorted = new TreeMap<>();
    signed.forEach(name -> sorted.put(name, headers.getOrDefault(name, "")));
    sorted.forEach(
        (name, value) -> lines.append(name + ":" + value.strip().toLowerCase(Locale.ROOT) + "\n"));
    String canonical =
        String.join(
            "\n",
            method,
            path,
            query,
            lines.toString(),
            String.join(";", sorted.keySet()),
            bodyHash);
    String hash = Hashes.sha256(canonical);
    String date = date(timestamp);
    String scope = date + "/" + service + "/tc3_request";
    String toSign = String.join("\n", "TC3-HMAC-SHA256", String.valueOf(timestamp), scope, hash);
    byte[] key = ("TC3" + secretKey).getBytes(UTF_8);
    for (String step : List.of(date, service, "tc3_request", toSign)) {
      key = Hashes.hmac("HmacSHA256", key, step);
    }
    return new Tc3Signature(hash, Hashes.hex(key));
  }

  /** The UTC date of the timestamp, as the scope has it. */
  static String date(long timestamp) {
    return LocalDate.ofInstant(Instant.ofEpochSecond(timestamp), ZoneOffset.UTC).toString();
  }
}
