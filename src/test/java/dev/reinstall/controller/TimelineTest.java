package dev.reinstall.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reinstall.lifecycle.ClaimRefused;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private final Timeline timeline = new Timeline(null);

  @Test
  void a_cluster_that_goes_forward_or_stands_still_is_no_trouble() throws ClaimRefused {
    timeline.checkSince(timeline.check(), "7");
    timeline.checkSince(timeline.check(), "7");
    timeline.checkSince(timeline.check(), "10");

    assertThat(timeline.problem()).isEmpty();
  }

  @Test
  void answers_that_overtake_each_other_are_no_trouble() throws ClaimRefused {
    timeline.checkSince(0, "7");
    long before = timeline.check();
    timeline.checkSince(before, "9");
    timeline.checkSince(before, "8");

    assertThat(timeline.problem()).isEmpty();
  }

  @Test
  void a_cluster_that_went_back_is_not_trusted_again_though_it_comes_as_far_as_it_was()
      throws ClaimRefused {
    timeline.checkSince(0, "10"); // as numbers, not as text

    assertThatThrownBy(() -> timeline.checkSince(timeline.check(), "9"))
        .isInstanceOf(ClaimRefused.class)
        .hasMessageContaining("at resource version 9, and this operator has seen 10")
        .hasMessageContaining("Compare the servers with the cloud");
    assertThatThrownBy(() -> timeline.checkSince(10, "11")).isInstanceOf(ClaimRefused.class);
    assertThatThrownBy(timeline::check).isInstanceOf(ClaimRefused.class);
  }
}
