package dev.reinstall.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reinstall.lifecycle.ClaimRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimelineTest {
  private final Timeline timeline = new Timeline(null, Optional.empty());

  @Test
  void a_cluster_that_goes_forward_or_stands_still_is_no_trouble() throws ClaimRefusedException {
    timeline.checkSince(timeline.check(), "7");
    timeline.checkSince(timeline.check(), "7");
    timeline.checkSince(timeline.check(), "10");

    assertThat(timeline.problem()).isEmpty();
  }

  @Test
  void answers_that_overtake_each_other_are_no_trouble() throws ClaimRefusedException {
    timeline.checkSince(0, "7");
    long before = timeline.check();
    timeline.checkSince(before, "9");
    timeline.checkSince(before, "8");

    assertThat(timeline.problem()).isEmpty();
  }

  @Test
  void a_cluster_that_went_back_is_not_trusted_again_though_it_comes_as_far_as_it_was()
      throws ClaimRefusedException {
    timeline.checkSince(0, "10"); // as numbers, not as text

    assertThatThrownBy(() -> timeline.checkSince(timeline.check(), "9"))
        .isInstanceOf(ClaimRefusedException.class)
        .hasMessageContaining("at resource version 9, and this operator has seen 10")
        .hasMessageContaining("Compare the servers with the cloud");
    assertThatThrownBy(() -> timeline.checkSince(10, "11"))
        .isInstanceOf(ClaimRefusedException.class);
    assertThatThrownBy(timeline::check).isInstanceOf(ClaimRefusedException.class);
  }

  @Test
  void one_that_comes_after_knows_by_the_file_how_far_the_cluster_was(@TempDir Path folder)
      throws ClaimRefusedException {
    Optional<Path> file = Optional.of(folder.resolve("resource-version"));
    Timeline first = new Timeline(null, file);
    first.checkSince(0, "9");
    first.checkSince(9, "10");

    Timeline second = new Timeline(null, file);

    assertThatThrownBy(() -> second.checkSince(second.check(), "9"))
        .hasMessageContaining("this operator has seen 10");
  }

  @Test
  void a_file_that_cannot_be_used_is_done_without(@TempDir Path folder)
      throws ClaimRefusedException, IOException {
    Path garbled = Files.writeString(folder.resolve("garbled"), "what?");
    Timeline begun = new Timeline(null, Optional.of(garbled));
    begun.checkSince(begun.check(), "3");
    assertThat(garbled).hasContent("3");

    Timeline away = new Timeline(null, Optional.of(folder.resolve("nowhere/file")));
    away.checkSince(away.check(), "3");
    assertThat(away.check()).isEqualTo(3);
  }
}
