package dev.reinstall.simulator.tencent;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * An image that can be installed.
 *
 * @param type PUBLIC_IMAGE, PRIVATE_IMAGE or SHARED_IMAGE
 * @param size in GiB; the disk must be as large
 */
public record TencentImage(
    String id,
    String osName,
    String platform,
    String type,
    String state,
    int size,
    boolean cloudInit) {

  /** A public Linux image of 20 GiB that is ready and supports cloud-init. */
  public static TencentImage linux(String id, String osName, String platform) {
    return new TencentImage(id, osName, platform, "PUBLIC_IMAGE", "NORMAL", 20, true);
  }

  /** A public Windows image of 50 GiB. */
  public static TencentImage windows(String id, String osName) {
    return new TencentImage(id, osName, "Windows", "PUBLIC_IMAGE", "NORMAL", 50, false);
  }

  public TencentImage ofType(String other) {
    return new TencentImage(id, osName, platform, other, state, size, cloudInit);
  }

  public TencentImage inState(String other) {
    return new TencentImage(id, osName, platform, type, other, size, cloudInit);
  }

  public TencentImage ofSize(int other) {
    return new TencentImage(id, osName, platform, type, state, other, cloudInit);
  }

  public TencentImage withoutCloudInit() {
    return new TencentImage(id, osName, platform, type, state, size, false);
  }

  public boolean isWindows() {
    return platform.equals("Windows");
  }

  ObjectNode shown() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("ImageId", id)
        .put("OsName", osName)
        .put("ImageType", type)
        .put("CreatedTime", "2024-01-01T00:00:00Z")
        .put("ImageName", osName)
        .put("ImageDescription", "")
        .put("ImageSize", size)
        .put("Architecture", "x86_64")
        .put("ImageState", state)
        .put("Platform", platform)
        .put("ImageCreator", "")
        .put("ImageSource", "OFFICIAL")
        .put("SyncPercent", 100)
        .put("IsSupportCloudinit", cloudInit);
  }
}
