package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Server;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SubmissionSlotsTest {
  private static final Server HERE = new Server(CloudName.TencentCloud, "r-1", "s-1");
  private static final Server ELSEWHERE = new Server(CloudName.TencentCloud, "r-2", "s-1");

  private final SubmissionSlots slots = new SubmissionSlots(12);

  private long taken(Server server, String account, int tries) {
    return IntStream.range(0, tries)
        .mapToObj(i -> slots.take(server, account, "request " + i))
        .filter(Optional::isPresent)
        .count();
  }

  @Test
  void an_account_holds_half_of_the_threads_in_a_region() {
    assertThat(taken(HERE, "ours", 12)).isEqualTo(6);
    assertThat(taken(ELSEWHERE, "ours", 12)).as("another region").isEqualTo(6);
  }

  @Test
  void all_accounts_together_hold_three_quarters_of_the_threads_in_a_region() {
    assertThat(IntStream.range(0, 12).mapToLong(i -> taken(HERE, "account " + i, 1)).sum())
        .isEqualTo(9);
    assertThat(taken(ELSEWHERE, "account 0", 1)).as("another region").isEqualTo(1);
  }

  @Test
  void a_slot_that_is_released_is_free_again() {
    Runnable release = slots.take(HERE, "ours", "web").orElseThrow();
    taken(HERE, "ours", 12);
    release.run();
    assertThat(taken(HERE, "ours", 12)).isEqualTo(1);
  }

  @Test
  void the_more_are_waiting_the_longer_each_pauses_until_the_region_is_idle() {
    SubmissionSlots narrow = new SubmissionSlots(1);
    Runnable release = narrow.take(HERE, "ours", "web").orElseThrow();
    for (int i = 0; i < 3; i++) {
      narrow.take(HERE, "ours", "request " + i);
      narrow.take(HERE, "ours", "request " + i);
    }
    assertThat(narrow.pause(HERE)).isEqualTo(Duration.ofMillis(750));
    release.run();
    assertThat(narrow.pause(HERE)).isEqualTo(Duration.ofMillis(250));
  }

  @Test
  void one_thread_is_always_allowed() {
    assertThat(new SubmissionSlots(1).take(HERE, "ours", "web")).isPresent();
  }
}
