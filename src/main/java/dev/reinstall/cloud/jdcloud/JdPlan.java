package dev.reinstall.cloud.jdcloud;

import dev.reinstall.api.JdCloudSpec;
import dev.reinstall.api.PlannedInstallation;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.cloud.NameLookup;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Password;
import dev.reinstall.cloud.SecretBytes;
import dev.reinstall.cloud.UserData;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What reinstallInstance will do: the system disk is wiped, and the data disks unless {@code
 * keepData} is set. The cloud reports no single disks.
 */
final class JdPlan {
  private static final List<String> SYSTEM_DISKS = List.of("system disks");
  private static final List<String> DATA_DISKS = List.of("data disks");

  private JdPlan() {}

  static PlannedInstallation of(
      JdCloudSpec block, Observation observation, Map<SecretKeyRef, SecretBytes> secrets) {
    Map<String, String> from = new TreeMap<>(observation.installed());
    observation.details().system().ifPresent(system -> from.put("system", system));
    boolean kept = Boolean.TRUE.equals(block.keepData());
    return new PlannedInstallation(
        from,
        to(block),
        kept ? SYSTEM_DISKS : List.of(SYSTEM_DISKS.get(0), DATA_DISKS.get(0)),
        kept ? DATA_DISKS : List.of(),
        Stream.of(
                change("system disks", JdNames.SYSTEM_RAID, block, from),
                change("data disks", JdNames.DATA_RAID, block, from))
            .flatMap(Optional::stream)
            .toList(),
        login(block, secrets),
        block.hostname(),
        UserData.digest(block.userData(), block.userDataRef(), secrets).orElse(null));
  }

  private static Optional<String> change(
      String disks, String field, JdCloudSpec block, Map<String, String> from) {
    String now = from.get(field);
    String then = to(block).get(field);
    String id = JdSpecValidator.installs(block).get(field);
    return then == null || (id != null && id.equals(now))
        ? Optional.empty()
        : Optional.of("RAID of the " + disks + ": " + (now == null ? "" : now + " -> ") + then);
  }

  /** By the field that has the ID: the ID, with the name if the request gives that. */
  private static Map<String, String> to(JdCloudSpec block) {
    Map<String, String> to = JdSpecValidator.installs(block);
    JdNames.of(block)
        .forEach((field, name) -> to.put(field, NameLookup.shown(name, to.get(field))));
    return to;
  }

  private static String login(JdCloudSpec block, Map<SecretKeyRef, SecretBytes> secrets) {
    String password =
        block.generatePassword() != null
            ? Password.planned(JdSpecValidator.passwordRef(block), secrets)
            : block.passwordRef() == null
                ? "no password"
                : "password of Secret "
                    + block.passwordRef().name()
                    + ", key "
                    + block.passwordRef().key();
    return block.keypairId() == null ? password : password + "; key pair " + block.keypairId();
  }
}
