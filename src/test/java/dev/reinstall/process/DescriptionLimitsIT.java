package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.simulator.SimulatedCloud;
import dev.reinstall.simulator.SimulatedFault;
import dev.reinstall.simulator.wire.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a description reports besides the state is used before a call, and stored as it can be. */
@Tag("deep")
@NeedsControlPlane
class DescriptionLimitsIT {
  private static final int MANY_LOOKS = 300;

  private static TestCluster site;

  @BeforeAll
  static void start() {
    site = new TestCluster();
    site.startOperator();
  }

  @AfterAll
  static void close() {
    site.close();
  }

  @ParameterizedTest
  @CsvSource({
    "limits01, CLOUD_PREMIUM, 40, 'systemDisk.diskSize must be at least 50, the size of the system disk in GiB, not 40: the cloud cannot make a disk smaller.'",
    "limits02, LOCAL_BASIC, 60, 'systemDisk must be left out: the server has a local system disk (LOCAL_BASIC), whose size the cloud cannot change.'"
  })
  void a_disk_size_that_the_cloud_would_reject_ends_the_request_before_the_stop(
      String eight, String type, int size, String says) {
    String id = "ins-" + eight;
    site.tencent.newServer(id).disk(type, 50).running();
    site.apply(
        CloudUnderTest.TENCENT
            .request(id, id, "whenRunning: Stop")
            .replace(
                "    imageId: img-ubuntu22",
                "    imageId: img-ubuntu22\n    systemDisk: {diskSize: " + size + "}"));

    assertInvalid(CloudUnderTest.TENCENT, id, says);
  }

  @Test
  void a_zone_that_is_not_that_of_the_server_ends_the_request_before_the_stop() {
    String id = "cps-limits03";
    site.jd.newServer(id).az("cn-east-tz1b").running();
    site.apply(CloudUnderTest.JD.request(id, id, "whenRunning: Stop"));

    assertInvalid(
        CloudUnderTest.JD,
        id,
        "az must be the zone of the server, cn-east-tz1b, not cn-east-tz1a.");
  }

  private static void assertInvalid(CloudUnderTest cloud, String id, String says) {
    site.awaitFinished(id);
    assertThat(site.phase(id) + "/" + site.reason(id))
        .as(site::everything)
        .isEqualTo("Failed/InvalidSpec");
    assertThat(site.message(id)).startsWith("Invalid spec: " + says);
    assertThat(cloud.runs(site, id)).isTrue();
    assertThat(cloud.cloud(site).calls(cloud.stop(), id)).isZero();
    assertThat(cloud.cloud(site).calls(cloud.send(), id)).isZero();
  }

  @Test
  void a_server_that_was_stopped_without_charge_waits_for_a_person() {
    String id = "ins-limits04";
    site.tencent.newServer(id).stoppedWithoutCharge();
    site.apply(CloudUnderTest.TENCENT.request(id, id, "whenRunning: Stop"));

    site.awaitReason(id, "CheckFailed");
    assertThat(site.message(id))
        .startsWith(
            "The server was stopped in mode STOP_CHARGING, in which the cloud rejects a reinstall."
                + " Start the server; it is then stopped for this request in mode KEEP_CHARGING. No"
                + " reinstall request is sent. The server is left as it is.");
    site.staysTheSame("the request", () -> site.message(id));
    assertThat(site.ledgerState(id, id)).isEmpty();
    assertThat(site.tencent.calls("ResetInstance", id)).isZero();

    site.tencent.server(id).running();
    site.awaitFinished(id);
    assertThat(site.phase(id)).as(site::everything).isEqualTo("Succeeded");
    assertThat(site.tencent.wipes(id)).isEqualTo(1);
  }

  /** An update time of 129 characters and more, and a Date that is of the year 10000 in UTC. */
  @ParameterizedTest
  @EnumSource
  void what_cannot_be_stored_does_not_hinder_a_request(CloudUnderTest cloud) {
    String id = cloud.id("limits05");
    cloud.newServer(site, id);
    cloud.plugIn(site, id);
    SimulatedCloud simulator = cloud.cloud(site);
    for (int nth = 1; nth <= MANY_LOOKS; nth++) {
      simulator.on(cloud.describeAction(), id, nth, longTexts());
    }
    site.apply(cloud.requestOfItsOwnAccount(site, id, id, "whenRunning: Stop"));

    site.awaitFinished(id);

    assertThat(site.phase(id) + "/" + site.reason(id))
        .as(site::everything)
        .isEqualTo("Succeeded/Installed");
    assertThat(simulator.wipes(id)).isEqualTo(1);
  }

  private static SimulatedFault longTexts() {
    return new SimulatedFault(
        "long texts",
        call -> {
          HttpResponse result = call.effect();
          String body =
              result
                  .body()
                  .replaceAll("(\"updateTime\":\"[^\"]*)\"", "$1" + "x".repeat(129) + "\"");
          call.caller()
              .response(result.withBody(body).with("Date", "Fri, 31 Dec 9999 23:59:59 -1800"));
        });
  }
}
