package dev.reinstall.lifecycle;

import dev.reinstall.api.Phase;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What no write of a ledger may do, whatever is true of the server. */
public final class LedgerRules {

  /** Where an entry may go: the second lock of the ledger, as the CRD has it. */
  private static final Map<State, Set<State>> WAYS =
      Map.of(
          State.Held,
          Set.of(State.Held, State.Sending, State.Unknown, State.Released),
          State.Sending,
          Set.of(
              State.Sending,
              State.Accepted,
              State.Succeeded,
              State.Failed,
              State.Unknown,
              State.Released),
          State.Accepted,
          Set.of(State.Accepted, State.Installing, State.Succeeded, State.Failed, State.Unknown),
          State.Installing,
          Set.of(State.Installing, State.Succeeded, State.Failed, State.Unknown),
          State.Succeeded,
          Set.of(State.Succeeded),
          State.Failed,
          Set.of(State.Failed),
          State.Unknown,
          Set.of(State.Unknown, State.Succeeded, State.Failed, State.Released),
          State.Released,
          Set.of(State.Released, State.Held, State.Sending));

  private LedgerRules() {}

  /**
   * @throws AssertionError the first rule that is broken
   */
  public static void check(Book before, Book after) {
    if (after.claims() < before.claims()) {
      throw new BrokenPromise("second lock: claims goes down");
    }
    if (after.orders().values().stream().filter(e -> e.state().isOpen()).count() > 1) {
      throw new BrokenPromise("I3: two open orders");
    }
    before.orders().forEach((name, old) -> kept(name, old, after.orders().get(name)));
    after.orders().forEach((name, entry) -> counted(before, before.orders().get(name), entry));
  }

  private static void kept(String name, Entry old, Entry next) {
    if (next == null) {
      if (old.state().isOpen()) {
        throw new BrokenPromise("second lock: the open order " + name + " is taken out");
      }
      return;
    }
    if (old.equals(next)) {
      return;
    }
    if (!WAYS.get(old.state()).contains(next.state())) {
      throw new BrokenPromise(
          "second lock: " + name + " goes from " + old.state() + " to " + next.state());
    }
    if (old.state() == State.Succeeded || old.state() == State.Failed) {
      throw new BrokenPromise(
          "I4: the settled order " + name + " is changed: " + old + " -> " + next);
    }
    if (old.state() == State.Unknown
        && next.state() == State.Unknown
        && !(old.requestId() == null && next.requestId() != null)) {
      throw new BrokenPromise(
          "second lock: the Unknown order " + name + " is changed: " + old + " -> " + next);
    }
    if (old.state() != State.Released && !old.digest().equals(next.digest())) {
      throw new BrokenPromise("second lock: the digest of " + name + " is changed");
    }
    if (Boolean.TRUE.equals(old.recovering())
        && old.state() != State.Released
        && next.state() == State.Released) {
      throw new BrokenPromise("I1: the recovering order " + name + " is Released");
    }
    boolean claimedAnew =
        next.state() == State.Sending && !Objects.equals(old.claimedBy(), next.claimedBy());
    boolean sameToken = old.token() != null && old.token().equals(next.token());
    if (claimedAnew
        && old.state() == State.Sending
        && !(sameToken && Boolean.TRUE.equals(next.recovering()))) {
      throw new BrokenPromise(
          "I1: " + name + " is claimed anew while its claim may have been sent");
    }
  }

  private static void counted(Book before, Entry old, Entry entry) {
    boolean unsent = entry.state() == State.Sending || entry.state() == State.Held;
    boolean claimed = old == null || !Objects.equals(old.claimedBy(), entry.claimedBy());
    if (unsent && claimed && entry.claim() <= before.claims()) {
      throw new BrokenPromise("second lock: a claim that is not counted");
    }
  }

  /**
   * Whether a status may say this phase of an order with this entry.
   *
   * @param entry null: none
   */
  public static boolean says(Entry entry, String phase) {
    return entry != null
        && switch (entry.state()) {
          case Held, Sending -> !Phase.valueOf(phase).isFinished();
          case Accepted, Installing ->
              phase.equals(Phase.Installing.name()) || phase.equals(Phase.Starting.name());
          case Succeeded, Failed, Unknown -> phase.equals(entry.state().name());
          case Released -> phase.equals(Phase.Failed.name());
          case NotUnderstood -> false;
        };
  }
}
