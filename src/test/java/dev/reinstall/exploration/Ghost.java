package dev.reinstall.exploration;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What nobody in the scene knows and the judge must: what became of the orders, and what people did
 * to the evidence.
 *
 * @param wipes by order name: how many, and how the newest is going
 * @param claims that were written, by number
 * @param putBack how often the ledger was put back or deleted
 * @param witnessless orders whose status somebody took away or wrote
 * @param edited places whose status somebody wrote
 * @param resetByHand whether somebody reset the server
 */
record Ghost(
    Map<String, Wipes> wipes,
    Map<Integer, Claimed> claims,
    int putBack,
    Set<String> witnessless,
    Set<String> edited,
    boolean resetByHand) {
  static final Ghost NONE = new Ghost(Map.of(), Map.of(), 0, Set.of(), Set.of(), false);

  /** How a wipe is going. */
  enum How {
    UNDER_WAY,
    DONE,
    FAILED
  }

  record Wipes(int number, boolean done, How newest) {}

  /**
   * @param number of the claim in the ledger
   * @param stop whether it is one to stop the server
   * @param declared whether it passed the point of no return
   * @param sent whether a call was sent under it
   */
  record Claimed(String order, long number, boolean stop, boolean declared, boolean sent) {
    Claimed afterGates() {
      return new Claimed(order, number, stop, true, sent);
    }

    Claimed afterSend() {
      return new Claimed(order, number, stop, declared, true);
    }
  }

  int wipesOf(String order) {
    return wipes.containsKey(order) ? wipes.get(order).number() : 0;
  }

  boolean isDone(String order) {
    return wipes.containsKey(order) && wipes.get(order).done();
  }

  Ghost wiped(String order) {
    Map<String, Wipes> next = new TreeMap<>(wipes);
    next.put(order, new Wipes(wipesOf(order) + 1, isDone(order), How.UNDER_WAY));
    return new Ghost(next, claims, putBack, witnessless, edited, resetByHand);
  }

  Ghost ended(String order, boolean failed) {
    Map<String, Wipes> next = new TreeMap<>(wipes);
    next.put(
        order, new Wipes(wipesOf(order), isDone(order) || !failed, failed ? How.FAILED : How.DONE));
    return new Ghost(next, claims, putBack, witnessless, edited, resetByHand);
  }

  Ghost with(int id, Claimed claim) {
    Map<Integer, Claimed> next = new TreeMap<>(claims);
    next.put(id, claim);
    return new Ghost(wipes, next, putBack, witnessless, edited, resetByHand);
  }

  /** Without the claims that nothing speaks of any more. */
  Ghost only(long ids) {
    if (claims.keySet().stream().allMatch(id -> (ids & ServerState.bit(id)) != 0)) {
      return this;
    }
    Map<Integer, Claimed> next = new TreeMap<>(claims);
    next.keySet().removeIf(id -> (ids & ServerState.bit(id)) == 0);
    return new Ghost(wipes, next, putBack, witnessless, edited, resetByHand);
  }

  Ghost tampering() {
    return new Ghost(wipes, claims, putBack + 1, witnessless, edited, resetByHand);
  }

  Ghost withoutWitness(String order) {
    Set<String> next = new TreeSet<>(witnessless);
    next.add(order);
    return new Ghost(wipes, claims, putBack, next, edited, resetByHand);
  }

  Ghost editing(String place, boolean byHand) {
    Set<String> next = new TreeSet<>(edited);
    if (byHand) {
      next.add(place);
    } else {
      next.remove(place);
    }
    return new Ghost(wipes, claims, putBack, witnessless, next, resetByHand);
  }

  Ghost resettingByHand() {
    return new Ghost(wipes, claims, putBack, witnessless, edited, true);
  }

  boolean tampered() {
    return putBack > 0;
  }

  /** Without its ledger an order has only its status for a witness. */
  boolean isGuarded(String order) {
    return !tampered() || !witnessless.contains(order);
  }
}
