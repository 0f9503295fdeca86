package dev.reinstall.exploration;

import dev.reinstall.api.Phase;
import dev.reinstall.api.ServerLedger.State;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What no process knows but the invariant checker needs: what happened to the requests, and what
 * users did to the recorded state.
 *
 * @param wipes by the name of the Reinstall: how many, and whether one is finished
 * @param told by the ledger, of each Reinstall: that it was submitted, and its outcomes
 * @param claims that were written, by number
 * @param putBack how often the ledger was restored or deleted
 * @param witnessless Reinstalls whose status a user removed or wrote
 * @param edited places whose status a user wrote
 * @param resetByHand whether a user reset the server
 */
record ReferenceModel(
    Map<String, Wipes> wipes,
    Map<String, Set<Phase>> told,
    Map<Integer, Claimed> claims,
    int putBack,
    Set<String> witnessless,
    Set<String> edited,
    boolean resetByHand) {
  static final ReferenceModel NONE =
      new ReferenceModel(Map.of(), Map.of(), Map.of(), 0, Set.of(), Set.of(), false);

  record Wipes(int number, boolean done) {}

  /**
   * @param number of the claim in the ledger
   * @param kind the state of its entry: Stopping, Restarting or Submitting
   * @param declared whether it passed the point of no return
   * @param sent whether a call was submitted under it
   */
  record Claimed(String order, long number, State kind, boolean declared, boolean sent) {
    Claimed afterGates() {
      return new Claimed(order, number, kind, true, sent);
    }

    Claimed afterSend() {
      return new Claimed(order, number, kind, declared, true);
    }
  }

  int wipesOf(String order) {
    return wipes.containsKey(order) ? wipes.get(order).number() : 0;
  }

  boolean isDone(String order) {
    return wipes.containsKey(order) && wipes.get(order).done();
  }

  ReferenceModel wiped(String order) {
    Map<String, Wipes> next = new TreeMap<>(wipes);
    next.put(order, new Wipes(wipesOf(order) + 1, isDone(order)));
    return new ReferenceModel(next, told, claims, putBack, witnessless, edited, resetByHand);
  }

  ReferenceModel ended(String order, boolean failed) {
    Map<String, Wipes> next = new TreeMap<>(wipes);
    next.put(order, new Wipes(wipesOf(order), isDone(order) || !failed));
    return new ReferenceModel(next, told, claims, putBack, witnessless, edited, resetByHand);
  }

  ReferenceModel told(String order, Phase phase) {
    if (hasReported(order, phase)) {
      return this;
    }
    Map<String, Set<Phase>> next = new TreeMap<>(told);
    Set<Phase> all = new TreeSet<>(next.getOrDefault(order, Set.of()));
    all.add(phase);
    next.put(order, all);
    return new ReferenceModel(wipes, next, claims, putBack, witnessless, edited, resetByHand);
  }

  boolean hasReported(String order, Phase phase) {
    return told.getOrDefault(order, Set.of()).contains(phase);
  }

  ReferenceModel with(int id, Claimed claim) {
    Map<Integer, Claimed> next = new TreeMap<>(claims);
    next.put(id, claim);
    return new ReferenceModel(wipes, told, next, putBack, witnessless, edited, resetByHand);
  }

  /** Without the claims that nothing refers to any more. */
  ReferenceModel only(long ids) {
    if (claims.keySet().stream().allMatch(id -> (ids & ServerState.bit(id)) != 0)) {
      return this;
    }
    Map<Integer, Claimed> next = new TreeMap<>(claims);
    next.keySet().removeIf(id -> (ids & ServerState.bit(id)) == 0);
    return new ReferenceModel(wipes, told, next, putBack, witnessless, edited, resetByHand);
  }

  ReferenceModel tampering() {
    return new ReferenceModel(wipes, told, claims, putBack + 1, witnessless, edited, resetByHand);
  }

  ReferenceModel withoutWitness(String order) {
    Set<String> next = new TreeSet<>(witnessless);
    next.add(order);
    return new ReferenceModel(wipes, told, claims, putBack, next, edited, resetByHand);
  }

  ReferenceModel editing(String place, boolean byHand) {
    Set<String> next = new TreeSet<>(edited);
    if (byHand) {
      next.add(place);
    } else {
      next.remove(place);
    }
    return new ReferenceModel(wipes, told, claims, putBack, witnessless, next, resetByHand);
  }

  ReferenceModel resettingByHand() {
    return new ReferenceModel(wipes, told, claims, putBack, witnessless, edited, true);
  }

  boolean tampered() {
    return putBack > 0;
  }

  /** Without its ledger entry a Reinstall has only its status as evidence. */
  boolean isGuarded(String order) {
    return !tampered() || !witnessless.contains(order);
  }
}
