package dev.reinstall.reconcile;

import dev.reinstall.api.Reason;

/** No server may be claimed in this cluster for now: nothing is sent. */
public final class ClaimRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /**
   * @param reason for Pending
   * @param message for the status: what happened and what to do
   */
  public ClaimRefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  Reason reason() {
    return reason;
  }
}
