package dev.reinstall.process;

import static dev.reinstall.process.KillPoint.End.ADOPTED;
import static dev.reinstall.process.KillPoint.End.DONE;
import static dev.reinstall.process.KillPoint.End.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

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
 * {@code kill -9} before and after each write and each call that stops a server for a request and
 * starts it afterwards.
 */
@Tag("deep")
@NeedsControlPlane
class CrashPowerIT {
  private static final List<KillPoint> POINTS =
      Stream.of(CloudUnderTest.values())
          .flatMap(vendor -> Stream.of(stops(vendor), starts(vendor)))
          .flatMap(points -> points.all.stream())
          .toList();

  private static KilledEverywhere killed;

  private static KillPoints stops(CloudUnderTest vendor) {
    End cutOff = vendor == CloudUnderTest.JD ? DONE : UNKNOWN;
    KillPoints points = new KillPoints(vendor, "stops", "whenRunning: Stop");
    points.aroundLedger("the claim to stop", 1, DONE, DONE);
    points.aroundStatus("Stopping", 1, DONE, DONE);
    points.aroundCall("the stop", vendor.stop(), 1, DONE, DONE);
    points.late("the stop, which arrives all the same", vendor.stop(), DONE);
    points.aroundLedger("the answer to the stop", 2, DONE, DONE);
    points.aroundLedger("the claim after the stop", 3, DONE, cutOff);
    points.aroundStatus("Submitting after the stop", 2, cutOff, cutOff);
    points.aroundCall("the order after the stop", vendor.send(), 1, cutOff, ADOPTED);
    return points;
  }

  private static KillPoints starts(CloudUnderTest vendor) {
    int mark = vendor == CloudUnderTest.JD ? 4 : 3;
    KillPoints points = new KillPoints(vendor, "start", "powerAfter: Running");
    points.aroundLedger("what says that a start is sent", mark, DONE, DONE);
    points.aroundCall("the start", vendor.start(), 1, DONE, DONE);
    points.late("the start, which arrives all the same", vendor.start(), DONE);
    points.aroundLedger("the answer to the start", mark + 1, DONE, DONE);
    points.aroundStatus("Starting", 3, DONE, DONE);
    points.aroundLedger("the outcome", mark + 2, DONE, DONE);
    return points;
  }

  private static boolean stops(KillPoint point) {
    return point.more().contains("Stop");
  }

  @BeforeAll
  static void kill_it_everywhere_and_start_it_again() throws InterruptedException {
    killed =
        new KilledEverywhere(
            POINTS,
            (site, point) -> {
              if (stops(point)) {
                point.vendor().plugIn(site, point.id());
              } else {
                point.vendor().endStopped(site, point.id());
              }
            });
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
  void killed_while_a_server_is_stopped_or_started_its_request_is_carried_out_once(
      KillPoint point) {
    killed.assertEnded(point);
    if (!stops(point)) {
      assertThat(point.vendor().runs(killed.site, point.id())).isTrue();
      assertThat(killed.site.message(point.id())).doesNotContain("was not started");
    }
  }
}
