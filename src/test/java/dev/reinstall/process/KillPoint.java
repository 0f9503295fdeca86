package dev.reinstall.process;

import dev.reinstall.simulator.SimulatedFault;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * A moment of one order at which the operator is killed, and what has to become of the order.
 *
 * @param id of the server, and name of the order
 * @param call by which the cloud is stopped; empty where the API server is
 * @param more lines of the order's spec
 */
record KillPoint(
    CloudUnderTest vendor,
    String id,
    String when,
    BlockedCall stop,
    Optional<KilledCall> call,
    End end,
    String more) {

  /** What the object says in the end, and how often the server was wiped. */
  enum End {
    /** The cloud said yes, and that was not forgotten; or its token made a second call harmless. */
    DONE("Succeeded/Installed", 1, "The cloud confirmed that the reinstall is complete."),
    /** The answer was lost; the cloud shows a reinstall that nothing distinguishes from it. */
    ADOPTED(
        "Succeeded/Installed",
        1,
        "The reinstall is complete. The response was lost, and a matching cloud operation was"
            + " adopted as the result."),
    /**
     * It may have been sent, the cloud shows nothing and keeps no token: it is never sent again.
     */
    UNKNOWN(
        "Unknown/OutcomeUnknown",
        0,
        "The request may have been sent, but the response was lost and no matching"
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
   * @param fault stops it, and says what becomes of it
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

  /** It arrives, when whoever sent it is dead. */
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

  /** It was carried out, and nobody hears the answer. */
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

  /** The same moment of an order with these lines in its spec. */
  KillPoint with(String lines) {
    return new KillPoint(vendor, id, when, stop, call, end, lines);
  }

  /** A call that is stopped stops no other order's. */
  String order(TestCluster site) {
    return vendor.orderOfItsOwnAccount(site, id, id, more);
  }

  /** From now on; what went before is not counted, but for calls to the cloud. */
  void set(TestCluster site, ApiRelay relay) {
    call.ifPresent(c -> vendor.cloud(site).on(c.action(), id, c.nth(), c.fault()));
    relay.stopAt(stop);
  }

  @Override
  public String toString() {
    return vendor + " " + when;
  }
}
