package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.simulator.SimulatedFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Invalid responses of a cloud or of a proxy. One operator gets all of them. */
@Tag("deep")
@NeedsControlPlane
class BadResponsesIT {
  private static final int HUGE = 3 << 20;
  private static final Duration TOO_LATE = Duration.ofSeconds(4);
  private static final Duration DRIP = Duration.ofMillis(300);
  private static final int LOOKS_STRUCK = 2;

  /**
   * @param done whether the cloud executes the call, although its response is invalid
   */
  private record BadResponse(SimulatedFault fault, boolean done) {}

  private record Case(CloudUnderTest vendor, String id, BadResponse bad) {
    @Override
    public String toString() {
      return vendor + " " + bad.fault();
    }
  }

  private static final List<BadResponse> BAD =
      List.of(
          new BadResponse(SimulatedFault.truncated(), true),
          new BadResponse(SimulatedFault.emptyBody(), true),
          new BadResponse(SimulatedFault.hugeBody(HUGE), true),
          new BadResponse(SimulatedFault.notJson(), true),
          new BadResponse(SimulatedFault.garbage(), true),
          new BadResponse(SimulatedFault.cutAfterEffect(), true),
          new BadResponse(SimulatedFault.resetAfterEffect(), true),
          new BadResponse(SimulatedFault.lateResponse(TOO_LATE), true),
          new BadResponse(SimulatedFault.slowDrip(DRIP), true),
          new BadResponse(SimulatedFault.statusAfterEffect(500, Map.of(), ""), true),
          new BadResponse(
              named("a list", SimulatedFault.statusAfterEffect(200, Map.of(), "[1,2]")), true),
          new BadResponse(
              named(
                  "fields of another type",
                  SimulatedFault.statusAfterEffect(
                      200, Map.of(), "{\"Response\":7,\"result\":[],\"requestId\":{}}")),
              true),
          new BadResponse(SimulatedFault.cutBeforeEffect(), false),
          new BadResponse(SimulatedFault.redirect(), false),
          new BadResponse(SimulatedFault.status(503), false));

  private static final List<Case> LOOKS = new ArrayList<>();
  private static final List<Case> ORDERS = new ArrayList<>();
  private static final List<Case> STOPS = new ArrayList<>();
  private static final List<Case> STARTS = new ArrayList<>();

  private static TestCluster site;

  static {
    for (CloudUnderTest vendor : CloudUnderTest.values()) {
      for (BadResponse bad : BAD) {
        LOOKS.add(new Case(vendor, vendor.id("look%04d".formatted(LOOKS.size())), bad));
        ORDERS.add(new Case(vendor, vendor.id("send%04d".formatted(ORDERS.size())), bad));
        STOPS.add(new Case(vendor, vendor.id("stop%04d".formatted(STOPS.size())), bad));
      }
      BadResponse stranger = new BadResponse(SimulatedFault.wrongInstance(), true);
      LOOKS.add(new Case(vendor, vendor.id("look%04d".formatted(LOOKS.size())), stranger));
    }
    for (BadResponse bad : BAD) { // Tencent Cloud's servers run after a reset: no start is needed
      STARTS.add(
          new Case(
              CloudUnderTest.JD, CloudUnderTest.JD.id("begn%04d".formatted(STARTS.size())), bad));
    }
  }

  private static SimulatedFault named(String name, SimulatedFault fault) {
    return new SimulatedFault(name, fault.script());
  }

