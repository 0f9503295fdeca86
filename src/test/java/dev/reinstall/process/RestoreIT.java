package dev.reinstall.process;

import static dev.reinstall.process.RequestStage.FINISHED;
import static dev.reinstall.process.RequestStage.INSTALLING;
import static dev.reinstall.process.RequestStage.LOST;
import static dev.reinstall.process.RequestStage.PENDING;
import static dev.reinstall.process.RequestStage.STOPPING;
import static dev.reinstall.process.RequestStage.SUBMITTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reinstall.controlplane.NeedsControlPlane;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Backups are restored while no operator runs. All rows share the operator before and the one
 * after; each has its own Reinstall and server. The servers are stopped: only the operator prevents
 * a second submission.
 */
@Tag("deep")
@NeedsControlPlane
class RestoreIT {

  /**
   * The outcome of the request.
   *
   * @param ledger state of its entry; empty if there is none
   * @param sends in total; {@code wipes} too
   */
  private record End(String told, String says, String ledger, int sends, int wipes) {
    End sentAgain(int times) {
      return new End(told, says, ledger, sends + times, wipes);
    }

    /** Adds the calls and wipes of an earlier request. */
    End afterFormer() {
      return new End(told, says, ledger, sends + 1, wipes + 1);
    }
  }

  private static final String LEDGER_OUTDATED =
      "Do not delete this Reinstall: its status may be the only record of a submitted request. The"
          + " ServerLedger does not contain that request: the ledger was deleted or restored from an"
          + " older backup, or the status was changed by hand. No further request is sent. Check the"
          + " server in the cloud console; to reinstall it, create a Reinstall with a new name.";

  private static final End TOLD_AGAIN =
      new End(
          "Succeeded/AlreadyCompleted",
          "No request was sent now. To reinstall again, create a Reinstall with a new name."
              + " Previous result: The cloud confirmed that the reinstall is complete.",
          "Succeeded",
          1,
          1);
  private static final End DONE =
      new End("Succeeded/Installed", KillPoint.End.DONE.says, "Succeeded", 1, 1);
  private static final End ADOPTED =
      new End("Succeeded/Installed", KillPoint.End.ADOPTED.says, "Succeeded", 1, 1);
  private static final End ADOPTED_BEFORE =
      new End(
          "Succeeded/AlreadyCompleted",
          "Previous result: " + KillPoint.End.ADOPTED.says,
          "Succeeded",
          1,
          1);
  private static final End NOT_KNOWN =
      new End("Unknown/OutcomeUnknown", KillPoint.End.UNKNOWN.says, "Unknown", 1, 0);
  private static final End LEFT_AS_IT_WAS =
      new End("Succeeded/Installed", KillPoint.End.DONE.says, "", 1, 1);
  private static final End FORGOTTEN = new End("Unknown/LedgerOutdated", LEDGER_OUTDATED, "", 1, 1);
  private static final End RECALLED =
      new End("Unknown/LedgerOutdated", LEDGER_OUTDATED, "Unknown", 1, 1);

  /** The part of the backup that is restored. */
  private enum Event {
    ORDER_AND_LEDGER("order and ledger come back, without status") {
      @Override
      void happen(GivenReinstall given, Backup backup) {
        deleteAll(given);
        backup.ledger().ifPresent(l -> backup.createLedger());
        backup.createReinstall();
      }
    },
    ORDER("the order comes back with its status, the ledger was never lost") {
      @Override
      void happen(GivenReinstall given, Backup backup) {
        given.delete();
        backup.createReinstallWithStatus();
      }
    },
    ORDER_ALONE("the order comes back with its status, and no ledger") {
      @Override
      void happen(GivenReinstall given, Backup backup) {
        deleteAll(given);
        backup.createReinstallWithStatus();
      }
    },
    OLDER_LEDGER("the ledger is put back to an older one") {
      @Override
      void happen(GivenReinstall given, Backup backup) {
        assertThatThrownBy(backup::replaceLedger).hasMessageContaining("is invalid: ");
        given.site().deleteLedger(given.id());
        backup.createLedger();
      }
    };

    final String words;

    Event(String words) {
      this.words = words;
    }

    abstract void happen(GivenReinstall given, Backup backup);

    private static void deleteAll(GivenReinstall given) {
      given.delete();
      given.site().deleteLedger(given.id());
    }
  }

  /**
   * @param saved stage at the backup; null: before the request, after another one
   * @param lost stage when the backup is restored
   */
  private record Row(
      CloudUnderTest cloud, Event event, RequestStage saved, RequestStage lost, End end) {
    RequestStage first() {
      return saved == null ? lost : saved;
    }

    @Override
    public String toString() {
      String before = saved == null ? "not there" : saved.toString();
      return "%s %s, %s at the backup: %s".formatted(cloud, lost, before, event.words);
    }
  }

  private static final List<Row> ROWS =
      Stream.of(CloudUnderTest.values()).flatMap(cloud -> rowsOf(cloud).stream()).toList();

