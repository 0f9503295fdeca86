package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RunningReconciliationsTest {
  private static final ResourceID WEB = new ResourceID("web-1", "team-a");
  private static final ResourceID OTHER = new ResourceID("web-2", "team-a");

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5); // it may start anywhere
  private final RunningReconciliations running =
      new RunningReconciliations(Duration.ofSeconds(20), clock::get);

  @Test
  void one_that_takes_as_long_as_its_timeouts_allow_is_no_problem() {
    running.begin(WEB);
    pass(Duration.ofMinutes(19));

    assertThat(running.problem()).isEmpty();
  }

  @Test
  void one_that_takes_longer_is_named() {
    running.begin(WEB);
    pass(Duration.ofMinutes(19));
    running.begin(OTHER);
    pass(Duration.ofSeconds(1));

    assertThat(running.problem())
        .contains("the reconciliation of team-a/web-1 has not ended for 19m");
  }

  @Test
  void one_that_ended_is_no_problem_however_long_it_took() {
    running.begin(WEB);
    pass(Duration.ofHours(1));
    running.end(WEB);

    assertThat(running.problem()).isEmpty();
  }

  @Test
  void longer_calls_are_waited_for() {
    assertThat(new RunningReconciliations(Duration.ofMinutes(2), clock::get).limit())
        .isEqualTo(Duration.ofMinutes(39));
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }
}
