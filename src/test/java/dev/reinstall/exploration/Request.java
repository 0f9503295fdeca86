package dev.reinstall.exploration;

import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.lifecycle.Ledger;

/** What a pass asks of the world next, where others may act before it is answered. */
sealed interface Request {

  /** A look at the server. */
  record Look() implements Request {}

  /** The ledger, read anew. */
  record ReadBook() implements Request {}

  /** The Reinstall, read anew. */
  record ReadThing() implements Request {}

  /** A turn to send. */
  record Turn() implements Request {}

  /** The clock, between claim and send. */
  record Clock() implements Request {}

  /** A compare-and-swap of the ledger. */
  record WriteBook(Ledger book) implements Request {}

  /**
   * A compare-and-swap of the status.
   *
   * @param version of the copy that it rests on
   * @param gates whether it is the point of no return
   */
  record WriteStatus(int version, ReinstallStatus status, boolean gates) implements Request {}

  /**
   * A call that changes the server.
   *
   * @param image null: a stop
   * @param signed ticks after the pass began
   */
  record Send(String image, String token, int signed) implements Request {}
}
