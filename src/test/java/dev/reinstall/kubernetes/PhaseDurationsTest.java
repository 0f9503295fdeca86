package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PhaseDurationsTest {
  private static final Instant CREATED = Instant.parse("2026-11-01T12:00:00Z");

  private final AtomicLong clock = new AtomicLong(-7);
  private final PhaseDurations durations = new PhaseDurations(clock::get);

  @Test
  void each_phase_is_measured_from_its_first_transition_to_its_last() {
    assertThat(move(null, Phase.Pending)).isEmpty();
    pass(30);
    assertThat(move("Pending", Phase.Submitting)).contains(Duration.ofSeconds(30));
    pass(2);
    assertThat(move("Submitting", Phase.Installing)).contains(Duration.ofSeconds(2));
    pass(600);
    assertThat(move("Installing", Phase.Succeeded)).contains(Duration.ofSeconds(600));
  }

  @Test
  void a_request_that_is_pending_since_an_earlier_process_is_measured_from_its_creation() {
    pass(90);
    assertThat(move("Pending", Phase.Failed)).contains(Duration.ofSeconds(90));
  }

  @Test
  void a_phase_that_began_before_this_process_is_not_measured() {
    assertThat(move("Installing", Phase.Starting)).isEmpty();
    pass(5);
    assertThat(move("Starting", Phase.Succeeded)).contains(Duration.ofSeconds(5));
  }

  @Test
  void a_request_that_is_pending_again_is_measured_from_then() {
    move(null, Phase.Pending);
    move("Pending", Phase.Stopping);
    pass(60);
    move("Stopping", Phase.Pending);
    pass(3);
    assertThat(move("Pending", Phase.Stopping)).contains(Duration.ofSeconds(3));
  }

  @Test
  void what_another_replica_wrote_meanwhile_is_not_measured() {
    move("Pending", Phase.Stopping);
    assertThat(move("Installing", Phase.Succeeded)).isEmpty();
  }

  private void pass(long seconds) {
    clock.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  private Optional<Duration> move(String from, Phase to) {
    Instant now = CREATED.plusNanos(clock.get() + 7);
    return durations.move("uid-1", from, to, CREATED, now);
  }
}
