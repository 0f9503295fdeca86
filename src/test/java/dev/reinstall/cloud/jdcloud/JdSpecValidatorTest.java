package dev.reinstall.cloud.jdcloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.JdCloudSpec;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.cloud.Finding;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Details;
import dev.reinstall.cloud.Observation.Power;
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

class JdSpecValidatorTest {

  private static final String BLOCK = JdCloudTest.BLOCK;
  private static final String GENERATED =
      BLOCK.replace("passwordRef: {name", "generatePassword: {secretName");
  private static final SecretKeyRef PASSWORD = new SecretKeyRef("login", "password");
  private static final SecretKeyRef SCRIPT = new SecretKeyRef("boot", "script");

  @Test
  void a_request_without_a_block_refers_to_no_secret() {
    assertThat(JdSpecValidator.secretKeys(null)).isEmpty();
  }

  @Test
  void a_generated_password_is_checked_as_soon_as_it_is_there() {
    JdCloudSpec block = JdCloudTest.spec(GENERATED).jdCloud();
    assertThat(JdSpecValidator.secretKeys(block)).containsExactly(PASSWORD);
    assertThat(JdSpecValidator.generatedPassword(block)).contains(PASSWORD);
    assertThat(JdSpecValidator.checkSecrets(block, Map.of())).isEmpty();
    assertThat(JdSpecValidator.checkSecrets(block, Map.of(PASSWORD, SecretBytes.ofText("weak"))))
        .extracting(Finding::field)
        .containsOnly("spec.jdCloud.generatePassword");
    assertThat(JdSpecValidator.generatedPassword(null)).isEmpty();
  }

  @Test
  void exactly_one_password_is_named() {
    assertThat(JdSpecValidator.validate(JdCloudTest.spec(BLOCK))).isEmpty();
    assertThat(JdSpecValidator.validate(JdCloudTest.spec(GENERATED))).isEmpty();
    assertThat(
            JdSpecValidator.validate(
                JdCloudTest.spec(GENERATED + "passwordRef: {name: other, key: password}\n")))
        .contains(JdCloudSpec.ONE_PASSWORD_MESSAGE);
    assertThat(
            JdSpecValidator.validate(JdCloudTest.spec(BLOCK.replaceFirst("passwordRef:.*\n", ""))))
        .contains(JdCloudSpec.ONE_PASSWORD_MESSAGE);
  }

