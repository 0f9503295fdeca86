package dev.reinstall.cloud.tencent;

import dev.reinstall.api.Preconditions;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.TencentCloudSpec;
import dev.reinstall.api.TencentCloudSpec.LoginSettings;
import dev.reinstall.cloud.Observation.Details;
import dev.reinstall.cloud.Password;
import dev.reinstall.cloud.SecretBytes;
import dev.reinstall.cloud.SecretValidation;
import dev.reinstall.cloud.UserData;
import dev.reinstall.cloud.Validation;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Validation without a call. The schema says most of it already; it holds here too because a schema
 * can be bypassed, and a wiped disk cannot be brought back.
 */
final class TencentSpecValidator {
  private TencentSpecValidator() {}

  private static final Pattern REGION = Pattern.compile("[a-z]{2,}(-[a-z0-9]+)+");
  private static final Pattern INSTANCE = Pattern.compile("ins-[a-z0-9]{8}");
  private static final Pattern IMAGE = Pattern.compile("img-[a-z0-9]{8}");
  private static final Pattern KEY = Pattern.compile("skey-[a-z0-9]{8}");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]+([-.][A-Za-z0-9]+)*");

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

  static Optional<String> validateSpec(ReinstallSpec spec) {
    TencentCloudSpec block = spec.tencentCloud();
    if (block == null || spec.jdCloud() != null) {
      return Optional.of("tencentCloud must be set ({} at least), and the block of no other cloud");
    }
    return Validation.first(
        () -> validateIds(spec.region(), spec.instanceId()),
        () -> image(block.imageId()),
        () -> preconditions(spec.preconditions()),
        () -> disk(block),
        () -> login(block.loginSettings()),
        () -> services(block.enhancedService()),
        () -> hostName(block.hostName()),
        () -> UserData.validate(block.userData(), block.userDataRef(), UserData.Format.BYTES));
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

  private static Optional<String> image(String id) {
    return Validation.when(
        id != null && !IMAGE.matcher(id).matches(),
        "imageId must be img- followed by 8 lower-case letters or digits");
  }

  private static Optional<String> preconditions(Preconditions preconditions) {
    return Validation.when(
        preconditions != null
            && (preconditions.imageId() == null
                || preconditions.osTypeId() != null
                || !IMAGE.matcher(preconditions.imageId()).matches()),
        "preconditions must contain exactly imageId (img- followed by 8 lower-case"
            + " letters or digits)");
  }

  private static Optional<String> disk(TencentCloudSpec block) {
    return Validation.when(
        block.systemDisk() != null
            && (block.systemDisk().diskSize() == null || block.systemDisk().diskSize() < 1),
        "systemDisk must have a diskSize in GiB; leave systemDisk out to keep the disk as"
            + " it is");
  }

  private static Optional<String> login(LoginSettings login) {
    if (login == null) {
      return Optional.empty();
    }
    long chosen =
        Stream.of(login.passwordRef(), login.keyIds(), login.keepImageLogin())
            .filter(Objects::nonNull)
            .count();
    if (chosen > 1) {
      return Optional.of("at most one of passwordRef, keyIds and keepImageLogin may be set");
    }
    boolean keys =
        login.keyIds() == null
            || (!login.keyIds().isEmpty()
                && login.keyIds().stream().allMatch(id -> id != null && KEY.matcher(id).matches()));
    return keys
        ? SecretValidation.validateReference("passwordRef", login.passwordRef())
        : Optional.of(
            "keyIds must be IDs of key pairs: skey- followed by 8 lower-case letters or"
                + " digits");
  }

  private static Optional<String> services(TencentCloudSpec.EnhancedService services) {
    return Validation.when(
        services != null
            && Stream.of(
                    services.securityService(),
                    services.monitorService(),
                    services.automationService())
                .anyMatch(service -> service != null && service.enabled() == null),
        "each block of enhancedService must have enabled: true or enabled: false");
  }

  private static Optional<String> hostName(String name) {
    return Validation.when(
        name != null && (name.length() < 2 || name.length() > 60 || !HOST.matcher(name).matches()),
        "hostName must have 2 to 60 letters and digits, separated by single dots or" + " dashes");
  }
}