  private static List<Row> rowsOf(CloudUnderTest cloud) {
    List<Row> rows = new ArrayList<>();
    boolean token = cloud == CloudUnderTest.JD;
    // A call that JD Cloud drops because of its token counts as submitted again.
    End recovered = token ? DONE.sentAgain(1) : ADOPTED;
    add(rows, cloud, Event.ORDER_AND_LEDGER, PENDING, PENDING, DONE);
    add(rows, cloud, Event.ORDER_AND_LEDGER, STOPPING, STOPPING, DONE);
    add(rows, cloud, Event.ORDER_AND_LEDGER, SUBMITTING, SUBMITTING, ADOPTED_BEFORE);
    add(rows, cloud, Event.ORDER_AND_LEDGER, LOST, LOST, token ? recovered : NOT_KNOWN);
    add(rows, cloud, Event.ORDER_AND_LEDGER, INSTALLING, INSTALLING, TOLD_AGAIN);
    add(rows, cloud, Event.ORDER_AND_LEDGER, FINISHED, FINISHED, TOLD_AGAIN);
    add(rows, cloud, Event.ORDER, PENDING, FINISHED, TOLD_AGAIN);
    add(rows, cloud, Event.ORDER, INSTALLING, INSTALLING, TOLD_AGAIN);
    add(rows, cloud, Event.ORDER, FINISHED, FINISHED, TOLD_AGAIN);
    add(rows, cloud, Event.ORDER_ALONE, PENDING, PENDING, DONE);
    add(rows, cloud, Event.ORDER_ALONE, STOPPING, STOPPING, DONE);
    add(rows, cloud, Event.ORDER_ALONE, SUBMITTING, SUBMITTING, FORGOTTEN);
    add(rows, cloud, Event.ORDER_ALONE, INSTALLING, INSTALLING, FORGOTTEN);
    add(rows, cloud, Event.ORDER_ALONE, FINISHED, FINISHED, LEFT_AS_IT_WAS);
    add(rows, cloud, Event.OLDER_LEDGER, null, INSTALLING, FORGOTTEN.afterFormer());
    add(rows, cloud, Event.OLDER_LEDGER, null, FINISHED, LEFT_AS_IT_WAS.afterFormer());
    add(rows, cloud, Event.OLDER_LEDGER, STOPPING, FINISHED, RECALLED);
    add(rows, cloud, Event.OLDER_LEDGER, SUBMITTING, FINISHED, ADOPTED);
    add(rows, cloud, Event.OLDER_LEDGER, INSTALLING, FINISHED, DONE);
    return rows;
  }

  private static void add(
      List<Row> rows,
      CloudUnderTest cloud,
      Event event,
      RequestStage saved,
      RequestStage lost,
      End end) {
    rows.add(new Row(cloud, event, saved, lost, end));
  }

  private static final Map<Row, GivenReinstall> ORDERS = new HashMap<>();
  private static final Map<Row, Backup> BACKUPS = new HashMap<>();

  private static TestCluster site;

  @BeforeAll
  static void save_lose_and_restore() {
    site = RequestStage.site();
    OperatorProcess operator = site.startOperator();
    List<Row> late = rows(row -> row.lost().isFleeting());
    List<Row> early = rows(row -> row.first().isFleeting() && !late.contains(row));
    List<Row> others = rows(row -> !row.first().isFleeting());
    ROWS.forEach(row -> ORDERS.put(row, newRequest(row)));
    begin(early);
    begin(others);
    Stream.of(early, others).flatMap(List::stream).forEach(RestoreIT::moveOn);
    Stream.of(early, others).flatMap(List::stream).forEach(RestoreIT::awaitLost);
    begin(late);
    operator.kill();
    ROWS.forEach(row -> row.event().happen(ORDERS.get(row), BACKUPS.get(row)));
    site.startOperator();
    ROWS.forEach(row -> row.lost().letGo(site, row.cloud(), ORDERS.get(row).id()));
    awaitEnds();
  }

  /** Ignores a failure: each row reports its own. */
  private static void awaitEnds() {
    try {
      ROWS.forEach(row -> ORDERS.get(row).awaitReported(row.end().told()));
    } catch (AssertionError e) {
      return;
    }
  }

  private static List<Row> rows(Predicate<Row> which) {
    return ROWS.stream().filter(which).toList();
  }

  private static GivenReinstall newRequest(Row row) {
    String number = "resto%03d".formatted(ROWS.indexOf(row));
    return GivenReinstall.of(
        site, row.cloud(), number, row.saved() == null ? FINISHED : row.saved());
  }

  /** Brings each row to the stage of its backup. */
  private static void begin(List<Row> rows) {
    List<Row> second = rows.stream().filter(row -> row.saved() == null).toList();
    second.forEach(row -> ORDERS.get(row).another("former").create());
    second.forEach(row -> ORDERS.get(row).another("former").awaitStage());
    for (Row row : second) {
      BACKUPS.put(row, Backup.of(ORDERS.get(row)));
      row.lost().prepare(site, row.cloud(), ORDERS.get(row).id(), ORDERS.get(row).answer());
    }
    rows.forEach(row -> ORDERS.get(row).create());
    for (Row row : rows) {
      ORDERS.get(row).awaitReported(row.first().words);
      BACKUPS.computeIfAbsent(row, r -> Backup.of(ORDERS.get(r)));
    }
  }

  private static void moveOn(Row row) {
    if (row.first() != row.lost()) {
      row.first().letGo(site, row.cloud(), ORDERS.get(row).id());
    }
  }

  private static void awaitLost(Row row) {
    ORDERS.get(row).awaitReported(row.lost().words);
  }

  @AfterAll
  static void close() {
    site.close();
  }

  static List<Row> rows() {
    return ROWS;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void whatever_is_restored_what_was_sent_is_not_sent_again(Row row) {
    GivenReinstall given = ORDERS.get(row);

    assertThat(given.reported()).as(given.message()).isEqualTo(row.end().told());
    assertThat(given.message()).contains(row.end().says());
    assertThat(given.ledger()).isEqualTo(row.end().ledger());
    given.assertSent(row.end().sends(), row.end().wipes());
    boolean unnamed = row.cloud() == CloudUnderTest.JD && row.end() == ADOPTED;
    if (row.end().sends() == row.end().wipes() && row.lost() != SUBMITTING && !unnamed) {
      assertThat(given.requestId()).isEqualTo(given.wipedBy());
    }
  }
}
