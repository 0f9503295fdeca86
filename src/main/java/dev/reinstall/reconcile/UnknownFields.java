package dev.reinstall.reconcile;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.JdCloudSpec;
import dev.reinstall.api.Preconditions;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.SecretRef;
import dev.reinstall.api.StoredText;
import dev.reinstall.api.TencentCloudSpec;
import dev.reinstall.api.TencentCloudSpec.EnhancedService;
import dev.reinstall.api.TencentCloudSpec.LoginSettings;
import dev.reinstall.api.TencentCloudSpec.Switch;
import dev.reinstall.api.TencentCloudSpec.SystemDisk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The fields and values of a Reinstall that this operator does not know: misspelt, or of a newer
 * one. They are kept when read, so that one such object does not fail the watch; but such a request
 * is not started.
 */
final class UnknownFields {
  private static final int LONGEST_NAME = 100;

  private final List<String> found = new ArrayList<>();

  private UnknownFields() {}

  /** Their paths, such as {@code spec.precondition}. */
  static List<String> of(Reinstall reinstall) {
    UnknownFields unknown = new UnknownFields();
    unknown.in("", reinstall, Reinstall::getAdditionalProperties);
    unknown.in(reinstall.getSpec());
    return List.copyOf(unknown.found);
  }

  private void in(ReinstallSpec spec) {
    value("spec.cloud", spec.cloud() == null || spec.cloud() == CloudName.UNRECOGNIZED);
    value("spec.whenRunning", spec.whenRunning() == ReinstallSpec.WhenRunning.UNRECOGNIZED);
    value("spec.powerAfter", spec.powerAfter() == ReinstallSpec.PowerAfter.UNRECOGNIZED);
    in("spec.", spec, ReinstallSpec::additionalProperties);
    in(
        "spec.credentialsRef.",
        /* named: credentials */ spec.credentialsRef(),
        SecretRef::additionalProperties);
    in("spec.preconditions.", spec.preconditions(), Preconditions::additionalProperties);
    if (spec.tencentCloud() != null) {
      in("spec.tencentCloud.", spec.tencentCloud());
    }
    if (spec.jdCloud() != null) {
      in("spec.jdCloud.", spec.jdCloud());
    }
  }

  private void in(String path, JdCloudSpec block) {
    value(path + "imageType", block.imageType() == JdCloudSpec.ImageType.UNRECOGNIZED);
    in(path, block, JdCloudSpec::additionalProperties);
    in(path + "passwordRef.", block.passwordRef(), SecretKeyRef::additionalProperties);
    in(path + "userDataRef.", block.userDataRef(), SecretKeyRef::additionalProperties);
  }

  private void in(String path, TencentCloudSpec block) {
    in(path, block, TencentCloudSpec::additionalProperties);
    in(path + "systemDisk.", block.systemDisk(), SystemDisk::additionalProperties);
    in(path + "userDataRef.", block.userDataRef(), SecretKeyRef::additionalProperties);
    LoginSettings login = block.loginSettings();
    if (login != null) {
      in(path + "loginSettings.", login, LoginSettings::additionalProperties);
      in(
          path + "loginSettings.passwordRef.",
          login.passwordRef(),
          SecretKeyRef::additionalProperties);
    }
    EnhancedService services = block.enhancedService();
    if (services != null) {
      String under = path + "enhancedService.";
      in(under, services, EnhancedService::additionalProperties);
      in(under + "securityService.", services.securityService(), Switch::additionalProperties);
      in(under + "monitorService.", services.monitorService(), Switch::additionalProperties);
      in(under + "automationService.", services.automationService(), Switch::additionalProperties);
    }
  }

  private void value(String path, boolean unknown) {
    if (unknown) {
      found.add(path);
    }
  }

  /** Of this object alone. */
  private <T> void in(String path, T part, Function<T, Map<String, Object>> unknown) {
    Map<String, Object> fields = part == null ? null : unknown.apply(part);
    if (fields != null) {
      fields.keySet().stream()
          .sorted()
          .map(name -> path + StoredText.shorten(StoredText.printable(name), LONGEST_NAME))
          .forEach(found::add);
    }
  }
}
