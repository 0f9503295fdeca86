package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.NeedsControlPlane;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@NeedsControlPlane
class PlainReinstallIT {
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

  @Test
  void a_stopped_tencent_server_is_reinstalled_once_and_the_request_id_stands_in_the_status() {
    site.tencent.newServer("ins-00000001");
    site.apply(TestCluster.tencentRequest("web-1", "ins-00000001", ""));

    site.awaitFinished("web-1");

    assertThat(site.field("web-1", ".status.phase")).as(site::everything).isEqualTo("Succeeded");
    assertThat(site.field("web-1", ".status.requestId"))
        .isEqualTo(site.tencent.wipeHistory("ins-00000001").get(0).requestId());
    assertThat(site.tencent.wipes("ins-00000001")).isEqualTo(1);
  }

  @Test
  void a_stopped_jd_server_is_reinstalled_once_and_the_request_id_stands_in_the_status() {
    site.jd.newServer("cps-00000001");
    site.apply(TestCluster.jdRequest("node-1", "cps-00000001", ""));

    site.awaitFinished("node-1");

    assertThat(site.field("node-1", ".status.phase")).as(site::everything).isEqualTo("Succeeded");
    assertThat(site.field("node-1", ".status.requestId"))
        .isEqualTo(site.jd.wipeHistory("cps-00000001").get(0).requestId());
    assertThat(site.jd.wipes("cps-00000001")).isEqualTo(1);
  }
}
