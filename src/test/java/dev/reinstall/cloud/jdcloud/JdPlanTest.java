package dev.reinstall.cloud.jdcloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.PlannedInstallation;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.cloud.SecretBytes;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JdPlanTest {
  private static final String BLOCK =
      """
      az: cn-east-tz1a
      osTypeId: os-2
      sysRaidTypeId: raid-1
      keepData: false
      dataRaidTypeId: raid-2
      passwordRef: {name: login, key: password}
      """;

  @Test
  void system_and_data_disks_are_wiped() {
    PlannedInstallation plan = plan(BLOCK + "keypairId: key-1\nhostname: web-1\n", "raid-9");

    assertThat(plan.from()).containsEntry("dataRaidTypeId", "raid-9");
    assertThat(plan.to())
        .isEqualTo(
            Map.of("osTypeId", "os-2", "sysRaidTypeId", "raid-1", "dataRaidTypeId", "raid-2"));
    assertThat(plan.wipedDisks()).containsExactly("system disks", "data disks");
    assertThat(plan.keptDisks()).isEmpty();
    assertThat(plan.changes())
        .containsExactly(
            "RAID of the system disks: raid-1", "RAID of the data disks: raid-9 -> raid-2");
    assertThat(plan.login()).isEqualTo("password of Secret login, key password; key pair key-1");
    assertThat(plan.hostname()).isEqualTo("web-1");
  }

  @Test
  void data_disks_are_kept_where_the_spec_says_so() {
    PlannedInstallation plan = plan(BLOCK.replace("false", "true"), "raid-2");

    assertThat(plan.wipedDisks()).containsExactly("system disks");
    assertThat(plan.keptDisks()).containsExactly("data disks");
    assertThat(plan.changes()).containsExactly("RAID of the system disks: raid-1");
  }

  @Test
  void it_says_whether_the_secret_of_a_generated_password_exists() {
    String block = BLOCK.replace("passwordRef: {name", "generatePassword: {secretName");
    assertThat(plan(block + "keypairId: key-1\n", "raid-2").login())
        .isEqualTo(
            "password of Secret login, key password, which will be generated if the Secret does not"
                + " exist; key pair key-1");
    assertThat(
            JdPlan.of(
                    JdCloudTest.spec(block).jdCloud(),
                    server("raid-2"),
                    Map.of(new SecretKeyRef("login", "password"), SecretBytes.ofText("hi")))
                .login())
        .isEqualTo("password of Secret login, key password, which exists");
  }

  private static PlannedInstallation plan(String block, String dataRaid) {
    return JdPlan.of(JdCloudTest.spec(block).jdCloud(), server(dataRaid), Map.of());
  }

  private static Observation server(String dataRaid) {
    return new Observation(
        Power.STOPPED,
        "stopped",
        Map.of("dataRaidTypeId", dataRaid),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
