package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.NeedsControlPlane;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A suspended request shows what it will do, and all that is wrong with it. */
@Tag("deep")
@NeedsControlPlane
class PlanIT {
  private static final String SUSPENDED = "whenRunning: Stop\nsuspend: true";

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
  @EnumSource
  void a_plan_is_reviewed_and_then_carried_out(CloudUnderTest cloud) {
    String id = cloud.id("plan0001");
    cloud.newServer(site, id);
    cloud.plugIn(site, id);
    long from = System.nanoTime();
    site.apply(cloud.request(id, id, SUSPENDED));
    site.awaitReason(id, "Suspended");
    Duration time = Duration.ofNanos(System.nanoTime() - from);
    System.out.println("from apply to plan: " + time.toMillis() + " ms, " + cloud);

    assertThat(site.kubectl("get", "reinstall", id, "-o", "wide").orFail())
        .containsPattern("PLAN.*\n.* Ready ");
    assertThat(site.kubectl("describe", "reinstall", id).orFail())
        .contains("The running server is stopped first.")
        .containsPattern("Wiped Disks:\n +system disk")
        .contains("password of Secret login, key password");
    assertThat(condition(id)).isEqualTo("True/Passed");
    assertUntouched(cloud, id);

    String plan = site.field(id, ".status.plan.installation.from");
    resume(id);
    site.awaitFinished(id);

    assertThat(site.phase(id)).as(site::everything).isEqualTo("Succeeded");
    assertThat(site.field(id, ".status.plan.installation.from")).isEqualTo(plan);
    assertThat(condition(id)).isEqualTo("True/Passed");
    assertThat(cloud.cloud(site).wipes(id)).isEqualTo(1);
  }

  @Test
  void every_mistake_is_found_at_once_and_the_running_server_is_left_as_it_is() {
    CloudUnderTest cloud = CloudUnderTest.TENCENT;
    String id = "ins-plan0002";
    site.tencent.newServer(id).disk("CLOUD_PREMIUM", 50).running();
    site.secret(site.namespace, "weak-" + id, Map.of("password", "/short"));
    site.apply(
        cloud
            .request(id, id, SUSPENDED)
            .replace("name: login", "name: weak-" + id)
            .replace("imageId: img-ubuntu22", "systemDisk: {diskSize: 40}"));
    site.awaitReason(id, "Suspended");

    assertThat(site.field(id, ".status.plan.summary")).isEqualTo("3 findings");
    assertThat(site.field(id, ".status.findings"))
        .contains("spec.tencentCloud.systemDisk", "at least 50")
        .contains("8 to 30 characters", "start with a slash")
        .doesNotContain("/short");
    assertThat(condition(id)).isEqualTo("False/ErrorsFound");
    assertUntouched(cloud, id);

    resume(id);
    site.awaitFinished(id);
    assertThat(site.phase(id) + "/" + site.reason(id)).isEqualTo("Failed/InvalidSpec");
    assertUntouched(cloud, id);
  }

  @Test
  void every_mistake_is_found_at_once_on_jd_cloud() {
    CloudUnderTest cloud = CloudUnderTest.JD;
    String id = "cps-plan0003";
    site.jd.newServer(id).az("cn-east-tz1b").running();
    site.secret(site.namespace, "weak-" + id, Map.of("password", "aaaaaaaa"));
    site.apply(
        cloud
            .request(id, id, SUSPENDED)
            .replace("name: login", "name: weak-" + id)
            .replace("keepData: false", "keepData: true")
            .replace("raid-2", "raid-4"));
    site.awaitReason(id, "Suspended");

    assertThat(site.field(id, ".status.findings"))
        .contains("spec.jdCloud.az", "spec.jdCloud.passwordRef", "spec.jdCloud.keepData")
        .contains("dataRaidTypeId to be the current RAID raid-2, not raid-4");
    assertThat(condition(id)).isEqualTo("False/ErrorsFound");
    assertUntouched(cloud, id);

    resume(id);
    site.awaitFinished(id);
    assertThat(site.phase(id) + "/" + site.reason(id)).isEqualTo("Failed/InvalidSpec");
    assertThat(site.message(id)).contains("keepData: true requires").contains("az must be");
    assertUntouched(cloud, id);
  }

  @Test
  void a_debt_is_a_warning_and_the_cloud_decides() {
    CloudUnderTest cloud = CloudUnderTest.JD;
    String id = "cps-plan0005";
    site.jd.newServer(id).chargeStatus("arrear").running();
    site.apply(cloud.request(id, id, SUSPENDED));
    site.awaitReason(id, "Suspended");
    assertThat(site.field(id, ".status.plan.summary")).isEqualTo("1 finding");

    resume(id);
    site.awaitFinished(id);

    assertThat(site.phase(id)).as(site::everything).isEqualTo("Succeeded");
    assertThat(site.field(id, ".status.findings"))
        .contains("spec.instanceId", "Warning", "The charge status of the server is arrear")
        .doesNotContain("Error");
    assertThat(cloud.cloud(site).calls(cloud.stop(), id)).isEqualTo(1);
    assertThat(cloud.cloud(site).wipes(id)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void what_a_person_corrects_outside_the_request_is_checked_again(CloudUnderTest cloud) {
    String id = cloud.id("plan0004");
    cloud.newServer(site, id);
    cloud.plugIn(site, id);
    site.apply(cloud.request(id, id, SUSPENDED).replace("name: login", "name: login-" + id));
    site.awaitReason(id, "Suspended");
    assertThat(site.field(id, ".status.findings"))
        .contains("Secret login-" + id + " does not exist");
    assertThat(condition(id)).isEqualTo("False/ErrorsFound");

    site.secret(site.namespace, "login-" + id, Map.of("password", TestCluster.PASSWORD));

    site.await("the plan", () -> site.field(id, ".status.plan.summary").equals("Ready"));
    assertThat(site.field(id, ".status.findings")).isEmpty();
    assertUntouched(cloud, id);
  }

  private static void resume(String id) {
    site.kubectl("patch", "ri", id, "--type=merge", "-p", "{\"spec\":{\"suspend\":false}}")
        .orFail();
  }

  private static void assertUntouched(CloudUnderTest cloud, String id) {
    assertThat(cloud.runs(site, id)).isTrue();
    assertThat(cloud.cloud(site).calls(cloud.stop(), id)).isZero();
    assertThat(cloud.cloud(site).calls(cloud.send(), id)).isZero();
    assertThat(site.ledgerState(id, id)).isEmpty();
  }

  /** "Status/Reason" of the condition Checked. */
  private static String condition(String id) {
    String path = "{.status.conditions[?(@.type==\"Checked\")]['status','reason']}";
    return site.kubectl("get", "ri", id, "-o", "jsonpath=" + path).orFail().replace(' ', '/');
  }
}
