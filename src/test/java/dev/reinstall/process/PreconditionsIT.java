package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.NeedsControlPlane;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that is not called as a request requires is left running. */
@Tag("deep")
@NeedsControlPlane
class PreconditionsIT {
  private static final String STOP = "whenRunning: Stop\npreconditions: ";

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

  private static String field(CloudUnderTest cloud) {
    return cloud == CloudUnderTest.TENCENT ? "instanceName" : "name";
  }

  private static void newServer(CloudUnderTest cloud, String id, String name) {
    if (cloud == CloudUnderTest.TENCENT) {
      site.tencent.newServer(id).named(name).tag("role", "web").running();
    } else {
      site.jd.newServer(id).named(name).running();
    }
  }

  private static void assertLeftRunning(CloudUnderTest cloud, String id, String unmet) {
    site.awaitFinished(id);
    assertThat(site.phase(id) + "/" + site.reason(id))
        .as(site::everything)
        .isEqualTo("Failed/PreconditionFailed");
    assertThat(site.message(id)).startsWith("spec.preconditions requires " + unmet + ". ");
    assertThat(cloud.runs(site, id)).isTrue();
    assertThat(cloud.cloud(site).calls(cloud.stop(), id)).isZero();
    assertThat(cloud.cloud(site).calls(cloud.send(), id)).isZero();
    assertThat(site.ledgerState(id, id)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void a_running_server_that_is_called_otherwise_is_left_running(CloudUnderTest cloud) {
    String id = cloud.id("precon01");
    newServer(cloud, id, "db-1");
    site.apply(cloud.request(id, id, STOP + "{" + field(cloud) + ": web-1}"));
    assertLeftRunning(cloud, id, field(cloud) + " web-1, but it is db-1");
  }

  @Test
  void a_running_server_with_another_tag_or_without_it_is_left_running() {
    CloudUnderTest cloud = CloudUnderTest.TENCENT;
    newServer(cloud, "ins-precon02", "web-1");
    newServer(cloud, "ins-precon03", "web-1");
    site.apply(cloud.request("ins-precon02", "ins-precon02", STOP + "{tags: {role: db}}"));
    site.apply(cloud.request("ins-precon03", "ins-precon03", STOP + "{tags: {owner: a}}"));
    assertLeftRunning(cloud, "ins-precon02", "tags.role db, but it is web");
    assertLeftRunning(
        cloud, "ins-precon03", "tags.owner a, but the cloud reports none of the server");
  }

  @ParameterizedTest
  @EnumSource
  void a_server_that_is_called_as_required_is_reinstalled(CloudUnderTest cloud) {
    String id = cloud.id("precon04");
    newServer(cloud, id, "web-1");
    String tags = cloud == CloudUnderTest.TENCENT ? ", tags: {role: web}" : "";
    site.apply(cloud.request(id, id, STOP + "{" + field(cloud) + ": web-1" + tags + "}"));
    site.awaitFinished(id);
    assertThat(site.phase(id)).as(site::everything).isEqualTo("Succeeded");
    assertThat(cloud.cloud(site).wipes(id)).isEqualTo(1);
  }
}
