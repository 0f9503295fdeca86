package dev.reinstall.cloud.tencent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.TencentCloudSpec;
import dev.reinstall.cloud.Finding;
import dev.reinstall.cloud.Finding.Kind;
import dev.reinstall.cloud.Observation.Details;
import dev.reinstall.cloud.Observation.Disk;
import dev.reinstall.cloud.SecretBytes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TencentSpecValidatorTest {

  private static final String WITH_SECRETS =
      """
      loginSettings: {passwordRef: {name: login, key: password}}
      userDataRef: {name: boot, key: script}
      """;
  private static final String GENERATED =
      "loginSettings: {generatePassword: {secretName: login, key: password}}";
  private static final SecretKeyRef PASSWORD = new SecretKeyRef("login", "password");
  private static final SecretKeyRef SCRIPT = new SecretKeyRef("boot", "script");

  @Test
  void a_request_without_a_block_refers_to_no_secret() {
    assertThat(TencentSpecValidator.secretKeys(null)).isEmpty();
  }

  @Test
  void a_generated_password_is_checked_as_soon_as_it_is_there() {
    TencentCloudSpec block = TencentCloudTest.spec(GENERATED).tencentCloud();
    assertThat(TencentSpecValidator.secretKeys(block)).containsExactly(PASSWORD);
    assertThat(TencentSpecValidator.generatedPassword(block)).contains(PASSWORD);
    assertThat(TencentSpecValidator.checkSecrets(block, Map.of())).isEmpty();
    assertThat(
            TencentSpecValidator.checkSecrets(block, Map.of(PASSWORD, SecretBytes.ofText("weak"))))
        .extracting(Finding::field)
        .containsOnly("spec.tencentCloud.loginSettings.generatePassword");
    assertThat(TencentSpecValidator.generatedPassword(null)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "passwordRef: {name: other, key: password}",
        "keyIds: [skey-aaaaaaaa]",
        "keepImageLogin: false"
      })
  void a_generated_password_is_the_only_login(String other) {
    assertThat(TencentSpecValidator.validate(TencentCloudTest.spec(GENERATED))).isEmpty();
    assertThat(
            TencentSpecValidator.validate(
                TencentCloudTest.spec(GENERATED.replace("{gen", "{" + other + ", gen"))))
        .contains(TencentCloudSpec.ONE_LOGIN_MESSAGE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ins-",
        "ins-r8hr2up",
        "ins-r8hr2upyy",
        "INS-r8hr2upy",
        "ins-r8hr2upy\n",
        "../x"
      })
  void a_malformed_instance_id_is_refused(String id) {
    assertThat(TencentSpecValidator.validateIds("ap-guangzhou", id).orElseThrow())
        .contains("instanceId");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ap", "AP-guangzhou", "ap-guangzhou.evil.example", "ap_x", "ap-x\n"})
  void a_malformed_region_is_refused(String region) {
    assertThat(TencentSpecValidator.validateIds(region, "ins-r8hr2upy").orElseThrow())
        .contains("region");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          systemDisk: {diskSize: 40} | CLOUD_PREMIUM | 50 | systemDisk.diskSize must be at least 50, the size of the system disk in GiB, not 40: the cloud cannot make a disk smaller
          systemDisk: {diskSize: 50} | CLOUD_PREMIUM | 50 | ''
          systemDisk: {diskSize: 60} | CLOUD_PREMIUM | 50 | ''
          systemDisk: {diskSize: 40} |               |    | ''
          systemDisk: {diskSize: 40} |               | 50 | systemDisk.diskSize must be at least 50, the size of the system disk in GiB, not 40: the cloud cannot make a disk smaller
          systemDisk: {diskSize: 60} | LOCAL_BASIC   | 50 | systemDisk must be left out: the server has a local system disk (LOCAL_BASIC), whose size the cloud cannot change
          systemDisk: {diskSize: 50} | LOCAL_SSD     |    | systemDisk must be left out: the server has a local system disk (LOCAL_SSD), whose size the cloud cannot change
          imageId: img-pmqg1cw7      | LOCAL_BASIC   | 50 | ''
          """)
  void a_disk_is_neither_made_smaller_nor_changed_where_the_cloud_cannot(
      String block, String type, Integer size, String says) {
    Details details =
        details(
            new Disk(Optional.empty(), Optional.ofNullable(type), Optional.ofNullable(size)),
            Optional.empty(),
            false);
    assertThat(messages(TencentSpecValidator.checkServer(TencentCloudTest.spec(block), details)))
        .isEqualTo(says);
  }

  private static Details details(Disk system, Optional<String> restriction, boolean notCharged) {
    return new Details(
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(system),
        List.of(),
        restriction,
        notCharged);
  }

  @Test
  void all_that_is_wrong_with_a_server_is_found_at_once() {
    Disk disk = new Disk(Optional.empty(), Optional.empty(), Optional.of(50));
    List<Finding> findings =
        TencentSpecValidator.checkServer(
            TencentCloudTest.spec("systemDisk: {diskSize: 40}"),
            details(disk, Optional.of("EXPIRED"), true));

    assertThat(findings)
        .extracting(Finding::kind)
        .containsExactly(Kind.INVALID, Kind.CORRECTABLE, Kind.CORRECTABLE);
    assertThat(messages(findings)).contains("at least 50", "EXPIRED", "KEEP_CHARGING");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Wait | Start the server, and stop it again in mode KEEP_CHARGING.
          Stop | Start the server; it is then stopped for this request in mode KEEP_CHARGING.
          Fail | Set spec.suspend to true (in Git first), start the server, stop it again in mode KEEP_CHARGING, and set spec.suspend to false.
          """)
  void the_way_out_of_a_stop_without_charge_depends_on_what_the_request_does(
      WhenRunning whenRunning, String remedy) {
    assertThat(TencentSpecValidator.charged(whenRunning)).isEqualTo(remedy);
  }

  private static String messages(List<Finding> findings) {
    return findings.stream().map(Finding::message).collect(Collectors.joining(" "));
  }

  @Test
  void the_secret_keys_of_a_request_are_its_password_and_its_user_data() {
    assertThat(TencentSpecValidator.secretKeys(TencentCloudTest.spec(WITH_SECRETS).tencentCloud()))
        .containsExactly(PASSWORD, SCRIPT);
    assertThat(TencentSpecValidator.secretKeys(TencentCloudTest.spec("{}").tencentCloud()))
        .isEmpty();
  }

  @Test
  void good_contents_have_no_complaint() {
    for (String password : List.of("zzzzzzz9", "zzzz zz9\r\n", "Z" + "z".repeat(29))) {
      assertThat(unusable(password, "x".repeat(16384))).isEmpty();
    }
    assertThat(
            TencentSpecValidator.checkSecrets(TencentCloudTest.spec("{}").tencentCloud(), Map.of()))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''       | the password; it is empty
          zzzzzz9  | a password of 8 to 30 characters
          zzzzzzzzzzzzzzzzzzzzzzzzzzzzzz9 | a password of 8 to 30 characters
          zzzzzzzz | a password with at least 2 of these: lower-case letters, upper-case letters, digits, special characters
          /zzzzzz9 | a password that does not start with a slash
          """)
  void a_weak_password_is_told_by_secret_and_key_and_not_quoted(String password, String must) {
    assertThat(unusable(password, "a"))
        .isEqualTo("Secret login, key password, must contain " + must + ".");
  }

  /** The API server has the same rules for userData. */
  @ParameterizedTest
  @MethodSource("wrongUserData")
  void user_data_in_a_secret_is_refused_by_secret_and_key(String data, String must) {
    assertThat(unusable("zzzzzzz9", data)).isEqualTo("Secret boot, key script, " + must + ".");
  }

  static List<String[]> wrongUserData() {
    String length = "must have 1 to 16384 bytes of user data";
    String base64 = "must be plain text, not Base64; the operator encodes it";
    return List.of(
        new String[] {"", length},
        new String[] {"z".repeat(16385), length},
        new String[] {"\u00e9".repeat(8193), length},
        new String[] {"IyEvYmluL2Jhc2gKZWNobyBoaQo=", base64},
        new String[] {"  IyEvYmluL2Jhc2gK\nZWNobyBoaQo=\n", base64},
        new String[] {"I2Nsb3VkLWNvbmZpZwo=", base64},
        new String[] {"I2luY2x1ZGUKaHR0cHM6Ly9hLmV4YW1wbGUvYgo=", base64},
        new String[] {"IyMgdGVtcGxhdGU6IGppbmphCg==", base64},
        new String[] {"I3BzMQpkaXIK", base64},
        new String[] {"I3BzMV9zeXNuYXRpdmUKZGlyCg==", base64},
        new String[] {"PHBvd2Vyc2hlbGw+", base64},
        new String[] {"PHNjcmlwdD4=", base64},
        new String[] {"Q29udGVudC1UeXBlOiBtdWx0aXBhcnQvbWl4ZWQK", base64},
        new String[] {"TUlNRS1WZXJzaW9uOiAxLjAK", base64},
        new String[] {"H4sIAAAAAAAAA1NW1E/KzNNPSizO4AIAC2wO8gwAAAA=", base64});
  }

  /** cloud-init unpacks it, so it must arrive byte for byte. */
  @Test
  void user_data_in_gzip_is_taken_from_a_secret() {
    SecretBytes zipped = SecretBytes.ofBase64("H4sIAAAAAAAAA1NW1E/KzNNPSizO4AIAC2wO8gwAAAA=");
    assertThat(
            TencentSpecValidator.checkSecrets(
                TencentCloudTest.spec(WITH_SECRETS).tencentCloud(),
                Map.of(PASSWORD, SecretBytes.ofText("zzzzzzz9"), SCRIPT, zipped)))
        .isEmpty();
  }

  @Test
  void what_could_be_read_is_checked_although_another_secret_is_missing() {
    TencentCloudSpec block = TencentCloudTest.spec(WITH_SECRETS).tencentCloud();
    assertThat(TencentSpecValidator.checkSecrets(block, Map.of())).isEmpty();
    assertThat(
            messages(
                TencentSpecValidator.checkSecrets(
                    block, Map.of(PASSWORD, SecretBytes.ofText("weak")))))
        .startsWith("Secret login, key password, ")
        .doesNotContain("Secret boot");
  }

  private static String unusable(String password, String script) {
    return messages(
        TencentSpecValidator.checkSecrets(
            TencentCloudTest.spec(WITH_SECRETS).tencentCloud(),
            Map.of(PASSWORD, SecretBytes.ofText(password), SCRIPT, SecretBytes.ofText(script))));
  }
}
