package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.simulator.SimulatedFault;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** SIGTERM while calls to a cloud are in flight. */
@Tag("deep")
@NeedsControlPlane
class ShutdownIT {
  private static final Duration LATE = Duration.ofSeconds(14);

  private TestCluster site;

  @BeforeEach
  void start() {
    site = new TestCluster().with("REINSTALL_CALL_TIMEOUT", "20s");
  }

  @AfterEach
  void close() {
    site.close();
  }

  @ParameterizedTest
  @EnumSource
  void the_response_to_a_call_in_flight_is_waited_for_and_recorded(CloudUnderTest cloud) {
    OperatorProcess operator = site.startOperator();
    String id = cloud.id("outstnd1");
    cloud.newServer(site, id);
    cloud.cloud(site).on(cloud.send(), id, 1, SimulatedFault.lateResponse(LATE));
    site.apply(cloud.request("request-" + id, id));
    site.await("the call", () -> cloud.cloud(site).wipes(id) == 1);

    assertThat(operator.stop()).as(operator::log).isZero();

    assertThat(site.ledgerState(id, "request-" + id)).as(site::everything).isEqualTo("Accepted");
    assertThat(site.requestId("request-" + id))
        .isEqualTo(cloud.cloud(site).wipeHistory(id).get(0).requestId());
    assertThat(cloud.cloud(site).calls(cloud.send(), id)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void nothing_is_claimed_any_more_by_a_process_that_stops(CloudUnderTest cloud) {
    OperatorProcess operator = site.startOperator();
    String id = cloud.id("outstnd2");
    cloud.newServer(site, id);
    cloud
        .cloud(site)
        .on(cloud.describeAction(), id, 1, SimulatedFault.delayBeforeEffect(Duration.ofSeconds(4)));
    site.apply(cloud.request("request-" + id, id));
    site.await("its description to be in flight", () -> cloud.looks(site, id) == 1);

    assertThat(operator.stop()).as(operator::log).isZero();

    assertThat(site.ledgerState(id, "request-" + id)).as(site::everything).isEmpty();
    assertThat(cloud.cloud(site).calls(cloud.send(), id)).isZero();
  }
}
