package dev.reinstall.cloud.tencent;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.SortedMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs with the older signature; never printed.
 *
 * @param algorithm as this cloud and Java both name it: {@code HmacSHA256} or {@code HmacSHA1}
 */
record V1Signer(String secretKey, String algorithm) {

  /**
   * What is signed of a request.
   *
   * @param host as in the Host header
   * @param path as sent, from the leading slash
   * @param parameters raw, all but the signature
   */
  static String toSign(
      String method, String host, String path, SortedMap<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(one -> one.getKey() + "=" + one.getValue())
        .collect(Collectors.joining("&", method + host + path + "?", ""));
  }

  /** In Base64. */
  String signature(String toSign) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(secretKey.getBytes(StandardCharsets.UTF_8), algorithm));
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(toSign.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + algorithm, e);
    }
  }

  @Override
  public String toString() {
    return "V1Signer[...]";
  }
}
