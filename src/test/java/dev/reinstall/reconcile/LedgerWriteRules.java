package dev.reinstall.reconcile;

import dev.reinstall.api.Phase;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.ledger.Ledger;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What no write of a ledger may do, whatever the state of the server. */
public final class LedgerWriteRules {

  /** The permitted transitions of an entry: the second protection of the ledger, as in the CRD. */
  private static final Map<State, Set<State>> WAYS =
      Map.ofEntries(
          Map.entry(
              State.Stopping,
              Set.of(State.Stopping, State.Submitting, State.Unknown, State.Released)),
          Map.entry(State.Restarting, Set.of(State.Restarting, State.Released)),
          Map.entry(
              State.RejectedBusy,
              Set.of(
                  State.RejectedBusy,
                  State.Submitting,
                  State.Accepted,
                  State.Unknown,
                  State.Released)),
          Map.entry(State.Starting, Set.of(State.Starting, State.Succeeded)),
          Map.entry(
              State.Submitting,
              Set.of(
                  State.Submitting,
                  State.RejectedBusy,
                  State.Accepted,
                  State.Succeeded,
                  State.Failed,
                  State.Unknown,
                  State.Released)),
          Map.entry(
              State.Accepted,
              Set.of(
                  State.Accepted,
                  State.Installing,
                  State.Starting,
                  State.Succeeded,
                  State.Failed,
                  State.Unknown)),
          Map.entry(
              State.Installing,
              Set.of(
                  State.Installing, State.Starting, State.Succeeded, State.Failed, State.Unknown)),
          Map.entry(State.Succeeded, Set.of(State.Succeeded)),
          Map.entry(State.Failed, Set.of(State.Failed)),
          Map.entry(
              State.Unknown, Set.of(State.Unknown, State.Succeeded, State.Failed, State.Released)),
          Map.entry(
              State.Released,
              Set.of(State.Released, State.Stopping, State.Restarting, State.Submitting)));

  private LedgerWriteRules() {}

  /**
   * @throws AssertionError the first rule that is broken
   */
  public static void check(Ledger before, Ledger after) {
    if (after.claims() < before.claims()) {
      throw new InvariantViolation("second lock: claims goes down");
    }
    if (after.orders().values().stream().filter(e -> e.state().isOpen()).count() > 1) {
      throw new InvariantViolation("I3: two open orders");
    }
    if (after.claims() == before.claims()
        && !after.orders().keySet().containsAll(before.orders().keySet())) {
      throw new InvariantViolation("second lock: an entry is taken out without a claim");
    }
    before.orders().forEach((name, old) -> kept(name, old, after.orders().get(name)));
    after.orders().forEach((name, entry) -> counted(before, before.orders().get(name), entry));
  }

  private static void kept(String name, Entry old, Entry next) {
    if (next == null) {
      if (old.state().isOpen()) {
        throw new InvariantViolation("second lock: the open order " + name + " is taken out");
      }
      return;
    }
    if (old.equals(next)) {
      return;
    }
    if (!WAYS.get(old.state()).contains(next.state())) {
      throw new InvariantViolation(
          "second lock: " + name + " goes from " + old.state() + " to " + next.state());
    }
    if (old.state() == State.Succeeded || old.state() == State.Failed) {
      throw new InvariantViolation(
          "I4: the settled order " + name + " is changed: " + old + " -> " + next);
    }
    if (old.state() == State.Unknown
        && next.state() == State.Unknown
        && !(old.requestId() == null && next.requestId() != null)
        && Objects.equals(old.evidence(), next.evidence())) {
      throw new InvariantViolation(
          "second lock: the Unknown order " + name + " is changed: " + old + " -> " + next);
    }
    if (old.state() != State.Released && !old.specHash().equals(next.specHash())) {
      throw new InvariantViolation("second lock: the digest of " + name + " is changed");
    }
    if (Boolean.TRUE.equals(old.resending())
        && old.state() != State.Released
        && next.state() == State.Released) {
      throw new InvariantViolation("I1: the recovering order " + name + " is Released");
    }
    boolean claimedAnew =
        next.state() == State.Submitting && !Objects.equals(old.claimId(), next.claimId());
    boolean sameToken = old.token() != null && old.token().equals(next.token());
    if (claimedAnew
        && old.state().mayBeSubmitted()
        && !(sameToken && Boolean.TRUE.equals(next.resending()))) {
      throw new InvariantViolation(
          "I1: " + name + " is claimed anew while its claim may have been sent");
    }
  }

  private static void counted(Ledger before, Entry old, Entry entry) {
    boolean begins = old == null || old.state() != State.Restarting;
    boolean unsent =
        entry.state() == State.Submitting
            || entry.state() == State.Stopping
            || (entry.state() == State.Restarting && begins);
    boolean claimed = old == null || !Objects.equals(old.claimId(), entry.claimId());
    if (unsent && claimed && entry.claimNumber() <= before.claims()) {
      throw new InvariantViolation("second lock: a claim that is not counted");
    }
  }

  /**
   * Whether a status may have this phase with this entry.
   *
   * @param entry null: none
   */
  public static boolean says(Entry entry, String phase) {
    return entry != null
        && switch (entry.state()) {
          case Stopping, Restarting, Submitting, RejectedBusy -> !Phase.valueOf(phase).isFinished();
          case Accepted, Installing, Starting ->
              phase.equals(Phase.Installing.name()) || phase.equals(Phase.Starting.name());
          case Succeeded, Failed, Unknown -> phase.equals(entry.state().name());
          case Released -> phase.equals(Phase.Failed.name());
          case UNRECOGNIZED -> false;
        };
  }
}
