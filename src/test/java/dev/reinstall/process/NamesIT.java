package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.simulator.SimulatedFault;
import dev.reinstall.simulator.jdcloud.OperatingSystem;
import dev.reinstall.simulator.tencent.TencentImage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Names in place of IDs: each stands for exactly one ID, or nothing is stopped; and what is sent
 * again is what the ledger has.
 */
@Tag("deep")
@NeedsControlPlane
class NamesIT {
  private static final String STOP = "whenRunning: Stop";
  private static TestCluster site;
  private static OperatorProcess operator;

  @BeforeAll
  static void start() {
    site = new TestCluster();
    add("img-named001", "os-named1", "Golden");
    add("img-twice001", "os-twice1", "Twice");
    add("img-twice002", "os-twice2", "Twice");
    add("img-moved001", "os-moved1", "Moved");
    operator = site.startOperator();
  }

  @AfterAll
  static void close() {
    site.close();
  }

  private static void add(String image, String system, String name) {
    site.tencent.images().add(TencentImage.linux(image, name, "Debian"));
    site.jd.catalogue().add(system(system, name));
  }

  private static OperatingSystem system(String id, String name) {
    return new OperatingSystem(id, name, "Debian", "12", "cps.c.normal");
  }

  /** Of a server that runs. */
  private static String request(CloudUnderTest cloud, String id, String name) {
    cloud.newServer(site, id);
    cloud.plugIn(site, id);
    return named(cloud.request(id, id, STOP), name);
  }

  private static String named(String request, String name) {
    return request
        .replace("imageId: img-ubuntu22", "image: {name: " + name + "}")
        .replace("osTypeId: os-2", "os: {name: " + name + "}")
        .replace("sysRaidTypeId: raid-1", "sysRaid: {name: NORAID}")
        .replace("dataRaidTypeId: raid-2", "dataRaid: {name: RAID10}");
  }

  private static void assertUntouched(CloudUnderTest cloud, String id) {
    assertThat(cloud.runs(site, id)).isTrue();
    assertThat(cloud.cloud(site).calls(cloud.stop(), id)).isZero();
    assertThat(cloud.cloud(site).calls(cloud.send(), id)).isZero();
    assertThat(site.ledgerState(id, id)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void a_server_is_installed_by_name(CloudUnderTest cloud) {
    String id = cloud.id("names001");
    site.apply(request(cloud, id, "Golden"));
    site.awaitFinished(id);

    assertThat(site.phase(id)).as(site::everything).isEqualTo("Succeeded");
    assertThat(site.field(id, ".status.plan.installation.to"))
        .contains(
            cloud == CloudUnderTest.JD ? "NORAID (raid-3)" : "Golden (img-named001)",
            cloud == CloudUnderTest.JD ? "Golden (os-named1)" : "Golden");
    assertThat(cloud.cloud(site).wipes(id)).isEqualTo(1);
    assertThat(installed(cloud, id))
        .isEqualTo(cloud == CloudUnderTest.JD ? "os-named1" : "img-named001");
  }

  private static String installed(CloudUnderTest cloud, String id) {
    return cloud == CloudUnderTest.JD
        ? site.jd.server(id).wipeHistory().get(0).image()
        : site.tencent.server(id).wipeHistory().get(0).image();
  }

  @ParameterizedTest
  @EnumSource
  void a_name_that_nothing_has_is_shown_with_the_nearest_ones(CloudUnderTest cloud) {
    String id = cloud.id("names002");
    site.apply(request(cloud, id, "golden"));
    site.awaitReason(id, "CheckFailed");

    assertThat(site.message(id))
        .contains("there is no \"golden\"")
        .contains(cloud == CloudUnderTest.JD ? "Golden (os-named1)" : "Golden (img-named001)");
    assertUntouched(cloud, id);
  }

  @ParameterizedTest
  @EnumSource
  void a_name_that_two_have_is_refused_with_their_ids(CloudUnderTest cloud) {
    String id = cloud.id("names003");
    site.apply(request(cloud, id, "Twice"));
    site.awaitReason(id, "CheckFailed");

    assertThat(site.message(id))
        .contains(
            cloud == CloudUnderTest.JD ? "os-twice1, os-twice2" : "img-twice001, img-twice002");
    assertUntouched(cloud, id);
  }

  @ParameterizedTest
  @EnumSource
  void a_catalogue_that_may_not_be_read_leaves_the_server_as_it_is(CloudUnderTest cloud) {
    String id = cloud.id("names004");
    cloud.newServer(site, id);
    cloud.plugIn(site, id);
    site.tencent.deny(id, "DescribeImages");
    site.jd.deny(id, "describeOS");
    site.apply(named(cloud.requestOfItsOwnAccount(site, id, id, STOP), "Golden"));
    site.awaitReason(id, "CheckFailed");

    assertThat(site.message(id))
        .contains("cannot be looked up")
        .contains(
            cloud == CloudUnderTest.JD
                ? "If a permission is missing, it is describeOS of edcps."
                : "If a permission is missing, it is name/cvm:DescribeImages.");
    assertUntouched(cloud, id);
  }

  /** The restarted operator has no answers of the catalogue left. */
  @Test
  void what_is_sent_again_is_what_was_recorded_although_the_name_has_moved() {
    String id = CloudUnderTest.JD.id("names005");
    site.jd.newServer(id);
    site.jd.on("reinstallInstance", id, 1, SimulatedFault.cutBeforeEffect());
    site.apply(named(CloudUnderTest.JD.request(id, id, ""), "Moved"));
    site.await("the first request", () -> site.jd.calls("reinstallInstance", id) == 1);
    operator.kill();
    site.jd
        .catalogue()
        .removeSystem("os-moved1")
        .add(system("os-moved1", "Moved away"))
        .add(system("os-moved2", "Moved"));
    operator = site.startOperator();
    site.awaitFinished(id);

    assertThat(site.phase(id)).as(site::everything).isEqualTo("Succeeded");
    assertThat(site.jd.calls("reinstallInstance", id)).isEqualTo(2);
    assertThat(site.jd.server(id).wipeHistory()).hasSize(1);
    assertThat(installed(CloudUnderTest.JD, id)).isEqualTo("os-moved1");
  }
}
