package dev.reinstall.exploration;

import dev.reinstall.api.Phase;
import dev.reinstall.api.Reason;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.exploration.ReferenceModel.Claimed;
import dev.reinstall.ledger.Ledger;
import dev.reinstall.reconcile.LedgerWriteRules;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The invariants. Every event is shown to the checker, which records what it needs in the reference
 * model.
 */
final class InvariantChecker {
  /** What no request ends as, or waits for, in whose namespace nothing fails. */
  private static final Set<Reason> HARM =
      Set.of(
          Reason.AccessDenied,
          Reason.NameConflict,
          Reason.ServerNotGranted,
          Reason.LedgerOutdated,
          Reason.Rejected);

  private final Bound bound;

  InvariantChecker(Bound bound) {
    this.bound = bound;
  }

  // The ledger.

  ReferenceModel ledgerWritten(ModelState state, String by, Ledger before, Ledger after) {
    LedgerWriteRules.check(before, after);
    tenants(state, by, before, after);
    ReferenceModel reference = state.reference.value;
    for (Map.Entry<String, Entry> each : after.orders().entrySet()) {
      Entry entry = each.getValue();
      Entry old = before.orders().get(each.getKey());
      if (entry.equals(old)) {
        continue;
      }
      for (Phase phase : Phase.values()) {
        boolean sent =
            phase == Phase.Installing || entry.completionTime() != null && phase.isFinished();
        if (sent && LedgerWriteRules.says(entry, phase.name())) {
          reference = reference.told(each.getKey(), phase);
        }
      }
      boolean unsent = entry.state() == State.Submitting || entry.state().isPowerChange();
      if (unsent && (old == null || !Objects.equals(old.claimId(), entry.claimId()))) {
        reference =
            reference.with(
                Integer.parseInt(entry.claimId().substring(1)),
                new Claimed(each.getKey(), entry.claimNumber(), entry.state(), false, false));
      }
      if (!reference.tampered() && (old == null || old.state() != entry.state())) {
        honest(state, each.getKey(), entry);
      }
    }
    return reference;
  }

  /**
   * @param by the place whose Reinstall is reconciled
   */
  private void tenants(ModelState state, String by, Ledger before, Ledger after) {
    require(
        after.claims() == before.claims()
            || before.namespace() == null
            || before.namespace().equals(Bound.namespace(by)),
        "I8: %s claims the server of namespace %s",
        by,
        before.namespace());
    require(
        before.namespace() == null || before.namespace().equals(after.namespace()),
        "I8: %s takes the server of namespace %s",
        by,
        before.namespace());
    before
        .orders()
        .forEach(
            (name, entry) ->
                require(
                    !entry.state().isOpen()
                        || state.reference.value
                            .tampered() // it may get what its namesake's call did
                        || entry.equals(after.orders().get(name))
                        || entry.owner().path().equals(by)
                        || !exists(state, entry),
                    "I8: %s changes the open entry of %s",
                    by,
                    entry.owner().path()));
  }

  private boolean exists(ModelState state, Entry entry) {
    int place = bound.places().indexOf(entry.owner().path());
    String uid = "uid-" + entry.owner().path() + "-";
    return state
        .item(place)
        .value
        .filter(item -> entry.owner().uid().equals(uid + item.uid()))
        .isPresent();
  }

  /** Nobody hears of another namespace, and a stranger without rights harms nobody. */
  private void tenants(ModelState state, String place, ReinstallStatus after, String order) {
    Entry entry = state.ledger().orders().get(order);
    String namespace = Bound.namespace(place);
    require(
        state.reference.value.tampered()
            || after.requestId() == null
            || (entry != null && entry.owner().namespace().equals(namespace)),
        "I8: the status of %s has the request ID of another namespace",
        place);
    for (String other : bound.places()) {
      require(
          Bound.namespace(other).equals(namespace) || !after.message().contains(other),
          "I8: the status of %s names %s",
          place,
          other);
    }
    require(
        bound.powerless() == null
            || bound.isPowerless(place)
            || (entry != null
                && (entry.owner().path().equals(place) // its own doing: it sent too late
                    || entry.state() == State.Unknown)) // a crash: it may have been sent
            || !HARM.contains(Reason.valueOf(after.reason())),
        "I8: a stranger does harm: %s is %s",
        place,
        after.reason());
  }

  private void honest(ModelState state, String order, Entry entry) {
    ReferenceModel reference = state.reference.value;
    boolean adopted = Boolean.TRUE.equals(entry.adopted());
    boolean anyResetCounts = reference.resetByHand() && bound.jd();
    switch (entry.state()) {
      case Succeeded ->
          require(
              reference.isDone(order) || adopted || anyResetCounts,
              "I6: the ledger reports Succeeded for %s, which is not finished",
              order);
      case Failed ->
          require(
              !reference.isDone(order) || adopted || anyResetCounts,
              "I6: the ledger reports Failed for %s, which succeeded",
              order);
      case Released -> {
        require(
            reference.wipesOf(order) == 0,
            "I1: %s is Released, and its operation was executed",
            order);
        require(
            state.server.value.onTheirWay().stream()
                .filter(s -> s.age() < bound.ticks().validity()) // an older one is rejected
                .noneMatch(s -> s.order().equals(order) && !s.isStop()),
            "I1: %s is Released, and its call may still be executed",
            order);
      }
      default -> {}
    }
  }

