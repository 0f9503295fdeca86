package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reinstall.reconcile.ClaimRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RollbackDetectorTest {
  private final RollbackDetector rollbackDetector = new RollbackDetector(null, Optional.empty());

  @Test
  void a_cluster_that_goes_forward_or_stands_still_is_no_failure() throws ClaimRefusedException {
    rollbackDetector.requireNoRollbackSince(rollbackDetector.requireNoRollback(), "7");
    rollbackDetector.requireNoRollbackSince(rollbackDetector.requireNoRollback(), "7");
    rollbackDetector.requireNoRollbackSince(rollbackDetector.requireNoRollback(), "10");

    assertThat(rollbackDetector.problem()).isEmpty();
  }

  @Test
  void answers_that_overtake_each_other_are_no_failure() throws ClaimRefusedException {
    rollbackDetector.requireNoRollbackSince(0, "7");
    long before = rollbackDetector.requireNoRollback();
    rollbackDetector.requireNoRollbackSince(before, "9");
    rollbackDetector.requireNoRollbackSince(before, "8");

    assertThat(rollbackDetector.problem()).isEmpty();
  }

  @Test
  void a_cluster_that_went_back_is_not_trusted_again_though_it_comes_as_far_as_it_was()
      throws ClaimRefusedException {
    rollbackDetector.requireNoRollbackSince(0, "10"); // compared as numbers, not as text

    assertThatThrownBy(
            () ->
                rollbackDetector.requireNoRollbackSince(rollbackDetector.requireNoRollback(), "9"))
        .isInstanceOf(ClaimRefusedException.class)
        .hasMessage(
            "The cluster was restored to an older state: its resource version is 9, and this"
                + " operator has already seen 10. Requests that were sent in between may be missing"
                + " from the ServerLedgers and could be sent again, so no request is sent. Compare"
                + " the servers with the cloud console, suspend or delete each Reinstall that was"
                + " carried out (in Git first), then restart the operator: kubectl -n"
                + " reinstall-system rollout restart deployment/reinstall-operator.");
    assertThatThrownBy(() -> rollbackDetector.requireNoRollbackSince(10, "11"))
        .isInstanceOf(ClaimRefusedException.class);
    assertThatThrownBy(rollbackDetector::requireNoRollback)
        .isInstanceOf(ClaimRefusedException.class);
  }

  @Test
  void one_that_comes_after_knows_by_the_file_how_far_the_cluster_was(@TempDir Path folder)
      throws ClaimRefusedException {
    Optional<Path> file = Optional.of(folder.resolve("resource-version"));
    RollbackDetector first = new RollbackDetector(null, file);
    first.requireNoRollbackSince(0, "9");
    first.requireNoRollbackSince(9, "10");

    RollbackDetector second = new RollbackDetector(null, file);

    assertThatThrownBy(() -> second.requireNoRollbackSince(second.requireNoRollback(), "9"))
        .hasMessageStartingWith(
            "The cluster was restored to an older state: its resource version is 9, and this"
                + " operator has already seen 10. ");
  }

  @Test
  void a_file_that_cannot_be_used_is_done_without(@TempDir Path folder)
      throws ClaimRefusedException, IOException {
    Path garbled = Files.writeString(folder.resolve("garbled"), "what?");
    RollbackDetector begun = new RollbackDetector(null, Optional.of(garbled));
    begun.requireNoRollbackSince(begun.requireNoRollback(), "3");
    assertThat(garbled).hasContent("3");

    RollbackDetector away = new RollbackDetector(null, Optional.of(folder.resolve("nowhere/file")));
    away.requireNoRollbackSince(away.requireNoRollback(), "3");
    assertThat(away.requireNoRollback()).isEqualTo(3);
  }
}
