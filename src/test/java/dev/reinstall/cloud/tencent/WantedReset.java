package dev.reinstall.cloud.tencent;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.tencentcloudapi.cvm.v20170312.models.EnhancedService;
import com.tencentcloudapi.cvm.v20170312.models.LoginSettings;
import com.tencentcloudapi.cvm.v20170312.models.ResetInstanceRequest;
import com.tencentcloudapi.cvm.v20170312.models.RunAutomationServiceEnabled;
import com.tencentcloudapi.cvm.v20170312.models.RunMonitorServiceEnabled;
import com.tencentcloudapi.cvm.v20170312.models.RunSecurityServiceEnabled;
import com.tencentcloudapi.cvm.v20170312.models.SystemDisk;
import dev.reinstall.api.CloudName;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.TencentCloudSpec;
import dev.reinstall.cloud.OddText;
import dev.reinstall.cloud.ReinstallRequest;
import dev.reinstall.cloud.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * One reset, passed to our adapter and to the vendor's client; null is left out. No cloud has to
 * accept it: only what is sent is compared.
 */
record WantedReset(
    String region,
    String instanceId,
    String imageId,
    Integer diskSize,
    String password,
    List<String> keyIds,
    Boolean keepImageLogin,
    Boolean security,
    Boolean monitor,
    Boolean automation,
    String hostName,
    String userData,
    boolean userDataInSecret) {
  private static final List<String> REGIONS =
      List.of("ap-guangzhou", "ap-shanghai-fsi", "eu-frankfurt", "na-siliconvalley", "xy-a1-b2");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final SecretKeyRef PASSWORD = new SecretKeyRef("login", "password");
  private static final SecretKeyRef SCRIPT = new SecretKeyRef("boot", "script");

  static WantedReset random(Random chance) {
    return new WantedReset(
        REGIONS.get(chance.nextInt(REGIONS.size())),
        "ins-" + OddText.id(chance, 8),
        maybe(chance, () -> "img-" + OddText.id(chance, 8)),
        maybe(chance, () -> chance.nextInt(Integer.MAX_VALUE)),
        maybe(chance, () -> "p" + OddText.any(chance, 40) + "p"),
        maybe(chance, () -> keys(chance)),
        maybe(chance, chance::nextBoolean),
        maybe(chance, chance::nextBoolean),
        maybe(chance, chance::nextBoolean),
        maybe(chance, chance::nextBoolean),
        maybe(chance, () -> OddText.any(chance, 20)),
        maybe(chance, () -> "#" + OddText.any(chance, 300)),
        chance.nextBoolean());
  }

  /** Sometimes none, sometimes so many that the tenth no longer sorts as a number. */
  private static List<String> keys(Random chance) {
    return Stream.generate(() -> "skey-" + OddText.id(chance, 8))
        .limit(chance.nextInt(10) < 8 ? chance.nextInt(4) : 120)
        .toList();
  }

  private static <T> T maybe(Random chance, Supplier<T> value) {
    return chance.nextInt(3) == 0 ? null : value.get();
  }

  ReinstallRequest request(Instant signedAt) {
    Map<SecretKeyRef, SecretBytes> secrets = new HashMap<>();
    if (password != null) {
      secrets.put(PASSWORD, SecretBytes.ofText(password));
    }
    boolean referred = userData != null && userDataInSecret;
    if (referred) {
      secrets.put(SCRIPT, SecretBytes.ofText(userData));
    }
    TencentCloudSpec block =
        new TencentCloudSpec(
            imageId,
            diskSize == null ? null : new TencentCloudSpec.SystemDisk(diskSize, Map.of()),
            new TencentCloudSpec.LoginSettings(
                password == null ? null : PASSWORD, keyIds, keepImageLogin, Map.of()),
            new TencentCloudSpec.EnhancedService(
                on(security), on(monitor), on(automation), Map.of()),
            hostName,
            referred ? null : userData,
            referred ? SCRIPT : null,
            Map.of());
    return new ReinstallRequest(spec(block), secrets, null, signedAt);
  }

  /** By way of JSON, so that a new field in the spec does not matter here. */
  private ReinstallSpec spec(TencentCloudSpec block) {
    return JSON.convertValue(
        Map.of(
            "cloud", CloudName.TencentCloud,
            "region", region,
            "instanceId", instanceId,
            "tencentCloud", block),
        ReinstallSpec.class);
  }

  private static TencentCloudSpec.Switch on(Boolean enabled) {
    return enabled == null ? null : new TencentCloudSpec.Switch(enabled, Map.of());
  }

  ResetInstanceRequest vendorRequest() {
    ResetInstanceRequest request = new ResetInstanceRequest();
    request.setInstanceId(instanceId);
    request.setImageId(imageId);
    if (diskSize != null) {
      request.setSystemDisk(new SystemDisk());
      request.getSystemDisk().setDiskSize(diskSize.longValue());
    }
    // Without values we send no object at all; the vendor's client would send an empty one.
    if (password != null || keyIds != null || keepImageLogin != null) {
      request.setLoginSettings(new LoginSettings());
      request.getLoginSettings().setPassword(password);
      request.getLoginSettings().setKeyIds(keyIds == null ? null : keyIds.toArray(new String[0]));
      request
          .getLoginSettings()
          .setKeepImageLogin(keepImageLogin == null ? null : keepImageLogin ? "TRUE" : "FALSE");
    }
    request.setEnhancedService(services());
    request.setHostName(hostName);
    if (userData != null) {
      byte[] script = userData.getBytes(StandardCharsets.UTF_8);
      request.setUserData(Base64.getEncoder().encodeToString(script));
    }
    return request;
  }

  private EnhancedService services() {
    if (security == null && monitor == null && automation == null) {
      return null;
    }
    EnhancedService services = new EnhancedService();
    if (security != null) {
      services.setSecurityService(new RunSecurityServiceEnabled());
      services.getSecurityService().setEnabled(security);
    }
    if (monitor != null) {
      services.setMonitorService(new RunMonitorServiceEnabled());
      services.getMonitorService().setEnabled(monitor);
    }
    if (automation != null) {
      services.setAutomationService(new RunAutomationServiceEnabled());
      services.getAutomationService().setEnabled(automation);
    }
    return services;
  }

  @Override
  public String toString() {
    return "WantedReset[" + instanceId + "]";
  }
}
