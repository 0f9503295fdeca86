package dev.reinstall.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.ServerLedger.State;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PassTest {
  static final Timing TIMING =
      new Timing(
          Duration.ofSeconds(15),
          Duration.ofSeconds(10),
          Duration.ofMinutes(10),
          Duration.ofMinutes(20),
          Duration.ofHours(2));

  @Test
  void a_tencent_order_takes_six_writes() {
    MemoryCluster cluster = new MemoryCluster(CloudName.TencentCloud, TIMING);
    Replica replica = cluster.replica(Duration.ZERO);
    String web =
        cluster.create("shop/web", cluster.spec("img-new", cluster.trueTime().plusSeconds(3600)));
    replica.pass(web);
    assertThat(cluster.book().entry("web").orElseThrow().state()).isEqualTo(State.Accepted);
    for (int i = 0; i < 100; i++) {
      cluster.pass(TIMING.poll());
      replica.pass(web);
    }
    ReinstallStatus status = cluster.now(web).orElseThrow().getStatus();
    assertThat(status.phase()).as(String.join("\n", cluster.story())).isEqualTo("Succeeded");
    assertThat(cluster.happenings.bookWrites + cluster.happenings.statusWrites).isEqualTo(6);
  }
}