  /** They are parts of a URL. */
  @ParameterizedTest
  @ValueSource(strings = {"", ".", "../x", "a/b", "a?b", "a&b", "a:b", "a%2fb", "a b", "a\n"})
  void a_malformed_instance_id_is_refused(String id) {
    assertThat(JdSpecValidator.validateIds("cn-east-tz1", id).orElseThrow()).contains("instanceId");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "cn", "CN-east", "cn-east.evil.example", "cn_x", "cn-x/y", "cn-x\n"})
  void a_malformed_region_is_refused(String region) {
    assertThat(JdSpecValidator.validateIds(region, "cps-abc123").orElseThrow()).contains("region");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          true  | raid-2 | ''
          true  | raid-1 | keepData: true requires dataRaidTypeId to be the current RAID raid-1, not raid-2
          true  |        | keepData: true requires dataRaidTypeId to be the current RAID, but the cloud does not report the current RAID; with keepData: false the data disks are erased
          false | raid-1 | ''
          false |        | ''
          """)
  void data_is_kept_only_on_the_raid_that_is_known_to_be_installed(
      String keepData, String installed, String says) {
    var observation =
        new Observation(
            Power.STOPPED,
            "stopped",
            installed == null ? Map.of() : Map.of("dataRaidTypeId", installed),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    assertThat(
            messages(
                JdSpecValidator.checkServer(
                    JdCloudTest.spec(BLOCK.replace("true", keepData)).jdCloud(), observation)))
        .isEqualTo(says);
  }

  @ParameterizedTest
  @CsvSource({
    "cn-east-tz1a, ''",
    ", ''",
    "cn-east-tz1b, 'az must be the zone of the server, cn-east-tz1b, not cn-east-tz1a'"
  })
  void the_zone_must_be_that_of_the_server(String zone, String says) {
    var observation =
        new Observation(
            Power.RUNNING,
            "running",
            Map.of("dataRaidTypeId", "raid-2"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            inZone(Optional.ofNullable(zone)));
    assertThat(
            messages(JdSpecValidator.checkServer(JdCloudTest.spec(BLOCK).jdCloud(), observation)))
        .isEqualTo(says);
  }

  /** No page says that the cloud rejects them. */
  @ParameterizedTest
  @CsvSource({"overdue, 1", "arrear, 1", "another, 0", ", 0"})
  void a_debt_of_the_account_is_a_warning(String word, int findings) {
    var observation =
        new Observation(
            Power.RUNNING,
            "running",
            Map.of("dataRaidTypeId", "raid-2"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            details(Optional.empty(), Optional.ofNullable(word)));
    assertThat(JdSpecValidator.checkServer(JdCloudTest.spec(BLOCK).jdCloud(), observation))
        .hasSize(findings)
        .allSatisfy(
            finding ->
                assertThat(finding)
                    .isEqualTo(
                        Finding.warning(
                            "spec.instanceId",
                            "The charge status of the server is "
                                + word
                                + ", and the cloud may reject the reinstall: clear the account's"
                                + " debt.")));
  }

  private static Details inZone(Optional<String> zone) {
    return details(zone, Optional.empty());
  }

  private static Details details(Optional<String> zone, Optional<String> restriction) {
    return new Details(
        Optional.empty(),
        List.of(),
        Optional.empty(),
        zone,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        restriction,
        false);
  }

  private static String messages(List<Finding> findings) {
    return findings.stream().map(Finding::message).collect(Collectors.joining(" "));
  }

  @Test
  void the_secret_keys_of_a_request_are_its_password_and_its_user_data() {
    assertThat(
            JdSpecValidator.secretKeys(
                JdCloudTest.spec(BLOCK + "userDataRef: {name: boot, key: script}").jdCloud()))
        .containsExactly(PASSWORD, SCRIPT);
    assertThat(JdSpecValidator.secretKeys(JdCloudTest.spec(BLOCK).jdCloud()))
        .containsExactly(PASSWORD);
  }

  @Test
  void good_contents_have_no_complaint() {
    for (String password : List.of("Zq9zzzzz", "Zq9" + "z".repeat(27), "Zq9zzzzz\n")) {
      assertThat(unusable(password, "#!/bin/bash\necho \u00e9\r\n")).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''       | the password; it is empty
          Zq9zzzz  | a password of 8 to 30 characters
          Zq9zzzzzzzzzzzzzzzzzzzzzzzzzzzz | a password of 8 to 30 characters
          zzzzzzzz | a password with at least 3 of these: lower-case letters, upper-case letters, digits, special characters
          zzzzzzz9 | a password with at least 3 of these: lower-case letters, upper-case letters, digits, special characters
          """)
  void a_weak_password_is_told_by_secret_and_key_and_not_quoted(String password, String must) {
    assertThat(unusable(password, "#!/bin/bash"))
        .isEqualTo("Secret login, key password, must contain " + must + ".");
  }

  /** The API server has the same rules for userData. */
  @ParameterizedTest
  @MethodSource("wrongUserData")
  void user_data_in_a_secret_is_refused_by_secret_and_key(String data, String must) {
    assertThat(unusable("Zq9zzzzz", data)).isEqualTo("Secret boot, key script, " + must + ".");
  }

  static List<String[]> wrongUserData() {
    String length = "must have 1 to 16384 bytes of user data";
    String base64 = "must be plain text, not Base64; the operator encodes it";
    String script =
        "must be plain text whose first line is exactly #!/bin/bash or #!/usr/bin/env python";
    String lineFeed =
        "must not have a carriage return in its first line; save it with line feeds (LF) as line"
            + " ends, not CRLF";
    String mark =
        "must not begin with a byte order mark (U+FEFF); save it as UTF-8 without this mark";
    return List.of(
        new String[] {"", length},
        new String[] {"#!/bin/bash\n" + "z".repeat(16384), length},
        new String[] {"#!/bin/bash\n" + "\u00e9".repeat(8187), length},
        new String[] {"IyEvYmluL2Jhc2gKZWNobyBoaQo=", base64},
        new String[] {"zzz", script},
        new String[] {"#!/bin/sh\n", script},
        new String[] {"#!/bin/bash\r\necho hi\r\n", lineFeed},
        new String[] {"#!/bin/bash\r\n", lineFeed},
        new String[] {"#!/bin/bash\r", lineFeed},
        new String[] {"#!/bin/bash\recho hi\r", lineFeed},
        new String[] {"#!/bin/bash -e\n", script},
        new String[] {"#!/usr/bin/env python3\nprint(1)\n", script},
        new String[] {"\n#!/bin/bash\n", script},
        new String[] {"\ufeff#!/bin/bash\n", mark},
        new String[] {"\ufeff#!/bin/bash\r\necho hi\r\n", mark});
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "#!/bin/bash",
        "#!/usr/bin/env python",
        "#!/bin/bash\necho hi",
        "#!/bin/bash\necho hi\r\n",
        "#!/bin/bash\n\ufeff"
      })
  void what_follows_the_first_line_is_sent_as_it_is(String data) {
    assertThat(
            JdSpecValidator.checkSecrets(
                WITH_SCRIPT,
                Map.of(PASSWORD, SecretBytes.ofText("Zq9zzzzz"), SCRIPT, SecretBytes.ofText(data))))
        .isEmpty();
  }

  /** A first line and 0xff; Latin-1; UTF-16 with its mark; gzip. */
  @ParameterizedTest
  @ValueSource(strings = {"IyEvYmluL2Jhc2gK/w==", "IyEvYmluL2Jhc2gK5A==", "/v8AIwAh", "H4sIAAA="})
  void user_data_that_is_not_utf_8_is_refused(String base64) {
    SecretBytes data = SecretBytes.ofBase64(base64);
    assertThat(
            messages(
                JdSpecValidator.checkSecrets(
                    WITH_SCRIPT, Map.of(PASSWORD, SecretBytes.ofText("Zq9zzzzz"), SCRIPT, data))))
        .isEqualTo(
            "Secret boot, key script, must be UTF-8 text; it contains other bytes, such as those of"
                + " Latin-1, UTF-16 or gzip.");
  }

  @Test
  void what_could_be_read_is_checked_although_another_secret_is_missing() {
    assertThat(JdSpecValidator.checkSecrets(WITH_SCRIPT, Map.of())).isEmpty();
    assertThat(
            messages(
                JdSpecValidator.checkSecrets(
                    WITH_SCRIPT, Map.of(PASSWORD, SecretBytes.ofText("weak")))))
        .startsWith("Secret login, key password, ")
        .doesNotContain("Secret boot");
  }

  private static final JdCloudSpec WITH_SCRIPT =
      JdCloudTest.spec(BLOCK + "userDataRef: {name: boot, key: script}").jdCloud();

  private static String unusable(String password, String script) {
    return messages(
        JdSpecValidator.checkSecrets(
            WITH_SCRIPT,
            Map.of(PASSWORD, SecretBytes.ofText(password), SCRIPT, SecretBytes.ofText(script))));
  }
}
