package dev.reinstall.cloud.tencent;

import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.TencentCloudSpec;
import dev.reinstall.cloud.Observation.Details;
import dev.reinstall.cloud.Password;
import dev.reinstall.cloud.SecretBytes;
import dev.reinstall.cloud.UserData;
import dev.reinstall.cloud.Validation;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Validation without a call, of what the schema cannot judge: Secret contents, what is installed,
 * and once more what enters a URL. All else is in the schema, which an object may have been stored
 * without; such a request is the cloud's to reject.
 */
final class TencentSpecValidator {
  private TencentSpecValidator() {}

  private static final Pattern REGION = Pattern.compile("[a-z]{2,}(-[a-z0-9]+)+");
  private static final Pattern INSTANCE = Pattern.compile("ins-[a-z0-9]{8}");

  // Those for Linux: whether the image is one of Windows, with stricter rules, is not known here.
  private static final Password.Rules PASSWORD = new Password.Rules(8, 30, 2, false);

  static Optional<String> validateIds(String region, String instanceId) {
    if (region == null || !REGION.matcher(region).matches()) {
      return Optional.of("region must be a region ID such as ap-guangzhou");
    }
    return instanceId != null && INSTANCE.matcher(instanceId).matches()
        ? Optional.empty()
        : Optional.of("instanceId must be ins- followed by 8 lower-case letters or digits");
  }

  /** The cloud would reject it, but only after the server was stopped for it. */
  static Optional<String> validateAgainst(TencentCloudSpec block, Details details) {
    if (block.systemDisk() == null || block.systemDisk().diskSize() == null) {
      return Optional.empty();
    }
    int size = block.systemDisk().diskSize();
    return Validation.first(
        () ->
            details
                .diskType()
                .filter(type -> type.startsWith("LOCAL_"))
                .map(
                    type ->
                        "systemDisk must be left out: the server has a local system disk ("
                            + type
                            + "), whose size the cloud cannot change"),
        () ->
            details
                .diskSize()
                .filter(now -> size < now)
                .map(
                    now ->
                        "systemDisk.diskSize must be at least "
                            + now
                            + ", the size of the system disk in GiB, not "
                            + size
                            + ": the cloud cannot make a disk smaller"));
  }

  static Optional<String> validateSecrets(
      ReinstallSpec spec, Map<SecretKeyRef, SecretBytes> secrets) {
    TencentCloudSpec block = spec.tencentCloud();
    SecretKeyRef password = passwordRef(block);
    return Validation.first(
        () -> password == null ? Optional.empty() : Password.validate(password, secrets, PASSWORD),
        () -> UserData.validateSecret(block.userDataRef(), secrets, UserData.Format.BYTES));
  }

  static List<SecretKeyRef> secretKeys(TencentCloudSpec block) {
    return block == null
        ? List.of()
        : Stream.of(passwordRef(block), block.userDataRef())
            .filter(Objects::nonNull)
            .distinct()
            .toList();
  }

  /** Null if the spec has none. */
  private static SecretKeyRef passwordRef(TencentCloudSpec block) {
    return block.loginSettings() == null ? null : block.loginSettings().passwordRef();
  }
}
