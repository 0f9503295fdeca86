package dev.reinstall.cloud.jdcloud;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.reinstall.api.CloudName;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.Server;
import dev.reinstall.cloud.CatalogueAnswer;
import dev.reinstall.cloud.CatalogueQuery;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.Endpoint;
import dev.reinstall.cloud.Finding;
import dev.reinstall.cloud.Observation;
import dev.reinstall.simulator.SimClock;
import dev.reinstall.simulator.SimulatedFault;
import dev.reinstall.simulator.jdcloud.JdCloudSimulator;
import dev.reinstall.simulator.jdcloud.OperatingSystem;
import dev.reinstall.simulator.jdcloud.Raid;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the check says of a request, by the catalogues of the simulated cloud. */
class JdCatalogueCheckTest {
  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory()).registerModule(new JavaTimeModule());
  private static final String ID = "cps-abc123";
  private static final Credentials ACCOUNT =
      new Credentials(Map.of("accessKey", "ak", "secretKey", "sk"));

  private final JdCloudSimulator simulator =
      JdCloudSimulator.start(0, SimClock.manual()).account("ak", "sk");
  private final JdCloud cloud =
      new JdCloud(
          new CloudHttp(Duration.ofSeconds(10), Duration.ofSeconds(10)),
          new Endpoint(simulator.endpoint()),
          Duration.ZERO,
          Instant::now,
          UUID::randomUUID,
          JdSignature.JDCLOUD2);

  JdCatalogueCheckTest() {
    simulator.newServer(ID).running();
  }

  @AfterEach
  void close() {
    simulator.close();
  }

  private static ReinstallSpec spec(String system, String systemRaid, String dataRaid)
      throws IOException {
    return YAML.readValue(
        """
        cloud: JDCloud
        region: cn-east-tz1
        instanceId: cps-abc123
        credentialsRef: {name: jd}
        notAfter: "2027-06-01T00:00:00Z"
        jdCloud:
          az: cn-east-tz1a
          osTypeId: %s
          sysRaidTypeId: %s
          keepData: false
          dataRaidTypeId: %s
          passwordRef: {name: login, key: password}
        """
            .formatted(system, systemRaid, dataRaid),
        ReinstallSpec.class);
  }

  private List<Finding> check(String system, String systemRaid, String dataRaid) throws Exception {
    Observation observation =
        cloud.client().describe(ACCOUNT, new Server(CloudName.JDCloud, "cn-east-tz1", ID));
    ReinstallSpec spec = spec(system, systemRaid, dataRaid);
    Map<CatalogueQuery, CatalogueAnswer> answers = new HashMap<>();
    for (CatalogueQuery query : cloud.catalogueQueries(spec, observation)) {
      answers.put(query, ask(query));
    }
    return cloud.checkCatalogues(spec, observation, Map.of(), answers);
  }

  private CatalogueAnswer ask(CatalogueQuery query) {
    try {
      return CatalogueAnswer.of(cloud.client().catalogue(ACCOUNT, List.of(query)).get(query));
    } catch (CloudException e) {
      return CatalogueAnswer.failed(e);
    }
  }

  @Test
  void what_the_cloud_offers_has_no_findings() throws Exception {
    assertThat(check("os-2", "raid-1", "raid-4")).isEmpty();
    assertThat(simulator.calls("describeOS")).isEqualTo(1);
    assertThat(simulator.calls("describeDeviceRaids")).isEqualTo(1);
  }

  @Test
  void a_system_that_is_not_offered_for_the_device_type() throws Exception {
    simulator
        .catalogue()
        .add(new OperatingSystem("os-9", "Debian 12", "Debian", "12", "cps.other"));
    assertThat(check("os-9", "raid-1", "raid-2"))
        .containsExactly(
            Finding.invalid(
                "spec.jdCloud.osTypeId",
                "osTypeId must be a system that the cloud offers for the device type cps.c.normal:"
                    + " os-1 (CentOS 7.9 64bit), os-2 (Ubuntu 22.04 64bit), not os-9."));
  }

  @Test
  void a_raid_of_the_other_volume_or_of_none() throws Exception {
    assertThat(check("os-2", "raid-2", "raid-9"))
        .containsExactly(
            Finding.invalid(
                "spec.jdCloud.sysRaidTypeId",
                "sysRaidTypeId must be a RAID of the system volume that the cloud offers for the"
                    + " device type cps.c.normal: raid-1 (RAID1), raid-3 (NORAID), not raid-2."),
            Finding.invalid(
                "spec.jdCloud.dataRaidTypeId",
                "dataRaidTypeId must be a RAID of the data volume that the cloud offers for the"
                    + " device type cps.c.normal: raid-2 (RAID0), raid-4 (RAID10), not raid-9."));
    assertThat(check("os-2", "raid-1", "raid-1")).hasSize(1);
  }

  @Test
  void a_raid_without_a_volume_type_fits_both_volumes() throws Exception {
    simulator.catalogue().add(new Raid("raid-9", "RAID5", "", "cps.c.normal"));
    assertThat(check("os-2", "raid-9", "raid-9")).isEmpty();
  }

  @Test
  void a_long_list_of_offers_is_cut() throws Exception {
    for (int i = 10; i < 20; i++) {
      simulator
          .catalogue()
          .add(new OperatingSystem("os-" + i, "Debian", "Debian", "12", "cps.c.normal"));
    }
    assertThat(check("os-9", "raid-1", "raid-2"))
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.message())
                    .contains("os-12 (Debian) or one of 7 others, not os-9."));
  }

  @Test
  void a_catalogue_that_lists_nothing_proves_nothing() throws Exception {
    simulator.catalogue().removeSystem("os-1").removeSystem("os-2");
    assertThat(check("os-2", "raid-1", "raid-2"))
        .containsExactly(
            Finding.unchecked(
                "spec.jdCloud.osTypeId",
                "osTypeId cannot be checked: describeOS lists nothing for the device type"
                    + " cps.c.normal."));
  }

  @Test
  void a_catalogue_that_may_not_be_read_is_one_finding_with_the_permission() throws Exception {
    simulator.deny("ak", "describeOS", "describeDeviceRaids");
    assertThat(check("os-9", "raid-9", "raid-9"))
        .containsExactly(
            Finding.unchecked(
                "spec.jdCloud.osTypeId",
                "jdCloud.osTypeId is not checked: describeOS failed (HTTP 403"
                    + " PERMISSION_DENIED). If a permission is missing, it is describeOS of"
                    + " edcps."),
            Finding.unchecked(
                "spec.jdCloud.sysRaidTypeId",
                "jdCloud.sysRaidTypeId is not checked: describeDeviceRaids failed (HTTP 403"
                    + " PERMISSION_DENIED). If a permission is missing, it is describeDeviceRaids"
                    + " of edcps."));
  }

  @Test
  void a_catalogue_that_cannot_be_read_is_one_without() throws Exception {
    simulator.always("describeOS", SimulatedFault.errorCode("RATE_LIMIT"));
    assertThat(check("os-9", "raid-1", "raid-2"))
        .containsExactly(
            Finding.unchecked(
                "spec.jdCloud.osTypeId",
                "jdCloud.osTypeId is not checked: describeOS failed (HTTP 429" + " RATE_LIMIT)."));
  }

  @Test
  void a_server_whose_device_type_is_not_known_is_not_checked() throws Exception {
    Observation unknown =
        new Observation(
            Observation.Power.RUNNING,
            "running",
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    ReinstallSpec spec = spec("os-2", "raid-1", "raid-2");
    assertThat(cloud.catalogueQueries(spec, unknown)).isEmpty();
    assertThat(cloud.checkCatalogues(spec, unknown, Map.of(), Map.of()))
        .containsExactly(
            Finding.unchecked(
                "spec.jdCloud.osTypeId",
                "osTypeId, sysRaidTypeId and dataRaidTypeId are not checked: the cloud does not"
                    + " report the device type of the server."));
  }
}
