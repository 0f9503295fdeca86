package dev.reinstall.exploration;

import dev.reinstall.api.Phase;
import dev.reinstall.api.Reason;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.exploration.Ghost.Claimed;
import dev.reinstall.lifecycle.Ledger;
import dev.reinstall.lifecycle.LedgerWriteRules;
import java.util.Map;
import java.util.Objects;

/** The invariants: whatever happens in a scene is shown to it, and it keeps what it must know. */
final class Judge {
  private final Bound bound;

  Judge(Bound bound) {
    this.bound = bound;
  }

  // The ledger.

  Ghost bookWritten(Scene scene, Ledger before, Ledger after) {
    LedgerWriteRules.check(before, after);
    Ghost ghost = scene.ghost.value;
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
          ghost = ghost.told(each.getKey(), phase);
        }
      }
      boolean unsent = entry.state() == State.Submitting || entry.state() == State.Stopping;
      if (unsent && (old == null || !Objects.equals(old.claimId(), entry.claimId()))) {
        ghost =
            ghost.with(
                Integer.parseInt(entry.claimId().substring(1)),
                new Claimed(
                    each.getKey(),
                    entry.claimNumber(),
                    entry.state() == State.Stopping,
                    false,
                    false));
      }
      if (!ghost.tampered() && (old == null || old.state() != entry.state())) {
        honest(scene, each.getKey(), entry);
      }
    }
    return ghost;
  }

  private void honest(Scene scene, String order, Entry entry) {
    Ghost ghost = scene.ghost.value;
    boolean adopted = Boolean.TRUE.equals(entry.adopted());
    boolean anyResetCounts = ghost.resetByHand() && bound.jd();
    switch (entry.state()) {
      case Succeeded ->
          require(
              ghost.isDone(order) || adopted || anyResetCounts,
              "I6: the ledger says Succeeded of %s, which is not done",
              order);
      case Failed ->
          require(
              !ghost.isDone(order) || adopted || anyResetCounts,
              "I6: the ledger says Failed of %s, which is done",
              order);
      case Released -> {
        require(ghost.wipesOf(order) == 0, "I1: %s is Released, and it was carried out", order);
        require(
            scene.server.value.onTheirWay().stream()
                .noneMatch(s -> s.order().equals(order) && !s.isStop()),
            "I1: %s is Released, and may still be carried out",
            order);
      }
      default -> {}
    }
  }

  // The status.

  void statusWritten(Scene scene, Thing before, ReinstallStatus after) {
    String old = before.status() == null ? "" : before.status().phase();
    String next = after.phase();
    String order = before.name();
    Ghost ghost = scene.ghost.value;
    boolean wasOver = !old.isEmpty() && Phase.valueOf(old).isFinished();
    require(
        !wasOver
            || ghost.edited().contains(before.place())
            || next.equals(old)
            || ghost.tampered()
            || says(scene, order, next),
        "I4: the status of %s goes from %s to %s, and the ledger does not say so",
        before.place(),
        old,
        next);
    require(
        !after.reason().equals(Reason.LedgerOutdated.name())
            || ghost.tampered()
            || ghost.witnessless().contains(order),
        "the status of %s tells of a ledger that was put back, and nobody did that",
        before.place());
    if (!ghost.isGuarded(order)) {
      return;
    }
    boolean adopted = after.message().contains("adopted");
    boolean anyResetCounts = ghost.resetByHand() && bound.jd();
    require(
        !next.equals(Phase.Succeeded.name()) || ghost.isDone(order) || adopted || anyResetCounts,
        "I6: the status says Succeeded of %s, which is not done",
        before.place());
    require(
        !next.equals(Phase.Failed.name())
            || ghost.witnessless().contains(order)
            || after.reason().equals(Reason.NameConflict.name())
            || adopted
            || anyResetCounts
            || ghost.hasTold(order, Phase.Failed) // another's claim was carried out since
            || !ghost.isDone(order),
        "I6: the status says Failed of %s, which was carried out",
        before.place());
  }

  /** That it is over otherwise, or was given, may be told by a ledger that has gone on since. */
  private static boolean says(Scene scene, String order, String phase) {
    Phase next = Phase.valueOf(phase);
    return next.isFinished() || next == Phase.Installing
        ? scene.ghost.value.hasTold(order, next)
        : LedgerWriteRules.says(scene.book().orders().get(order), phase);
  }

  /**
   * The point of no return was passed.
   *
   * @param by as the pass stands: what its gates let through it saw with its last answer
   */
  Ghost declared(Scene scene, Thing now, Passage by) {
    require(
        !now.spec().suspended(),
        "I5: %s is suspended and passes the point of no return",
        now.place());
    require(
        !now.deleted(), "I5: %s is being deleted and passes the point of no return", now.place());
    // No compare-and-swap holds a clock: what was checked may pass before it is written.
    require(
        by.known.wall() == Ticks.Wall.BEFORE_NOT_AFTER,
        "I5: notAfter of %s has passed, and it passes the point of no return",
        now.place());
    Ghost ghost = scene.ghost.value;
    Claimed claimed = ghost.claims().get(by.known.claim());
    return claimed == null ? ghost : ghost.with(by.known.claim(), claimed.afterGates());
  }

  // The calls.

  /**
   * @param signed ticks after it was claimed
   */
  Ghost sent(Scene scene, ServerState.Sent call, int signed) {
    Ghost ghost = scene.ghost.value;
    Claimed claimed = ghost.claims().get(call.claim());
    require(
        claimed != null && claimed.order().equals(call.order()), "I2: %s was never claimed", call);
    require(claimed.stop() == call.isStop(), "I2: %s is not what was claimed", call);
    require(claimed.declared(), "I5: %s is sent, and its gates were not closed", call);
    require(signed <= 0, "I4: %s is signed later than it was claimed", call);
    require(!claimed.sent(), "I1: %s is sent twice", call);
    return ghost.with(call.claim(), claimed.afterSend());
  }

  /** The server obeys. */
  Ghost obeyed(Scene scene, ServerState.Sent call) {
    Ghost ghost = scene.ghost.value;
    if (!ghost.tampered()) {
      for (Map.Entry<String, Entry> each : scene.book().orders().entrySet()) {
        Entry entry = each.getValue();
        boolean other = !each.getKey().equals(call.order());
        boolean later = entry.claimNumber() > call.number();
        require(
            !(other && later), "I3: %s is carried out after %s was claimed", call, each.getKey());
        require(
            !(call.isStop() && later && entry.state() == State.Submitting),
            "I2: %s is carried out after the order was claimed",
            call);
      }
      Entry own = scene.book().orders().get(call.order());
      require(
          own != null && own.state().isOpen(),
          "I4: %s is carried out, and the ledger says it is over: %s",
          call,
          own == null ? "no entry" : own.state());
    }
    if (call.isStop()) {
      return ghost;
    }
    Ghost next = ghost.wiped(call.order());
    require(
        next.wipesOf(call.order()) == 1 || !next.isGuarded(call.order()),
        "I1: %s is carried out for the second time",
        call);
    return next;
  }

  private static void require(boolean holds, String message, Object... of) {
    if (!holds) {
      throw new Broken(String.format(message, of));
    }
  }
}
