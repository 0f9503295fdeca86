package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.config.WiredSettings;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Code, Deployment and documentation agree about how long a stop may take. */
class ShutdownTimesTest {
  private static final Duration CALL_TIMEOUT = WiredSettings.config(Map.of()).callTimeout();

  @ParameterizedTest
  @ValueSource(longs = {1, 20, 300})
  void a_response_that_is_outstanding_is_waited_for_and_the_lease_outlives_the_wait(long seconds) {
    Duration callTimeout = Duration.ofSeconds(seconds);
    ShutdownTimes times = ShutdownTimes.of(callTimeout);

    assertThat(times.grace()).isGreaterThanOrEqualTo(callTimeout.plus(ShutdownTimes.MARGIN));
    assertThat(times.lease())
        .as("it may be as old as a renewal that was about to be made")
        .isGreaterThan(times.grace().plus(times.retryPeriod().multipliedBy(2)));
    assertThat(times.renewDeadline())
        .isLessThan(times.lease())
        .isGreaterThan(times.retryPeriod().multipliedBy(2));
  }

  @Test
  void the_margin_covers_the_time_to_send_after_a_claim() {
    assertThat(ShutdownTimes.MARGIN)
        .isGreaterThanOrEqualTo(WiredSettings.config(Map.of()).sendWithin());
  }

  @Test
  void the_deployment_gives_more_than_the_grace() throws IOException {
    assertThat(terminationGrace())
        .isGreaterThanOrEqualTo(ShutdownTimes.of(CALL_TIMEOUT).grace().plus(Duration.ofSeconds(5)));
  }

  @Test
  void the_documents_name_the_same_durations() throws IOException {
    ShutdownTimes times = ShutdownTimes.of(CALL_TIMEOUT);
    String page = Files.readString(Path.of("docs/configuration.md"));

    assertThat(page)
        .contains(
            "`REINSTALL_CALL_TIMEOUT` plus " + ShutdownTimes.MARGIN.toSeconds() + "s",
            times.grace().toSeconds() + "s with the default",
            "the Lease is valid for " + times.lease().minus(times.grace()).toSeconds() + "s longer",
            "`terminationGracePeriodSeconds` is " + terminationGrace().toSeconds());
  }

  private static Duration terminationGrace() throws IOException {
    Deployment deployment =
        Serialization.unmarshal(
            Files.readString(Path.of("deploy/deployment.yaml")), Deployment.class);
    return Duration.ofSeconds(
        deployment.getSpec().getTemplate().getSpec().getTerminationGracePeriodSeconds());
  }
}
