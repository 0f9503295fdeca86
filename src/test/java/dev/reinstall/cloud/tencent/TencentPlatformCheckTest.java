package dev.reinstall.cloud.tencent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.TencentCloudSpec;
import dev.reinstall.cloud.CatalogueEntry;
import dev.reinstall.cloud.Finding;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.SecretBytes;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What depends on the platform of an image, for every word that a cloud may have for it. */
class TencentPlatformCheckTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final SecretKeyRef LOGIN = new SecretKeyRef("login", "password");
  private static final String PASSWORD =
      "loginSettings: {passwordRef: {name: login, key: password}}";
  private static final String PASSWORD_FIELD = "spec.tencentCloud.loginSettings.passwordRef";
  private static final String KEYS = "loginSettings: {keyIds: [skey-abcd1234]}";

  private final Map<SecretKeyRef, SecretBytes> secrets = new HashMap<>();

  /**
   * @param platform of the image to install, which is installed already
   */
  private List<Finding> check(String platform, String block) throws IOException {
    CatalogueEntry image = image("img-wanted01", platform);
    return check(block, "CLOUD_HSSD", Optional.of(image), image);
  }

  /** The change of an image; an empty word: nothing is known. */
  private List<Finding> change(String diskType, String before, String after) throws IOException {
    return check(
        "{}",
        diskType,
        before.isEmpty() ? Optional.empty() : Optional.of(image("img-before01", before)),
        image("img-wanted01", after));
  }

  private List<Finding> check(
      String block, String diskType, Optional<CatalogueEntry> before, CatalogueEntry image)
      throws IOException {
    Observation observation =
        new Observation(
            Observation.Power.RUNNING,
            "RUNNING",
            before.map(installed -> Map.of("imageId", installed.id())).orElse(Map.of()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            onDisk(diskType.isEmpty() ? Optional.empty() : Optional.of(diskType)));
    TencentCloudSpec spec = YAML.readValue(block, TencentCloudSpec.class);
    return new TencentPlatformCheck(spec, secrets, observation, image, before).findings();
  }

  private static CatalogueEntry image(String id, String platform) {
    return new CatalogueEntry(id, Map.of("platform", platform));
  }

  private static Observation.Details onDisk(Optional<String> type) {
    return new Observation.Details(
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(new Observation.Disk(Optional.empty(), type, Optional.of(50))),
        List.of(),
        Optional.empty(),
        false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Windows", "windows", "Windows Server", "Microsoft WINDOWS"})
  void windows_is_known_by_its_word_however_it_is_written(String word) throws IOException {
    assertThat(check(word, KEYS))
        .containsExactly(
            Finding.invalid(
                "spec.tencentCloud.loginSettings.keyIds",
                "keyIds must be left out: img-wanted01 is Windows."));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"TencentOS", "CentOS", "ubuntu", "Debian", "OpenSUSE", "SUSE", "Other Linux"})
  void linux_is_known_by_its_words(String word) throws IOException {
    assertThat(check(word, KEYS + "\nhostName: a.b")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"FreeBSD", "Unknown", ""})
  void what_depends_on_an_unknown_platform_stops_no_request(String word) throws IOException {
    secrets.put(LOGIN, SecretBytes.ofText("aB1!aB1!"));
    String unknown =
        " if img-wanted01 is Windows, which is not known (Platform "
            + (word.isEmpty() ? "missing" : word)
            + ").";
    assertThat(check(word, KEYS))
        .containsExactly(
            Finding.unchecked(
                "spec.tencentCloud.loginSettings.keyIds", "keyIds must be left out" + unknown));
    assertThat(check(word, PASSWORD + "\nhostName: a.b"))
        .containsExactly(
            Finding.unchecked(
                "spec.tencentCloud.hostName",
                "hostName must be 2 to 15 letters, digits and single hyphens, not only digits"
                    + unknown),
            Finding.unchecked(
                PASSWORD_FIELD,
                "Secret login, key password, must contain a password of 12 to 30 characters"
                    + unknown));
    assertThat(check(word, "hostName: web-1")).isEmpty();
  }

  @Test
  void a_password_that_only_one_page_rejects_for_linux_is_a_warning() throws IOException {
    secrets.put(LOGIN, SecretBytes.ofText("aaaa1111"));
    assertThat(check("Debian", PASSWORD))
        .containsExactly(
            Finding.warning(
                PASSWORD_FIELD,
                "Secret login, key password, must contain a password with at least 3 of these:"
                    + " lower-case letters, upper-case letters, digits, special characters. This is"
                    + " a rule of one page of the cloud; the others require 2, so the cloud may"
                    + " accept it."));
    secrets.put(LOGIN, SecretBytes.ofText("aaaaaaaa"));
    assertThat(check("Debian", PASSWORD)).as("an error already, without a catalogue").isEmpty();
    secrets.put(LOGIN, SecretBytes.ofText("aaaA1111"));
    assertThat(check("Debian", PASSWORD)).isEmpty();
  }

  /** The Secret may exist already, and have another one. */
  @Test
  void a_generated_password_is_checked_by_the_same_rules() throws IOException {
    String block = "loginSettings: {generatePassword: {secretName: login, key: password}}";
    assertThat(check("Windows", block)).as("there is none yet").isEmpty();
    secrets.put(LOGIN, SecretBytes.ofText("aB1!aB1!"));
    assertThat(check("Windows", block))
        .extracting(Finding::field, Finding::kind)
        .containsExactly(
            tuple("spec.tencentCloud.loginSettings.generatePassword", Finding.Kind.CORRECTABLE));
    secrets.put(LOGIN, SecretBytes.ofText("aaaa1111"));
    assertThat(check("Debian", block))
        .extracting(Finding::field, Finding::kind)
        .containsExactly(
            tuple("spec.tencentCloud.loginSettings.generatePassword", Finding.Kind.WARNING));
  }

  /** NONE: no finding. */
  @ParameterizedTest
  @CsvSource({
    "CLOUD_HSSD, Windows, Debian, INVALID",
    "CLOUD_HSSD, Debian, Windows, INVALID",
    "CLOUD_HSSD, Ubuntu, Debian, NONE",
    "CLOUD_HSSD, FreeBSD, Debian, UNCHECKED",
    "CLOUD_HSSD, Debian, FreeBSD, UNCHECKED",
    "CLOUD_HSSD, FreeBSD, FreeBSD, UNCHECKED",
    "CLOUD_HSSD, '', Debian, UNCHECKED",
    "CLOUD_SSD, Windows, Debian, NONE",
    "CLOUD_SSD, '', Debian, NONE",
    "'', Windows, Debian, UNCHECKED",
    "'', '', Debian, UNCHECKED",
    "'', Ubuntu, Debian, NONE"
  })
  void a_change_of_the_platform_is_an_error_only_where_all_is_known(
      String diskType, String before, String after, String kind) throws IOException {
    assertThat(change(diskType, before, after))
        .extracting(finding -> finding.kind().name())
        .isEqualTo(kind.equals("NONE") ? List.of() : List.of(kind));
  }

  @Test
  void what_is_not_known_of_a_change_is_named() throws IOException {
    assertThat(change("CLOUD_HSSD", "", "Debian"))
        .containsExactly(
            Finding.unchecked(
                "spec.tencentCloud.imageId",
                "A system disk of type CLOUD_HSSD cannot change between Linux and Windows, and"
                    + " whether the installed image is Linux or Windows is not known."));
    assertThat(change("", "Windows", "Debian"))
        .containsExactly(
            Finding.unchecked(
                "spec.tencentCloud.imageId",
                "The cloud does not report the type of the system disk, and not every type can"
                    + " change between Linux and Windows."));
  }
}
