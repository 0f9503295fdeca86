package dev.reinstall.cloud.jdcloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.reinstall.api.CloudName;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.Server;
import dev.reinstall.cloud.CatalogueAnswer;
import dev.reinstall.cloud.CatalogueQuery;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudException.Kind;
import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.Endpoint;
import dev.reinstall.cloud.Finding;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.ReinstallRequest;
import dev.reinstall.cloud.Resolution;
import dev.reinstall.cloud.SecretBytes;
import dev.reinstall.simulator.SimClock;
import dev.reinstall.simulator.SimulatedFault;
import dev.reinstall.simulator.jdcloud.JdCloudSimulator;
import dev.reinstall.simulator.jdcloud.OperatingSystem;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the names of a system and of RAIDs become IDs, by the catalogues of the simulated cloud. */
class JdNamesTest {
  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory()).registerModule(new JavaTimeModule());
  private static final String ID = "cps-abc123";
  private static final Credentials ACCOUNT =
      new Credentials(Map.of("accessKey", "ak", "secretKey", "sk"));
  private static final String NAMES =
      "os: {name: Ubuntu 22.04 64bit}, sysRaid: {name: RAID1}, dataRaid: {name: RAID10}";
  private static final Map<String, String> IDS =
      Map.of("osTypeId", "os-2", "sysRaidTypeId", "raid-1", "dataRaidTypeId", "raid-4");

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
  private final Map<CatalogueQuery, CatalogueAnswer> answers = new HashMap<>();
  private Observation observation;

  JdNamesTest() {
    simulator.newServer(ID).running();
  }

  @AfterEach
  void close() {
    simulator.close();
  }

  private static ReinstallSpec spec(String fields) throws Exception {
    return spec(fields, false);
  }

  private static ReinstallSpec spec(String fields, boolean keepData) throws Exception {
    return YAML.readValue(
        """
        cloud: JDCloud
        region: cn-east-tz1
        instanceId: cps-abc123
        credentialsRef: {name: jd}
        notAfter: "2027-06-01T00:00:00Z"
        jdCloud:
          {az: cn-east-tz1a, keepData: %s, passwordRef: {name: login, key: password}, %s}
        """
            .formatted(keepData, fields),
        ReinstallSpec.class);
  }

  private Resolution resolve(ReinstallSpec spec) throws Exception {
    observation =
        cloud.client().describe(ACCOUNT, new Server(CloudName.JDCloud, "cn-east-tz1", ID));
    for (CatalogueQuery query : cloud.catalogueQueries(spec, observation)) {
      answers.put(query, ask(query));
    }
    return cloud.resolve(spec, observation, answers);
  }

  private CatalogueAnswer ask(CatalogueQuery query) {
    try {
      return CatalogueAnswer.of(cloud.client().catalogue(ACCOUNT, List.of(query)).get(query));
    } catch (CloudException e) {
      return CatalogueAnswer.failed(e);
    }
  }

  private List<Finding> check(ReinstallSpec spec, Resolution resolution) {
    ReinstallSpec resolved = cloud.withIds(spec, resolution.ids());
    return cloud.checkCatalogues(resolved, observation, Map.of(), answers);
  }

  @Test
  void system_and_raids_are_taken_by_their_names() throws Exception {
    ReinstallSpec spec = spec(NAMES);

    Resolution resolution = resolve(spec);

    assertThat(resolution).isEqualTo(new Resolution(IDS, List.of()));
    assertThat(check(spec, resolution)).isEmpty();
    assertThat(cloud.names(spec)).containsOnlyKeys(IDS.keySet());
    ReinstallSpec resolved = cloud.withIds(spec, resolution.ids());
    assertThat(cloud.expectedInstallation(resolved)).isEqualTo(IDS);
    assertThat(cloud.plan(resolved, observation, Map.of()).to())
        .isEqualTo(
            Map.of(
                "osTypeId", "Ubuntu 22.04 64bit (os-2)",
                "sysRaidTypeId", "RAID1 (raid-1)",
                "dataRaidTypeId", "RAID10 (raid-4)"));
  }

  @Test
  void names_and_ids_may_be_mixed() throws Exception {
    ReinstallSpec spec = spec("osTypeId: os-9, sysRaid: {name: NORAID}, dataRaidTypeId: raid-2");

    Resolution resolution = resolve(spec);

    assertThat(resolution.ids()).isEqualTo(Map.of("sysRaidTypeId", "raid-3"));
    assertThat(check(spec, resolution))
        .extracting(Finding::field)
        .containsExactly("spec.jdCloud.osTypeId");
  }

  @Test
  void a_raid_of_the_other_volume_has_another_name() throws Exception {
    assertThat(resolve(spec(NAMES.replace("RAID1}", "RAID10}"))).findings())
        .containsExactly(
            Finding.correctable(
                "spec.jdCloud.sysRaid",
                "jdCloud.sysRaid.name must be the name of a RAID of the system volume that the"
                    + " cloud offers for the device type cps.c.normal, exactly as it is listed;"
                    + " there is no \"RAID10\". The nearest names: RAID1 (raid-1), NORAID"
                    + " (raid-3)."));
  }

  @Test
  void two_systems_of_one_name_are_shown_by_their_ids() throws Exception {
    simulator
        .catalogue()
        .add(new OperatingSystem("os-22", "Ubuntu 22.04 64bit", "Ubuntu", "22", "cps.c.normal"));
    assertThat(resolve(spec(NAMES)).findings())
        .containsExactly(
            Finding.correctable(
                "spec.jdCloud.os",
                "jdCloud.os.name must be the name of one entry, but 2 are named \"Ubuntu 22.04"
                    + " 64bit\": os-2, os-22. Create a Reinstall with a new name that has one of"
                    + " these IDs in jdCloud.osTypeId."));
  }

  @Test
  void without_the_permission_nothing_can_be_started() throws Exception {
    simulator.always("describeOS", SimulatedFault.errorCode("PERMISSION_DENIED"));
    ReinstallSpec spec = spec(NAMES);

    Resolution resolution = resolve(spec);

    assertThat(resolution.findings())
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.field()).isEqualTo("spec.jdCloud.os");
              assertThat(found.kind()).isEqualTo(Finding.Kind.CORRECTABLE);
              assertThat(found.message())
                  .contains("cannot be looked up: describeOS failed")
                  .endsWith("If a permission is missing, it is describeOS of edcps.");
            });
    assertThat(check(spec, resolution)).isEmpty();
  }

  @Test
  void data_is_kept_only_on_the_raid_that_is_installed() throws Exception {
    ReinstallSpec other = spec(NAMES, true);
    assertThat(check(other, resolve(other)))
        .extracting(Finding::field)
        .containsExactly("spec.jdCloud.keepData");
    assertThat(cloud.checkServer(other, observation)).as("its ID is not known").isEmpty();
    ReinstallSpec same = spec(NAMES.replace("RAID10", "RAID0"), true);
    assertThat(check(same, resolve(same))).isEmpty();
  }

  @Test
  void nothing_is_looked_up_for_a_device_type_that_is_not_reported() throws Exception {
    resolve(spec(NAMES));
    Observation bare =
        new Observation(
            observation.power(),
            "running",
            Map.of(),
            observation.operation(),
            observation.updateTime(),
            observation.cloudTime());
    assertThat(cloud.resolve(spec(NAMES), bare, Map.of()).findings())
        .hasSize(3)
        .allSatisfy(
            found -> {
              assertThat(found.kind()).isEqualTo(Finding.Kind.CORRECTABLE);
              assertThat(found.message()).contains("does not report the device type");
            });
    assertThat(cloud.checkCatalogues(spec(NAMES), bare, Map.of(), Map.of())).isEmpty();
  }

  @Test
  void a_name_without_its_id_is_not_sent() throws Exception {
    Map<SecretKeyRef, SecretBytes> secrets =
        Map.of(new SecretKeyRef("login", "password"), SecretBytes.ofText("aB1!aB1!"));
    ReinstallRequest request = new ReinstallRequest(spec(NAMES), secrets, "token", Instant.now());
    assertThatThrownBy(() -> ReinstallInstanceBody.body(request))
        .isInstanceOfSatisfying(
            CloudException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_SENT));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sysRaid: {name: a}, dataRaidTypeId: b | exactly one of osTypeId and os must be set
          osTypeId: a, dataRaidTypeId: b | exactly one of sysRaidTypeId and sysRaid must be set
          osTypeId: a, sysRaidTypeId: a, dataRaidTypeId: b, dataRaid: {name: c} | exactly one of dataRaidTypeId and dataRaid must be set
          """)
  void an_object_that_was_stored_without_the_schema_has_one_of_each(String fields, String message)
      throws Exception {
    assertThat(cloud.validateSpec(spec(fields))).contains(message);
  }
}
