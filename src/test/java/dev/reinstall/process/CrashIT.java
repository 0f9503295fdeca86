package dev.reinstall.process;

import static dev.reinstall.process.KillPoint.End.ADOPTED;
import static dev.reinstall.process.KillPoint.End.DONE;
import static dev.reinstall.process.KillPoint.End.UNKNOWN;

import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.process.KillPoint.End;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code kill -9} before and after each write and each call of both clouds' plain requests. Each
 * request has its own server, so one operator reaches all these kill points at once and is killed
 * in all of them.
 */
@Tag("deep")
@NeedsControlPlane
class CrashIT {
  private static final List<KillPoint> POINTS =
      Stream.of(CloudUnderTest.values()).flatMap(vendor -> pointsOf(vendor).stream()).toList();

  private static KilledEverywhere killed;

  private static List<KillPoint> pointsOf(CloudUnderTest vendor) {
    boolean token = vendor == CloudUnderTest.JD;
    End cutOff = token ? DONE : UNKNOWN;
    KillPoints points = new KillPoints(vendor, "crash", "");
    points.aroundCall("the first look", vendor.describeAction(), 1, DONE, DONE);
    points.aroundLedger("the claim", 1, DONE, cutOff);
    points.aroundStatus("Submitting", 1, cutOff, cutOff);
    points.aroundCall("the order", vendor.send(), 1, cutOff, ADOPTED);
    points.late("the order, which arrives all the same", vendor.send(), ADOPTED);
    points.aroundLedger("the receipt", 2, ADOPTED, DONE);
    points.aroundStatus("Installing", 2, DONE, DONE);
    points.aroundCall("the second look", vendor.describeAction(), 2, DONE, DONE);
    if (token) {
      points.aroundLedger("the evidence", 3, DONE, DONE);
    }
    points.aroundLedger("the outcome", token ? 4 : 3, DONE, DONE);
    points.aroundStatus("Succeeded", 3, DONE, DONE);
    return points.all;
  }

  @BeforeAll
  static void kill_it_everywhere_and_start_it_again() throws InterruptedException {
    killed = new KilledEverywhere(POINTS, (site, point) -> {});
  }

  @AfterAll
  static void close() {
    killed.close();
  }

  static List<KillPoint> points() {
    return POINTS;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("points")
  void killed_at_any_moment_a_request_is_carried_out_once_or_says_that_this_cannot_be_known(
      KillPoint point) {
    killed.assertEnded(point);
  }
}