  @BeforeAll
  static void meet_them_all() {
    site =
        new TestCluster()
            .with("REINSTALL_CALL_TIMEOUT", "2s")
            .with("REINSTALL_SEND_WITHIN", "4s")
            .with("REINSTALL_CONCURRENCY", "40");
    for (Case one : LOOKS) {
      one.vendor().newServer(site, one.id());
      for (int nth = 1; nth <= LOOKS_STRUCK; nth++) {
        one.vendor()
            .cloud(site)
            .on(one.vendor().describeAction(), one.id(), nth, one.bad().fault());
      }
    }
    for (Case one : ORDERS) {
      one.vendor().newServer(site, one.id());
      one.vendor().cloud(site).on(one.vendor().send(), one.id(), 1, one.bad().fault());
    }
    for (Case one : STOPS) {
      one.vendor().newServer(site, one.id());
      one.vendor().plugIn(site, one.id());
      one.vendor().cloud(site).on(one.vendor().stop(), one.id(), 1, one.bad().fault());
    }
    for (Case one : STARTS) {
      site.jd.newServer(one.id()).endsAs("stopped");
      site.jd.on(one.vendor().start(), one.id(), 1, one.bad().fault());
    }
    site.startOperator();
    StringBuilder manifest = new StringBuilder();
    LOOKS.forEach(c -> manifest.append("---\n").append(request(c, "")));
    ORDERS.forEach(c -> manifest.append("---\n").append(request(c, "")));
    STOPS.forEach(c -> manifest.append("---\n").append(request(c, "whenRunning: Stop")));
    STARTS.forEach(c -> manifest.append("---\n").append(request(c, "powerAfter: Running")));
    site.apply(manifest.toString());
    LOOKS.forEach(c -> site.awaitFinished(c.id()));
    ORDERS.forEach(c -> site.awaitFinished(c.id()));
    STOPS.forEach(c -> site.awaitFinished(c.id()));
    STARTS.forEach(c -> site.awaitFinished(c.id()));
  }

  /** With an account of its own: with a shared account it would share descriptions. */
  private static String request(Case one, String more) {
    return one.vendor().requestOfItsOwnAccount(site, one.id(), one.id(), more);
  }

  @AfterAll
  static void close() {
    site.close();
  }

  static List<Case> looks() {
    return LOOKS;
  }

  static List<Case> orders() {
    return ORDERS;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("looks")
  void an_answer_to_a_description_that_is_none_is_reported_and_asked_for_again(Case one) {
    assertThat(site.story(one.id()))
        .as(site::everything)
        .startsWith("Pending/CloudUnreachable")
        .endsWith("Succeeded/Installed");
    assertThat(one.vendor().cloud(site).wipes(one.id())).isEqualTo(1);
  }

  /** JD Cloud's token makes a second call harmless; Tencent Cloud gets one call. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("orders")
  void an_answer_to_a_request_that_is_none_is_no_yes_and_no_no(Case one) {
    boolean tencent = one.vendor() == CloudUnderTest.TENCENT;
    boolean lost = tencent && !one.bad().done();

    assertThat(site.story(one.id()))
        .as(site::everything)
        .startsWith("Submitting/Submitting", "Submitting/AwaitingConfirmation")
        .endsWith(lost ? "Unknown/OutcomeUnknown" : "Succeeded/Installed");
    assertThat(one.vendor().cloud(site).wipes(one.id())).isEqualTo(lost ? 0 : 1);
    if (tencent) {
      assertThat(one.vendor().cloud(site).calls(one.vendor().send(), one.id())).isEqualTo(1);
      assertThat(site.message(one.id()))
          .isEqualTo(lost ? KillPoint.End.UNKNOWN.says : KillPoint.End.ADOPTED.says);
    }
  }

  static List<Case> stops() {
    return STOPS;
  }

  static List<Case> starts() {
    return STARTS;
  }

  /** It may have been executed: only after the fence the server is described and stopped again. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("stops")
  void an_answer_to_a_stop_that_is_none_is_waited_out_and_the_request_is_given_once(Case one) {
    assertThat(site.story(one.id()))
        .as(site::everything)
        .startsWith("Stopping/Stopping")
        .endsWith("Succeeded/Installed")
        .doesNotContain("Pending/ServerRunning");
    assertThat(one.vendor().cloud(site).calls(one.vendor().stop(), one.id()))
        .isEqualTo(one.bad().done() ? 1 : 2);
    assertThat(one.vendor().cloud(site).calls(one.vendor().send(), one.id())).isEqualTo(1);
    assertThat(one.vendor().cloud(site).wipes(one.id())).isEqualTo(1);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("starts")
  void an_answer_to_a_start_that_is_none_is_waited_out_and_the_server_runs(Case one) {
    assertThat(site.story(one.id()))
        .as(site::everything)
        .contains("Starting/Starting")
        .endsWith("Succeeded/Installed");
    assertThat(site.jd.calls(one.vendor().start(), one.id())).isEqualTo(one.bad().done() ? 1 : 2);
    assertThat(site.jd.server(one.id()).status()).isEqualTo("running");
    assertThat(site.jd.wipes(one.id())).isEqualTo(1);
  }
}
