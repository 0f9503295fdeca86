package dev.reinstall.cloud.jdcloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.Preconditions;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Power;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JdSpecValidatorTest {

  private static final String BLOCK = JdCloudTest.BLOCK;
  private static final SecretKeyRef PASSWORD = new SecretKeyRef("login", "password");
  private static final SecretKeyRef SCRIPT = new SecretKeyRef("boot", "script");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hostname: a.b-c",
        "keypairId: key-1",
        "userData: '#!/bin/bash'",
        "userData: \"#!/usr/bin/env python\\nprint(1)\"",
        "userDataRef: {name: boot, key: script}"
      })
  void a_valid_request_has_no_validation_error(String more) {
    assertThat(JdSpecValidator.validateSpec(JdCloudTest.spec(BLOCK + more))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"az", "osTypeId", "sysRaidTypeId", "keepData", "dataRaidTypeId", "passwordRef"})
  void every_required_field_must_be_there(String field) {
    String without = BLOCK.replaceAll("(?m)^" + field + ":.*\n", "");
    assertThat(JdSpecValidator.validateSpec(JdCloudTest.spec(without)).orElseThrow())
        .contains(field);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hostname: a | hostname",
        "hostname: a--b | hostname",
        "hostname: a. | hostname",
        "keypairId: '' | keypairId",
        "keypairId: a/b | keypairId",
        "userData: '#!/bin/sh' | #!/bin/bash",
        "userData: '' | userData",
        "userDataRef: {name: boot} | userDataRef"
      })
  void what_is_wrong_is_said_with_what_to_write(String more, String says) {
    assertThat(JdSpecValidator.validateSpec(JdCloudTest.spec(BLOCK + more)).orElseThrow())
        .contains(says);
  }

  @ParameterizedTest
  @CsvSource({",", "img-1,", ",os/1", "img-1,os-1"})
  void preconditions_ask_for_a_system_and_nothing_else(String imageId, String osTypeId) {
    assertThat(JdSpecValidator.validateSpec(onlyFrom(null, "os-1"))).isEmpty();
    assertThat(JdSpecValidator.validateSpec(onlyFrom(imageId, osTypeId)).orElseThrow())
        .isEqualTo(
            "preconditions must contain exactly osTypeId (1 to 64 letters, digits, dots, dashes and"
                + " underscores)");
  }

  private static ReinstallSpec onlyFrom(String imageId, String osTypeId) {
    ReinstallSpec spec = JdCloudTest.spec(BLOCK);
    return new ReinstallSpec(
        spec.cloud(),
        spec.region(),
        spec.instanceId(),
        spec.credentialsRef(),
        spec.notAfter(),
        spec.tencentCloud(),
        spec.jdCloud(),
        spec.whenRunning(),
        spec.powerAfter(),
        new Preconditions(imageId, osTypeId, Map.of()),
        spec.suspend(),
        spec.additionalProperties());
  }

  @Test
  void user_data_is_given_once_and_not_too_long() {
    assertThat(
            JdSpecValidator.validateSpec(
                    JdCloudTest.spec(
                        BLOCK + "userData: '#!/bin/bash'\nuserDataRef: {name: a, key: b}"))
                .orElseThrow())
        .isEqualTo("userData and userDataRef are mutually exclusive");
    assertThat(
            JdSpecValidator.validateSpec(
                    JdCloudTest.spec(BLOCK + "userData: '#!/bin/bash" + "x".repeat(16384) + "'"))
                .orElseThrow())
        .contains("16384");
  }

  @Test
  void the_block_of_this_cloud_must_be_there() {
    assertThat(JdSpecValidator.validateSpec(JdCloudTest.spec("")).orElseThrow())
        .contains("jdCloud");
    assertThat(JdSpecValidator.secretKeys(null)).isEmpty();
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
    Optional<String> unfit =
        JdSpecValidator.validateAgainst(
            JdCloudTest.spec(BLOCK.replace("true", keepData)).jdCloud(), observation);
    if (says.isEmpty()) {
      assertThat(unfit).isEmpty();
    } else {
      assertThat(unfit).contains(says);
    }
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
    for (String password : List.of("x", "x".repeat(64))) {
      assertThat(unusable(Map.of(PASSWORD, password, SCRIPT, "#!/bin/bash\r\n"))).isEmpty();
    }
  }

  @Test
  void bad_contents_are_named_by_secret_and_key_and_not_quoted() {
    for (String password : List.of("", "z".repeat(65))) {
      assertThat(unusable(Map.of(PASSWORD, password, SCRIPT, "#!/bin/bash")))
          .contains("Secret login, key password")
          .doesNotContain("zzz");
    }
    for (String script : List.of("", "zzz", "#!/bin/bash" + "z".repeat(16384))) {
      assertThat(unusable(Map.of(PASSWORD, "x", SCRIPT, script)))
          .contains("Secret boot, key script")
          .doesNotContain("zzz");
    }
    assertThat(unusable(Map.of(PASSWORD, "x"))).contains("Secret boot, key script");
  }

  private static String unusable(Map<SecretKeyRef, String> secrets) {
    return JdSpecValidator.validateSecrets(
            JdCloudTest.spec(BLOCK + "userDataRef: {name: boot, key: script}").jdCloud(), secrets)
        .orElse("");
  }
}
