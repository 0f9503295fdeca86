package dev.reinstall.process;

import dev.reinstall.simulator.Fault;
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
    Vendor vendor, String id, String when, Stop stop, Optional<Call> call, End end, String more) {

  /** What the object says in the end, and how often the server was wiped. */
  enum End {
    /** The cloud said yes, and that was not forgotten; or its token made a second call harmless. */
    DONE("Succeeded/Installed", 1, ""),
    /** The answer was lost; the cloud shows a reinstall that nothing distinguishes from it. */
    ADOPTED("Succeeded/Installed", 1, "adopted"),
    /**
     * It may have been sent, the cloud shows nothing and keeps no token: it is never sent again.
     */
    UNKNOWN("Unknown/OutcomeUnknown", 0, "never sent again");

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
  record Call(String action, int nth, Fault fault) {}

  static KillPoint write(
      Vendor vendor,
      String id,
      String when,
      BiPredicate<ApiCall, String> which,
      int nth,
      boolean before,
      End end) {
    Stop stop = new Stop(call -> which.test(call, id), nth, before);
    return new KillPoint(vendor, id, when, stop, Optional.empty(), end, "");
  }

  /** It never arrives. */
  static KillPoint beforeCall(Vendor vendor, String id, String when, String action, int n, End e) {
    return call(vendor, id, when, action, n, e, stop -> call -> stop.keep());
  }

  /** It arrives, when whoever sent it is dead. */
  static KillPoint lateCall(Vendor vendor, String id, String when, String action, int n, End e) {
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
  static KillPoint afterCall(Vendor vendor, String id, String when, String action, int n, End e) {
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
      Vendor vendor,
      String id,
      String when,
      String action,
      int nth,
      End end,
      Function<Stop, Fault.Script> script) {
    Stop stop = new Stop(call -> false, nth, true);
    Fault.Script held = script.apply(stop);
    Fault fault =
        new Fault(
            "stopped " + when,
            call -> {
              held.play(call);
              call.caller().cut();
            });
    return new KillPoint(
        vendor, id, when, stop, Optional.of(new Call(action, nth, fault)), end, "");
  }

  /** The same moment of an order with these lines in its spec. */
  KillPoint with(String lines) {
    return new KillPoint(vendor, id, when, stop, call, end, lines);
  }

  /** A call that is stopped stops no other order's. */
  String order(Site site) {
    return vendor.orderOfItsOwnAccount(site, id, id, more);
  }

  /** From now on; what went before is not counted, but for calls to the cloud. */
  void set(Site site, ApiRelay relay) {
    call.ifPresent(c -> vendor.cloud(site).on(c.action(), id, c.nth(), c.fault()));
    relay.stopAt(stop);
  }

  @Override
  public String toString() {
    return vendor + " " + when;
  }
}
