package dev.reinstall.cloud.tencent;

import dev.reinstall.api.GeneratedPassword;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.TencentCloudSpec;
import dev.reinstall.api.TencentCloudSpec.LoginSettings;
import dev.reinstall.cloud.Finding;
import dev.reinstall.cloud.Observation.Details;
import dev.reinstall.cloud.Observation.Disk;
import dev.reinstall.cloud.Password;
import dev.reinstall.cloud.SecretBytes;
import dev.reinstall.cloud.UserData;
import dev.reinstall.cloud.Validation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Checks without a call, of what the schema cannot judge: Secret contents, what is installed, and
 * once more what enters a URL. All else is in the schema, which an object may have been stored
 * without; such a request is the cloud's to reject.
 */
final class TencentSpecValidator {
  private static final String SERVER = "spec.instanceId";
  private static final String BLOCK = "spec.tencentCloud.";

  private TencentSpecValidator() {}

  private static final Pattern REGION = Pattern.compile("[a-z]{2,}(-[a-z0-9]+)+");
  private static final Pattern INSTANCE = Pattern.compile("ins-[a-z0-9]{8}");

  // Those for Linux: whether the image is one of Windows, with stricter rules, is not known here.
  private static final Password.Rules PASSWORD = new Password.Rules(8, 30, 2, false);

  static Optional<String> validate(ReinstallSpec spec) {
    TencentCloudSpec block = spec.tencentCloud();
    return Validation.first(
        () -> validateIds(spec.region(), spec.instanceId()),
        () ->
            Validation.when(
                block.imageId() != null && block.image() != null,
                TencentCloudSpec.ONE_IMAGE_MESSAGE),
        () ->
            Validation.when(
                generatedPassword(block).isPresent() && isOtherLogin(block.loginSettings()),
                TencentCloudSpec.ONE_LOGIN_MESSAGE));
  }

  static Optional<String> validateIds(String region, String instanceId) {
    if (region == null || !REGION.matcher(region).matches()) {
      return Optional.of("region must be a region ID such as ap-guangzhou");
    }
    return instanceId != null && INSTANCE.matcher(instanceId).matches()
        ? Optional.empty()
        : Optional.of("instanceId must be ins- followed by 8 lower-case letters or digits");
  }

  /** What the cloud would reject, but only after the server was stopped for it. */
  static List<Finding> checkServer(ReinstallSpec spec, Details details) {
    return Stream.of(
            systemDisk(spec.tencentCloud(), details),
            details
                .restriction()
                .map(
                    word ->
                        Finding.correctable(
                            SERVER,
                            "The cloud restricts the server ("
                                + word
                                + ") and would reject the reinstall: renew the server, or clear the"
                                + " account's debt.")),
            Optional.of(details)
                .filter(Details::stoppedWithoutCharge)
                .map(
                    any ->
                        Finding.correctable(
                            SERVER,
                            "The server was stopped in mode STOP_CHARGING, in which the cloud"
                                + " rejects a reinstall. "
                                + charged(spec.whenRunning()))))
        .flatMap(Optional::stream)
        .toList();
  }

  /** How to get out of it without the request being started, or ended, in between. */
  static String charged(WhenRunning whenRunning) {
    return switch (whenRunning == null ? WhenRunning.Wait : whenRunning) {
      case Stop -> "Start the server; it is then stopped for this request in mode KEEP_CHARGING.";
      case Fail ->
          "Set spec.suspend to true (in Git first), start the server, stop it again in mode"
              + " KEEP_CHARGING, and set spec.suspend to false.";
      default -> "Start the server, and stop it again in mode KEEP_CHARGING.";
    };
  }

  private static Optional<Finding> systemDisk(TencentCloudSpec block, Details details) {
    if (block.systemDisk() == null || block.systemDisk().diskSize() == null) {
      return Optional.empty();
    }
    int size = block.systemDisk().diskSize();
    return Validation.first(
            () ->
                localDisk(details)
                    .map(
                        type ->
                            "systemDisk must be left out: the server has a local system disk ("
                                + type
                                + "), whose size the cloud cannot change"),
            () ->
                details
                    .systemDisk()
                    .flatMap(Disk::size)
                    .filter(now -> size < now)
                    .map(
                        now ->
                            "systemDisk.diskSize must be at least "
                                + now
                                + ", the size of the system disk in GiB, not "
                                + size
                                + ": the cloud cannot make a disk smaller"))
        .map(message -> Finding.invalid(BLOCK + "systemDisk", message));
  }

  /** The type of a system disk whose size the cloud cannot change; empty: it is none. */
  static Optional<String> localDisk(Details details) {
    return details.systemDisk().flatMap(Disk::type).filter(type -> type.startsWith("LOCAL_"));
  }

  static List<Finding> checkSecrets(
      TencentCloudSpec block, Map<SecretKeyRef, SecretBytes> secrets) {
    List<Finding> findings = new ArrayList<>();
    findings.addAll(Password.check(passwordField(block), passwordRef(block), secrets, PASSWORD));
    findings.addAll(
        UserData.check(BLOCK + "userDataRef", block.userDataRef(), secrets, UserData.Format.BYTES));
    return findings;
  }

  static List<SecretKeyRef> secretKeys(TencentCloudSpec block) {
    return block == null
        ? List.of()
        : Stream.of(passwordRef(block), block.userDataRef())
            .filter(Objects::nonNull)
            .distinct()
            .toList();
  }

  static List<String> keyIds(TencentCloudSpec block) {
    LoginSettings login = block.loginSettings();
    return login == null || login.keyIds() == null ? List.of() : login.keyIds();
  }

  /** The one of both fields. Null if the spec has none. */
  static SecretKeyRef passwordRef(TencentCloudSpec block) {
    LoginSettings login = block.loginSettings();
    return login == null
        ? null
        : GeneratedPassword.ref(login.passwordRef(), login.generatePassword());
  }

  /** The field that refers to it. */
  static String passwordField(TencentCloudSpec block) {
    return BLOCK
        + "loginSettings."
        + (generatedPassword(block).isPresent() ? "generatePassword" : "passwordRef");
  }

  static Optional<SecretKeyRef> generatedPassword(TencentCloudSpec block) {
    return Optional.ofNullable(block)
        .filter(it -> it.loginSettings() != null)
        .filter(it -> it.loginSettings().generatePassword() != null)
        .map(TencentSpecValidator::passwordRef);
  }

  private static boolean isOtherLogin(LoginSettings login) {
    return login.passwordRef() != null || login.keyIds() != null || login.keepImageLogin() != null;
  }
}
