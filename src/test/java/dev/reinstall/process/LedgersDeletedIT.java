package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * {@code kubectl delete sl --all} under a running operator, after the deletion guard was told to
 * permit it. A status that reports a submission is then the only evidence. Without one, nothing in
 * the cluster prevents a second submission: only notAfter, preconditions and JD Cloud's token do.
 */
@Isolated("no other test keeps its ledgers")
class LedgersDeletedIT extends ReplayedRequests {
  @Override
  void start() {
    site = RequestStage.site();
    site.startOperator();
  }

  @Override
  void happen() {
    String ledgers = site.kubectl("get", "sl", "-o", "name").orFail();
    assertThat(site.kubectl("delete", "sl", "--all").err())
        .contains(
            "ServerLedgers record the requests that were submitted. Without them, a server can be"
                + " wiped a second time.");
    assertThat(site.kubectl("get", "sl", "-o", "name").orFail()).isEqualTo(ledgers);
    site.await("the ledgers to be deleted", this::deleteLedgers);
    happenToEach();
  }

  /** What the operator writes in between takes the permission back. */
  private boolean deleteLedgers() {
    site.kubectl("annotate", "sl", "--all", "--overwrite", "reinstall.dev/allow-deletion=true");
    return site.kubectl("delete", "sl", "--all").succeeded();
  }

  @Test
  void a_ledger_that_is_restored_after_the_request_was_sent_again_is_too_late() {
    assertThat(backups(row -> row.event() == ReplayEvent.DELETED_AND_APPLIED))
        .hasSize(CloudUnderTest.values().length)
        .allSatisfy(
            backup ->
                assertThatThrownBy(backup::createLedger).hasMessageContaining("already exists"));
  }
}
