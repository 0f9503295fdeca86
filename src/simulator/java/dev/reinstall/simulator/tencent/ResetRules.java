package dev.reinstall.simulator.tencent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the cloud rejects in the parameters of a reset, in the order in which it checks them. */
final class ResetRules {
  private static final Set<String> SWITCHABLE_DISKS =
      Set.of("CLOUD_BASIC", "CLOUD_PREMIUM", "CLOUD_SSD", "CLOUD_BSSD");
  private static final int MOST_USER_DATA = 16 * 1024;

  static final Shape.Fields INQUIRY_SHAPE =
      Shape.fields()
          .needing("InstanceId", Shape.TEXT)
          .with("ImageId", Shape.TEXT)
          .with("SystemDisk", Shape.fields().with("DiskSize", Shape.WHOLE))
          .with(
              "LoginSettings",
              Shape.fields()
                  .with("Password", Shape.TEXT)
                  .with("KeyIds", Shape.listOf(Shape.TEXT))
                  .with("KeepImageLogin", Shape.TEXT))
          .with(
              "EnhancedService",
              Shape.fields()
                  .with("SecurityService", Shape.fields().with("Enabled", Shape.FLAG))
                  .with("MonitorService", Shape.fields().with("Enabled", Shape.FLAG))
                  .with("AutomationService", Shape.fields().with("Enabled", Shape.FLAG)))
          .with("UserData", Shape.TEXT);

  static final Shape.Fields RESET_SHAPE = INQUIRY_SHAPE.with("HostName", Shape.TEXT);

  private final ImageShelf images;
  private final KeyShelf knownKeys;

  ResetRules(ImageShelf images, KeyShelf knownKeys) {
    this.images = images;
    this.knownKeys = knownKeys;
  }

  TencentInstallation check(TencentServer server, ObjectNode asked) {
    TencentImage image =
        asked.has("ImageId") ? images.get(asked.get("ImageId").asText()) : server.image();
    checkImage(server, image);
    long size = diskSize(server, image, asked.path("SystemDisk").path("DiskSize"));
    List<String> keys = login(image, Optional.ofNullable(asked.get("LoginSettings")));
    if (asked.has("HostName") && !HostNames.isGood(asked.get("HostName").asText(), image)) {
      throw new TencentRefusal("InvalidParameterValue.IllegalHostName", "HostName is illegal.");
    }
    if (asked.has("UserData")) {
      checkUserData(image, asked.get("UserData").asText());
    }
    return new TencentInstallation(image, size, keys);
  }

  private static void checkImage(TencentServer server, TencentImage image) {
    if (!image.state().equals("NORMAL")) {
      throw new TencentRefusal(
          "InvalidParameterValue.InvalidImageState", "The image is " + image.state() + ".");
    }
    boolean otherPlatform = image.isWindows() != server.image().isWindows();
    if (otherPlatform && !SWITCHABLE_DISKS.contains(server.diskType())) {
      throw new TencentRefusal(
          "InvalidParameterValue.InvalidImageForGivenInstanceType",
          "A disk of this type knows no switch between Linux and Windows.");
    }
  }

  private static long diskSize(TencentServer server, TencentImage image, JsonNode asked) {
    if (!asked.isMissingNode() && server.diskType().startsWith("LOCAL_")) {
      throw new TencentRefusal("InvalidParameterValue", "A local disk keeps its size.");
    }
    long size = asked.asLong(server.diskSize());
    if (size < server.diskSize()) {
      throw new TencentRefusal("InvalidParameterValue", "A system disk never shrinks.");
    }
    if (size < image.size()) {
      throw new TencentRefusal("InvalidParameterValue", "The image does not fit on the disk.");
    }
    return size;
  }

  private List<String> login(TencentImage image, Optional<JsonNode> settings) {
    if (settings.isEmpty()) {
      return List.of();
    }
    if (settings.get().size() != 1) {
      throw new TencentRefusal(
          "InvalidParameter.ParameterConflict", "LoginSettings takes exactly one of its three.");
    }
    JsonNode password = settings.get().path("Password");
    if (!password.isMissingNode() && !Passwords.isGood(password.asText(), image)) {
      throw new TencentRefusal("InvalidParameterValue.InvalidPassword", "The password is weak.");
    }
    checkKeepImageLogin(image, settings.get().path("KeepImageLogin"));
    return keys(image, settings.get().path("KeyIds"));
  }

  private static void checkKeepImageLogin(TencentImage image, JsonNode keep) {
    if (keep.isMissingNode()) {
      return;
    }
    if (!Set.of("TRUE", "FALSE").contains(keep.asText())) {
      throw new TencentRefusal("InvalidParameterValue", "KeepImageLogin is TRUE or FALSE.");
    }
    if (keep.asText().equals("TRUE") && image.type().equals("PUBLIC_IMAGE")) {
      throw new TencentRefusal(
          "InvalidParameter.ParameterConflict", "A public image has no login to keep.");
    }
  }

  private List<String> keys(TencentImage image, JsonNode asked) {
    List<String> keys = new ArrayList<>();
    for (JsonNode one : asked) {
      if (!knownKeys.has(KeyShelf.checkId(one.asText()))) {
        throw new TencentRefusal("InvalidParameterValue.KeyPairNotFound", "There is no such key.");
      }
      keys.add(one.asText());
    }
    if (!keys.isEmpty() && image.isWindows()) {
      throw new TencentRefusal(
          "UnsupportedOperation.KeyPairUnsupportedWindows", "Windows knows no keys.");
    }
    return keys;
  }

  private static void checkUserData(TencentImage image, String encoded) {
    int length;
    try {
      length = Base64.getDecoder().decode(encoded).length;
    } catch (IllegalArgumentException e) {
      throw new TencentRefusal(
          "InvalidParameterValue.InvalidUserDataFormat", "UserData is not Base64.");
    }
    if (length > MOST_USER_DATA) {
      throw new TencentRefusal("InvalidParameterValue.LimitExceeded", "UserData is over 16 KB.");
    }
    if (!image.cloudInit()) {
      throw new TencentRefusal(
          "InvalidParameter.InstanceImageNotSupport", "The image knows no cloud-init.");
    }
  }
}
