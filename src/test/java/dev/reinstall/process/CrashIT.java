package dev.reinstall.process;

import static dev.reinstall.process.KillPoint.End.ADOPTED;
import static dev.reinstall.process.KillPoint.End.DONE;
import static dev.reinstall.process.KillPoint.End.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.process.KillPoint.End;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code kill -9} before and after each write and each call of both clouds' plain orders. Each
 * order has a server of its own, so one operator is brought to all these moments at once and killed
 * in all of them.
 */
@NeedsControlPlane
class CrashIT {
  private static final List<KillPoint> POINTS =
      Stream.of(Vendor.values()).flatMap(vendor -> pointsOf(vendor).stream()).toList();

  private static Site site;
  private static ApiRelay relay;

  private static List<KillPoint> pointsOf(Vendor vendor) {
    boolean token = vendor == Vendor.JD;
    End cutOff = token ? DONE : UNKNOWN;
    End taken = token ? DONE : ADOPTED;
    Points points = new Points(vendor);
    points.aroundCall("the first look", vendor.look(), 1, DONE, DONE);
    points.aroundLedger("the claim", 1, DONE, cutOff);
    points.aroundStatus("Ordering", 1, cutOff, cutOff);
    points.aroundCall("the order", vendor.send(), 1, cutOff, taken);
    points.late("the order, which arrives all the same", vendor.send(), taken);
    points.aroundLedger("the receipt", 2, taken, DONE);
    points.aroundStatus("Installing", 2, DONE, DONE);
    points.aroundCall("the second look", vendor.look(), 2, DONE, DONE);
    if (token) {
      points.aroundLedger("the evidence", 3, DONE, DONE);
    }
    points.aroundLedger("the outcome", token ? 4 : 3, DONE, DONE);
    points.aroundStatus("Succeeded", 3, DONE, DONE);
    return points.all;
  }

  private static final class Points {
    private final Vendor vendor;
    private final List<KillPoint> all = new ArrayList<>();

    Points(Vendor vendor) {
      this.vendor = vendor;
    }

    private String id() {
      return vendor.id("crash%03d".formatted(all.size()));
    }

    void aroundLedger(String what, int nth, End before, End after) {
      aroundWrite("the ledger write of " + what, ApiCall::writesLedgerOf, nth, before, after);
    }

    void aroundStatus(String what, int nth, End before, End after) {
      aroundWrite("the status " + what, ApiCall::writesStatusOf, nth, before, after);
    }

    private void aroundWrite(
        String what, BiPredicate<ApiCall, String> which, int nth, End before, End after) {
      all.add(KillPoint.write(vendor, id(), "before " + what, which, nth, true, before));
      all.add(KillPoint.write(vendor, id(), "after " + what, which, nth, false, after));
    }

    void aroundCall(String what, String action, int nth, End before, End after) {
      all.add(KillPoint.beforeCall(vendor, id(), "before " + what, action, nth, before));
      all.add(KillPoint.afterCall(vendor, id(), "after " + what, action, nth, after));
    }

    void late(String what, String action, End end) {
      all.add(KillPoint.lateCall(vendor, id(), "before " + what, action, 1, end));
    }
  }

  @BeforeAll
  static void kill_it_everywhere_and_start_it_again() throws InterruptedException {
    site =
        new Site()
            .with("REINSTALL_CONCURRENCY", "80") // every stopped order keeps a thread
            .with("REINSTALL_SEND_WITHIN", "8s") // nobody is hurried on a slow machine
            .with("REINSTALL_CALL_TIMEOUT", "60s"); // killed, not timed out
    relay = new ApiRelay(site.rights());
    POINTS.forEach(point -> point.vendor().newServer(site, point.id()));
    POINTS.forEach(point -> point.set(site, relay));
    OperatorProcess first = site.startOperator(relay.kubeconfig());
    StringBuilder orders = new StringBuilder();
    for (KillPoint p : POINTS) { // a call that is stopped stops no other order's
      orders.append("---\n").append(p.vendor().orderOfItsOwnAccount(site, p.id(), p.id()));
    }
    site.apply(orders.toString());
    for (KillPoint point : POINTS) {
      assertThat(point.stop().isReached(60)).as(() -> point + ": " + site.everything()).isTrue();
    }
    first.kill();
    POINTS.forEach(point -> point.stop().letGo());

    site.startOperator(relay.kubeconfig());
    POINTS.forEach(point -> site.awaitFinished(point.id()));
  }

  @AfterAll
  static void close() {
    site.close();
    relay.close();
  }

  static List<KillPoint> points() {
    return POINTS;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("points")
  void killed_at_any_moment_an_order_is_carried_out_once_or_says_that_this_cannot_be_known(
      KillPoint point) {
    String told = site.phase(point.id()) + "/" + site.reason(point.id());

    assertThat(point.vendor().cloud(site).wipes(point.id()))
        .as("wipes of %s, which says %s", point.id(), site.message(point.id()))
        .isEqualTo(point.end().wipes);
    assertThat(told).isEqualTo(point.end().words);
    assertThat(site.message(point.id())).contains(point.end().says);
    if (point.end().wipes > 0) {
      assertThat(site.requestId(point.id())).isNotEmpty();
    }
  }
}
