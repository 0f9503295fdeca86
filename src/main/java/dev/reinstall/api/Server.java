package dev.reinstall.api;

import java.util.Locale;

/** A server as its cloud knows it: which cloud, the cloud's region id, the cloud's instance id. */
public record Server(CloudName cloud, String region, String instanceId) {

  static final String REGION = "^[a-z]{2,}(-[a-z0-9]+)+$";
  static final String INSTANCE_ID = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$";

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
    return cut + "-" + Sha256.hex(exact).substring(0, 8);
  }

  @Override
  public String toString() {
    return cloud + "/" + region + "/" + instanceId;
  }
}
