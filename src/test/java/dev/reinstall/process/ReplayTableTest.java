package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReplayTableTest {
  private static final List<Replay> ALL =
      ReplayTable.sections().stream().flatMap(name -> ReplayTable.of(name).stream()).toList();

  @Test
  void every_section_is_run_by_a_test_of_its_name() throws ClassNotFoundException {
    assertThat(ReplayTable.sections()).isNotEmpty();
    for (String section : ReplayTable.sections()) {
      Class<?> test = Class.forName("dev.reinstall.process." + section);
      assertThat(test.getSuperclass()).isEqualTo(ReplayedRequests.class);
    }
  }

  @Test
  void every_event_happens_on_each_cloud_that_has_it() {
    Set<ReplayEvent> happening = ALL.stream().map(Replay::event).collect(Collectors.toSet());
    assertThat(happening).containsExactlyInAnyOrder(ReplayEvent.values());
    for (CloudUnderTest cloud : CloudUnderTest.values()) {
      assertThat(ALL).filteredOn(replay -> replay.cloud() == cloud).hasSizeGreaterThan(50);
    }
  }
}
