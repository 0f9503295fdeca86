package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.simulator.SimulatedFault;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * A point of one request at which the operator is killed, and the required outcome.
 *
 * @param id of the server, and name of the Reinstall
 * @param call that is blocked at the cloud; empty if one is blocked at the API server
 * @param more lines of the request's spec
 */
record KillPoint(
    CloudUnderTest vendor,
    String id,
    String when,
    BlockedCall stop,
    Optional<KilledCall> call,
    End end,
    String more) {

  /** The final status, and the number of wipes of the server. */
  enum End {
    /** The cloud said yes, and that was not forgotten; or its token made a second call harmless. */
    DONE("Succeeded/Installed", 1, "The cloud confirmed that the reinstall is complete."),
    /** The answer was lost; the cloud shows a reinstall that nothing distinguishes from it. */
    ADOPTED(
        "Succeeded/Installed",
        1,
        "The reinstall is complete. No response was received, and what the cloud shows since matches"
            + " this request and was adopted as its result."),
    /**
     * It may have been submitted, and the cloud shows nothing and keeps no token: it is never
     * submitted again.
     */
    UNKNOWN(
        "Unknown/OutcomeUnknown",
        0,
        "The request may have been sent, but no response was received and no matching"
            + " operation was found. The request will not be retried. Check the server in the"
            + " cloud console; to reinstall it, create a Reinstall with a new name.");

    final String words;
    final int wipes;
    final String says;

    End(String words, int wipes, String says) {
      this.words = words;
      this.wipes = wipes;
      this.says = says;
    }
  }

  /**
   * The n-th call of an action on the server.
   *
   * @param fault blocks it, and determines its outcome
   */
  record KilledCall(String action, int nth, SimulatedFault fault) {}

  static KillPoint write(
      CloudUnderTest vendor,
      String id,
      String when,
      BiPredicate<ApiCall, String> which,
      int nth,
      boolean before,
      End end) {
    BlockedCall stop = new BlockedCall(call -> which.test(call, id), nth, before);
    return new KillPoint(vendor, id, when, stop, Optional.empty(), end, "");
  }

  /** It never arrives. */
  static KillPoint beforeCall(
      CloudUnderTest vendor, String id, String when, String action, int n, End e) {
    return call(vendor, id, when, action, n, e, stop -> call -> stop.keep());
  }

  /** It arrives after the process that sent it was killed. */
  static KillPoint lateCall(
      CloudUnderTest vendor, String id, String when, String action, int n, End e) {
    return call(
        vendor,
        id,
        when,
        action,
        n,
        e,
        stop ->
            call -> {
              stop.keep();
              call.effect();
            });
  }

  /** It was executed, and no process receives the response. */
  static KillPoint afterCall(
      CloudUnderTest vendor, String id, String when, String action, int n, End e) {
    return call(
        vendor,
        id,
        when,
        action,
        n,
        e,
        stop ->
            call -> {
              call.effect();
              stop.keep();
            });
  }

  private static KillPoint call(
      CloudUnderTest vendor,
      String id,
      String when,
      String action,
      int nth,
      End end,
      Function<BlockedCall, SimulatedFault.FaultScript> script) {
    BlockedCall stop = new BlockedCall(call -> false, nth, true);
    SimulatedFault.FaultScript held = script.apply(stop);
    SimulatedFault fault =
        new SimulatedFault(
            "stopped " + when,
            call -> {
              held.play(call);
              call.caller().cut();
            });
    return new KillPoint(
        vendor, id, when, stop, Optional.of(new KilledCall(action, nth, fault)), end, "");
  }

  /** The same point of a request with these lines in its spec. */
  KillPoint with(String lines) {
    return new KillPoint(vendor, id, when, stop, call, end, lines);
  }

  /** JD Cloud shows no operation: of a system that was adopted there is none. */
  boolean hasRequestId() {
    return end.wipes > 0 && !(vendor == CloudUnderTest.JD && end == End.ADOPTED);
  }

  void assertEnded(TestCluster site) {
    assertThat(vendor.cloud(site).wipes(id))
        .as("wipes of %s, which says %s", id, site.message(id))
        .isEqualTo(end.wipes);
    assertThat(site.phase(id) + "/" + site.reason(id)).isEqualTo(end.words);
    assertThat(site.message(id)).contains(end.says);
  }

  /** A blocked call blocks no call of another request. */
  String request(TestCluster site) {
    return vendor.requestOfItsOwnAccount(site, id, id, more);
  }

  /** Takes effect from now on; earlier requests do not count, except for calls to the cloud. */
  void set(TestCluster site, ApiRelay relay) {
    call.ifPresent(c -> vendor.cloud(site).on(c.action(), id, c.nth(), c.fault()));
    relay.stopAt(stop);
  }

  @Override
  public String toString() {
    return vendor + " " + when;
  }
}
