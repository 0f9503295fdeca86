package dev.reinstall.simulator.tencent;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/**
 * An image that can be installed.
 *
 * @param type PUBLIC_IMAGE, PRIVATE_IMAGE or SHARED_IMAGE
 * @param state NORMAL, CREATING, CREATEFAILED, SYNCING, IMPORTING or IMPORTFAILED
 * @param architecture x86_64, arm or i386
 * @param size in GiB; the disk must be as large
 */
public record TencentImage(
    String id,
    String name,
    String osName,
    String platform,
    String architecture,
    String type,
    String state,
    int size,
    boolean cloudInit) {

  /** A public Linux image of 20 GiB that is ready and supports cloud-init. */
  public static TencentImage linux(String id, String osName, String platform) {
    return new TencentImage(
        id, osName, osName, platform, "x86_64", "PUBLIC_IMAGE", "NORMAL", 20, true);
  }

  /** A public Windows image of 50 GiB. */
  public static TencentImage windows(String id, String osName) {
    return new TencentImage(
        id, osName, osName, "Windows", "x86_64", "PUBLIC_IMAGE", "NORMAL", 50, false);
  }

  public TencentImage named(String other) {
    return new TencentImage(
        id, other, osName, platform, architecture, type, state, size, cloudInit);
  }

  public TencentImage onPlatform(String other) {
    return new TencentImage(id, name, osName, other, architecture, type, state, size, cloudInit);
  }

  public TencentImage onArchitecture(String other) {
    return new TencentImage(id, name, osName, platform, other, type, state, size, cloudInit);
  }

  public TencentImage ofType(String other) {
    return new TencentImage(
        id, name, osName, platform, architecture, other, state, size, cloudInit);
  }

  public TencentImage inState(String other) {
    return new TencentImage(id, name, osName, platform, architecture, type, other, size, cloudInit);
  }

  public TencentImage ofSize(int other) {
    return new TencentImage(
        id, name, osName, platform, architecture, type, state, other, cloudInit);
  }

  public TencentImage withoutCloudInit() {
    return new TencentImage(id, name, osName, platform, architecture, type, state, size, false);
  }

  public boolean isWindows() {
    return platform.toLowerCase(Locale.ROOT).contains("windows");
  }

  ObjectNode shown() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("ImageId", id)
        .put("OsName", osName)
        .put("ImageType", type)
        .put("CreatedTime", "2024-01-01T00:00:00Z")
        .put("ImageName", name)
        .put("ImageDescription", "")
        .put("ImageSize", size)
        .put("Architecture", architecture)
        .put("ImageState", state)
        .put("Platform", platform)
        .put("ImageCreator", "")
        .put("ImageSource", "OFFICIAL")
        .put("SyncPercent", 100)
        .put("IsSupportCloudinit", cloudInit);
  }
}
