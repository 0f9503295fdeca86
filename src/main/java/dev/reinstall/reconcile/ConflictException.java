package dev.reinstall.reconcile;

/**
 * A compare-and-swap was lost, or it is not known whether it was won: fetch uncached and decide
 * again.
 */
public final class ConflictException extends Exception {
  private static final long serialVersionUID = 1L;

  public ConflictException(String message) {
    super(message);
  }
}
