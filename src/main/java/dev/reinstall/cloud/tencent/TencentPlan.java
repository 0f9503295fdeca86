package dev.reinstall.cloud.tencent;

import dev.reinstall.api.PlannedInstallation;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.TencentCloudSpec;
import dev.reinstall.api.TencentCloudSpec.LoginSettings;
import dev.reinstall.cloud.NameLookup;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Details;
import dev.reinstall.cloud.Observation.Disk;
import dev.reinstall.cloud.Password;
import dev.reinstall.cloud.SecretBytes;
import dev.reinstall.cloud.UserData;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What ResetInstance will do: the system disk is wiped, data disks are kept and must be mounted
 * again.
 */
final class TencentPlan {
  private TencentPlan() {}

  static PlannedInstallation of(
      TencentCloudSpec block, Observation observation, Map<SecretKeyRef, SecretBytes> secrets) {
    Details details = observation.details();
    Map<String, String> from = new TreeMap<>(observation.installed());
    details.system().ifPresent(system -> from.put("system", system));
    Map<String, String> to = new TreeMap<>();
    Optional.ofNullable(NameLookup.shown(TencentImageName.of(block), block.imageId()))
        .or(() -> Optional.ofNullable(observation.installed().get("imageId")))
        .ifPresent(image -> to.put("imageId", image));
    return new PlannedInstallation(
        from,
        to,
        List.of("system disk" + details.systemDisk().map(disk -> " " + disk).orElse("")),
        details.dataDisks().stream().map(disk -> "data disk " + disk).toList(),
        growth(block, details).map(List::of).orElse(List.of()),
        login(block, secrets),
        block.hostName(),
        UserData.digest(block.userData(), block.userDataRef(), secrets).orElse(null));
  }

  private static Optional<String> growth(TencentCloudSpec block, Details details) {
    return Optional.ofNullable(block.systemDisk())
        .map(TencentCloudSpec.SystemDisk::diskSize)
        .filter(size -> !details.systemDisk().flatMap(Disk::size).equals(Optional.of(size)))
        .map(
            size ->
                "system disk: "
                    + details
                        .systemDisk()
                        .flatMap(Disk::size)
                        .map(now -> now + " GiB -> ")
                        .orElse("")
                    + size
                    + " GiB");
  }

  private static String login(TencentCloudSpec block, Map<SecretKeyRef, SecretBytes> secrets) {
    LoginSettings settings = block.loginSettings();
    if (settings != null && settings.generatePassword() != null) {
      return Password.planned(TencentSpecValidator.passwordRef(block), secrets);
    }
    if (settings != null && settings.passwordRef() != null) {
      return "password of Secret "
          + settings.passwordRef().name()
          + ", key "
          + settings.passwordRef().key();
    }
    if (settings != null && settings.keyIds() != null) {
      return "key pairs " + String.join(", ", settings.keyIds());
    }
    return settings != null && Boolean.TRUE.equals(settings.keepImageLogin())
        ? "login settings of the image"
        : "a password that the cloud makes and sends to the message center of the account";
  }
}
