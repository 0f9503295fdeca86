package dev.reinstall.cloud.tencent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.PlannedInstallation;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Details;
import dev.reinstall.cloud.Observation.Disk;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.cloud.SecretBytes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TencentPlanTest {
  private static final Observation SERVER =
      new Observation(
          Power.RUNNING,
          "RUNNING",
          Map.of("imageId", "img-old00000"),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          new Details(
              Optional.of("web-1"),
              List.of("10.0.0.7"),
              Optional.of("TencentOS 4"),
              Optional.empty(),
              Optional.empty(),
              Optional.of(
                  new Disk(Optional.of("disk-s"), Optional.of("CLOUD_SSD"), Optional.of(50))),
              List.of(new Disk(Optional.of("disk-d"), Optional.empty(), Optional.of(200))),
              Optional.empty(),
              false));

  @Test
  void the_system_disk_is_wiped_and_data_disks_are_kept() {
    PlannedInstallation plan =
        plan("imageId: img-new00000, systemDisk: {diskSize: 100}, hostName: web-1");

    assertThat(plan.from()).isEqualTo(Map.of("imageId", "img-old00000", "system", "TencentOS 4"));
    assertThat(plan.to()).isEqualTo(Map.of("imageId", "img-new00000"));
    assertThat(plan.wipedDisks()).containsExactly("system disk disk-s (CLOUD_SSD, 50 GiB)");
    assertThat(plan.keptDisks()).containsExactly("data disk disk-d (200 GiB)");
    assertThat(plan.changes()).containsExactly("system disk: 50 GiB -> 100 GiB");
    assertThat(plan.hostname()).isEqualTo("web-1");
  }

  @Test
  void what_the_spec_leaves_out_stays_as_it_is() {
    PlannedInstallation plan = plan("systemDisk: {diskSize: 50}");

    assertThat(plan.to()).isEqualTo(Map.of("imageId", "img-old00000"));
    assertThat(plan.changes()).isEmpty();
    assertThat(plan.hostname()).isNull();
    assertThat(plan.userData()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          loginSettings: {passwordRef: {name: login, key: password}} | password of Secret login, key password
          loginSettings: {generatePassword: {secretName: login, key: password}} | password of Secret login, key password, which will be generated if the Secret does not exist
          loginSettings: {keyIds: [skey-aaaaaaaa, skey-bbbbbbbb]} | key pairs skey-aaaaaaaa, skey-bbbbbbbb
          loginSettings: {keepImageLogin: true} | login settings of the image
          loginSettings: {keepImageLogin: false} | a password that the cloud makes and sends to the message center of the account
          hostName: web-1 | a password that the cloud makes and sends to the message center of the account
          """)
  void it_says_how_to_log_in(String block, String login) {
    assertThat(plan(block).login()).isEqualTo(login);
  }

  @Test
  void it_says_that_the_secret_of_a_generated_password_exists() {
    assertThat(
            TencentPlan.of(
                    TencentCloudTest.spec(
                            "loginSettings: {generatePassword: {secretName: login, key: word}}")
                        .tencentCloud(),
                    SERVER,
                    Map.of(new SecretKeyRef("login", "word"), SecretBytes.ofText("hi")))
                .login())
        .isEqualTo("password of Secret login, key word, which exists");
  }

  @Test
  void user_data_is_shown_by_its_size_and_digest() {
    String digest =
        "2 bytes, SHA-256 8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4";

    assertThat(plan("userData: hi").userData()).isEqualTo(digest);
    SecretKeyRef ref = new SecretKeyRef("boot", "script");
    assertThat(
            TencentPlan.of(
                    TencentCloudTest.spec("userDataRef: {name: boot, key: script}").tencentCloud(),
                    SERVER,
                    Map.of(ref, SecretBytes.ofText("hi")))
                .userData())
        .isEqualTo(digest);
  }

  private static PlannedInstallation plan(String block) {
    return TencentPlan.of(
        TencentCloudTest.spec("{" + block + "}").tencentCloud(), SERVER, Map.of());
  }
}
