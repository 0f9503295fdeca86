package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Server;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SubmissionSlotsTest {
  private static final Server HERE = new Server(CloudName.TencentCloud, "r-1", "s-1");
  private static final Server ELSEWHERE = new Server(CloudName.TencentCloud, "r-2", "s-1");

  private final SubmissionSlots slots = new SubmissionSlots(12);

  private long taken(Server server, String account, int tries) {
    return IntStream.range(0, tries)
        .mapToObj(i -> slots.take(server, account))
        .filter(Optional::isPresent)
        .count();
  }

  @Test
  void an_account_holds_a_quarter_of_the_threads_in_a_region() {
    assertThat(taken(HERE, "ours", 12)).isEqualTo(3);
    assertThat(taken(ELSEWHERE, "ours", 12)).as("another region").isEqualTo(3);
  }

  @Test
  void all_accounts_together_hold_a_third_of_the_threads_in_a_region() {
    assertThat(IntStream.range(0, 12).mapToLong(i -> taken(HERE, "account " + i, 1)).sum())
        .isEqualTo(4);
    assertThat(taken(ELSEWHERE, "account 0", 1)).as("another region").isEqualTo(1);
  }

  @Test
  void a_slot_that_is_given_back_is_free_again() {
    Runnable giveBack = slots.take(HERE, "ours").orElseThrow();
    taken(HERE, "ours", 12);
    giveBack.run();
    assertThat(taken(HERE, "ours", 12)).isEqualTo(1);
  }

  @Test
  void one_thread_is_always_allowed() {
    assertThat(new SubmissionSlots(1).take(HERE, "ours")).isPresent();
  }
}
