package dev.reinstall.cloud.jdcloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.PlannedInstallation;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Power;
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

  private static PlannedInstallation plan(String block, String dataRaid) {
    Observation server =
        new Observation(
            Power.STOPPED,
            "stopped",
            Map.of("dataRaidTypeId", dataRaid),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return JdPlan.of(JdCloudTest.spec(block).jdCloud(), server, Map.of());
  }
}
