package dev.reinstall.exploration;

import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.ledger.Ledger;

/**
 * What a reconciliation requests from its ports next, where other processes may act before the
 * response.
 */
sealed interface PortRequest {

  /** A description of the server. */
  record Describe() implements PortRequest {}

  /** The ledger, read again. */
  record ReadLedger() implements PortRequest {}

  /** The Reinstall, read again. */
  record ReadItem() implements PortRequest {}

  /** Permission of the rate limiter to submit. */
  record TakeTurn() implements PortRequest {}

  /** The clock, between claim and submission. */
  record Clock() implements PortRequest {}

  /** A compare-and-swap of the ledger. */
  record WriteLedger(Ledger book) implements PortRequest {}

  /**
   * A compare-and-swap of the status.
   *
   * @param version of the copy that it is based on
   * @param gates whether it is the point of no return
   */
  record WriteStatus(int version, ReinstallStatus status, boolean gates) implements PortRequest {}

  /**
   * A call that changes the server.
   *
   * @param image null: a stop or a start
   * @param signed ticks after the reconciliation started
   */
  record Send(String image, boolean start, String token, int signed) implements PortRequest {}
}
