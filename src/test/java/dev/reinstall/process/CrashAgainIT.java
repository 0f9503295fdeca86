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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The first operator is killed when it is ambiguous whether a call was submitted. The second one
 * resolves that, and is killed before and after each of its writes and calls. The third one
 * finishes.
 */
@Tag("deep")
@NeedsControlPlane
class CrashAgainIT {

  /**
   * @param first where the first operator is killed
   * @param second where the second one is
   */
  private record Twice(KillPoint first, KillPoint second) {
    @Override
    public String toString() {
      return first + ", then " + second.when();
    }
  }

  private static final List<Twice> POINTS = new ArrayList<>();

  private static TestCluster site;
  private static ApiRelay relay;

  static {
    // JD Cloud: the call is sent again with the same token.
    ledger(CloudUnderTest.JD, false, "the claim to give it again", 1, DONE);
    status(
        CloudUnderTest.JD, false, "Submitting", 2, DONE); // the first one says AwaitingConfirmation
    for (boolean sent : new boolean[] {false, true}) {
      again(sent, "before the call, which never arrives", KillPoint::beforeCall);
      again(sent, "before the call, which arrives all the same", KillPoint::lateCall);
      again(sent, "after the call", KillPoint::afterCall);
    }
    ledger(CloudUnderTest.JD, false, "the receipt", 2, DONE);
    // Tencent Cloud shows the operation: it is adopted.
    ledger(CloudUnderTest.TENCENT, true, "the adoption", 1, ADOPTED);
    status(CloudUnderTest.TENCENT, true, "Installing", 2, ADOPTED);
    ledger(CloudUnderTest.TENCENT, true, "the outcome", 2, ADOPTED);
    // Tencent Cloud shows no operation.
    ledger(CloudUnderTest.TENCENT, false, "Unknown", 1, UNKNOWN);
    status(CloudUnderTest.TENCENT, false, "Unknown", 2, UNKNOWN);
  }

  /** Adds another kill point in a call. */
  private interface InCall {
    KillPoint at(CloudUnderTest vendor, String id, String when, String action, int nth, End end);
  }

  private static String id(CloudUnderTest vendor) {
    return vendor.id("again%03d".formatted(POINTS.size()));
  }

  private static void ledger(CloudUnderTest vendor, boolean sent, String what, int nth, End end) {
    write(vendor, sent, "the ledger write of " + what, ApiCall::writesLedgerOf, nth, end);
  }

  private static void status(CloudUnderTest vendor, boolean sent, String what, int nth, End end) {
    write(vendor, sent, "the status " + what, ApiCall::writesStatusOf, nth, end);
  }

  private static void write(
      CloudUnderTest vendor,
      boolean sent,
      String what,
      BiPredicate<ApiCall, String> which,
      int nth,
      End end) {
    for (boolean before : new boolean[] {true, false}) {
      String when = (before ? "before " : "after ") + what;
      String id = id(vendor);
      add(sent, KillPoint.write(vendor, id, when, which, nth, before, end));
    }
  }

  private static void again(boolean sent, String when, InCall call) {
    int nth = sent ? 2 : 1;
    add(
        sent,
        call.at(
            CloudUnderTest.JD, id(CloudUnderTest.JD), when, CloudUnderTest.JD.send(), nth, DONE));
  }

  private static void add(boolean sent, KillPoint second) {
    CloudUnderTest vendor = second.vendor();
    String id = second.id();
    KillPoint first =
        sent
            ? KillPoint.afterCall(vendor, id, "after the order", vendor.send(), 1, second.end())
            : KillPoint.write(
                vendor, id, "after the claim", ApiCall::writesLedgerOf, 1, false, second.end());
    POINTS.add(new Twice(first, second));
  }

  @BeforeAll
  static void kill_it_twice() throws InterruptedException {
    site =
        new TestCluster()
            .with("REINSTALL_CONCURRENCY", "80") // every blocked request keeps a thread
            .with("REINSTALL_SEND_WITHIN", "4s") // long enough for a slow machine
            .with("REINSTALL_CALL_TIMEOUT", "60s"); // killed, not timed out
    relay = new ApiRelay(site.rights());
    StringBuilder orders = new StringBuilder();
    for (Twice point : POINTS) {
      KillPoint first = point.first();
      first.vendor().newServer(site, first.id());
      if (first.vendor() == CloudUnderTest.JD) { // once it is installed it is adopted
        first.vendor().stick(site, first.id());
      }
      orders.append("---\n").append(first.vendor().request(first.id(), first.id()));
    }
    site.apply(orders.toString());
    killAt(POINTS.stream().map(Twice::first).toList());
    killAt(POINTS.stream().map(Twice::second).toList());
    site.startOperator(relay.kubeconfig());
    POINTS.stream()
        .map(Twice::second)
        .filter(second -> second.vendor() == CloudUnderTest.JD)
        .forEach(CrashAgainIT::goOn);
    POINTS.forEach(point -> site.awaitFinished(point.second().id()));
  }

  /** Once the call that was lost last was sent again. */
  private static void goOn(KillPoint point) {
    site.awaitPhase(point.id(), "Installing");
    point.vendor().goOn(site, point.id());
  }

  private static void killAt(List<KillPoint> points) throws InterruptedException {
    points.forEach(point -> point.set(site, relay));
    OperatorProcess operator = site.startOperator(relay.kubeconfig());
    for (KillPoint point : points) {
      assertThat(point.stop().isReached(60)).as(() -> point + ": " + site.everything()).isTrue();
    }
    operator.kill();
    points.forEach(point -> point.stop().letGo());
  }

  @AfterAll
  static void close() {
    site.close();
    relay.close();
  }

  static List<Twice> points() {
    return POINTS;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("points")
  void who_recovers_a_request_may_be_killed_as_well(Twice point) {
    point.second().assertEnded(site);
  }
}