  // The status.

  void statusWritten(ModelState state, Item before, ReinstallStatus after) {
    String old = before.status() == null ? "" : before.status().phase();
    String next = after.phase();
    String order = before.name();
    ReferenceModel reference = state.reference.value;
    boolean wasOver = !old.isEmpty() && Phase.valueOf(old).isFinished();
    require(
        !wasOver
            || reference.edited().contains(before.place())
            || next.equals(old)
            || reference.tampered()
            || says(state, order, next),
        "I4: the status of %s changes from %s to %s without the ledger",
        before.place(),
        old,
        next);
    require(
        !after.reason().equals(Reason.LedgerOutdated.name())
            || reference.tampered()
            || reference.witnessless().contains(order),
        "the status of %s reports a restored ledger, and nobody restored it",
        before.place());
    tenants(state, before.place(), after, order);
    if (!reference.isGuarded(order)) {
      return;
    }
    boolean adopted = after.message().contains("adopted");
    boolean anyResetCounts = reference.resetByHand() && bound.jd();
    require(
        !next.equals(Phase.Succeeded.name())
            || reference.isDone(order)
            || adopted
            || anyResetCounts,
        "I6: the status reports Succeeded for %s, which is not finished",
        before.place());
    require(
        !next.equals(Phase.Failed.name())
            || reference.witnessless().contains(order)
            || after.reason().equals(Reason.NameConflict.name())
            || isOfAnotherNamespace(state, before) // its own request was never sent
            || adopted
            || anyResetCounts
            || reference.hasReported(order, Phase.Failed) // another process used that claim since
            || !reference.isDone(order),
        "I6: the status reports Failed for %s, which was executed",
        before.place());
  }

  private static boolean isOfAnotherNamespace(ModelState state, Item item) {
    Entry entry = state.ledger().orders().get(item.name());
    return entry != null && !entry.owner().namespace().equals(Bound.namespace(item.place()));
  }

  /** A later version of the ledger may report another outcome, or the acceptance. */
  private static boolean says(ModelState state, String order, String phase) {
    Phase next = Phase.valueOf(phase);
    return next.isFinished() || next == Phase.Installing
        ? state.reference.value.hasReported(order, next)
        : LedgerWriteRules.says(state.ledger().orders().get(order), phase);
  }

  /**
   * The point of no return was passed.
   *
   * @param by the reconciliation as it stands: what its guards permitted it observed with its last
   *     response
   */
  ReferenceModel declared(ModelState state, Item now, Replay by) {
    require(
        !now.spec().suspended(),
        "I5: %s is suspended, and passes the point of no return",
        now.place());
    require(
        !now.deleted(), "I5: %s is being deleted and passes the point of no return", now.place());
    // No compare-and-swap includes a clock: what was checked may expire before it is written.
    require(
        by.known.wall() == Ticks.Wall.BEFORE_NOT_AFTER,
        "I5: notAfter of %s has passed, and it passes the point of no return",
        now.place());
    ReferenceModel reference = state.reference.value;
    Claimed claimed = reference.claims().get(by.known.claim());
    return claimed == null ? reference : reference.with(by.known.claim(), claimed.afterGates());
  }

  // The calls.

  /**
   * @param signed ticks after it was claimed
   */
  ReferenceModel sent(ModelState state, ServerState.Sent call, int signed) {
    ReferenceModel reference = state.reference.value;
    Claimed claimed = reference.claims().get(call.claim());
    require(
        claimed != null && claimed.order().equals(call.order()), "I2: %s was never claimed", call);
    State kind =
        call.isReinstall() ? State.Submitting : call.start() ? State.Restarting : State.Stopping;
    require(claimed.kind() == kind, "I2: %s differs from its claim", call);
    require(
        claimed.declared() || call.start(),
        "I5: %s is submitted before its point of no return",
        call);
    require(signed <= 0, "I4: %s is signed after its claim", call);
    require(!claimed.sent(), "I1: %s is submitted twice", call);
    return reference.with(call.claim(), claimed.afterSend());
  }

  /** The server executes the operation. */
  ReferenceModel obeyed(ModelState state, ServerState.Sent call) {
    ReferenceModel reference = state.reference.value;
    if (!reference.tampered()) {
      for (Map.Entry<String, Entry> each : state.ledger().orders().entrySet()) {
        Entry entry = each.getValue();
        boolean other = !each.getKey().equals(call.order());
        boolean later = entry.claimNumber() > call.number();
        require(!(other && later), "I3: %s is executed after %s was claimed", call, each.getKey());
        require(
            !(!call.isReinstall() && later && entry.state().mayBeSubmitted()),
            "I2: %s is executed after the Reinstall was claimed",
            call);
      }
      Entry own = state.ledger().orders().get(call.order());
      require(
          own != null && own.state().isOpen(),
          "I4: %s is executed, and the ledger has it as final: %s",
          call,
          own == null ? "no entry" : own.state());
    }
    if (!call.isReinstall()) {
      return reference;
    }
    ReferenceModel next = reference.wiped(call.order());
    require(
        next.wipesOf(call.order()) == 1 || !next.isGuarded(call.order()),
        "I1: %s is executed a second time",
        call);
    return next;
  }

  private static void require(boolean holds, String message, Object... of) {
    if (!holds) {
      throw new InvariantBroken(String.format(message, of));
    }
  }
}
