package dev.reinstall.lifecycle;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.JdCloudSpec;
import dev.reinstall.api.Preconditions;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.SecretRef;
import dev.reinstall.api.TencentCloudSpec;
import dev.reinstall.api.TencentCloudSpec.EnhancedService;
import dev.reinstall.api.TencentCloudSpec.LoginSettings;
import dev.reinstall.api.TencentCloudSpec.Switch;
import dev.reinstall.api.TencentCloudSpec.SystemDisk;
import java.util.Map;
import java.util.function.Function;

/**
 * Whether this operator knows every field and every value of an order. Unknown ones are kept when
 * read, so that one such order does not make the watch deaf; but such an order is not begun.
 */
final class Understanding {

  private Understanding() {}

  static boolean isComplete(ReinstallSpec spec) {
    return spec.cloud() != null
        && spec.cloud() != CloudName.UNRECOGNIZED
        && spec.whenRunning() != ReinstallSpec.WhenRunning.UNRECOGNIZED
        && spec.powerAfter() != ReinstallSpec.PowerAfter.UNRECOGNIZED
        && knows(spec, ReinstallSpec::additionalProperties)
        && knows(/* named: credentials */ spec.credentialsRef(), SecretRef::additionalProperties)
        && knows(spec.preconditions(), Preconditions::additionalProperties)
        && knows(spec.tencentCloud())
        && knows(spec.jdCloud());
  }

  private static boolean knows(JdCloudSpec block) {
    return block == null
        || (block.imageType() != JdCloudSpec.ImageType.UNRECOGNIZED
            && knows(block, JdCloudSpec::additionalProperties)
            && knows(block.passwordRef(), SecretKeyRef::additionalProperties)
            && knows(block.userDataRef(), SecretKeyRef::additionalProperties));
  }

  private static boolean knows(TencentCloudSpec block) {
    return block == null
        || (knows(block, TencentCloudSpec::additionalProperties)
            && knows(block.systemDisk(), SystemDisk::additionalProperties)
            && knows(block.loginSettings())
            && knows(block.enhancedService())
            && knows(block.userDataRef(), SecretKeyRef::additionalProperties));
  }

  private static boolean knows(LoginSettings login) {
    return login == null
        || (knows(login, LoginSettings::additionalProperties)
            && knows(login.passwordRef(), SecretKeyRef::additionalProperties));
  }

  private static boolean knows(EnhancedService services) {
    return services == null
        || (knows(services, EnhancedService::additionalProperties)
            && knows(services.securityService(), Switch::additionalProperties)
            && knows(services.monitorService(), Switch::additionalProperties)
            && knows(services.automationService(), Switch::additionalProperties));
  }

  /** Of this record alone: it is absent, or holds no field that is unknown. */
  private static <T> boolean knows(T part, Function<T, Map<String, Object>> unknown) {
    if (part == null) {
      return true;
    }
    Map<String, Object> fields = unknown.apply(part);
    return fields == null || fields.isEmpty();
  }
}
