package dev.reinstall.reconcile;

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
 * Whether this operator supports every field and every value of a spec. Unknown ones are kept when
 * read, so that one such object does not fail the watch; but such a request is not started.
 */
final class UnknownFields {

  private UnknownFields() {}

  static boolean areAbsentFrom(ReinstallSpec spec) {
    return spec.cloud() != null
        && spec.cloud() != CloudName.UNRECOGNIZED
        && spec.whenRunning() != ReinstallSpec.WhenRunning.UNRECOGNIZED
        && spec.powerAfter() != ReinstallSpec.PowerAfter.UNRECOGNIZED
        && areAbsentFrom(spec, ReinstallSpec::additionalProperties)
        && areAbsentFrom(
            /* named: credentials */ spec.credentialsRef(), SecretRef::additionalProperties)
        && areAbsentFrom(spec.preconditions(), Preconditions::additionalProperties)
        && areAbsentFrom(spec.tencentCloud())
        && areAbsentFrom(spec.jdCloud());
  }

  private static boolean areAbsentFrom(JdCloudSpec block) {
    return block == null
        || (block.imageType() != JdCloudSpec.ImageType.UNRECOGNIZED
            && areAbsentFrom(block, JdCloudSpec::additionalProperties)
            && areAbsentFrom(block.passwordRef(), SecretKeyRef::additionalProperties)
            && areAbsentFrom(block.userDataRef(), SecretKeyRef::additionalProperties));
  }

  private static boolean areAbsentFrom(TencentCloudSpec block) {
    return block == null
        || (areAbsentFrom(block, TencentCloudSpec::additionalProperties)
            && areAbsentFrom(block.systemDisk(), SystemDisk::additionalProperties)
            && areAbsentFrom(block.loginSettings())
            && areAbsentFrom(block.enhancedService())
            && areAbsentFrom(block.userDataRef(), SecretKeyRef::additionalProperties));
  }

  private static boolean areAbsentFrom(LoginSettings login) {
    return login == null
        || (areAbsentFrom(login, LoginSettings::additionalProperties)
            && areAbsentFrom(login.passwordRef(), SecretKeyRef::additionalProperties));
  }

  private static boolean areAbsentFrom(EnhancedService services) {
    return services == null
        || (areAbsentFrom(services, EnhancedService::additionalProperties)
            && areAbsentFrom(services.securityService(), Switch::additionalProperties)
            && areAbsentFrom(services.monitorService(), Switch::additionalProperties)
            && areAbsentFrom(services.automationService(), Switch::additionalProperties));
  }

  /** Of this record alone: it is absent, or holds no field that is unknown. */
  private static <T> boolean areAbsentFrom(T part, Function<T, Map<String, Object>> unknown) {
    if (part == null) {
      return true;
    }
    Map<String, Object> fields = unknown.apply(part);
    return fields == null || fields.isEmpty();
  }
}
