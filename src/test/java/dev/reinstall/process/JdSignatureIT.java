package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.simulator.RecordedCall;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("deep")
@NeedsControlPlane
class JdSignatureIT {
  @Test
  void a_cloud_that_takes_the_newer_form_only_is_served_once_the_setting_is_changed() {
    try (TestCluster site = new TestCluster()) {
      site.jd.takeOnly("JDCLOUD3").newServer("cps-newform1");
      OperatorProcess older = site.startOperator();
      site.apply(TestCluster.jdRequest("node-1", "cps-newform1", ""));
      site.awaitReason("node-1", "AccessDenied");
      assertThat(site.message("node-1"))
          .contains("HTTP 401 UNAUTHENTICATED: ", "try REINSTALL_JDCLOUD_SIGNATURE=JDCLOUD3.");
      assertThat(older.stop()).isZero();

      site.with("REINSTALL_JDCLOUD_SIGNATURE", "JDCLOUD3").startOperator();
      site.awaitFinished("node-1");

      assertThat(site.phase("node-1")).as(site::everything).isEqualTo("Succeeded");
      assertThat(site.jd.wipes("cps-newform1")).isEqualTo(1);
      assertThat(site.jd.callsLog().stream().filter(RecordedCall::verified))
          .isNotEmpty()
          .allMatch(call -> call.request().header("authorization").startsWith("JDCLOUD3-"));
    }
  }
}
