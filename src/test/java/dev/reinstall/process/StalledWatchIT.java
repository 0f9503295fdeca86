package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.FreePorts;
import dev.reinstall.controlplane.NeedsControlPlane;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A proxy that keeps the connections of the watches open and forwards nothing on them. */
@Tag("deep")
@NeedsControlPlane
class StalledWatchIT {

  @Test
  void a_watch_that_stalls_is_named_and_the_next_process_sees_what_was_missed() {
    int port = FreePorts.free();
    try (TestCluster site = new TestCluster();
        ApiRelay relay = new ApiRelay(site.rights())) {
      site.with("REINSTALL_HTTP_PORT", Integer.toString(port));
      OperatorProcess operator = site.startOperator(relay.kubeconfig());
      site.await("/readyz", () -> HealthProbe.get(port, "/readyz").equals("200 ok"));
      site.tencent.newServer("ins-stalled1");
      site.tencent.newServer("ins-stalled2");
      site.apply(TestCluster.tencentRequest("before", "ins-stalled1", ""));
      site.awaitFinished("before");

      relay.stallWatches();
      site.apply(TestCluster.tencentRequest("unseen", "ins-stalled2", ""));

      site.await(
          "/readyz to name the watch",
          () ->
              HealthProbe.get(port, "/readyz")
                  .matches("503 the watch of /apis?/\\S+ has received nothing for 10s"));
      assertThat(operator.exitCode()).as(operator::log).isEqualTo(1);
      assertThat(operator.log())
          .containsPattern(
              "ERROR Main The watch of /apis?/\\S+ has received nothing for 15s; exiting,"
                  + " so that the next process opens new connections");
      assertThat(site.phase("unseen")).isEmpty();

      site.startOperator(relay.kubeconfig()); // as the kubelet does
      site.awaitFinished("unseen");
      assertThat(site.phase("unseen")).isEqualTo("Succeeded");
      assertThat(site.tencent.wipes("ins-stalled1")).isEqualTo(1);
      assertThat(site.tencent.wipes("ins-stalled2")).isEqualTo(1);
    }
  }

  @Test
  void watches_that_end_and_are_followed_by_others_lose_nothing() throws InterruptedException {
    int port = FreePorts.free();
    try (TestCluster site = new TestCluster();
        ApiRelay relay = new ApiRelay(site.rights())) {
      site.with("REINSTALL_HTTP_PORT", Integer.toString(port));
      OperatorProcess operator = site.startOperator(relay.kubeconfig());

      site.await("several watches, one after another", () -> watches(relay) >= 6);
      site.jd.newServer("cps-follow01");
      site.apply(TestCluster.jdRequest("later", "cps-follow01", ""));
      site.awaitFinished("later");

      assertThat(HealthProbe.get(port, "/readyz")).isEqualTo("200 ok");
      assertThat(operator.isAlive()).isTrue();
      assertThat(operator.log().lines().filter(line -> line.contains(" WARN ")))
          .as("but for the warning about the time-outs of the tests")
          .hasSize(1);
    }
  }

  private static long watches(ApiRelay relay) {
    return relay.calls().stream().filter(call -> call.target().contains("watch=true")).count();
  }
}
