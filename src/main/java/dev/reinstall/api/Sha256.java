package dev.reinstall.api;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** SHA-256 over UTF-8 text, plain and keyed: for names, for digests, and as both clouds sign. */
public final class Sha256 {
  private Sha256() {}

  /** The digest in 64 lower-case hex digits. */
  public static String hex(String text) {
    return hex(utf8(text));
  }

  /** As {@link #hex(String)}, of bytes. */
  public static String hex(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** HMAC-SHA-256 of the text under the key's UTF-8 bytes, and of each next text under the last. */
  public static byte[] hmac(String key, String... texts) {
    byte[] last = utf8(key);
    try {
      for (String text : texts) {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(last, "HmacSHA256"));
        last = mac.doFinal(utf8(text));
      }
      return last;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
