package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.simulator.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers of a cloud, or of something in between, that are none. One operator meets them all. */
@Tag("deep")
@NeedsControlPlane
class BadAnswersIT {
  private static final int HUGE = 3 << 20;
  private static final Duration TOO_LATE = Duration.ofSeconds(4);
  private static final Duration DRIP = Duration.ofMillis(300);
  private static final int LOOKS_STRUCK = 2;

  /**
   * @param done whether the cloud does what was asked, although its answer is none
   */
  private record Bad(Fault fault, boolean done) {}

  private record Case(Vendor vendor, String id, Bad bad) {
    @Override
    public String toString() {
      return vendor + " " + bad.fault();
    }
  }

  private static final List<Bad> BAD =
      List.of(
          new Bad(Fault.truncated(), true),
          new Bad(Fault.emptyBody(), true),
          new Bad(Fault.hugeBody(HUGE), true),
          new Bad(Fault.notJson(), true),
          new Bad(Fault.garbage(), true),
          new Bad(Fault.cutAfterEffect(), true),
          new Bad(Fault.resetAfterEffect(), true),
          new Bad(Fault.lateAnswer(TOO_LATE), true),
          new Bad(Fault.slowDrip(DRIP), true),
          new Bad(Fault.statusAfterEffect(500, Map.of(), ""), true),
          new Bad(named("a list", Fault.statusAfterEffect(200, Map.of(), "[1,2]")), true),
          new Bad(
              named(
                  "fields of another type",
                  Fault.statusAfterEffect(
                      200, Map.of(), "{\"Response\":7,\"result\":[],\"requestId\":{}}")),
              true),
          new Bad(Fault.cutBeforeEffect(), false),
          new Bad(Fault.redirect(), false),
          new Bad(Fault.status(503), false));

  private static final List<Case> LOOKS = new ArrayList<>();
  private static final List<Case> ORDERS = new ArrayList<>();
  private static final List<Case> STOPS = new ArrayList<>();
  private static final List<Case> STARTS = new ArrayList<>();

  private static Site site;

  static {
    for (Vendor vendor : Vendor.values()) {
      for (Bad bad : BAD) {
        LOOKS.add(new Case(vendor, vendor.id("look%04d".formatted(LOOKS.size())), bad));
        ORDERS.add(new Case(vendor, vendor.id("send%04d".formatted(ORDERS.size())), bad));
        STOPS.add(new Case(vendor, vendor.id("stop%04d".formatted(STOPS.size())), bad));
      }
      Bad stranger = new Bad(Fault.wrongInstance(), true);
      LOOKS.add(new Case(vendor, vendor.id("look%04d".formatted(LOOKS.size())), stranger));
    }
    for (Bad bad : BAD) { // Tencent Cloud's servers run after a reset: nothing is started there
      STARTS.add(new Case(Vendor.JD, Vendor.JD.id("begn%04d".formatted(STARTS.size())), bad));
    }
  }

  private static Fault named(String name, Fault fault) {
    return new Fault(name, fault.script());
  }

  @BeforeAll
  static void meet_them_all() {
    site =
        new Site()
            .with("REINSTALL_CALL_TIMEOUT", "2s")
            .with("REINSTALL_SEND_WITHIN", "4s")
            .with("REINSTALL_CONCURRENCY", "40");
    for (Case one : LOOKS) {
      one.vendor().newServer(site, one.id());
      for (int nth = 1; nth <= LOOKS_STRUCK; nth++) {
        one.vendor().cloud(site).on(one.vendor().look(), one.id(), nth, one.bad().fault());
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
    LOOKS.forEach(c -> manifest.append("---\n").append(order(c, "")));
    ORDERS.forEach(c -> manifest.append("---\n").append(order(c, "")));
    STOPS.forEach(c -> manifest.append("---\n").append(order(c, "whenRunning: Stop")));
    STARTS.forEach(c -> manifest.append("---\n").append(order(c, "powerAfter: Running")));
    site.apply(manifest.toString());
    LOOKS.forEach(c -> site.awaitFinished(c.id()));
    ORDERS.forEach(c -> site.awaitFinished(c.id()));
    STOPS.forEach(c -> site.awaitFinished(c.id()));
    STARTS.forEach(c -> site.awaitFinished(c.id()));
  }

  /** By an account of its own: with another one's it would share looks. */
  private static String order(Case one, String more) {
    return one.vendor().orderOfItsOwnAccount(site, one.id(), one.id(), more);
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
  void an_answer_to_a_look_that_is_none_is_told_and_asked_for_again(Case one) {
    assertThat(site.story(one.id()))
        .as(site::everything)
        .startsWith("Pending/CloudUnreachable")
        .endsWith("Succeeded/Installed");
    assertThat(one.vendor().cloud(site).wipes(one.id())).isEqualTo(1);
  }

  /** JD Cloud's token makes a second call harmless; Tencent Cloud is asked once. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("orders")
  void an_answer_to_an_order_that_is_none_is_no_yes_and_no_no(Case one) {
    boolean tencent = one.vendor() == Vendor.TENCENT;
    boolean lost = tencent && !one.bad().done();

    assertThat(site.story(one.id()))
        .as(site::everything)
        .startsWith("Submitting/Submitting", "Submitting/AwaitingConfirmation")
        .endsWith(lost ? "Unknown/OutcomeUnknown" : "Succeeded/Installed");
    assertThat(one.vendor().cloud(site).wipes(one.id())).isEqualTo(lost ? 0 : 1);
    if (tencent) {
      assertThat(one.vendor().cloud(site).calls(one.vendor().send(), one.id())).isEqualTo(1);
      assertThat(site.message(one.id())).contains(lost ? "never sent again" : "adopted");
    }
  }

  static List<Case> stops() {
    return STOPS;
  }

  static List<Case> starts() {
    return STARTS;
  }

  /** It may have been done: only after the fence the server is looked at, and stopped again. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("stops")
  void an_answer_to_a_stop_that_is_none_is_waited_out_and_the_order_is_given_once(Case one) {
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
