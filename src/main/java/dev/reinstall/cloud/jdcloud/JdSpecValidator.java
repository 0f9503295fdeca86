package dev.reinstall.cloud.jdcloud;

import dev.reinstall.api.JdCloudSpec;
import dev.reinstall.api.Preconditions;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.cloud.Observation;
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
 * Validation without a call. The schema has most of it already; it is here too because a schema can
 * be bypassed, and a wiped disk cannot be restored.
 */
final class JdSpecValidator {
  private JdSpecValidator() {}

  private static final Pattern REGION = Pattern.compile("[a-z]{2,}(-[a-z0-9]+)+");
  // It goes into a path: nothing that could lead to another one.
  private static final Pattern INSTANCE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]+([-.][A-Za-z0-9]+)*");

  // Its pages refer to the rules of the vendor's other servers.
  private static final Password.Rules PASSWORD = new Password.Rules(8, 30, 3, true);

  static Optional<String> validateIds(String region, String instanceId) {
    if (region == null || !REGION.matcher(region).matches()) {
      return Optional.of("region must be a region ID such as cn-east-tz1");
    }
    return Validation.when(
        instanceId == null || !INSTANCE.matcher(instanceId).matches(),
        "instanceId must have 1 to 64 letters, digits, dots, dashes and underscores");
  }

  static Optional<String> validateSpec(ReinstallSpec spec) {
    JdCloudSpec block = spec.jdCloud();
    if (block == null || spec.tencentCloud() != null) {
      return Optional.of("jdCloud must be set, and the block of no other cloud");
    }
    return Validation.first(
        () -> validateIds(spec.region(), spec.instanceId()),
        () ->
            Validation.when(
                block.az() == null || !REGION.matcher(block.az()).matches(),
                "az must be an availability zone such as cn-east-tz1a"),
        () -> id("osTypeId", block.osTypeId()),
        () -> id("sysRaidTypeId", block.sysRaidTypeId()),
        () -> id("dataRaidTypeId", block.dataRaidTypeId()),
        () -> block.keypairId() == null ? Optional.empty() : id("keypairId", block.keypairId()),
        () ->
            Validation.when(
                block.keepData() == null, "keepData must be true or false, without quotes"),
        () ->
            Validation.when(
                block.passwordRef() == null,
                "passwordRef must name a Secret key: the cloud requires a password even with a"
                    + " key pair"),
        () -> SecretValidation.validateReference("passwordRef", block.passwordRef()),
        () -> preconditions(spec.preconditions()),
        () -> hostname(block.hostname()),
        () -> UserData.validate(block.userData(), block.userDataRef(), UserData.Format.SCRIPT));
  }

  /** The cloud would reject it, or does not say what it would do instead. */
  static Optional<String> validateAgainst(JdCloudSpec block, Observation observation) {
    return Validation.first(
        () ->
            observation
                .details()
                .zone()
                .filter(zone -> !zone.equals(block.az()))
                .map(zone -> "az must be the zone of the server, " + zone + ", not " + block.az()),
        () -> keptData(block, observation.installed().get("dataRaidTypeId")));
  }

  private static Optional<String> keptData(JdCloudSpec block, String installed) {
    if (!block.keepData() || block.dataRaidTypeId().equals(installed)) {
      return Optional.empty();
    }
    return Optional.of(
        installed == null
            ? "keepData: true requires dataRaidTypeId to be the current RAID, but the cloud"
                + " does not report the current RAID; with keepData: false the data disks are"
                + " erased"
            : "keepData: true requires dataRaidTypeId to be the current RAID "
                + installed
                + ", not "
                + block.dataRaidTypeId());
  }

  static Optional<String> validateSecrets(
      JdCloudSpec block, Map<SecretKeyRef, SecretBytes> secrets) {
    return Validation.first(
        () -> Password.validate(block.passwordRef(), secrets, PASSWORD),
        () -> UserData.validateSecret(block.userDataRef(), secrets, UserData.Format.SCRIPT));
  }

  static List<SecretKeyRef> secretKeys(JdCloudSpec block) {
    return block == null
        ? List.of()
        : Stream.of(block.passwordRef(), block.userDataRef())
            .filter(Objects::nonNull)
            .distinct()
            .toList();
  }

  private static Optional<String> id(String field, String id) {
    return Validation.when(
        id == null || !ID.matcher(id).matches(),
        field + " must have 1 to 64 letters, digits, dots, dashes and underscores");
  }

  private static Optional<String> preconditions(Preconditions preconditions) {
    return Validation.when(
        preconditions != null
            && (preconditions.osTypeId() == null
                || preconditions.imageId() != null
                || !ID.matcher(preconditions.osTypeId()).matches()),
        "preconditions must contain exactly osTypeId (1 to 64 letters, digits, dots,"
            + " dashes and underscores)");
  }

  private static Optional<String> hostname(String name) {
    return Validation.when(
        name != null && (name.length() < 2 || name.length() > 64 || !HOST.matcher(name).matches()),
        "hostname must have 2 to 64 letters and digits, separated by single dots or" + " dashes");
  }
}
