package dev.reinstall.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** A server as its cloud knows it: which cloud, the cloud's region id, the cloud's instance id. */
public record Server(CloudName cloud, String region, String instanceId) {

  private static final int READABLE = 54; // with '-' and 8 hex digits 63: fits a label value too

  /**
   * The name of this server's ledger: readable, lower-cased and cut, and made unique by 8 hex
   * digits of the SHA-256 of the exact three parts.
   */
  public String ledgerName() {
    String exact = cloud + "/" + region + "/" + instanceId;
    String readable =
        (cloud + "." + region + "." + instanceId.replaceAll("[^A-Za-z0-9-]", "-"))
            .toLowerCase(Locale.ROOT);
    String cut =
        readable.substring(0, Math.min(READABLE, readable.length())).replaceAll("[^a-z0-9]+$", "");
    return cut + "-" + sha256(exact).substring(0, 8);
  }

  private static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return cloud + "/" + region + "/" + instanceId;
  }
}
