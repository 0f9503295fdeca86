package dev.reinstall.simulator.jdcloud;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reinstall.simulator.SimClock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JdCatalogueTest {
  private static final String ID = "cps-abc123";
  private static final String REGION = "/v1/regions/cn-east-tz1";

  private final JdCloudSimulator cloud =
      JdCloudSimulator.start(0, SimClock.manual()).account("ak", "sk");
  private final JdCaller caller = JdCaller.of(cloud);
  private final JdServer server = cloud.newServer(ID);

  @AfterEach
  void close() {
    cloud.close();
  }

  @Test
  void the_systems_of_a_device_type_are_listed_by_their_type() {
    cloud.catalogue().add(new OperatingSystem("os-9", "Debian 12", "Debian", "12", "cps.other"));

    assertThat(systems("?deviceType=cps.c.normal")).containsExactly("os-1", "os-2");
    assertThat(systems("?deviceType=cps.c.normal&osType=Ubuntu")).containsExactly("os-2");
    assertThat(systems("?deviceType=cps.other")).containsExactly("os-9");
    assertThat(systems("?deviceType=cps.nothing")).isEmpty();
    JsonNode system = caller.get(REGION + "/os?deviceType=cps.other").at("/result/oss/0");
    assertThat(system.path("osName").asText()).isEqualTo("Debian 12");
    assertThat(system.path("osType").asText()).isEqualTo("Debian");
    assertThat(system.path("osVersion").asText()).isEqualTo("12");
    assertThat(system.path("deviceType").asText()).isEqualTo("cps.other");
  }

  @Test
  void the_raids_of_a_device_type_are_listed_by_their_volume() {
    assertThat(raids("?deviceType=cps.c.normal")).hasSize(4);
    assertThat(raids("?deviceType=cps.c.normal&volumeType=system"))
        .containsExactly("raid-1", "raid-3");
    cloud.catalogue().removeRaid("raid-3");
    assertThat(raids("?deviceType=cps.c.normal&volumeType=system")).containsExactly("raid-1");
    JsonNode raid =
        caller.get(REGION + "/raids?deviceType=cps.c.normal&volumeType=data").at("/result/raids/0");
    assertThat(raid.path("volumeType").asText()).isEqualTo("data");
    assertThat(raid.path("raidTypeId").asText()).isEqualTo("raid-2");
    assertThat(raid.path("raidType").asText()).isEqualTo("RAID0");
  }

  @Test
  void a_system_that_is_withdrawn_is_listed_and_not_installed() {
    cloud
        .catalogue()
        .withdraw(new OperatingSystem("os-9", "Debian", "Debian", "12", Catalogue.DEVICE_TYPE));
    assertThat(systems("?deviceType=cps.c.normal")).contains("os-9");
    assertThat(
            caller.outcome(ID, "reinstallInstance", JdCaller.request("t").replace("os-2", "os-9")))
        .isEqualTo("400 INVALID_ARGUMENT");
  }

  @Test
  void a_question_without_a_device_type_or_with_something_unknown_is_refused() {
    assertThat(word(caller.get(REGION + "/raids"))).isEqualTo("INVALID_ARGUMENT");
    assertThat(word(caller.get(REGION + "/os?osType=Ubuntu"))).isEqualTo("INVALID_ARGUMENT");
    assertThat(word(caller.get(REGION + "/os?deviceType=cps.c.normal&pageNumber=1")))
        .isEqualTo("INVALID_ARGUMENT");
  }

  @Test
  void an_account_may_lack_the_right_to_one_action() {
    cloud.account("poor", "sk").deny("poor", "describeOS", "describeDeviceRaids");
    JdCaller poor = caller.as("poor", "sk");

    assertThat(word(poor.get(REGION + "/os?deviceType=cps.c.normal")))
        .isEqualTo("PERMISSION_DENIED");
    assertThat(word(poor.get(REGION + "/raids?deviceType=cps.c.normal")))
        .isEqualTo("PERMISSION_DENIED");
    assertThat(poor.describe(ID).path("instanceId").asText()).isEqualTo(ID);
    assertThat(systems("?deviceType=cps.c.normal")).hasSize(2);
    assertThat(cloud.calls("describeOS")).isEqualTo(2);
    assertThat(cloud.calls("describeDeviceRaids")).isEqualTo(1);
  }

  @Test
  void a_server_shows_what_it_is_known_by_and_what_is_installed() {
    server.named("db-1").addresses("10.1.2.3", "203.0.113.7").chargeStatus("arrear");

    JsonNode shown = caller.describe(ID);

    assertThat(shown.path("name").asText()).isEqualTo("db-1");
    assertThat(shown.path("privateIp").asText()).isEqualTo("10.1.2.3");
    assertThat(shown.path("publicIp").asText()).isEqualTo("203.0.113.7");
    assertThat(shown.path("deviceType").asText()).isEqualTo("cps.c.normal");
    assertThat(shown.path("osName").asText()).isEqualTo("CentOS 7.9 64bit");
    assertThat(shown.path("osType").asText()).isEqualTo("CentOS");
    assertThat(shown.path("sysRaidType").asText()).isEqualTo("RAID1");
    assertThat(shown.path("dataRaidType").asText()).isEqualTo("RAID0");
    assertThat(shown.at("/charge/chargeStatus").asText()).isEqualTo("arrear");
  }

  private List<String> systems(String query) {
    return caller.get(REGION + "/os" + query).at("/result/oss").findValuesAsText("osTypeId");
  }

  private List<String> raids(String query) {
    return caller.get(REGION + "/raids" + query).at("/result/raids").findValuesAsText("raidTypeId");
  }

  private static String word(JsonNode response) {
    return response.at("/error/status").asText();
  }
}
