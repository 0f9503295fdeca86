package dev.reinstall.cloud.jdcloud;

import dev.reinstall.api.GeneratedPassword;
import dev.reinstall.api.JdCloudSpec;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.cloud.Finding;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Details;
import dev.reinstall.cloud.Password;
import dev.reinstall.cloud.SecretBytes;
import dev.reinstall.cloud.UserData;
import dev.reinstall.cloud.Validation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Checks without a call, of what the schema cannot judge: Secret contents, what is installed, and
 * once more what enters a URL. All else is in the schema, which an object may have been stored
 * without; such a request is the cloud's to reject.
 */
final class JdSpecValidator {
  private static final String BLOCK = "spec.jdCloud.";

  private JdSpecValidator() {}

  private static final Pattern REGION = Pattern.compile("[a-z]{2,}(-[a-z0-9]+)+");
  // It goes into a path: nothing that could lead to another one.
  private static final Pattern INSTANCE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  // Its pages refer to the rules of the vendor's other servers.
  private static final Password.Rules PASSWORD = new Password.Rules(8, 30, 3, true);

  /** The charge statuses that may stop a reinstall. No page says that they do. */
  private static final Set<String> DEBT = Set.of("overdue", "arrear");

  static Optional<String> validate(ReinstallSpec spec) {
    JdCloudSpec block = spec.jdCloud();
    return Validation.first(
        () -> validateIds(spec.region(), spec.instanceId()),
        () -> one(block.osTypeId(), block.os(), JdCloudSpec.ONE_OS_MESSAGE),
        () -> one(block.sysRaidTypeId(), block.sysRaid(), JdCloudSpec.ONE_SYSTEM_RAID_MESSAGE),
        () -> one(block.dataRaidTypeId(), block.dataRaid(), JdCloudSpec.ONE_DATA_RAID_MESSAGE),
        () -> one(block.passwordRef(), block.generatePassword(), JdCloudSpec.ONE_PASSWORD_MESSAGE));
  }

  private static Optional<String> one(Object id, Object name, String message) {
    return Validation.when((id == null) == (name == null), message);
  }

  static Optional<String> validateIds(String region, String instanceId) {
    if (region == null || !REGION.matcher(region).matches()) {
      return Optional.of("region must be a region ID such as cn-east-tz1");
    }
    return Validation.when(
        instanceId == null || !INSTANCE.matcher(instanceId).matches(),
        "instanceId must have 1 to 64 letters, digits, dots, dashes and underscores");
  }

  /** What the cloud would or may reject, or does not say what it would do instead. */
  static List<Finding> checkServer(JdCloudSpec block, Observation observation) {
    Details details = observation.details();
    return Stream.of(
            details
                .zone()
                .filter(zone -> !zone.equals(block.az()))
                .map(
                    zone ->
                        Finding.invalid(
                            BLOCK + "az",
                            "az must be the zone of the server, " + zone + ", not " + block.az())),
            keptData(block, observation),
            details
                .restriction()
                .filter(DEBT::contains)
                .map(
                    word ->
                        Finding.warning(
                            "spec.instanceId",
                            "The charge status of the server is "
                                + word
                                + ", and the cloud may reject the reinstall: clear the account's"
                                + " debt.")))
        .flatMap(Optional::stream)
        .toList();
  }

  /** Of a RAID whose ID is known. */
  static Optional<Finding> keptData(JdCloudSpec block, Observation observation) {
    String installed = observation.installed().get(JdNames.DATA_RAID);
    if (!block.keepData()
        || block.dataRaidTypeId() == null
        || block.dataRaidTypeId().equals(installed)) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.invalid(BLOCK + "keepData", keptData(block.dataRaidTypeId(), installed)));
  }

  private static String keptData(String wanted, String installed) {
    return installed == null
        ? "keepData: true requires dataRaidTypeId to be the current RAID, but the cloud"
            + " does not report the current RAID; with keepData: false the data disks are"
            + " erased"
        : "keepData: true requires dataRaidTypeId to be the current RAID "
            + installed
            + ", not "
            + wanted;
  }

  static List<Finding> checkSecrets(JdCloudSpec block, Map<SecretKeyRef, SecretBytes> secrets) {
    List<Finding> findings = new ArrayList<>();
    String field = generatedPassword(block).isPresent() ? "generatePassword" : "passwordRef";
    findings.addAll(Password.check(BLOCK + field, passwordRef(block), secrets, PASSWORD));
    findings.addAll(
        UserData.check(
            BLOCK + "userDataRef", block.userDataRef(), secrets, UserData.Format.SCRIPT));
    return findings;
  }

  static List<SecretKeyRef> secretKeys(JdCloudSpec block) {
    return block == null
        ? List.of()
        : Stream.of(passwordRef(block), block.userDataRef())
            .filter(Objects::nonNull)
            .distinct()
            .toList();
  }

  /** The one of both fields. Null: an object may have been stored without the schema. */
  static SecretKeyRef passwordRef(JdCloudSpec block) {
    return GeneratedPassword.ref(block.passwordRef(), block.generatePassword());
  }

  static Optional<SecretKeyRef> generatedPassword(JdCloudSpec block) {
    return Optional.ofNullable(block)
        .filter(it -> it.generatePassword() != null)
        .map(JdSpecValidator::passwordRef);
  }

  /** By the field names of {@link Observation#installed()}; without a name that has no ID yet. */
  static Map<String, String> installs(JdCloudSpec block) {
    Map<String, String> ids = new TreeMap<>();
    put(ids, JdNames.SYSTEM, block.osTypeId());
    put(ids, JdNames.SYSTEM_RAID, block.sysRaidTypeId());
    put(ids, JdNames.DATA_RAID, block.dataRaidTypeId());
    return ids;
  }

  private static void put(Map<String, String> into, String field, String id) {
    if (id != null) {
      into.put(field, id);
    }
  }
}
