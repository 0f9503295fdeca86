package dev.reinstall.simulator.tencent;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.reinstall.simulator.wire.Hashes;
import java.util.Base64;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** The old signature, which is one of the parameters that it signs. */
final class V1Signature {
  private V1Signature() {}

  /**
   * @param parameters decoded, without the signature itself
   */
  static String toSign(
      String method, String host, String path, SortedMap<String, String> parameters) {
    return method
        + host
        + path
        + "?"
        + parameters.entrySet().stream()
            .map((Map.Entry<String, String> one) -> one.getKey() + "=" + one.getValue())
            .collect(Collectors.joining("&"));
  }

  /**
   * @param algorithm {@code HmacSHA1} or {@code HmacSHA256}
   */
  static String of(String secretKey, String algorithm, String toSign) {
    byte[] mac = Hashes.hmac(algorithm, secretKey.getBytes(UTF_8), toSign);
    return Base64.getEncoder().encodeToString(mac);
  }
}
