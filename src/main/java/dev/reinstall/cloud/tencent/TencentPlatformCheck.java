package dev.reinstall.cloud.tencent;

import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.TencentCloudSpec;
import dev.reinstall.cloud.CatalogueEntry;
import dev.reinstall.cloud.Finding;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Disk;
import dev.reinstall.cloud.Password;
import dev.reinstall.cloud.SecretBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The rules that depend on whether the image is Linux or Windows. The pages of the cloud do not
 * list the words for a platform: what depends on an unknown one stops no request.
 */
final class TencentPlatformCheck {
  private static final String BLOCK = "spec.tencentCloud.";

  private static final Password.Rules WINDOWS_PASSWORD = new Password.Rules(12, 30, 3, false);
  private static final Password.Rules STRONG_LINUX_PASSWORD = new Password.Rules(8, 30, 3, false);
  private static final String WINDOWS_HOST_NAME = "(?![0-9]+$)[A-Za-z0-9]+(-[A-Za-z0-9]+)*";
  private static final int LONGEST_WINDOWS_HOST_NAME = 15;

  /** The types of a system disk that can change between Linux and Windows. */
  private static final Set<String> SWITCHABLE =
      Set.of("CLOUD_BASIC", "CLOUD_PREMIUM", "CLOUD_SSD", "CLOUD_BSSD");

  private static final List<String> LINUX_WORDS =
      List.of(
          "linux",
          "tencentos",
          "opencloudos",
          "openeuler",
          "centos",
          "ubuntu",
          "debian",
          "suse",
          "coreos",
          "fedora",
          "rocky",
          "red hat",
          "redhat");

  private enum Platform {
    LINUX,
    WINDOWS,
    UNKNOWN;

    /** By the cloud's word, such as {@code Windows Server} or {@code Debian}. */
    static Platform of(String word) {
      String lower = word.toLowerCase(Locale.ROOT);
      if (lower.contains("windows")) {
        return WINDOWS;
      }
      return LINUX_WORDS.stream().anyMatch(lower::contains) ? LINUX : UNKNOWN;
    }
  }

  private final TencentCloudSpec block;
  private final Map<SecretKeyRef, SecretBytes> secrets;
  private final Observation observation;
  private final CatalogueEntry image;
  private final Platform platform;
  private final Optional<CatalogueEntry> installed;
  private final List<Finding> findings = new ArrayList<>();

  /**
   * @param image to install
   * @param installed the image that it replaces; empty: it is not known
   */
  TencentPlatformCheck(
      TencentCloudSpec block,
      Map<SecretKeyRef, SecretBytes> secrets,
      Observation observation,
      CatalogueEntry image,
      Optional<CatalogueEntry> installed) {
    this.block = block;
    this.secrets = secrets;
    this.observation = observation;
    this.image = image;
    this.installed = installed;
    platform = platform(image);
  }

  private static Platform platform(CatalogueEntry image) {
    return Platform.of(image.property("platform"));
  }

  List<Finding> findings() {
    if (platform == Platform.LINUX) {
      strongPassword();
    } else {
      windows();
    }
    change();
    return findings;
  }

  private void windows() {
    if (!TencentSpecValidator.keyIds(block).isEmpty()) {
      brokenOnWindows(Finding.invalid(BLOCK + "loginSettings.keyIds", "keyIds must be left out"));
    }
    String host = block.hostName();
    if (host != null
        && (!host.matches(WINDOWS_HOST_NAME) || host.length() > LONGEST_WINDOWS_HOST_NAME)) {
      brokenOnWindows(
          Finding.invalid(
              BLOCK + "hostName",
              "hostName must be 2 to 15 letters, digits and single hyphens, not only digits"));
    }
    List<Finding> reported = TencentSpecValidator.checkSecrets(block, secrets); // as for Linux
    password(WINDOWS_PASSWORD).stream()
        .filter(finding -> !reported.contains(finding))
        .forEach(this::brokenOnWindows);
  }

  /** What is wrong if the image is Windows; where that is not known, it stops no request. */
  private void brokenOnWindows(Finding finding) {
    String rule = finding.message().replaceFirst("[.]$", "");
    String word = image.property("platform");
    findings.add(
        platform == Platform.WINDOWS
            ? new Finding(
                finding.field(), finding.kind(), rule + ": " + image.id() + " is Windows.")
            : Finding.unchecked(
                finding.field(),
                rule
                    + " if "
                    + image.id()
                    + " is Windows, which is not known (Platform "
                    + (word.isEmpty() ? "missing" : word)
                    + ")."));
  }

  /** Empty if the spec has no password, or it was not read. */
  private List<Finding> password(Password.Rules rules) {
    return Password.check(
        TencentSpecValidator.passwordField(block),
        TencentSpecValidator.passwordRef(block),
        secrets,
        rules);
  }

  /**
   * The pages of the cloud differ: some require 2 classes of characters on Linux, one requires 3.
   */
  private void strongPassword() {
    String field = TencentSpecValidator.passwordField(block);
    List<Finding> wrong = TencentSpecValidator.checkSecrets(block, secrets);
    if (wrong.stream().anyMatch(finding -> finding.field().equals(field))) {
      return;
    }
    password(STRONG_LINUX_PASSWORD)
        .forEach(
            finding ->
                findings.add(
                    Finding.warning(
                        field,
                        finding.message()
                            + " This is a rule of one page of the cloud; the others require 2, so"
                            + " the cloud may accept it.")));
  }

  /** A change between Linux and Windows. */
  private void change() {
    Platform before = installed.map(TencentPlatformCheck::platform).orElse(Platform.UNKNOWN);
    boolean same =
        installed.filter(image::equals).isPresent()
            || (before == platform && before != Platform.UNKNOWN);
    Optional<String> type = observation.details().systemDisk().flatMap(Disk::type);
    if (same || type.filter(SWITCHABLE::contains).isPresent()) {
      return;
    }
    String rule =
        type.map(word -> "A system disk of type " + word + " cannot change")
                .orElse(
                    "The cloud does not report the type of the system disk, and not every type can"
                        + " change")
            + " between Linux and Windows";
    String field = BLOCK + "imageId";
    if (before == Platform.UNKNOWN || platform == Platform.UNKNOWN) {
      findings.add(
          Finding.unchecked(
              field,
              rule
                  + ", and whether "
                  + (before == Platform.UNKNOWN ? installedName() : image.id())
                  + " is Linux or Windows is not known."));
    } else if (type.isEmpty()) {
      findings.add(Finding.unchecked(field, rule + "."));
    } else {
      findings.add(
          Finding.invalid(
              field,
              "imageId must be an image of "
                  + (before == Platform.WINDOWS ? "Windows" : "Linux")
                  + ", as "
                  + installedName()
                  + " is. "
                  + rule
                  + "."));
    }
  }

  private String installedName() {
    return Optional.ofNullable(observation.installed().get("imageId"))
        .orElse("the installed image");
  }
}
