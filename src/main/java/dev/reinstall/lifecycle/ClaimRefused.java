package dev.reinstall.lifecycle;

/** No server may be claimed in this cluster for now: nothing was written, and nothing is sent. */
public final class ClaimRefused extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what was observed and what to do; it stands in the status
   */
  public ClaimRefused(String message) {
    super(message);
  }
}
