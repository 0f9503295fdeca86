package dev.reinstall.exploration;

import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.reconcile.Ledger;

/** What a pass asks of the world next, where others may act before it is answered. */
sealed interface PortRequest {

  /** A look at the server. */
  record Describe() implements PortRequest {}

  /** The ledger, read anew. */
  record ReadLedger() implements PortRequest {}

  /** The Reinstall, read anew. */
  record ReadItem() implements PortRequest {}

  /** A turn to send. */
  record AcquirePermit() implements PortRequest {}

  /** The clock, between claim and send. */
  record Clock() implements PortRequest {}

  /** A compare-and-swap of the ledger. */
  record WriteLedger(Ledger book) implements PortRequest {}

  /**
   * A compare-and-swap of the status.
   *
   * @param version of the copy that it rests on
   * @param gates whether it is the point of no return
   */
  record WriteStatus(int version, ReinstallStatus status, boolean gates) implements PortRequest {}

  /**
   * A call that changes the server.
   *
   * @param image null: a stop
   * @param signed ticks after the pass began
   */
  record Send(String image, String token, int signed) implements PortRequest {}
}
