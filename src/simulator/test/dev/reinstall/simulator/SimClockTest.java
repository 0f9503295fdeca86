package dev.reinstall.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimClockTest {
  @Test
  void a_manual_clock_stands_still_until_it_is_told() {
    SimClock clock = SimClock.manual();
    Instant before = clock.now();

    assertThat(clock.now()).isEqualTo(before);
    clock.advance(Duration.ofMinutes(15));
    assertThat(clock.now()).isEqualTo(before.plus(Duration.ofMinutes(15)));
  }

  @Test
  void a_fast_clock_runs_ahead_of_the_wall() {
    SimClock clock = SimClock.faster(1200);
    Instant before = clock.now();

    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> clock.now().isAfter(before.plus(Duration.ofMinutes(1))));
  }

  @Test
  void what_is_due_happens_in_order_when_somebody_looks() {
    SimClock clock = SimClock.manual();
    ScheduledChanges changes = new ScheduledChanges(clock);
    List<String> seen = new ArrayList<>();
    changes.in(Duration.ofMinutes(2), () -> seen.add("late"));
    changes.in(Duration.ofMinutes(1), () -> seen.add("early"));
    changes.endIn(Duration.ofMinutes(1), () -> seen.add("end"));

    changes.settle();
    assertThat(seen).isEmpty();

    changes.endless(true);
    clock.advance(Duration.ofMinutes(3));
    changes.settle();
    assertThat(seen).containsExactly("early", "late");

    changes.endless(false);
    changes.settle();
    assertThat(seen).containsExactly("early", "late", "end");
  }
}
