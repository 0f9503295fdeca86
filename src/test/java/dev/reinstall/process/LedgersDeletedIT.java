package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reinstall.controlplane.NeedsControlPlane;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code kubectl delete sl --all} under a running operator, after the deletion guard was told to
 * permit it. A status that reports a submission is then the only evidence. Without one, nothing in
 * the cluster prevents a second submission.
 */
@Tag("deep")
@NeedsControlPlane
@Execution(ExecutionMode.CONCURRENT)
@Isolated("no other test keeps its ledgers")
class LedgersDeletedIT {
  private static final String LEDGER_OUTDATED =
      "Do not delete this Reinstall: its status may be the only record of a submitted request. The"
          + " ServerLedger does not contain that request: the ledger was deleted or restored from an"
          + " older backup, or the status was changed by hand. No further request is sent. Check the"
          + " server in the cloud console; to reinstall it, create a Reinstall with a new name.";

  private static final Map<CloudUnderTest, Map<RequestStage, GivenReinstall>> ORDERS =
      new EnumMap<>(CloudUnderTest.class);
  private static final Map<CloudUnderTest, Backup> BACKUPS = new EnumMap<>(CloudUnderTest.class);
  private static final Map<CloudUnderTest, GivenReinstall> APPLIED_AGAIN =
      new EnumMap<>(CloudUnderTest.class);

  private static TestCluster site;

  @BeforeAll
  static void delete_the_ledgers() {
    site = RequestStage.site();
    site.startOperator();
    begin(List.of(RequestStage.PENDING, RequestStage.INSTALLING, RequestStage.FINISHED));
    for (CloudUnderTest cloud : CloudUnderTest.values()) {
      GivenReinstall given = GivenReinstall.at(site, cloud, "deleted9", RequestStage.FINISHED);
      APPLIED_AGAIN.put(cloud, given);
      BACKUPS.put(cloud, Backup.of(given));
    }
    begin(List.of(RequestStage.SUBMITTING, RequestStage.CALLING));

    String ledgers = site.kubectl("get", "sl", "-o", "name").orFail();
    assertThat(site.kubectl("delete", "sl", "--all").err())
        .contains(
            "ServerLedgers record the requests that were submitted. Without them, a server can be"
                + " wiped a second time.");
    assertThat(site.kubectl("get", "sl", "-o", "name").orFail()).isEqualTo(ledgers);
    site.kubectl("annotate", "sl", "--all", "reinstall.dev/allow-deletion=true").orFail();
    site.kubectl("delete", "sl", "--all").orFail();
  }

  private static void begin(List<RequestStage> stages) {
    List<GivenReinstall> orders = new ArrayList<>();
    for (CloudUnderTest cloud : CloudUnderTest.values()) {
      stages.forEach(s -> orders.add(GivenReinstall.of(site, cloud, "deleted" + s.ordinal(), s)));
    }
    orders.forEach(GivenReinstall::create);
    for (GivenReinstall order : orders) {
      order.awaitStage();
      ORDERS
          .computeIfAbsent(order.cloud(), c -> new EnumMap<>(RequestStage.class))
          .put(order.stage(), order);
    }
  }

  @AfterAll
  static void close() {
    site.close();
  }

  @ParameterizedTest
  @CsvSource({
    "TENCENT, CALLING", "TENCENT, SUBMITTING", "TENCENT, INSTALLING",
    "JD,      CALLING", "JD,      SUBMITTING", "JD,      INSTALLING"
  })
  void a_status_that_reports_of_a_send_forbids_another_one(
      CloudUnderTest cloud, RequestStage stage) {
    GivenReinstall given = ORDERS.get(cloud).get(stage);
    given.letGo();
    given.awaitReported("Unknown/LedgerOutdated");
    site.staysTheSame("the orders that were sent", given::sends);

    assertThat(given.reported()).isEqualTo("Unknown/LedgerOutdated");
    assertThat(given.message()).isEqualTo(LEDGER_OUTDATED);
    assertThat(given.requestId())
        .isEqualTo(stage == RequestStage.INSTALLING ? given.wipedBy() : "");
    assertThat(given.ledger()).isEmpty();
    given.assertSent(1, 1);
  }

  @ParameterizedTest
  @EnumSource
  void what_was_over_is_left_as_it_is(CloudUnderTest cloud) {
    GivenReinstall given = ORDERS.get(cloud).get(RequestStage.FINISHED);
    site.kubectl("label", "ri", given.name(), "a=b").orFail(); // triggers a reconciliation
    site.staysTheSame("the orders that were sent", given::sends);

    assertThat(given.reported()).isEqualTo("Succeeded/Installed");
    assertThat(given.requestId()).isEqualTo(given.wipedBy());
    assertThat(given.ledger()).isEmpty();
    given.assertSent(1, 1);
  }

  @ParameterizedTest
  @EnumSource
  void what_was_not_started_starts_when_it_may(CloudUnderTest cloud) {
    GivenReinstall given = ORDERS.get(cloud).get(RequestStage.PENDING);
    given.letGo();
    given.awaitReported("Succeeded/Installed");

    assertThat(given.ledger()).isEqualTo("Succeeded");
    given.assertSent(1, 1);
  }

  /**
   * Stated in docs/safety.md: without ledger and status only notAfter, preconditions and JD Cloud's
   * token prevent it. A ledger that is restored after that is too late.
   */
  @ParameterizedTest
  @EnumSource
  void what_is_applied_again_is_sent_again_and_only_jd_cloud_drops_it(CloudUnderTest cloud) {
    GivenReinstall given = APPLIED_AGAIN.get(cloud);
    site.kubectl("delete", "ri", given.name()).orFail();
    site.apply(given.manifest());
    boolean token = cloud == CloudUnderTest.JD;
    given.awaitReported(token ? "Installing/Installing" : "Succeeded/Installed");

    given.assertSent(2, token ? 1 : 2);
    assertThatThrownBy(BACKUPS.get(cloud)::createLedger).hasMessageContaining("already exists");
    assertThat(given.ledger()).isEqualTo(token ? "Accepted" : "Succeeded");
  }
}
